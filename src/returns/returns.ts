import { ShopError } from "../base/errors";
import type { Listed, Page } from "../base/page";
import { endOfDay } from "../base/zoned-time";
import { recordEvent } from "../events/events";
import { type Once, transactOnce } from "../idempotency/idempotency";
import { getHeldOrder } from "../orders/orders";
import { oweRefund } from "../orders/owed-refunds";
import { followPayment } from "../orders/refund-news";
import { priceOfShipping } from "../orders/refund-price";
import { takeBackUnits } from "../orders/returned-units";
import type { HeldOrder } from "../orders/queries";
import { sendRefunds } from "../orders/send-refunds";
import { allUnits, chooseUnits, getUnits, unitsOut } from "../orders/units";
import { findPayment } from "../payments/queries";
import { isShippingRefunded } from "../payments/refund-queries";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import {
  decideReturn,
  findAnnounced,
  findDelivered,
  findReturn,
  findReturns,
  insertReturn,
  markReceived,
  receiveLine,
} from "./queries";
import type { Return, ReturnDecision, ReturnFilter, ReturnReceipt, ReturnRequest } from "./schema";

/**
 * A customer wants to give goods back that have left, of an order that left in parts too. Until RETURN_DAYS after its delivery it
 * is a withdrawal, which is approved by itself; later the shop decides. Throws `not_found`, `conflict` where nothing has left or
 * is left to give back, and `invalid` for more units than there are.
 */
export function requestReturn(
  shop: Shop,
  orderId: number,
  { lines, reason }: ReturnRequest,
  { owner, once }: { owner?: number | undefined; once?: Once | undefined } = {},
): Promise<Return> {
  return transactOnce(shop, once, async (tx) => {
    const order = await getHeldOrder(tx, orderId, owner);
    const now = shop.now();
    const units = await getUnits(tx, orderId);
    const announced = await findAnnounced(tx, orderId);
    const left = (line: (typeof units)[number]) => unitsOut(order, line) - (announced.get(line.line) ?? 0);
    if (!units.some((line) => unitsOut(order, line) > 0)) throw new ShopError("conflict", nothingOut(order));
    const shares = lines
      ? chooseUnits(units, lines, left, "The order has fewer units of that left to give back.")
      : allUnits(units, left);
    if (shares.length === 0) throw new ShopError("conflict", "Nothing of this order is left to give back.");
    const isWithdrawal = await mayWithdraw(shop, tx, order, now);
    const requested_at = now.toISOString();
    const id = await insertReturn(tx, {
      order_id: orderId,
      kind: isWithdrawal ? "withdrawal" : "return",
      status: isWithdrawal ? "approved" : "requested",
      reason: reason ?? null,
      requested_at,
      decided_at: isWithdrawal ? requested_at : null,
      lines: shares.map(({ line, qty }) => ({ line: line.line, qty })),
    });
    return tellOf(tx, "return.requested", id, requested_at);
  });
}

function nothingOut({ status }: HeldOrder): string {
  return status === "placed" || status === "packed"
    ? "Nothing of this order has left yet: cancel what is not to come."
    : "Nothing of this order is left to give back.";
}

/**
 * The days to withdraw begin when all of an order is delivered (Directive 2011/83/EU, Art. 9), and until then a customer may withdraw as
 * well. Where nobody knows when that was, the shop decides.
 */
async function mayWithdraw(
  { settings: { returnDays, timeZone } }: Shop,
  tx: Transaction,
  order: HeldOrder,
  now: Date,
): Promise<boolean> {
  if (returnDays === 0) return false;
  if (order.status !== "delivered") return true;
  const delivered = await findDelivered(tx, order.id);
  // The day of delivery does not count, and the last one counts to its end (Regulation 1182/71, Art. 3).
  return delivered !== undefined && now <= endOfDay(new Date(delivered), returnDays, timeZone);
}

/** Lets the customer send it. Throws `not_found`, and `conflict` once it is decided. */
export const approveReturn = (shop: Shop, id: number, decision: ReturnDecision, once?: Once): Promise<Return> =>
  decide(shop, id, "approved", decision, once);

/** The same, but no. A withdrawal can't be refused. */
export const refuseReturn = (shop: Shop, id: number, decision: ReturnDecision, once?: Once): Promise<Return> =>
  decide(shop, id, "refused", decision, once);

function decide(
  shop: Shop,
  id: number,
  status: "approved" | "refused",
  { note }: ReturnDecision,
  once: Once | undefined,
): Promise<Return> {
  return transactOnce(shop, once, async (tx) => {
    const now = shop.now().toISOString();
    const { order_id } = await getReturn(tx, id);
    await getHeldOrder(tx, order_id);
    if (!(await decideReturn(tx, id, { status, note: note ?? null, now }))) {
      throw new ShopError("conflict", "This return is decided already.");
    }
    return tellOf(tx, "return.decided", id, now);
  });
}

/**
 * Goods came back, all of them or some: they are on the shelf again as far as they can be sold, and what they cost is paid
 * back. With the last unit of a withdrawn order the delivery is paid back too; a return of which nothing more comes is closed.
 * Throws `not_found`, `invalid` for more than
 * was announced, and `conflict` where it is not approved or is received already.
 */
export async function receiveReturn(shop: Shop, id: number, receipt: ReturnReceipt, once?: Once): Promise<Return> {
  const received = await transactOnce(shop, once, async (tx) => {
    const now = shop.now().toISOString();
    const order = await getHeldOrder(tx, (await getReturn(tx, id)).order_id);
    // Read again, now that nobody else changes it.
    const announced = await getReturn(tx, id);
    if (announced.status !== "approved") {
      throw new ShopError("conflict", `This return is ${announced.status}: nothing of it is waited for.`);
    }
    const units = await getUnits(tx, order.id);
    const came = cameOf(announced, receipt, (number) => {
      const line = units.find((one) => one.line === number);
      return line ? unitsOut(order, line) : 0;
    });
    // What nobody has paid is not paid back.
    const isPaid = (await findPayment(tx, order.id))?.state === "captured";
    for (const [index, line] of came.entries()) {
      const to_refund = receipt.refund && isPaid ? line.qty : 0;
      if (!(await receiveLine(tx, id, { ...line, to_refund }))) throw tooMany(index);
    }
    const reason =
      announced.kind === "withdrawal" ? "You have withdrawn from the purchase." : "You have given it back.";
    if (came.length > 0) await takeBackUnits(shop, tx, order, came, { refund: receipt.refund, reason });
    if (receipt.refund && announced.kind === "withdrawal") await payBackDelivery(shop, tx, order.id, reason);
    if (receipt.is_last || (await isAllHere(tx, id))) await markReceived(tx, id, now);
    return tellOf(tx, "return.received", id, now);
  });
  await sendRefunds(shop, { orderId: received.order_id });
  return received;
}

interface Came {
  line: number;
  qty: number;
  restocked: number;
}

/**
 * What came, line by line, each line once. Where nothing else is said that is all that is waited for, but for units that have
 * come back by another way meanwhile.
 */
function cameOf(announced: Return, { lines }: ReturnReceipt, outOf: (line: number) => number): Came[] {
  if (!lines) {
    return announced.lines
      .map(({ line, qty, received_qty }) => ({ line, qty: Math.min(qty - received_qty, outOf(line)) }))
      .filter(({ qty }) => qty > 0)
      .map((one) => ({ ...one, restocked: one.qty }));
  }
  const came = new Map<number, Came>();
  for (const { line, qty, restocked } of lines) {
    const before = came.get(line) ?? { line, qty: 0, restocked: 0 };
    came.set(line, { line, qty: before.qty + qty, restocked: before.restocked + (restocked ?? qty) });
  }
  return [...came.values()];
}

/** Whether nothing more of a return can come: all of it is here, or back by another way. */
async function isAllHere(tx: Transaction, id: number): Promise<boolean> {
  const { order_id, lines } = await getReturn(tx, id);
  const order = await getHeldOrder(tx, order_id);
  const units = await getUnits(tx, order_id);
  return lines.every(({ line: number, qty, received_qty }) => {
    const line = units.find((one) => one.line === number);
    return qty === received_qty || !line || unitsOut(order, line) === 0;
  });
}

/**
 * A customer who withdraws from a whole order gets the delivery back too (Directive 2011/83/EU, Art. 13). What the shop has
 * kept of units that came back worth less stays kept.
 */
async function payBackDelivery(shop: Shop, tx: Transaction, orderId: number, reason: string): Promise<void> {
  const order: HeldOrder = await getHeldOrder(tx, orderId);
  const payment = await findPayment(tx, orderId);
  const left = payment ? payment.captured_minor - payment.refunded_minor : 0;
  if (order.status !== "returned" || left === 0 || (await isShippingRefunded(tx, orderId))) return;
  const amount_minor = Math.min(left, priceOfShipping(order, await getUnits(tx, orderId)));
  if (amount_minor === 0) return;
  await oweRefund(shop, tx, order, { amount_minor, reason, is_shipping: true });
  await followPayment(tx, order, "refunded", shop.now().toISOString());
}

async function tellOf(
  tx: Transaction,
  type: "return.requested" | "return.decided" | "return.received",
  id: number,
  now: string,
): Promise<Return> {
  const told = await getReturn(tx, id);
  const { order_id, status, kind } = told;
  await recordEvent(tx, type, { order_id, return_id: id, status, kind }, now);
  return told;
}

/** Throws `not_found`. */
export async function getReturn(reader: Reader, id: number): Promise<Return> {
  const found = await findReturn(reader, id);
  if (!found) throw new ShopError("not_found", "There is no such return.");
  return found;
}

/** Newest first. */
export function listReturns({ database }: Shop, filter: ReturnFilter, page: Page): Promise<Listed<Return>> {
  return findReturns(database, filter, page);
}

function tooMany(index: number): ShopError {
  const message = "Fewer units of that were announced.";
  return new ShopError("invalid", message, { errors: [{ path: `lines.${index}`, message, code: "too_big" }] });
}
