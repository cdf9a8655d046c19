import { recordEvent } from "../events/events";
import type { Outcome } from "../payments/gateway";
import {
  findPayment,
  flagPayment,
  makeCurrent,
  markCaptured,
  markClosed,
  markFailed,
  markSurplus,
  markUnderWay,
  type Payment,
} from "../payments/queries";
import type { Shop } from "../shop/shop";
import { sellLines } from "../stock/order-lines";
import type { Transaction } from "../storage/database";
import { advance } from "./history";
import { insertStep } from "./history-queries";
import { holdFrom } from "./holds";
import { oweRefund } from "./owed-refunds";
import { type HeldOrder, updateHold } from "./queries";
import type { Cause } from "./states";
import { undoOrder } from "./undo";
import { allUnits, getUnits, stockLines, unitsToShip } from "./units";

/** What came of hearing how a payment stands. */
export type Settled =
  "paid" | "under_way" | "failed" | "refunded" | "disputed" | "cancelled" | "flagged" | "unknown" | "nothing";

interface Settling {
  shop: Shop;
  tx: Transaction;
  order: HeldOrder;
  payment: Payment;
  now: string;
}

/**
 * The one way in which news of a payment reach its order, wherever they come from: webhook, the customer's confirmation,
 * or our own asking. Any number of times and in any order: only the first capture counts, and one that comes when the
 * goods are promised to nobody any more, or beside another, is paid back. The order is held by this transaction already.
 */
export async function settle(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  payment: Payment,
  outcome: Outcome,
  cause: Cause = "paid",
): Promise<Settled> {
  const settling: Settling = { shop, tx, order, payment, now: shop.now().toISOString() };
  switch (outcome.is) {
    case "open":
      return "nothing";
    case "under_way":
      return settleUnderWay(settling, outcome.money);
    case "captured":
      return settleCapture(settling, outcome, cause);
    default:
      return settleNothing(settling, outcome.is);
  }
}

/** The customer has done their part: the goods are kept until the money is here or does not come. */
async function settleUnderWay({ tx, order, payment, now }: Settling, money: string | undefined): Promise<Settled> {
  if (!(await markUnderWay(tx, payment.id, now, money))) return "nothing";
  if (order.payment_status !== "pending" || order.status === "cancelled" || payment.is_current !== 1) return "nothing";
  await updateHold(tx, order.id, null);
  await insertStep(tx, order.id, order, "payment_under_way", now);
  return "under_way";
}

/** This try came to nothing. The order may be paid again until its hold ends; what was on its way had its time. */
async function settleNothing(settling: Settling, is: "declined" | "failed" | "expired"): Promise<Settled> {
  const { shop, tx, order, payment, now } = settling;
  if (payment.state === "captured" || payment.state === "surplus") return "nothing";
  const waits = order.payment_status === "pending" && order.status !== "cancelled" && payment.is_current === 1;
  const isKnown = payment.state === "failed" || payment.state === "closed";
  await (waits ? markFailed(tx, payment.id) : markClosed(tx, payment.id));
  if (!waits) return "nothing";
  if (is !== "failed" && payment.state !== "under_way") {
    if (isKnown) return "nothing";
    if (order.hold_until === null) await updateHold(tx, order.id, holdFrom(shop));
    await insertStep(tx, order.id, order, is === "declined" ? "payment_declined" : "payment_expired", now);
    return "failed";
  }
  await undoOrder(tx, order, payment, { cause: "payment_failed", now, restoresCart: true });
  return "cancelled";
}

type Captured = Extract<Outcome, { is: "captured" }>;

async function settleCapture(settling: Settling, captured: Captured, cause: Cause): Promise<Settled> {
  const { shop, tx, order, payment, now } = settling;
  // Before anything else: a second report that differs from the first is for a person too.
  if (captured.amount_minor !== payment.amount_minor || captured.currency !== payment.currency) {
    await flag(settling, "The gateway reported another amount or currency than the order has.");
    shop.log("warn", "A payment is not what its order costs: see sanset doctor.", { order_id: order.id });
    return "flagged";
  }
  if (!(await markCaptured(tx, payment.id, now, captured))) return "nothing";
  const counts = await findPayment(tx, order.id);
  if (counts && counts.id !== payment.id) {
    if (counts.state === "captured") return settleSurplus(settling);
    await makeCurrent(tx, order.id, payment.id);
    // At its gateway it is closed after the commit, with what else was left open.
    if (counts.gateway_id === null) await markClosed(tx, counts.id);
  }
  if (order.status === "cancelled") {
    const paid = await advance(tx, order, { payment_status: "paid" }, "paid_too_late", now);
    await oweRefund(shop, tx, paid, {
      amount_minor: payment.amount_minor,
      reason: "Paid after the order was cancelled.",
    });
    await advance(tx, paid, { payment_status: "refunded" }, "refunded", now);
    return "refunded";
  }
  await advance(tx, order, { payment_status: "paid" }, cause, now);
  const units = allUnits(await getUnits(tx, order.id), (line) => unitsToShip(order, line));
  await sellLines(tx, order.id, stockLines(units), now);
  return "paid";
}

/** Paid twice, in two tries: the second is paid back. */
async function settleSurplus({ shop, tx, order, payment }: Settling): Promise<Settled> {
  await markSurplus(tx, payment.id);
  await oweRefund(shop, tx, order, {
    amount_minor: payment.amount_minor,
    reason: "The order was paid already.",
    payment_id: payment.id,
  });
  return "refunded";
}

async function flag({ tx, order, payment, now }: Settling, words: string): Promise<void> {
  await flagPayment(tx, payment.id, words);
  await recordEvent(tx, "payment.flagged", { order_id: order.id }, now);
}
