import { ShopError } from "../base/errors";
import { taxClassKey } from "../base/fields";
import { checkCountable } from "../carts/carts";
import { type Discount, discountOf, lookUpCoupon, takeHoldOfCoupon } from "../coupons/coupons";
import { type Offer, offersFor, type Parcel } from "../shipping/rates";
import { findMethods } from "../shipping/queries";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import { findRates } from "../tax/queries";
import { ratesFor } from "../tax/rates";
import type { Destination } from "../base/destination";
import { findRules, type Rules } from "./customer-queries";
import type { SaleLine } from "./line-queries";
import { type Price, priceOf } from "./pricing";

/** What is to be priced. */
export interface ToQuote {
  user_id: number;
  lines: readonly SaleLine[];
  place: Destination;
  coupon_code?: string | null | undefined;
  /** Without a choice, the cheapest. */
  shipping_method_id?: number | null | undefined;
  /** What holds for the customer, where it is known already. */
  rules?: Rules;
  /** What an admin says instead of what coupon and way of delivery come to. */
  given?: { discount_minor?: number | undefined; shipping_minor?: number | undefined };
}

/** What it comes to, and how. */
export interface Quoted {
  price: Price;
  discount: Discount | undefined;
  offers: Offer[];
  offer: Offer | undefined;
  /** Of the customer's account. */
  email: string;
}

/**
 * Prices lines for a customer and a place, with a coupon and a way of delivery. Nothing is held: for callers who only look.
 * Throws `invalid` and `coupon_used_up` for a coupon, `invalid` for a way of delivery that does not take the parcel, and
 * `no_delivery` where none does.
 */
export const quote = (shop: Shop, reader: Reader, ask: ToQuote): Promise<Quoted> =>
  quoteWith(shop, reader, ask, (code) => lookUpCoupon(reader, code));

/** The same for an order that is written now: its coupon is held from here on. */
export const quoteForOrder = (shop: Shop, tx: Transaction, ask: ToQuote): Promise<Quoted> =>
  quoteWith(shop, tx, ask, (code) => takeHoldOfCoupon(tx, code));

async function quoteWith(
  shop: Shop,
  reader: Reader,
  ask: ToQuote,
  findCoupon: (code: string) => ReturnType<typeof lookUpCoupon>,
): Promise<Quoted> {
  const { settings } = shop;
  const { lines, place, given = {} } = ask;
  checkCountable(lines);
  const rules = ask.rules ?? (await findRules(reader, ask.user_id));
  const customer = { id: ask.user_id, is_guest: rules.email === "" };
  const discount = ask.coupon_code
    ? await discountOf(shop, reader, customer, await findCoupon(ask.coupon_code), lines)
    : undefined;
  const discount_minor = given.discount_minor ?? discount?.amount_minor ?? 0;
  const goods_minor = lines.reduce((sum, line) => sum + line.qty * line.price_minor, 0) - discount_minor;
  const grams = lines.reduce((sum, line) => sum + line.qty * line.weight_grams, 0);
  const offers = rules.ships && lines.length > 0 ? await findOffers(reader, { goods_minor, grams, place }) : undefined;
  const offer = offers && chooseOffer(offers, ask);
  const classes = lines.map(({ tax_class }) => (rules.taxes ? taxClassKey(tax_class) : tax_class));
  const rates = rules.taxes ? ratesFor(await findRates(reader), classes, place) : [];
  const price = priceOf({
    lines: lines.map((line, index) => ({
      product_id: line.product_id,
      qty: line.qty,
      price_minor: line.price_minor,
      tax_class: classes[index] ?? line.tax_class,
      is_discounted: discount ? discount.isFor(line) : true,
    })),
    discount_minor,
    shipping_minor: given.shipping_minor ?? offer?.price_minor ?? 0,
    rates,
    prices_include_tax: settings.pricesIncludeTax,
  });
  if (price.total_minor > Number.MAX_SAFE_INTEGER) throw invalid("qty", "This is more than one order can come to.");
  return { price, discount, offers: offers ?? [], offer, email: rules.email };
}

async function findOffers(reader: Reader, parcel: Parcel): Promise<Offer[]> {
  return offersFor(await findMethods(reader), parcel);
}

function chooseOffer(offers: readonly Offer[], { shipping_method_id, given }: ToQuote): Offer | undefined {
  if (shipping_method_id !== undefined && shipping_method_id !== null) {
    const chosen = offers.find(({ method }) => method.id === shipping_method_id);
    if (!chosen) throw invalid("shipping_method_id", "This way of delivery does not take your order there.");
    return chosen;
  }
  const [cheapest] = offers;
  if (!cheapest && given?.shipping_minor === undefined) {
    throw new ShopError("no_delivery", "Nothing of what the shop offers delivers this order to that place.");
  }
  return cheapest;
}

function invalid(path: string, message: string): ShopError {
  return new ShopError("invalid", message, { errors: [{ path, message, code: "not_offered" }] });
}
