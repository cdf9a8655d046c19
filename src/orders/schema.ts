import { z } from "zod";
import { Email, NewAddress } from "../accounts/schema";
import { flagText, GivenMoment, Id, LARGEST_ID, Moment, text, visible, wholeNumberText, words } from "../base/fields";
import { Amount, Total } from "../base/money";
import { wordKey } from "../base/text";
import { Coupon } from "../coupons/schema";
import { ChosenMethod, CountryCode } from "../shipping/schema";
import { TaxLine } from "../tax/schema";
import { causes, ORDER_STATES, PAYMENT_STATES } from "./states";

export const OrderStatus = z.enum(ORDER_STATES);
export const PaymentStatus = z.enum(PAYMENT_STATES);

/** The word of a way to pay, as a customer's program sends it. */
const PaymentWord = z
  .string()
  .trim()
  .max(50)
  .regex(/^[A-Za-z][\w-]*$/, "Give a word such as cod or card.")
  .meta({
    description:
      "`cod` or `cash` (paid on delivery), or the name of a payment provider that the shop offers: `mock`, `stripe`. `UPI`, `card`, `netbanking` and `wallet` mean the shop's online payment, cash where it has none. Any other word is refused with what there is.",
  });

const Note = visible(text(2_000));

/** What a customer decides at checkout. Prices, the total and whose order it is are the shop's to say. */
export const Checkout = z
  .strictObject({
    payment_method: PaymentWord,
    address_id: Id,
    coupon_code: text(50).nullish(),
    shipping_method_id: Id.nullish().meta({
      description: "One of those of `POST /cart/quote`; without it the cheapest",
    }),
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
    email: Email.nullish().meta({ description: "Where mail about it goes, if not to the account" }),
    customer_note: Note.nullish().meta({ description: "For whoever packs it" }),
    billing_address_id: Id.nullish(),
    tax_id: visible(text(50)).nullish().meta({ description: "For the invoice: GSTIN, VAT id" }),
  })
  .meta({ id: "Checkout", examples: [{ payment_method: "cod", address_id: 1 }] });

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

export const OrderShipment = z
  .object({
    id: Id,
    tracking_number: z.string().nullable(),
    carrier: z.string().nullable(),
    shipped_at: Moment,
    lines: Units,
  })
  .meta({ id: "OrderShipment" });

export const OrderRefund = z
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

export const OrderPayment = z
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

export const OrderNote = z
  .object({ user_id: Id.nullable(), note: z.string(), created_at: Moment })
  .meta({ id: "OrderNote" });

/** An address as an order keeps it. */
export const OrderAddress = z
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
function unitsOfText<Line>(lineOf: (of: number, qty: number) => Line) {
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

const Tags = z
  .array(words(50))
  .max(50)
  // `VIP` and `vip` are one.
  .transform((tags) => [...new Map(tags.toReversed().map((tag) => [wordKey(tag), tag])).values()].toReversed());

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

/** An order that the shop's people take down: by phone, at the counter. */
export const NewOrder = z
  .strictObject({
    user_id: Id.optional().meta({ description: "The customer; or give a contact" }),
    contact: z
      .strictObject({ full_name: visible(text(200)), email: Email.optional(), phone: visible(text(40)).optional() })
      .optional()
      .meta({ description: "Somebody without an account" }),
    lines: z
      .array(
        z.strictObject({
          product_id: Id,
          qty: z.int().min(1).max(10_000),
          price: Amount.optional().meta({ description: "If other than the catalog's" }),
        }),
      )
      .min(1)
      .max(200),
    payment_method: PaymentWord.default("cod"),
    paid: z.boolean().default(false).meta({ description: "The money is here already" }),
    address_id: Id.optional(),
    address: NewAddress.optional(),
    coupon_code: text(50).optional(),
    discount: Total.optional().meta({ description: "In place of a coupon's" }),
    shipping_method_id: Id.optional(),
    shipping: Total.optional().meta({ description: "If other than the way of delivery costs" }),
    customer_note: Note.optional(),
    tax_id: visible(text(50)).optional(),
    tags: Tags.default([]),
  })
  .refine(({ user_id, contact }) => (user_id === undefined) !== (contact === undefined), {
    path: ["user_id"],
    message: "Give a user_id or a contact.",
  })
  .refine(({ address_id, address }) => address_id === undefined || address === undefined, {
    path: ["address_id"],
    message: "Give an address_id or an address.",
  })
  .refine(({ coupon_code, discount }) => coupon_code === undefined || discount === undefined, {
    path: ["discount"],
    message: "Give a coupon_code or a discount.",
  })
  .meta({ id: "NewOrder", examples: [{ user_id: 1, lines: [{ product_id: 1, qty: 2 }], address_id: 1 }] });

export type NewOrder = z.infer<typeof NewOrder>;

/** Where a cart is to go, as far as that is known. */
export const CartQuoteAsked = z
  .strictObject({
    address_id: Id.optional(),
    country: CountryCode.optional(),
    state: visible(text(200)).optional(),
    pincode: visible(text(20)).optional(),
    shipping_method_id: Id.nullish(),
    coupon_code: text(50).nullish(),
  })
  .refine(
    ({ address_id, country, state, pincode }) =>
      address_id === undefined || (country ?? state ?? pincode) === undefined,
    {
      path: ["address_id"],
      message: "Give an address_id or a place.",
    },
  )
  .meta({ id: "CartQuoteAsked", examples: [{ country: "IN", pincode: "411001", coupon_code: "TEN" }] });

export type CartQuoteAsked = z.infer<typeof CartQuoteAsked>;

/** What some goods would come to as an order. */
export const OrderQuote = z
  .object({
    subtotal: z.number(),
    discount: z.number(),
    shipping: z.number(),
    tax: z.number().meta({ description: "Added to the prices" }),
    tax_included: z.number().meta({ description: "Part of the prices already" }),
    total: z.number().meta({ description: "For `expected_total` at checkout" }),
    currency: z.string(),
    coupon_code: z.string().nullable(),
    shipping_method_id: Id.nullable().meta({ description: "The one that the total counts with" }),
    taxes: z.array(TaxLine),
    shipping_methods: z.array(z.object({ id: Id, name: z.string(), price: z.number(), delivery_eta: Moment })),
  })
  .meta({ id: "OrderQuote" });

export type OrderQuote = z.infer<typeof OrderQuote>;

/** What the cart would come to as an order. */
export const CartQuote = OrderQuote.extend({ cart_version: z.string() }).meta({ id: "CartQuote" });

/** Goods in an address: `3:2,5:1` is two of product 3 and one of product 5. */
const goodsText = unitsOfText((product_id, qty) => ({ product_id, qty }));

export const OrderQuoteAsked = z.strictObject({
  lines: goodsText.meta({ description: "Products and how many of each, such as 3:2,5:1" }),
  country: CountryCode.optional(),
  state: visible(text(200)).optional(),
  pincode: visible(text(20)).optional(),
  coupon_code: text(50).optional(),
  shipping_method_id: wholeNumberText(1, LARGEST_ID).optional(),
});

export type OrderQuoteAsked = z.infer<typeof OrderQuoteAsked>;

export type CartQuote = z.infer<typeof CartQuote>;

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
