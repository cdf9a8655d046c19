import { findAddress } from "../accounts/address-queries";
import { subtotalOf } from "../carts/carts";
import { deleteItems, findCartLines, holdCart } from "../carts/queries";
import { ShopError } from "../errors";
import { toMajor } from "../money";
import type { Page } from "../page";
import type { Shop } from "../shop";
import { reserveLines } from "../stock/stock";
import { findOrder, insertOrder, listOrdersOf, type OrderRecord } from "./queries";
import type { Checkout, Order, Receipt } from "./schema";

/**
 * Turns the cart into an order: prices and reserves every line, or none. Throws `cart_empty`, `not_found` for an address
 * that is not the customer's, and `out_of_stock` naming every line that is short.
 */
export function placeOrder(shop: Shop, userId: number, checkout: Checkout): Promise<Receipt> {
  return shop.database.transaction(async (tx) => {
    const now = shop.now();
    // Held first: edits and other checkouts of this cart come before or after, never between.
    await holdCart(tx, userId, now.toISOString());
    const lines = await findCartLines(tx, userId);
    if (lines.length === 0) throw new ShopError("cart_empty", "The cart is empty.");
    const address = await findAddress(tx, userId, checkout.address_id);
    if (!address) throw new ShopError("not_found", "There is no such address.");
    if (checkout.coupon_code) throw unknownCoupon();
    const order: OrderRecord = {
      user_id: userId,
      status: "placed",
      payment_status: "pending",
      payment_method: checkout.payment_method,
      subtotal_minor: subtotalOf(lines),
      discount_minor: 0,
      currency: shop.settings.currency,
      address,
      metadata: {},
      source: null,
      placed_at: now.toISOString(),
      delivery_eta: new Date(now.getTime() + shop.settings.deliveryMinutes * 60_000).toISOString(),
    };
    const id = await insertOrder(tx, order, lines);
    const short = await reserveLines(tx, id, lines, order.placed_at);
    if (short.length > 0) throw outOfStock(short.map((line) => ({ ...line, name: nameOf(lines, line.product_id) })));
    await deleteItems(tx, userId);
    return receipt(shop, id, order);
  });
}

/** Throws `not_found`, also for somebody else's. */
export async function getOrder(shop: Shop, userId: number, id: number): Promise<Order> {
  const order = await findOrder(shop.database, userId, id, shop.settings);
  if (!order) throw new ShopError("not_found", "There is no such order.");
  return order;
}

/** Newest first. */
export function listOrders(shop: Shop, userId: number, page: Page): Promise<{ orders: Order[]; total: number }> {
  return listOrdersOf(shop.database, userId, page, shop.settings);
}

function receipt({ settings }: Shop, id: number, order: OrderRecord): Receipt {
  return {
    order_id: id,
    status: order.status,
    total_amount: toMajor(order.subtotal_minor - order.discount_minor, settings),
    payment_url: null,
    placed_at: order.placed_at,
    delivery_eta: order.delivery_eta,
  };
}

function nameOf(lines: readonly { product_id: number; name: string }[], productId: number): string {
  return lines.find((line) => line.product_id === productId)?.name ?? "";
}

function outOfStock(lines: { product_id: number; name: string; requested: number; available: number }[]): ShopError {
  return new ShopError("out_of_stock", "Not enough is left of what you want to buy: see lines.", { lines });
}

function unknownCoupon(): ShopError {
  const message = "There is no such coupon.";
  return new ShopError("invalid", message, { errors: [{ path: "coupon_code", message, code: "unknown_coupon" }] });
}
