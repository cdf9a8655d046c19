import { z } from "zod";
import { Email, NewAddress } from "../accounts/schema";
import { Id, LARGEST_ID, Moment, text, visible, wholeNumberText } from "../base/fields";
import { Amount, Total } from "../base/money";
import { CountryCode } from "../shipping/schema";
import { TaxLine } from "../tax/schema";
import { unitsOfText } from "./change-schema";
import { OrderStatus, PaymentWord, Note, Tags } from "./schema";

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
    message: "Say who it is for: a customer, or a contact.",
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
