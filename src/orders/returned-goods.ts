import { ShopError } from "../base/errors";
import { giveBackUse } from "../coupons/coupons";
import { recordEvent } from "../events/events";
import type { Once } from "../idempotency/idempotency";
import { findPayment, markClosed } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { returnLines } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { step } from "./fulfilment";
import { advance } from "./history";
import { insertStep } from "./history-queries";
import { oweRefund } from "./owed-refunds";
import type { HeldOrder } from "./queries";
import { followPayment } from "./refund-news";
import { priceOfUnits } from "./refund-price";
import type { NewReturn, Order } from "./schema";
import { sendRefunds } from "./send-refunds";
import { insertUnitMoves } from "./unit-queries";
import { allUnits, getUnits, movesOf, type Share, stockLines, unitsOut, unitsToRefund } from "./units";

/** The goods came back: onto the shelf, and the money back to the customer, unless told otherwise. */
export async function returnOrder(
  shop: Shop,
  id: number,
  { restock, refund }: NewReturn = { restock: true, refund: true },
  once?: Once,
): Promise<Order> {
  const returned = await step(shop, id, once, async (tx, order, now) => {
    const payment = await findPayment(tx, order.id);
    const units = await getUnits(tx, order.id);
    const back = allUnits(units, (line) => unitsOut(order, line));
    const left = refund && payment ? payment.captured_minor - payment.refunded_minor : 0;
    const money = left > 0 ? "refunded" : order.payment_status === "pending" ? "failed" : undefined;
    await advance(tx, order, { status: "returned", ...(money && { payment_status: money }) }, "returned", now);
    if (left > 0) {
      const lines = allUnits(units, unitsToRefund).map(({ line, qty }) => ({ line: line.line, qty }));
      await oweRefund(shop, tx, order, {
        amount_minor: left,
        reason: "The goods were returned.",
        lines,
        is_shipping: true,
      });
    }
    if (payment && payment.state !== "captured") await markClosed(tx, payment.id);
    // Nobody has paid for what came back: its coupon was not used.
    if (money === "failed") await giveBackUse(tx, order.id, now);
    await insertUnitMoves(tx, id, movesOf(back, restock && payment !== undefined), { cause: "returned" }, now);
    // What came from elsewhere never left our shelf.
    if (restock && payment) await returnLines(tx, order.id, stockLines(back), now, { cancelled: false });
  });
  await sendRefunds(shop, { orderId: id });
  return returned;
}

/** So many units of a line came back, and so many of them can be sold again. */
export interface UnitsBack {
  line: number;
  qty: number;
  restocked: number;
}

/**
 * Units of an order that has left came back: stock and refund follow, and the order is returned once all of it is back. The
 * order is held by this transaction already; refunds are sent after it, by `sendRefunds`. Returns the refund's id where
 * something is paid back. Throws `conflict` for more units than are out.
 */
export async function takeBackUnits(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  came: readonly UnitsBack[],
  { refund, reason }: { refund: boolean; reason: string },
): Promise<{ refund_id: number | undefined }> {
  const now = shop.now().toISOString();
  const units = await getUnits(tx, order.id);
  const shares = came.map(({ line: number, qty }): Share => {
    const line = units.find((one) => one.line === number);
    if (!line || qty > unitsOut(order, line)) throw new ShopError("conflict", "Fewer units of that are out.");
    return { line, qty };
  });
  const payment = await findPayment(tx, order.id);
  const ours = payment !== undefined;
  const moves = came.map(({ line, qty, restocked }) => ({ line, qty, restocked: ours ? restocked : 0 }));
  await insertUnitMoves(tx, order.id, moves, { cause: "returned" }, now);
  const shelved = shares.map(({ line }, index) => ({ product_id: line.product_id, qty: moves[index]?.restocked ?? 0 }));
  await returnLines(
    tx,
    order.id,
    shelved.filter(({ qty }) => qty > 0),
    now,
    { cancelled: false },
  );
  const refund_id = refund ? await refundUnits(shop, tx, order, shares, reason) : undefined;
  const paid = await followPayment(tx, order, "refunded", now);
  const isAllBack = units.every((line) => {
    return unitsOut(order, line) === (shares.find((one) => one.line === line)?.qty ?? 0);
  });
  if (isAllBack) await advance(tx, paid, { status: "returned" }, "returned", now);
  else await stepInPart(tx, paid, now);
  return { refund_id };
}

async function stepInPart(tx: Transaction, { id: order_id, status, payment_status }: HeldOrder, now: string) {
  await insertStep(tx, order_id, { status, payment_status }, "returned_in_part", now);
  await recordEvent(tx, "order.changed", { order_id, status, payment_status, cause: "returned_in_part" }, now);
}

/** What the units cost, as far as they were not paid back before and money is left. */
async function refundUnits(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  shares: readonly Share[],
  reason: string,
): Promise<number | undefined> {
  const payment = await findPayment(tx, order.id);
  const units = await getUnits(tx, order.id);
  const owed = shares
    .map(({ line, qty }) => ({ line, qty: Math.min(qty, unitsToRefund(line)) }))
    .filter(({ qty }) => qty > 0);
  const left = payment ? payment.captured_minor - payment.refunded_minor : 0;
  const amount_minor = Math.min(left, priceOfUnits(order, units, owed));
  if (amount_minor === 0) return undefined;
  const lines = owed.map(({ line, qty }) => ({ line: line.line, qty }));
  return oweRefund(shop, tx, order, { amount_minor, reason, lines });
}
