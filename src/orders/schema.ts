import { z } from "zod";
import { Id, Moment, text, visible, words } from "../base/fields";
import { wordKey } from "../base/text";
import { ChosenMethod } from "../shipping/schema";
import { TaxLine } from "../tax/schema";
import { causes, ORDER_STATES, PAYMENT_STATES } from "./states";

export const OrderStatus = z.enum(ORDER_STATES);
export const PaymentStatus = z.enum(PAYMENT_STATES);

/** The word of a way to pay, as a customer's program sends it. */
export const PaymentWord = z
  .string()
  .trim()
  .max(50)
  .regex(/^[A-Za-z][\w-]*$/, "Give a word such as cod or card.")
  .meta({
    description:
      "`cod` or `cash` (paid on delivery), or the name of a payment provider that the shop offers: `mock`, `stripe`. `UPI`, `card`, `netbanking` and `wallet` mean the shop's online payment, cash where it has none. Any other word is refused with what there is.",
  });

export const Note = visible(text(2_000));

export const OrderItem = z
  .object({
    line: z.int().meta({ description: "Its number within the order" }),
    product_id: Id,
    qty: z.int(),
    price_at_purchase: z.number().meta({ description: "What one cost when it was ordered; it never changes again" }),
    name: z.string(),
    sku: z.string().nullable(),
    slug: z.string(),
    category: z.string(),
    options: z.record(z.string(), z.string()),
    image_url: z.string().nullable(),
    tax_class: z.string().nullable().meta({ description: "null for orders from before there were taxes" }),
    discount: z.number().meta({ description: "The part of the order's discount that this line has" }),
    tax: z.number().meta({ description: "Its part of the taxes, added or included" }),
    cancelled_qty: z.int().meta({ description: "Units that were taken off the order before they left" }),
    shipped_qty: z.int(),
    returned_qty: z.int(),
    refunded_qty: z.int(),
  })
  .meta({ id: "OrderItem" });

export type OrderItem = z.infer<typeof OrderItem>;

const Units = z.array(z.object({ line: z.int(), product_id: Id, qty: z.int() }));

const OrderShipment = z
  .object({
    id: Id,
    tracking_number: z.string().nullable(),
    carrier: z.string().nullable(),
    shipped_at: Moment,
    lines: Units,
  })
  .meta({ id: "OrderShipment" });

const OrderRefund = z
  .object({
    id: Id,
    amount: z.number(),
    reason: z.string().nullable(),
    state: z.enum(["owed", "sent", "done", "failed"]).meta({
      description:
        "`owed`: the provider has not taken it on. `sent`: it has, and the money is on its way. `failed`: it counts for nothing, and can be sent again.",
    }),
    source: z.enum(["shop", "provider", "hand"]).meta({
      description: "Who paid it back: the shop, somebody at the provider, or a person by other means",
    }),
    shipping: z.boolean().meta({ description: "Whether the delivery is paid back with it" }),
    failure: z.string().nullable(),
    lines: Units,
    created_at: Moment,
    sent_at: Moment.nullable().meta({ description: "When its provider took it on, where that is not the end of it" }),
    ended_at: Moment.nullable(),
    resent_as: Id.nullable().meta({ description: "The refund that this one, which failed, was sent again as" }),
  })
  .meta({ id: "OrderRefund" });

const PAYMENT_STATES_SHOWN = [
  "not_started",
  "open",
  "under_way",
  "paid",
  "failed",
  "closed",
  "surplus",
  "disputed",
] as const;

export type PaymentState = (typeof PAYMENT_STATES_SHOWN)[number];

const OrderPayment = z
  .object({
    id: Id,
    provider: z.string(),
    state: z.enum(PAYMENT_STATES_SHOWN).meta({
      description:
        "`under_way`: the customer has paid, and the money is on its way. `surplus`: paid beside another, and paid back.",
    }),
    is_current: z.boolean().meta({ description: "Whether this try counts; the others are kept" }),
    amount: z.number(),
    captured: z.number(),
    refunded: z.number(),
    flag: z.string().nullable().meta({ description: "What a person must look at; for admins" }),
    created_at: Moment,
    captured_at: Moment.nullable(),
  })
  .meta({ id: "OrderPayment" });

const OrderNote = z.object({ user_id: Id.nullable(), note: z.string(), created_at: Moment }).meta({ id: "OrderNote" });

/** An address as an order keeps it. */
const OrderAddress = z
  .object({
    label: z.string(),
    address_line: z.string(),
    city: z.string(),
    state: z.string().nullable(),
    pincode: z.string(),
    country: z.string().nullable(),
    full_name: z.string().nullable(),
    phone: z.string().nullable(),
    lat: z.number().nullable(),
    lng: z.number().nullable(),
  })
  .meta({ id: "OrderAddress" });

export const OrderStep = z
  .object({ status: OrderStatus, payment_status: PaymentStatus, cause: z.enum(causes), at: Moment })
  .meta({ id: "OrderStep" });

export type OrderStep = z.infer<typeof OrderStep>;

export const Order = z
  .object({
    id: Id,
    user_id: Id,
    customer_name: z.string().meta({ description: "Who placed it; the recipient may be another" }),
    total_amount: z.number(),
    subtotal: z.number(),
    discount: z.number(),
    shipping: z.number(),
    tax: z.number().meta({ description: "Added to the prices" }),
    tax_included: z.number().meta({ description: "Part of the prices already" }),
    taxes: z.array(TaxLine),
    amount_due: z.number().meta({ description: "What is still to be paid" }),
    currency: z.string(),
    coupon_code: z.string().nullable(),
    status: OrderStatus,
    payment_method: z.string().nullable(),
    payment_status: PaymentStatus,
    placed_at: Moment,
    delivery_eta: Moment.nullable(),
    hold_until: Moment.nullable().meta({ description: "Until when the goods are kept while it waits for its payment" }),
    shipping_method: ChosenMethod.nullable(),
    address: OrderAddress.nullable(),
    billing_address: OrderAddress.nullable(),
    tax_id: z.string().nullable(),
    email: z.string().nullable(),
    customer_note: z.string().nullable(),
    tags: z.array(z.string()).meta({ description: "For admins" }),
    notes: z.array(OrderNote).meta({ description: "For admins" }),
    tracking_number: z.string().nullable().meta({ description: "Of the latest shipment" }),
    carrier: z.string().nullable(),
    items: z.array(OrderItem),
    shipments: z.array(OrderShipment),
    refunds: z.array(OrderRefund),
    payments: z.array(OrderPayment),
    history: z.array(OrderStep).meta({ description: "Every step of the order, the first first" }),
  })
  .meta({ id: "Order" });

export type Order = z.infer<typeof Order>;

export const Tags = z
  .array(words(50))
  .max(50)
  // `VIP` and `vip` are one.
  .transform((tags) => [...new Map(tags.toReversed().map((tag) => [wordKey(tag), tag])).values()].toReversed());
