import { ShopError } from "../base/errors";
import { type Once, transactOnce } from "../idempotency/idempotency";
import { CASH } from "../payments/gateways";
import { findPayment, markCaptured, markClosed } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { returnLines, sellLines } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { advance } from "./history";
import { findLines } from "./line-queries";
import { getHeldOrder, getOrder } from "./orders";
import type { HeldOrder } from "./queries";
import { oweRefund, sendRefunds } from "./refunds";
import type { NewReturn, Order } from "./schema";

/** Each of these throws `not_found`, and `conflict` where the order's states do not allow the step. */

export function packOrder(shop: Shop, id: number, once?: Once): Promise<Order> {
  return step(shop, id, once, async (tx, order, now) => {
    await checkPaid(tx, order);
    await advance(tx, order, { status: "packed" }, "packed", now);
  });
}

/** The goods leave. What is paid on delivery is sold now; what is not must be paid before. */
export function shipOrder(shop: Shop, id: number, once?: Once): Promise<Order> {
  return step(shop, id, once, async (tx, order, now) => {
    const paid = await checkPaid(tx, order);
    await advance(tx, order, { status: "shipped" }, "shipped", now);
    if (!paid) await sellLines(tx, order.id, await findLines(tx, order.id), now);
  });
}

/** The goods are handed over, and for cash on delivery the money with them. */
export function deliverOrder(shop: Shop, id: number, once?: Once): Promise<Order> {
  return step(shop, id, once, async (tx, order, now) => {
    const payment = await findPayment(tx, order.id);
    const paidNow = payment !== undefined && (await markCaptured(tx, payment.id, now));
    await advance(tx, order, { status: "delivered", ...(paidNow && { payment_status: "paid" }) }, "delivered", now);
  });
}

/** The goods came back: onto the shelf, and the money back to the customer, unless told otherwise. */
export async function returnOrder(shop: Shop, id: number, { restock, refund }: NewReturn, once?: Once): Promise<Order> {
  const returned = await step(shop, id, once, async (tx, order, now) => {
    const payment = await findPayment(tx, order.id);
    const left = refund && payment ? payment.captured_minor - payment.refunded_minor : 0;
    const money = left > 0 ? "refunded" : order.payment_status === "pending" ? "failed" : undefined;
    await advance(tx, order, { status: "returned", ...(money && { payment_status: money }) }, "returned", now);
    if (left > 0) await oweRefund(shop, tx, order, left, "The goods were returned.", now);
    if (payment && payment.state !== "captured") await markClosed(tx, payment.id);
    // What came from elsewhere never left our shelf.
    if (restock && payment) await returnLines(tx, order.id, await findLines(tx, order.id), now, { cancelled: false });
  });
  await sendRefunds(shop, { orderId: id });
  return returned;
}

function step(
  shop: Shop,
  id: number,
  once: Once | undefined,
  take: (tx: Transaction, order: HeldOrder, now: string) => Promise<void>,
): Promise<Order> {
  return transactOnce(shop, once, async (tx) => {
    await take(tx, await getHeldOrder(tx, id), shop.now().toISOString());
    return getOrder(tx, id);
  });
}

/** Whether it is paid already. Throws `conflict` when it should be and is not, or when the money went back. */
async function checkPaid(tx: Transaction, order: HeldOrder): Promise<boolean> {
  const payment = await findPayment(tx, order.id);
  const paid = payment?.state === "captured";
  if (order.payment_status === "refunded") throw new ShopError("conflict", "This order's money was paid back.");
  if (!paid && payment && payment.provider !== CASH) throw new ShopError("conflict", "This order is not paid yet.");
  return paid;
}
