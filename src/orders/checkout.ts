import { findAddress } from "../accounts/address-queries";
import { checkCountable } from "../carts/carts";
import { checkShown } from "../carts/notices";
import { deleteItems, findCart, holdCart } from "../carts/queries";
import { variantRequired } from "../catalog/variants";
import { countUse, discountOf } from "../coupons/coupons";
import { ShopError } from "../base/errors";
import { recordEvent } from "../events/events";
import { type Once, transactOnce } from "../idempotency/idempotency";
import { hasCurrencyDigits, toMinor } from "../base/money";
import { CASH, providerFor } from "../payments/gateways";
import { insertPayment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { reserveLines } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { deliveryEta } from "./eta";
import { openPayment, settle } from "./payment";
import { presentReceipt } from "./present";
import { priceOfGoods } from "./pricing";
import { holdOrder, insertOrder, type OrderRecord } from "./queries";
import type { Checkout, Receipt } from "./schema";

/**
 * Turns the cart into an order: prices and reserves every line, or none, then opens its payment. Throws `cart_empty`,
 * `not_found` for an address that is not the customer's, `out_of_stock` naming every line that is short, `price_changed`,
 * `invalid` and `coupon_used_up` for a coupon, and `payment_unavailable` when the order stands but can't be paid yet.
 */
export async function placeOrder(shop: Shop, userId: number, checkout: Checkout, once?: Once): Promise<Receipt> {
  try {
    const receipt = await place(shop, userId, checkout, once);
    shop.metrics.checkouts.add([once?.replayed ? "replayed" : "placed"]);
    return receipt;
  } catch (error) {
    shop.metrics.checkouts.add([error instanceof ShopError ? error.code : "failed"]);
    throw error;
  }
}

async function place(shop: Shop, userId: number, checkout: Checkout, once?: Once): Promise<Receipt> {
  const provider = providerFor(shop.settings, checkout.payment_method);
  const placed = await transactOnce(shop, once, (tx) => writeOrder(shop, tx, userId, checkout, provider));
  if (provider === CASH) return placed;
  // After the commit, so that no gateway is waited for while others want to write. What is lost in between is made up
  // for when the customer asks again, or falls to the end of the hold.
  const payment_url = await openPayment(shop, placed.order_id);
  return { ...placed, payment_url };
}

async function writeOrder(
  shop: Shop,
  tx: Transaction,
  userId: number,
  checkout: Checkout,
  provider: string,
): Promise<Receipt> {
  const { settings } = shop;
  const now = shop.now();
  const placed_at = now.toISOString();
  // Held first: edits and other checkouts of this cart come before or after, never between.
  await holdCart(tx, userId);
  const cart = await findCart(tx, userId);
  const { lines } = cart;
  checkShown(cart, checkout);
  for (const line of lines) if (line.option_names.length > 0) throw variantRequired(line);
  if (lines.length === 0) throw new ShopError("cart_empty", "The cart is empty.");
  const address = await findAddress(tx, userId, checkout.address_id);
  if (!address) throw new ShopError("not_found", "There is no such address.");
  checkCountable(lines);
  const discount = checkout.coupon_code ? await discountOf(shop, tx, userId, checkout.coupon_code, lines) : undefined;
  const price = priceOfGoods(lines, discount?.amount_minor);
  checkExpected(shop, checkout, price.total_minor);
  const order: OrderRecord = {
    user_id: userId,
    status: "placed",
    payment_status: "pending",
    payment_method: checkout.payment_method,
    price,
    currency: settings.currency,
    address,
    metadata: {},
    source: null,
    placed_at,
    delivery_eta: deliveryEta(settings, address, now),
    hold_until: provider === CASH ? null : new Date(now.getTime() + settings.holdMinutes * 60_000).toISOString(),
    coupon_code: discount?.code ?? null,
  };
  const id = await insertOrder(tx, order, lines);
  await recordEvent(tx, "order.placed", { order_id: id, status: "placed", payment_status: "pending" }, placed_at);
  if (discount) await countUse(tx, { order_id: id, user_id: userId, code: discount.code }, placed_at);
  const payment = { order_id: id, provider, reference: shop.newId(), currency: order.currency };
  const amount_minor = price.total_minor;
  await insertPayment(tx, { ...payment, amount_minor, state: provider === CASH ? "open" : "new" }, placed_at);
  const short = await reserveLines(tx, id, lines, placed_at);
  if (short.length > 0) throw outOfStock(short.map((line) => ({ ...line, name: nameOf(lines, line.product_id) })));
  await deleteItems(tx, userId);
  if (amount_minor === 0) await settleNothing(shop, tx, id, order.currency);
  return presentReceipt(id, order);
}

/** An order that a coupon pays wholly is paid at once. */
async function settleNothing(shop: Shop, tx: Transaction, id: number, currency: string): Promise<void> {
  const order = await holdOrder(tx, id);
  if (order) await settle(shop, tx, order, { is: "captured", amount_minor: 0, currency }, "nothing_to_pay");
}

function checkExpected(shop: Shop, { expected_total }: Checkout, totalMinor: number): void {
  if (expected_total === undefined || expected_total === null) return;
  const same =
    hasCurrencyDigits(expected_total, shop.settings) && toMinor(expected_total, shop.settings) === totalMinor;
  if (!same)
    throw new ShopError("price_changed", "The total is not what you expected any more: look at the cart again.");
}

function nameOf(lines: readonly { product_id: number; name: string }[], productId: number): string {
  return lines.find((line) => line.product_id === productId)?.name ?? "";
}

function outOfStock(lines: { product_id: number; name: string; requested: number; available: number }[]): ShopError {
  return new ShopError("out_of_stock", "Not enough is left of what you want to buy: see lines.", { lines });
}
