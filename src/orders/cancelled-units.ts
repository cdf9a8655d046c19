import { ShopError } from "../base/errors";
import { recordEvent } from "../events/events";
import { CASH } from "../payments/gateways";
import { findPayment, lowerAmount, type Payment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { releaseLines, returnLines } from "../stock/order-lines";
import type { Transaction } from "../storage/database";
import { advance } from "./history";
import { insertStep } from "./history-queries";
import { oweRefund } from "./owed-refunds";
import { addCancelled, type HeldOrder } from "./queries";
import { followPayment } from "./refund-news";
import { priceOfUnits } from "./refund-price";
import { endUnpaid } from "./returned-units";
import type { UnitsAsked } from "./change-schema";
import { insertUnitMoves, type LineUnits } from "./unit-queries";
import { chooseUnits, getUnits, movesOf, type Share, stockLines, unitsToShip } from "./units";

interface Part {
  units: readonly LineUnits[];
  shares: readonly Share[];
  payment: Payment | undefined;
  reason: string | undefined;
  now: string;
}

/**
 * Takes units off an order that have not left: on the shelf again, and paid back or no longer to be paid. False, and nothing
 * is done, where that is all of an order of which nothing has left: then the order itself is to be cancelled. Throws
 * `invalid` for more units than are left, and `conflict` while the order waits for its payment at a gateway.
 */
export async function cancelUnits(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  asked: UnitsAsked,
  reason: string | undefined,
): Promise<boolean> {
  const now = shop.now().toISOString();
  const payment = await findPayment(tx, order.id);
  const units = await getUnits(tx, order.id);
  const left = (line: LineUnits) => unitsToShip(order, line);
  if (!units.some((line) => left(line) > 0))
    throw new ShopError("conflict", "Nothing of this order is left to cancel.");
  const shares = chooseUnits(units, asked, left, "The order has fewer units of that left to cancel.");
  const isRest = units.every((line) => left(line) === (shares.find((one) => one.line === line)?.qty ?? 0));
  const hasShipped = units.some((line) => line.shipped > 0);
  if (isRest && !hasShipped) return false;
  const part = { units, shares, payment, reason, now };
  if (payment?.state === "captured") await payBackPart(shop, tx, order, part);
  else await takeOffUnpaid(tx, order, part);
  const after = await followPayment(tx, order, "cancelled_in_part", now);
  if (after === order) await insertStep(tx, order.id, order, "cancelled_in_part", now);
  const { id: order_id, status, payment_status } = after;
  await recordEvent(tx, "order.changed", { order_id, status, payment_status, cause: "cancelled_in_part" }, now);
  if (isRest) await endOfRest(tx, after, units, now);
  return true;
}

/** An order of which nothing is left to leave, where some has left, has shipped: no one waits for the rest of it. */
export async function endWhereAllLeft(tx: Transaction, order: HeldOrder, now: string): Promise<void> {
  if (order.status !== "placed" && order.status !== "packed") return;
  const units = await getUnits(tx, order.id);
  const waits = units.some((line) => unitsToShip(order, line) > 0);
  if (!waits && units.some((line) => line.shipped > 0)) await endOfRest(tx, order, units, now);
}

/** What is left has left, and is back where all of that came back before. */
async function endOfRest(tx: Transaction, order: HeldOrder, units: readonly LineUnits[], now: string): Promise<void> {
  const shipped = await advance(tx, order, { status: "shipped" }, "shipped", now);
  if (units.some((line) => line.shipped > line.returned)) return;
  const payment = await findPayment(tx, order.id);
  if (payment?.state === "captured") await advance(tx, shipped, { status: "returned" }, "returned", now);
  else await endUnpaid(tx, shipped, payment, now);
}

async function payBackPart(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  { units, shares, payment, reason, now }: Part,
): Promise<void> {
  const left = payment ? payment.captured_minor - payment.refunded_minor : 0;
  const amount_minor = Math.min(left, priceOfUnits(order, units, shares));
  const lines = shares.map(({ line, qty }) => ({ line: line.line, qty }));
  const refund_id =
    amount_minor === 0
      ? undefined
      : await oweRefund(shop, tx, order, {
          amount_minor,
          reason: reason ?? "A part of the order was cancelled.",
          lines,
        });
  const about = { cause: "cancelled" as const, ...(refund_id !== undefined && { refund_id }) };
  await insertUnitMoves(tx, order.id, movesOf(shares, true), about, now);
  await returnLines(tx, order.id, stockLines(shares), now, { cancelled: true });
}

async function takeOffUnpaid(tx: Transaction, order: HeldOrder, { units, shares, payment, now }: Part): Promise<void> {
  if (!payment || payment.provider !== CASH) {
    throw new ShopError("conflict", "This order waits for its payment: cancel all of it, or wait until it is paid.");
  }
  const amount = priceOfUnits(order, units, shares);
  await addCancelled(tx, order.id, amount);
  await lowerAmount(tx, payment.id, amount);
  await insertUnitMoves(tx, order.id, movesOf(shares, true), { cause: "cancelled" }, now);
  await releaseLines(tx, order.id, stockLines(shares), now);
}
