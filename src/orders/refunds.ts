import { ShopError } from "../base/errors";
import { type Once, transactOnce } from "../idempotency/idempotency";
import { currencyOf } from "../base/currency";
import { minorOf, toMajor } from "../base/money";
import { recordEvent } from "../events/events";
import { CASH, findGateway } from "../payments/gateways";
import { findPayment, flagPayment } from "../payments/queries";
import {
  findPendingRefunds,
  findRefundedUnits,
  insertRefund,
  insertRefundLine,
  markRefund,
  type Refund,
  takeFromPayment,
} from "../payments/refund-queries";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { advance } from "./history";
import { findLines } from "./line-queries";
import { getHeldOrder, getOrder } from "./orders";
import type { HeldOrder } from "./queries";
import type { NewRefund, Order } from "./schema";
import { inRounds, quietly } from "./batches";
import { type OrderUnits, priceOfUnits } from "./refund-price";

/**
 * Pays back all that is left, an amount, or what some units cost. Throws `not_found`, `invalid`, and `conflict` when
 * nothing was paid or less is left. The gateway is told after the commit, again and again until it has confirmed.
 */
export async function refundOrder(shop: Shop, id: number, refund: NewRefund, once?: Once): Promise<Order> {
  const refunded = await transactOnce(shop, once, async (tx) => {
    const now = shop.now().toISOString();
    const order = await getHeldOrder(tx, id);
    const currency = currencyOf(order.currency);
    const payment = await findPayment(tx, id);
    const left = payment ? payment.captured_minor - payment.refunded_minor : 0;
    if (left === 0) throw new ShopError("conflict", "There is nothing to pay back for this order.");
    const units = refund.lines && (await unitsOf(tx, order, refund.lines));
    const amount = units ? priceOfUnits(units) : refund.amount === undefined ? left : amountOf(refund.amount, currency);
    if (amount === 0) {
      throw new ShopError(
        "conflict",
        "These units cost nothing after the discount: there is nothing to pay back for them.",
      );
    }
    if (amount > left) {
      throw new ShopError("conflict", `Only ${toMajor(left, currency)} is left to pay back for this order.`);
    }
    const refundId = await oweRefund(shop, tx, order, amount, refund.reason ?? null, now);
    for (const { line, qty } of units?.lines ?? []) {
      if (qty > 0) await insertRefundLine(tx, refundId, { order_id: id, line, qty });
    }
    await advance(tx, order, { payment_status: amount === left ? "refunded" : "partially_refunded" }, "refunded", now);
    return getOrder(tx, id);
  });
  await sendRefunds(shop, { orderId: id });
  return refunded;
}

/** Writes down that an amount is owed to the customer, and returns the refund's id. The order is held already. */
export async function oweRefund(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  amountMinor: number,
  reason: string | null,
  now: string,
): Promise<number> {
  const payment = await findPayment(tx, order.id);
  if (!payment || !(await takeFromPayment(tx, payment.id, amountMinor))) {
    throw new ShopError("conflict", "There is not that much left to pay back for this order.");
  }
  // Cash goes back from hand to hand. A gateway has to be asked, if not by us then by a program that is set up for it.
  const state = payment.provider === CASH ? "done" : "pending";
  const refund = { order_id: order.id, reference: shop.newId(), amount_minor: amountMinor, reason, state } as const;
  const refund_id = await insertRefund(tx, refund, now);
  const amount = toMajor(amountMinor, shop.settings);
  const { id: order_id, status, payment_status, currency } = order;
  await recordEvent(tx, "order.refunded", { order_id, status, payment_status, refund_id, amount, currency }, now);
  return refund_id;
}

/** Tells the gateways about refunds that they have not confirmed: those of one order, or all. What fails is tried again. */
export async function sendRefunds(
  shop: Shop,
  { orderId, stopping }: { orderId?: number; stopping?: AbortSignal | undefined },
): Promise<void> {
  const said = "A refund could not be sent; the next sweep tries again.";
  await inRounds<Refund>(
    (most, after) => findPendingRefunds(shop.database, orderId, most, after),
    async (refund, patience) => {
      await quietly(shop, refund.order_id, () => sendRefund(shop, refund, patience), said);
    },
    stopping,
  );
}

async function sendRefund(shop: Shop, refund: Refund, patience: AbortSignal): Promise<void> {
  const payment = await findPayment(shop.database, refund.order_id);
  const gateway = payment && findGateway(shop, payment.provider);
  if (!payment || !gateway) throw new Error("The gateway that took this payment is not set up here.");
  const sent = await gateway.refund(shop, payment, refund, patience);
  await shop.database.transaction(async (tx) => {
    await markRefund(tx, refund.id, { state: sent ? "done" : "refused", gateway_id: sent?.gateway_id ?? null });
    if (!sent) await flagPayment(tx, payment.id, "The gateway refused a refund: pay it back by other means.");
  });
  if (!sent) shop.log("error", "A gateway refused a refund: see sanset doctor.", { order_id: refund.order_id });
}

/** All lines of the order with the units that are asked for now. Throws `invalid` for more than there are. */
async function unitsOf(
  tx: Transaction,
  order: HeldOrder,
  asked: readonly { product_id: number; qty: number }[],
): Promise<OrderUnits> {
  const wanted = new Map<number, number>();
  for (const { product_id, qty } of asked) wanted.set(product_id, (wanted.get(product_id) ?? 0) + qty);
  const before = await findRefundedUnits(tx, order.id);
  const lines = (await findLines(tx, order.id)).map(({ line, product_id, qty: ordered, price_minor }) => {
    const refunded = before.get(line) ?? 0;
    const qty = Math.min(wanted.get(product_id) ?? 0, ordered - refunded);
    wanted.set(product_id, (wanted.get(product_id) ?? 0) - qty);
    return { line, ordered, price_minor, refunded, qty };
  });
  if ([...wanted.values()].some((left) => left > 0)) {
    const message = "The order has fewer units of that left to pay back.";
    throw new ShopError("invalid", message, { errors: [{ path: "lines", message, code: "too_big" }] });
  }
  return { total_minor: order.total_minor, subtotal_minor: order.subtotal_minor, lines };
}

/** What an admin wants to pay back. Throws `invalid`. */
function amountOf(amount: number, currency: ReturnType<typeof currencyOf>): number {
  const minor = minorOf(amount, currency, "amount");
  if (minor > 0) return minor;
  const message = "Give an amount above zero.";
  throw new ShopError("invalid", message, { errors: [{ path: "amount", message, code: "invalid_amount" }] });
}
