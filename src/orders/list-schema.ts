import { z } from "zod";
import { flagText, GivenMoment, LARGEST_ID, text, wholeNumberText, words } from "../base/fields";
import { Coupon } from "../coupons/schema";
import { OrderStatus, PaymentStatus } from "./schema";

const amountText = z
  .string()
  .regex(/^\d{1,13}(\.\d{1,3})?$/, "Give an amount such as 40 or 40.5.")
  .transform(Number)
  .meta({ type: "number", minimum: 0 });

/** Which orders are asked for; what is absent does not matter. */
export const orderFilters = {
  q: text(200)
    .optional()
    .meta({ description: "A number, an e-mail, a name, a phone or a code of a product: whichever it is" }),
  status: OrderStatus.optional(),
  payment_status: PaymentStatus.optional(),
  payment_method: words(50)
    .optional()
    .meta({ description: "How it is paid, as the order says it, in any case; `cod` and `cash` are one" }),
  user_id: wholeNumberText(1, LARGEST_ID).optional(),
  email: text(320).optional(),
  name: text(200)
    .optional()
    .meta({ description: "A part of the customer's name, or of the recipient's in the newest orders" }),
  phone: text(40).optional(),
  product_id: wholeNumberText(1, LARGEST_ID).optional(),
  sku: text(100).optional(),
  tag: text(50).optional(),
  coupon: text(50).optional().meta({ description: "Placed with this coupon" }),
  flagged: flagText.optional().meta({ description: "Whether a payment of it waits for a person" }),
  waits_for: z.enum(["packing", "payment", "refund"]).optional().meta({
    description:
      "`packing`: paid, or paid on delivery, and not packed. `payment`: placed and not paid. `refund`: a gateway has not confirmed one",
  }),
  since: GivenMoment.optional().meta({ description: "Placed at this moment or later" }),
  until: GivenMoment.optional().meta({ description: "Placed before this moment" }),
  min_total: amountText.optional(),
  max_total: amountText.optional(),
};

export type OrderQuery = z.output<z.ZodObject<typeof orderFilters>>;

/** What the orders of a list come to, in major units. */
export const OrderTotals = z
  .object({
    orders: z.int(),
    total: z.number().meta({ description: "Without what was cancelled" }),
    paid: z.number().meta({ description: "What of the total is paid" }),
    discounts: z.number().meta({ description: "What was taken off" }),
    currency: z.string(),
  })
  .meta({ id: "OrderTotals" });

export type OrderTotals = z.infer<typeof OrderTotals>;

export const NewestOrderTotals = OrderTotals.extend({
  more: z.boolean().meta({ description: "Whether older orders may fit too: the newest 20,000 that fit are summed up" }),
}).meta({ id: "NewestOrderTotals" });

export type NewestOrderTotals = z.infer<typeof NewestOrderTotals>;

export const CouponTakings = Coupon.extend({
  takings: OrderTotals.meta({
    description: "Of the orders that it was used for; who placed them: `GET /orders/all?coupon=`",
  }),
}).meta({ id: "CouponTakings" });

export type CouponTakings = z.infer<typeof CouponTakings>;
