import { z } from "zod";
import { Total } from "../base/money";
import { Id, Moment, text } from "../base/fields";
import { causes, ORDER_STATES, PAYMENT_STATES } from "./states";

export const OrderStatus = z.enum(ORDER_STATES);
export const PaymentStatus = z.enum(PAYMENT_STATES);

/** What a customer decides at checkout. Prices, the total and whose order it is are the shop's to say. */
export const Checkout = z
  .strictObject({
    payment_method: z
      .string()
      .max(50)
      .regex(/^[A-Za-z][\w-]*$/, "Give a word such as cod or card.")
      .meta({
        description:
          "`cod` (cash on delivery) or the name of a payment provider that the shop offers: `mock`, `stripe`. Any other word is paid on delivery too, and kept.",
      }),
    address_id: Id,
    coupon_code: text(50).nullish(),
    expected_total: Total.nullish().meta({
      description: "What the customer was shown. When the order would come to anything else: 409 price_changed.",
    }),
    cart_version: text(50)
      .nullish()
      .meta({
        description:
          "The `version` of the cart that the customer was shown. When it is another by now: 409 price_changed. Without it " +
          "and `expected_total`, what left the catalog or became dearer since the cart was shown is named by such a 409.",
      }),
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

export const OrderStep = z
  .object({ status: OrderStatus, payment_status: PaymentStatus, cause: z.enum(causes), at: Moment })
  .meta({ id: "OrderStep" });

export type OrderStep = z.infer<typeof OrderStep>;

export const Order = z
  .object({
    id: Id,
    user_id: Id,
    total_amount: z.number(),
    subtotal: z.number(),
    discount: z.number(),
    currency: z.string(),
    coupon_code: z.string().nullable(),
    status: OrderStatus,
    payment_method: z.string().nullable(),
    payment_status: PaymentStatus,
    placed_at: Moment,
    delivery_eta: Moment.nullable(),
    items: z.array(OrderItem),
    history: z.array(OrderStep).meta({ description: "Every step of the order, the first first" }),
  })
  .meta({ id: "Order" });

export type Order = z.infer<typeof Order>;

/** What an admin gives back: all that is left, an amount, or what some units cost after the discount. */
export const NewRefund = z
  .strictObject({
    amount: Total.optional(),
    lines: z
      .array(z.strictObject({ product_id: Id, qty: z.int().min(1) }))
      .min(1)
      .max(200)
      .optional()
      .meta({ description: "Units to pay back, at what they cost after the discount. No unit is paid back twice." }),
    reason: text(500).optional(),
  })
  .refine((refund) => refund.amount === undefined || refund.lines === undefined, {
    path: ["lines"],
    message: "Give an amount or lines, not both.",
  })
  .meta({ id: "NewRefund" });

export type NewRefund = z.infer<typeof NewRefund>;

export const NewReturn = z
  .strictObject({
    restock: z.boolean().default(true).meta({ description: "Whether the goods can be sold again" }),
    refund: z.boolean().default(true).meta({ description: "Whether all that is left of the payment is paid back" }),
  })
  .meta({ id: "NewReturn" });

export type NewReturn = z.infer<typeof NewReturn>;

export const NewResolution = z
  .strictObject({ note: text(500).meta({ description: "What was found and done, for whoever asks later" }) })
  .meta({ id: "NewResolution" });

export type NewResolution = z.infer<typeof NewResolution>;

export const PaymentStanding = z
  .object({ order_id: Id, status: OrderStatus, payment_status: PaymentStatus, payment_url: z.string().nullable() })
  .meta({ id: "PaymentStanding" });

export type PaymentStanding = z.infer<typeof PaymentStanding>;
