import { giveBackUse } from "../coupons/coupons";
import { ShopError } from "../base/errors";
import { type Once, transactOnce } from "../idempotency/idempotency";
import { findLeftOpen, findPayment, type LeftOpen, markClosed, type Payment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { returnLines } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { advance } from "./history";
import { findLines } from "./line-queries";
import { getHeldOrder, getOrder } from "./orders";
import { closePayment } from "./payment";
import { findOverdue, type HeldOrder, holdOrder, type Overdue } from "./queries";
import { oweRefund, sendRefunds } from "./refunds";
import { inRounds, quietly } from "./batches";
import type { Order } from "./schema";
import type { Cause } from "./states";
import { undoOrder } from "./undo";

/** Who cancels: the customer whose order it must be, or the shop. */
export type Canceller = { user_id: number } | "shop";

/**
 * Cancels what has not left yet: stock, coupon and money go back. Throws `not_found`, and `conflict` once it has shipped
 * or is cancelled already.
 */
export async function cancelOrder(shop: Shop, id: number, by: Canceller, once?: Once): Promise<Order> {
  const cancelled = await transactOnce(shop, once, async (tx) => {
    const order = await getHeldOrder(tx, id, by === "shop" ? undefined : by.user_id);
    if (order.status === "cancelled") throw new ShopError("conflict", "This order is cancelled already.");
    await cancelHeld(shop, tx, order, by === "shop" ? "cancelled_by_shop" : "cancelled_by_customer");
    return getOrder(tx, id);
  });
  await quietly(shop, id, () => closePayment(shop, id));
  await sendRefunds(shop, { orderId: id });
  return cancelled;
}

async function cancelHeld(shop: Shop, tx: Transaction, order: HeldOrder, cause: Cause): Promise<void> {
  const now = shop.now().toISOString();
  const payment = await findPayment(tx, order.id);
  if (payment?.state !== "captured") {
    await undoOrder(tx, order, cause, now);
    if (payment) await closeUnpaid(tx, payment);
    return;
  }
  const left = payment.captured_minor - payment.refunded_minor;
  await advance(tx, order, { status: "cancelled", ...(left > 0 && { payment_status: "refunded" }) }, cause, now);
  if (left > 0) await oweRefund(shop, tx, order, left, "The order was cancelled.", now);
  await giveBackUse(tx, order.id, now);
  await returnLines(tx, order.id, await findLines(tx, order.id), now, { cancelled: true });
}

/** Known to no gateway, nobody can pay it any more. What a gateway has open is closed there, after the commit. */
async function closeUnpaid(tx: Transaction, payment: Payment): Promise<void> {
  if (payment.gateway_id === null) await markClosed(tx, payment.id);
}

/**
 * Cancels the orders whose hold has run out, and returns how many. The gateway is asked first: what was paid in the last
 * moment is an order. Where it does not answer the hold ends all the same, and what is paid later is paid back.
 */
export async function expireHolds(shop: Shop, stopping?: AbortSignal): Promise<number> {
  const now = shop.now().toISOString();
  let expired = 0;
  await inRounds<Overdue>(
    (most, after) => findOverdue(shop.database, now, most, after),
    async ({ id }, patience) => {
      const settled = await quietly(shop, id, () => closePayment(shop, id, patience));
      // Who stops did not wait for the gateway's answer: the next start asks again.
      if (stopping?.aborted) return;
      const ended = await quietly(shop, id, () => shop.database.transaction((tx) => expireHold(shop, tx, id)));
      if (ended || settled === "cancelled") expired++;
    },
    stopping,
  );
  return expired;
}

/** Looks again, now that nobody else can change it. */
async function expireHold(shop: Shop, tx: Transaction, id: number): Promise<boolean> {
  const order = await holdOrder(tx, id);
  if (!order || order.hold_until === null || order.hold_until > shop.now().toISOString()) return false;
  await cancelHeld(shop, tx, order, "hold_expired");
  return true;
}

/** Closes at their gateways what was left open there for orders that came to nothing. */
export async function closeLeftOpen(shop: Shop, stopping?: AbortSignal): Promise<void> {
  await inRounds<LeftOpen>(
    (most, after) => findLeftOpen(shop.database, most, after),
    async ({ order_id }, patience) => {
      await quietly(shop, order_id, () => closePayment(shop, order_id, patience));
    },
    stopping,
  );
}
