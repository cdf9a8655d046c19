import { z } from "zod";
import { Email, NewAddress } from "../accounts/schema";
import { flagText, Id, text, visible } from "../base/fields";
import { Total } from "../base/money";
import { OrderStatus, PaymentStatus, PaymentWord, Note, Tags } from "./schema";

/** Units of an order: of a product, or of one line where a product stands in several. */
export const UnitsAsked = z
  .array(
    z
      .strictObject({
        product_id: Id.optional(),
        line: z.int().min(1).max(100_000).optional(),
        qty: z.int().min(1).max(1_000_000),
      })
      .refine(
        ({ product_id, line }) => (product_id === undefined) !== (line === undefined),
        "Give a product_id or a line.",
      ),
  )
  .min(1)
  .max(200);

export type UnitsAsked = z.infer<typeof UnitsAsked>;

/** What an admin gives back: all that is left, an amount, or what some units cost after the discount. */
export const NewRefund = z
  .strictObject({
    amount: Total.optional(),
    lines: UnitsAsked.optional().meta({
      description:
        "Units to pay back, at what they cost after discount and with their tax. No unit is paid back twice. What has not left is off the order and back on the shelf.",
    }),
    shipping: z
      .boolean()
      .optional()
      .meta({ description: "Pay the delivery back too; with nothing else given, all is paid back" }),
    restock: z.boolean().default(false).meta({ description: "Units that have left came back and can be sold again" }),
    by_hand: z.boolean().default(false).meta({ description: "It was paid back by other means: only write it down" }),
    reason: visible(text(500)).optional(),
  })
  .refine((refund) => refund.amount === undefined || (refund.lines === undefined && !refund.shipping), {
    path: ["lines"],
    message: "Give an amount or lines, not both.",
  })
  .meta({ id: "NewRefund", examples: [{ lines: [{ product_id: 1, qty: 1 }], reason: "cracked" }] });

export type NewRefund = z.infer<typeof NewRefund>;

/** Pairs of whole numbers in an address: of what, and how many. */
export function unitsOfText<Line>(lineOf: (of: number, qty: number) => Line) {
  return z
    .string()
    .regex(
      /^[1-9]\d{0,8}:[1-9]\d{0,6}(,[1-9]\d{0,8}:[1-9]\d{0,6}){0,199}$/,
      "Give what and how many of each, such as 1:2,3:1.",
    )
    .transform((text) =>
      text.split(",").map((part) => {
        const [of = 0, qty = 0] = part.split(":").map(Number);
        return lineOf(of, qty);
      }),
    )
    .meta({ type: "string" });
}

export const RefundQuoteQuery = z.strictObject({
  lines: unitsOfText((line, qty) => ({ line, qty }))
    .optional()
    .meta({ description: "Lines and how many of each, such as 1:2,3:1; without it all that is left" }),
  shipping: flagText.optional().meta({ description: "The delivery too" }),
});

export const RefundQuote = z
  .object({
    amount: z.number().meta({ description: "What would be paid back" }),
    left: z.number().meta({ description: "What can be paid back in all" }),
    currency: z.string(),
  })
  .meta({ id: "RefundQuote" });

export type RefundQuote = z.infer<typeof RefundQuote>;

export const NewReturn = z
  .strictObject({
    restock: z.boolean().default(true).meta({ description: "Whether the goods can be sold again" }),
    refund: z.boolean().default(true).meta({ description: "Whether what was paid is paid back" }),
    lines: UnitsAsked.optional().meta({
      description:
        "Only these units came back, such as those that were refused at the door; without it, all that is out. What was to be paid for them on delivery is not to be paid any more.",
    }),
  })
  .meta({ id: "NewReturn", examples: [{ lines: [{ product_id: 1, qty: 1 }] }] });

export type NewReturn = z.infer<typeof NewReturn>;

export const NewMoneyReceipt = z
  .strictObject({
    note: visible(text(500)).optional().meta({ description: "How it came, such as the number of a transfer" }),
  })
  .meta({ id: "NewMoneyReceipt", examples: [{ note: "Transfer 4711 of 3 March" }] });

export type NewMoneyReceipt = z.infer<typeof NewMoneyReceipt>;

export const NewResolution = z
  .strictObject({ note: visible(text(500)).meta({ description: "What was found and done, for whoever asks later" }) })
  .meta({ id: "NewResolution" });

export type NewResolution = z.infer<typeof NewResolution>;

export const PaymentStanding = z
  .object({ order_id: Id, status: OrderStatus, payment_status: PaymentStatus, payment_url: z.string().nullable() })
  .meta({ id: "PaymentStanding" });

export type PaymentStanding = z.infer<typeof PaymentStanding>;

/** Part of an order, or all of it: what has not left. */
export const NewCancellation = z
  .strictObject({
    lines: UnitsAsked.optional().meta({ description: "Only these units; without it, the whole order" }),
    reason: visible(text(500)).optional(),
  })
  .meta({ id: "NewCancellation", examples: [{ lines: [{ product_id: 1, qty: 1 }] }] });

export type NewCancellation = z.infer<typeof NewCancellation>;

/** What leaves: all that is left of the order, or some units. */
export const NewShipment = z
  .strictObject({
    lines: UnitsAsked.optional().meta({ description: "Only these units; without it, all that has not left" }),
    tracking_number: visible(text(100)).nullish(),
    carrier: visible(text(100)).nullish(),
  })
  .meta({ id: "NewShipment", examples: [{ carrier: "India Post", tracking_number: "RM123456789IN" }] });

export type NewShipment = z.infer<typeof NewShipment>;

/** How to pay an order that is not paid yet. */
export const NewPayment = z
  .strictObject({ payment_method: PaymentWord.optional() })
  .meta({ id: "NewPayment", examples: [{ payment_method: "cod" }] });

export type NewPayment = z.infer<typeof NewPayment>;

export const NewOrderNote = z
  .strictObject({ note: Note })
  .meta({ id: "NewOrderNote", examples: [{ note: "Called, will be home after six." }] });

/** What an admin may change of an order that is there. What is absent stays. */
export const OrderChange = z
  .strictObject({
    tags: Tags.optional(),
    tracking_number: visible(text(100)).optional().meta({ description: "Of the latest shipment" }),
    carrier: visible(text(100)).optional(),
    email: Email.optional(),
    address: NewAddress.optional().meta({
      description: "Until it has left. What was charged for delivery and tax stays.",
    }),
  })
  .meta({ id: "OrderChange", examples: [{ tags: ["gift"] }] });

export type OrderChange = z.infer<typeof OrderChange>;
