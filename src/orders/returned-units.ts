import { ShopError } from "../base/errors";
import { giveBackUse } from "../coupons/coupons";
import { recordEvent } from "../events/events";
import { findPayment, lowerAmount, markClosed, type Payment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { returnLines } from "../stock/order-lines";
import type { Transaction } from "../storage/database";
import { advance } from "./history";
import { insertStep } from "./history-queries";
import { oweRefund } from "./owed-refunds";
import { addCancelled, type HeldOrder } from "./queries";
import { followPayment } from "./refund-news";
import { priceOfUnits } from "./refund-price";
import { findLastShipment, insertUnitMoves, type LineUnits } from "./unit-queries";
import { getUnits, type Share, unitsOut, unitsToRefund, unitsToShip } from "./units";

/** So many units of a line came back, and so many of them can be sold again. */
export interface UnitsBack {
  line: number;
  qty: number;
  restocked: number;
}

/**
 * Units of an order that have left came back: stock and refund follow, and what nobody has paid is not to be paid any more. The
 * order is returned once all of it is back. It is held by this transaction already; refunds are sent after it, by `sendRefunds`.
 * Throws `conflict` for more units than are out.
 */
export async function takeBackUnits(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  came: readonly UnitsBack[],
  { refund, reason }: { refund: boolean; reason: string },
): Promise<void> {
  const now = shop.now().toISOString();
  const units = await getUnits(tx, order.id);
  const shares = came.map(({ line: number, qty }): Share => {
    const line = units.find((one) => one.line === number);
    if (!line || qty > unitsOut(order, line)) throw new ShopError("conflict", "Fewer units of that are out.");
    return { line, qty };
  });
  const payment = await findPayment(tx, order.id);
  const back = { came, shares, isRest: isRestOf(order, units, shares) };
  if (payment && payment.state !== "captured") return takeBackUnpaid(tx, order, payment, { ...back, units, now });
  const ours = payment !== undefined;
  const moves = came.map(({ line, qty, restocked }) => ({ line, qty, restocked: ours ? restocked : 0 }));
  const paid_back = refund ? await refundUnits(shop, tx, order, shares, reason) : undefined;
  await insertBackMoves(tx, order.id, moves, paid_back, now);
  await shelve(tx, order.id, shares, moves, now);
  const paid = await followPayment(tx, order, "refunded", now);
  if (back.isRest) await advance(tx, paid, { status: "returned" }, "returned", now);
  else await stepInPart(tx, paid, now);
}

/** Whether with these units all of an order is back: nothing else is out, and nothing is still to leave. */
const isRestOf = (order: HeldOrder, units: readonly LineUnits[], shares: readonly Share[]): boolean =>
  units.every(
    (line) =>
      unitsToShip(order, line) === 0 && unitsOut(order, line) === (shares.find((one) => one.line === line)?.qty ?? 0),
  );

interface UnpaidBack {
  came: readonly UnitsBack[];
  shares: readonly Share[];
  isRest: boolean;
  units: readonly LineUnits[];
  now: string;
}

/** Units were refused at the door, or come back before the rest of the order is paid. */
async function takeBackUnpaid(
  tx: Transaction,
  order: HeldOrder,
  payment: Payment,
  { came, shares, isRest, units, now }: UnpaidBack,
): Promise<void> {
  if (isRest) {
    await endUnpaid(tx, order, payment, now);
    await insertUnitMoves(tx, order.id, came, { cause: "returned" }, now);
  } else {
    const shipment = await findLastShipment(tx, order.id);
    if (!shipment) throw new ShopError("conflict", "Of this order no shipment was written down: take all of it back.");
    const amount = priceOfUnits(order, units, shares);
    await addCancelled(tx, order.id, amount);
    await lowerAmount(tx, payment.id, amount);
    // The shipment says that they were refused.
    await insertUnitMoves(tx, order.id, came, { cause: "returned", shipment_id: shipment.id }, now);
    await stepInPart(tx, order, now);
  }
  await shelve(tx, order.id, shares, came, now);
}

/** All of an order is back that nobody has paid: nothing will come for it, and its coupon was not used. */
export async function endUnpaid(
  tx: Transaction,
  order: HeldOrder,
  payment: Payment | undefined,
  now: string,
): Promise<void> {
  const isPending = order.payment_status === "pending";
  await advance(tx, order, { status: "returned", ...(isPending && { payment_status: "failed" }) }, "returned", now);
  if (payment) await markClosed(tx, payment.id);
  if (isPending) await giveBackUse(tx, order.id, now);
}

/** What can be sold again is on the shelf. */
async function shelve(
  tx: Transaction,
  orderId: number,
  shares: readonly Share[],
  came: readonly UnitsBack[],
  now: string,
): Promise<void> {
  const lines = shares.map(({ line }, index) => ({ product_id: line.product_id, qty: came[index]?.restocked ?? 0 }));
  const restocked = lines.filter(({ qty }) => qty > 0);
  await returnLines(tx, orderId, restocked, now, { cancelled: false });
}

/** Of the units that came back, those that a refund pays for name it. */
export async function insertBackMoves(
  tx: Transaction,
  orderId: number,
  came: readonly UnitsBack[],
  paidBack: { refund_id: number; lines: readonly { line: number; qty: number }[] } | undefined,
  now: string,
): Promise<void> {
  for (const move of came) {
    const paid = Math.min(move.qty, paidBack?.lines.find(({ line }) => line === move.line)?.qty ?? 0);
    const [ofRefund, others] = splitMove(move, paid);
    await insertUnitMoves(tx, orderId, ofRefund, { cause: "returned", refund_id: paidBack?.refund_id }, now);
    await insertUnitMoves(tx, orderId, others, { cause: "returned" }, now);
  }
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
