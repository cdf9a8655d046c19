import { currencyOf } from "../base/currency";
import { ShopError } from "../base/errors";
import { minorOf, toMajor } from "../base/money";
import { type Once, transactOnce } from "../idempotency/idempotency";
import { findPayment, type Payment, unflagPayment } from "../payments/queries";
import { findRefund, isShippingRefunded, markResent } from "../payments/refund-queries";
import type { Shop } from "../shop/shop";
import { returnLines } from "../stock/order-lines";
import type { Reader, Transaction } from "../storage/database";
import { endWhereAllLeft } from "./cancelled-units";
import { oweRefund } from "./owed-refunds";
import { getHeldOrder, getOrder, noOrder } from "./orders";
import { findUnheldOrder, type HeldOrder } from "./queries";
import { followPayment, REFUND_FAILED } from "./refund-news";
import { priceOfShipping, priceOfUnits } from "./refund-price";
import type { Order } from "./schema";
import type { NewRefund, RefundQuote } from "./change-schema";
import { sendRefunds } from "./send-refunds";
import { handOverMoves, payForMoves } from "./paid-moves";
import { insertUnitMoves, type LineUnits } from "./unit-queries";
import {
  allUnits,
  chooseUnits,
  getUnits,
  movesOf,
  type Share,
  stockLines,
  unitsOut,
  unitsOwedAgain,
  unitsToRefund,
  unitsToShip,
} from "./units";

/**
 * Pays back all that is left, an amount, or what some units and the delivery cost. Units that have not left are off the
 * order and on the shelf again. Throws `not_found`, `invalid`, and `conflict` when nothing was paid or less is left. The
 * gateway is told after the commit, again and again until it has confirmed.
 */
export async function refundOrder(shop: Shop, id: number, refund: NewRefund, once?: Once): Promise<Order> {
  const refunded = await transactOnce(shop, once, async (tx) => {
    const order = await getHeldOrder(tx, id);
    await refundHeld(shop, tx, order, refund);
    return getOrder(tx, id);
  });
  await sendRefunds(shop, { orderId: id });
  return refunded;
}

async function refundHeld(shop: Shop, tx: Transaction, order: HeldOrder, refund: NewRefund): Promise<void> {
  const now = shop.now().toISOString();
  const { amount_minor, shares, is_shipping } = await reckonRefund(tx, order, refund);
  const refundId = await oweRefund(shop, tx, order, {
    amount_minor,
    reason: refund.reason ?? null,
    lines: shares.map(({ line, qty }) => ({ line: line.line, qty })),
    is_shipping,
    by_hand: refund.by_hand,
  });
  const after = await followPayment(tx, order, "refunded", now);
  await moveUnits(tx, order, shares, { refundId, restock: refund.restock, now });
  await endWhereAllLeft(tx, after, now);
  // What failed before went back with this one, too.
  const payment = await findPayment(tx, order.id);
  if (payment && payment.refunded_minor === payment.captured_minor) await unflagPayment(tx, payment.id, REFUND_FAILED);
}

/** What a refund of some units and the delivery would come to, and how much could be paid back in all. Throws as it would. */
export async function quoteRefund(
  { database }: Shop,
  id: number,
  refund: Pick<NewRefund, "amount" | "lines" | "shipping">,
): Promise<RefundQuote> {
  const order = await findUnheldOrder(database, id);
  if (!order) throw noOrder();
  const { amount_minor, left_minor } = await reckonRefund(database, order, refund);
  const currency = currencyOf(order.currency);
  return { amount: toMajor(amount_minor, currency), left: toMajor(left_minor, currency), currency: order.currency };
}

/** The price of what is asked for, which units that is, and what is left. Throws `conflict` where that is nothing, or too much. */
async function reckonRefund(
  reader: Reader,
  order: HeldOrder,
  refund: Pick<NewRefund, "amount" | "lines" | "shipping">,
) {
  const currency = currencyOf(order.currency);
  const payment = await findPayment(reader, order.id);
  const left_minor = payment ? payment.captured_minor - payment.refunded_minor : 0;
  if (!payment || left_minor === 0) throw new ShopError("conflict", nothingLeft(payment));
  const units = await getUnits(reader, order.id);
  const isWhole = refund.amount === undefined && refund.lines === undefined && !refund.shipping;
  const shares = isWhole
    ? allUnits(units, unitsToRefund)
    : chooseUnits(units, refund.lines ?? [], unitsToRefund, "The order has fewer units of that left to pay back.");
  const is_shipping = isWhole || refund.shipping === true;
  const amount_minor = isWhole
    ? left_minor
    : refund.amount === undefined
      ? priceOfUnits(order, units, shares) + (is_shipping ? await shippingLeft(reader, order, units) : 0)
      : amountOf(refund.amount, currency);
  if (amount_minor === 0) {
    const message = "These units cost nothing after the discount: there is nothing to pay back for them.";
    throw new ShopError("conflict", message);
  }
  if (amount_minor > left_minor) {
    throw new ShopError("conflict", `Only ${toMajor(left_minor, currency)} is left to pay back for this order.`);
  }
  return { amount_minor, left_minor, shares, is_shipping };
}

/** Why nothing of an order can be paid back. */
function nothingLeft(payment: Payment | undefined): string {
  if (!payment)
    return "This order was brought in from elsewhere: the shop has no payment of it. Pay it back where it was paid.";
  return payment.captured_minor === 0
    ? "There is nothing to pay back for this order: nothing was paid."
    : "There is nothing to pay back for this order: all that was paid is paid back.";
}

/** What the delivery cost, where it was not paid back before. */
async function shippingLeft(reader: Reader, order: HeldOrder, units: readonly LineUnits[]): Promise<number> {
  if (await isShippingRefunded(reader, order.id)) {
    throw new ShopError("conflict", "The delivery of this order was paid back already.");
  }
  return priceOfShipping(order, units);
}

/** What is paid back before it leaves is off the order; what had left comes back where the shop says so. */
async function moveUnits(
  tx: Transaction,
  order: HeldOrder,
  shares: readonly Share[],
  { refundId, restock, now }: { refundId: number; restock: boolean; now: string },
): Promise<void> {
  const unsent: Share[] = [];
  const sent: Share[] = [];
  for (const { line, qty } of shares) {
    // What is the shop's already, by a refund that failed since or without one, was paid for all the same.
    const again = Math.min(qty, unitsOwedAgain(line));
    const off = Math.min(unitsToShip(order, line), qty - again);
    const back = Math.min(unitsOut(order, line), qty - again - off);
    if (again > 0) await payForMoves(tx, order.id, { line: line.line, qty: again }, refundId);
    if (off > 0) unsent.push({ line, qty: off });
    if (back > 0) sent.push({ line, qty: back });
  }
  await insertUnitMoves(tx, order.id, movesOf(unsent, true), { cause: "cancelled", refund_id: refundId }, now);
  await returnLines(tx, order.id, stockLines(unsent), now, { cancelled: true });
  if (!restock) return;
  await insertUnitMoves(tx, order.id, movesOf(sent, true), { cause: "returned", refund_id: refundId }, now);
  await returnLines(tx, order.id, stockLines(sent), now, { cancelled: false });
}

/**
 * Sends a refund that failed once more: the same amount for the same units, under a name of its own, since a gateway gives
 * the old answer to the old one. Throws `not_found`, and `conflict` where it has not failed, was sent again before, its units
 * were paid back otherwise, or not that much is left.
 */
export async function resendRefund(shop: Shop, id: number, refundId: number, once?: Once): Promise<Order> {
  const refunded = await transactOnce(shop, once, async (tx) => {
    const order = await getHeldOrder(tx, id);
    const refund = await findRefund(tx, refundId);
    if (!refund || refund.order_id !== id) throw new ShopError("not_found", "There is no such refund.");
    if (refund.state !== "failed") throw new ShopError("conflict", "This refund has not failed.");
    if (refund.resent_as !== null) throw new ShopError("conflict", "This refund was sent again already.");
    const was = (await getOrder(tx, id)).refunds.find((one) => one.id === refundId);
    const units = await getUnits(tx, id);
    const isPaidBack = was?.lines.some(({ line, qty }) => {
      const of = units.find((one) => one.line === line);
      return !of || unitsToRefund(of) < qty;
    });
    const isDeliveryPaidBack = was?.shipping === true && was.lines.length === 0 && (await isShippingRefunded(tx, id));
    if (isPaidBack || isDeliveryPaidBack)
      throw new ShopError("conflict", "What this refund was for was paid back otherwise meanwhile.");
    const again = await oweRefund(shop, tx, order, {
      amount_minor: refund.amount_minor,
      reason: was?.reason ?? null,
      lines: was?.lines ?? [],
      is_shipping: was?.shipping ?? false,
      payment_id: refund.payment_id,
    });
    await markResent(tx, refundId, again);
    await handOverMoves(tx, id, refundId, again);
    await unflagPayment(tx, refund.payment_id, REFUND_FAILED);
    await followPayment(tx, order, "refunded", shop.now().toISOString());
    return getOrder(tx, id);
  });
  await sendRefunds(shop, { orderId: id });
  return refunded;
}

/** What an admin wants to pay back. Throws `invalid`. */
function amountOf(amount: number, currency: ReturnType<typeof currencyOf>): number {
  const minor = minorOf(amount, currency, "amount");
  if (minor > 0) return minor;
  const message = "Give an amount above zero.";
  throw new ShopError("invalid", message, { errors: [{ path: "amount", message, code: "invalid_amount" }] });
}
