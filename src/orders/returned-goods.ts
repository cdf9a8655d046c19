import { giveBackUse } from "../coupons/coupons";
import type { Once } from "../idempotency/idempotency";
import { findPayment, markClosed } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { returnLines } from "../stock/stock";
import { step } from "./fulfilment";
import { advance } from "./history";
import { oweRefund } from "./owed-refunds";
import { returnUnits } from "./refused-units";
import type { NewReturn, Order } from "./schema";
import { sendRefunds } from "./send-refunds";
import { insertUnitMoves } from "./unit-queries";
import { allUnits, getUnits, movesOf, stockLines, unitsOut, unitsToRefund } from "./units";

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
    if (asked && (await returnUnits(shop, tx, order, { asked, restock, refund }))) return;
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
