import type { Once } from "../idempotency/idempotency";
import { findPayment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { returnLines } from "../stock/order-lines";
import type { Transaction } from "../storage/database";
import { step } from "./fulfilment";
import { advance } from "./history";
import { oweRefund } from "./owed-refunds";
import { payForMoves } from "./paid-moves";
import type { HeldOrder } from "./queries";
import { returnUnits } from "./refused-units";
import { endUnpaid, insertBackMoves } from "./returned-units";
import type { Order } from "./schema";
import type { NewReturn } from "./change-schema";
import { sendRefunds } from "./send-refunds";
import type { LineUnits } from "./unit-queries";
import { allUnits, getUnits, movesOf, stockLines, unitsOut, unitsOwedAgain, unitsToRefund } from "./units";

/**
 * The goods came back, all that are out or some units: onto the shelf, and the money back to the customer, unless told otherwise.
 * Throws `invalid` for more units than are out.
 */
export async function returnOrder(
  shop: Shop,
  id: number,
  { restock, refund, lines: asked }: NewReturn = { restock: true, refund: true },
  once?: Once,
): Promise<Order> {
  const returned = await step(shop, id, once, async (tx, order, now) => {
    if (asked) return returnUnits(shop, tx, order, { asked, restock, refund });
    const payment = await findPayment(tx, order.id);
    const units = await getUnits(tx, order.id);
    const back = allUnits(units, (line) => unitsOut(order, line));
    const left = refund && payment ? payment.captured_minor - payment.refunded_minor : 0;
    const money = left > 0 ? ({ payment_status: "refunded" } as const) : undefined;
    if (payment?.state === "captured") await advance(tx, order, { status: "returned", ...money }, "returned", now);
    else await endUnpaid(tx, order, payment, now);
    const paidBack = left > 0 ? await payBackRest(shop, tx, order, units, left) : undefined;
    await insertBackMoves(tx, id, movesOf(back, restock && payment !== undefined), paidBack, now);
    // What came from elsewhere never left our shelf.
    if (restock && payment) await returnLines(tx, order.id, stockLines(back), now, { cancelled: false });
  });
  await sendRefunds(shop, { orderId: id });
  return returned;
}

/** Pays back all that is left. Returns for which units that come back now, beside those that came back unpaid before. */
async function payBackRest(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  units: readonly LineUnits[],
  amount_minor: number,
): Promise<{ refund_id: number; lines: { line: number; qty: number }[] }> {
  const shares = allUnits(units, unitsToRefund);
  const refund_id = await oweRefund(shop, tx, order, {
    amount_minor,
    reason: "The goods were returned.",
    lines: shares.map(({ line, qty }) => ({ line: line.line, qty })),
    is_shipping: true,
  });
  const lines: { line: number; qty: number }[] = [];
  for (const { line, qty } of shares) {
    const again = Math.min(qty, unitsOwedAgain(line));
    if (again > 0) await payForMoves(tx, order.id, { line: line.line, qty: again }, refund_id);
    lines.push({ line: line.line, qty: qty - again });
  }
  return { refund_id, lines };
}
