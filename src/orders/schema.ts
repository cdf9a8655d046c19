import { z } from "zod";
import { Id, Moment, text } from "../shapes";

export const OrderStatus = z.enum(["placed", "packed", "shipped", "delivered", "cancelled", "returned"]);
export const PaymentStatus = z.enum(["pending", "paid", "failed", "partially_refunded", "refunded"]);

/** What a customer decides at checkout. Prices, the total and whose order it is are the shop's to say. */
export const Checkout = z
  .strictObject({
    payment_method: z
      .string()
      .max(50)
      .regex(/^[A-Za-z][\w-]*$/, "Give a word such as cod or card."),
    address_id: Id,
    coupon_code: text(50).nullish(),
  })
  .meta({ id: "Checkout" });

export type Checkout = z.infer<typeof Checkout>;

export const Receipt = z
  .object({
    order_id: Id,
    status: OrderStatus,
    total_amount: z.number(),
    payment_url: z.string().nullable(),
    placed_at: Moment,
    delivery_eta: Moment.nullable(),
  })
  .meta({ id: "Receipt" });

export type Receipt = z.infer<typeof Receipt>;

export const OrderItem = z
  .object({
    product_id: Id,
    qty: z.int(),
    price_at_purchase: z.number().meta({ description: "What one cost when it was ordered; it never changes again" }),
  })
  .meta({ id: "OrderItem" });

export const Order = z
  .object({
    id: Id,
    user_id: Id,
    total_amount: z.number(),
    subtotal: z.number(),
    discount: z.number(),
    currency: z.string(),
    status: OrderStatus,
    payment_method: z.string().nullable(),
    payment_status: PaymentStatus,
    placed_at: Moment,
    delivery_eta: Moment.nullable(),
    items: z.array(OrderItem),
  })
  .meta({ id: "Order" });

export type Order = z.infer<typeof Order>;
