import { ShopError } from "../base/errors";
import { recordEvent } from "../events/events";
import { findPayment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { returnLines } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { advance } from "./history";
import { insertStep } from "./history-queries";
import { oweRefund } from "./owed-refunds";
import type { HeldOrder } from "./queries";
import { followPayment } from "./refund-news";
import { priceOfUnits } from "./refund-price";
import { insertUnitMoves } from "./unit-queries";
import { getUnits, type Share, unitsOut, unitsToRefund } from "./units";

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
  const paid_back = refund ? await refundUnits(shop, tx, order, shares, reason) : undefined;
  const refund_id = paid_back?.refund_id;
  for (const move of moves) {
    const paid = paid_back?.lines.find(({ line }) => line === move.line)?.qty ?? 0;
    const [ofRefund, others] = splitMove(move, paid);
    await insertUnitMoves(tx, order.id, ofRefund, { cause: "returned", refund_id }, now);
    await insertUnitMoves(tx, order.id, others, { cause: "returned" }, now);
  }
  const shelved = shares.map(({ line }, index) => ({ product_id: line.product_id, qty: moves[index]?.restocked ?? 0 }));
  await returnLines(
    tx,
    order.id,
    shelved.filter(({ qty }) => qty > 0),
    now,
    { cancelled: false },
  );
  const paid = await followPayment(tx, order, "refunded", now);
  const isAllBack = units.every((line) => {
    return unitsOut(order, line) === (shares.find((one) => one.line === line)?.qty ?? 0);
  });
  if (isAllBack) await advance(tx, paid, { status: "returned" }, "returned", now);
  else await stepInPart(tx, paid, now);
  return { refund_id };
}

/** The first units of a move and the rest of them, each where there are any. */
function splitMove({ line, qty, restocked }: UnitsBack, first: number): [UnitsBack[], UnitsBack[]] {
  const shelved = Math.min(first, restocked);
  const parts = [
    { line, qty: first, restocked: shelved },
    { line, qty: qty - first, restocked: restocked - shelved },
  ].map((part) => (part.qty > 0 ? [part] : []));
  return [parts[0] ?? [], parts[1] ?? []];
}

export async function stepInPart(tx: Transaction, { id: order_id, status, payment_status }: HeldOrder, now: string) {
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
): Promise<{ refund_id: number; lines: { line: number; qty: number }[] } | undefined> {
  const payment = await findPayment(tx, order.id);
  const units = await getUnits(tx, order.id);
  const owed = shares
    .map(({ line, qty }) => ({ line, qty: Math.min(qty, unitsToRefund(line)) }))
    .filter(({ qty }) => qty > 0);
  const left = payment ? payment.captured_minor - payment.refunded_minor : 0;
  const amount_minor = Math.min(left, priceOfUnits(order, units, owed));
  if (amount_minor === 0) return undefined;
  const lines = owed.map(({ line, qty }) => ({ line: line.line, qty }));
  return { refund_id: await oweRefund(shop, tx, order, { amount_minor, reason, lines }), lines };
}
