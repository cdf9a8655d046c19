import { getAddress } from "../accounts/addresses";
import { currencyOf } from "../base/currency";
import { toMajor } from "../base/money";
import { cartVersion } from "../carts/notices";
import { findCart } from "../carts/queries";
import { deliveryEta } from "../shipping/eta";
import type { Shop } from "../shop/shop";
import { presentTaxes } from "./present";
import { linesOf } from "./manual-orders";
import { quote, type Quoted } from "./quote";
import type { CartQuote, CartQuoteAsked, OrderQuote, OrderQuoteAsked } from "./checkout-schema";

/**
 * What a customer's cart would come to as an order, with a coupon and at a place. Without a place, as far as it is known.
 * Throws `not_found` for an address that is not theirs, and what a checkout would throw for coupon and delivery.
 */
export async function quoteCart(shop: Shop, userId: number, asked: CartQuoteAsked): Promise<CartQuote> {
  const { settings, database } = shop;
  const address =
    asked.address_id === undefined ? undefined : await getAddress(database, settings, userId, asked.address_id);
  const place = address ?? { country: asked.country ?? settings.country, state: asked.state, pincode: asked.pincode };
  const cart = await findCart(database, userId);
  const quoted = await quote(shop, database, {
    user_id: userId,
    lines: cart.lines,
    place,
    coupon_code: asked.coupon_code,
    shipping_method_id: asked.shipping_method_id,
  });
  return { ...presentQuote(shop, quoted, address), cart_version: cartVersion(cart) };
}

/**
 * What goods would come to at a place, for an admin who tries delivery, taxes and a coupon. Throws `not_found` for goods that
 * are not sold, and what a checkout would throw.
 */
export async function quoteGoods(shop: Shop, userId: number, asked: OrderQuoteAsked): Promise<OrderQuote> {
  const { settings, database } = shop;
  const quoted = await quote(shop, database, {
    user_id: userId,
    lines: await linesOf(shop, database, asked),
    place: { country: asked.country ?? settings.country, state: asked.state, pincode: asked.pincode },
    coupon_code: asked.coupon_code,
    shipping_method_id: asked.shipping_method_id,
  });
  return presentQuote(shop, quoted);
}

function presentQuote(
  shop: Shop,
  { price, discount, offers, offer }: Quoted,
  address?: { lat: number | null; lng: number | null },
): OrderQuote {
  const { settings } = shop;
  const currency = currencyOf(settings.currency);
  const major = (minor: number) => toMajor(minor, currency);
  const usual = deliveryEta(settings, address ?? { lat: null, lng: null }, shop.now());
  return {
    subtotal: major(price.subtotal_minor),
    discount: major(price.discount_minor),
    shipping: major(price.shipping_minor),
    tax: major(price.tax_minor),
    tax_included: major(price.included_tax_minor),
    total: major(price.total_minor),
    currency: settings.currency,
    coupon_code: discount?.code ?? null,
    shipping_method_id: offer?.method.id ?? null,
    taxes: presentTaxes(price.taxes, major),
    shipping_methods: offers.map(({ method, price_minor }) => ({
      id: method.id,
      name: method.name,
      price: major(price_minor),
      delivery_eta:
        method.delivery_minutes === null
          ? usual
          : new Date(shop.now().getTime() + method.delivery_minutes * 60_000).toISOString(),
    })),
  };
}
