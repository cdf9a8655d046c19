import { ShopError } from "../base/errors";
import { recordEvent } from "../events/events";
import { type Once, transactOnce } from "../idempotency/idempotency";
import { CASH } from "../payments/gateways";
import { findPayment, markCaptured } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { sellLines } from "../stock/order-lines";
import type { Transaction } from "../storage/database";
import { advance } from "./history";
import { insertStep } from "./history-queries";
import { holdFor } from "./holds";
import { getHeldOrder, getOrder } from "./orders";
import { type HeldOrder, updateHold } from "./queries";
import type { Order } from "./schema";
import type { NewShipment } from "./change-schema";
import { insertShipment, insertUnitMoves } from "./unit-queries";
import { allUnits, chooseUnits, getUnits, movesOf, stockLines, unitsToShip } from "./units";

/** Each of these throws `not_found`, and `conflict` where the order's states do not allow the step. */

export function packOrder(shop: Shop, id: number, once?: Once): Promise<Order> {
  return step(shop, id, once, async (tx, order, now) => {
    await checkPaid(tx, order);
    await advance(tx, order, { status: "packed" }, "packed", now);
  });
}

/** Takes packing back: the order waits again, and what nobody has paid with the hold that it had by its way to pay. */
export function unpackOrder(shop: Shop, id: number, once?: Once): Promise<Order> {
  return step(shop, id, once, async (tx, order, now) => {
    await advance(tx, order, { status: "placed" }, "unpacked", now);
    const payment = order.payment_status === "pending" && (await findPayment(tx, id));
    const isPartlyOut = (await getUnits(tx, id)).some(({ shipped }) => shipped > 0);
    if (payment && !isPartlyOut) await updateHold(tx, id, holdFor(shop, payment.provider));
  });
}

/**
 * Units leave: all that are left, or some. What is paid on delivery is sold now; what is not must be paid before. The order
 * has shipped once nothing of it is left. Throws `invalid` for more units than there are.
 */
export function shipOrder(shop: Shop, id: number, shipment: NewShipment = {}, once?: Once): Promise<Order> {
  return step(shop, id, once, async (tx, order, now) => {
    const paid = await checkPaid(tx, order);
    const units = await getUnits(tx, order.id);
    const left = (line: (typeof units)[number]) => unitsToShip(order, line);
    const shares = shipment.lines
      ? chooseUnits(units, shipment.lines, left, "The order has fewer units of that left to ship.")
      : allUnits(units, left);
    const isLast =
      shares.length > 0 && units.every((line) => left(line) === (shares.find((one) => one.line === line)?.qty ?? 0));
    const { tracking_number = null, carrier = null } = shipment;
    const shipment_id = await insertShipment(tx, { order_id: id, tracking_number, carrier, shipped_at: now });
    if (isLast) await advance(tx, order, { status: "shipped" }, "shipped", now, shipment_id);
    else await shipPart(tx, order, { lines: shares.length, shipment_id }, now);
    await insertUnitMoves(tx, id, movesOf(shares, false), { cause: "shipped", shipment_id }, now);
    if (!paid) await sellLines(tx, id, stockLines(shares), now);
  });
}

async function shipPart(
  tx: Transaction,
  order: HeldOrder,
  { lines, shipment_id }: { lines: number; shipment_id: number },
  now: string,
): Promise<void> {
  // Throws where the order is not one that can ship.
  if (lines === 0 || (order.status !== "placed" && order.status !== "packed")) {
    await advance(tx, order, { status: "shipped" }, "shipped", now);
    throw new ShopError("conflict", "Nothing of this order is left to ship.");
  }
  const { id: order_id, status, payment_status } = order;
  // What has left in part is not taken back by the end of a hold.
  await updateHold(tx, order.id, null);
  await insertStep(tx, order.id, order, "shipped_in_part", now);
  await recordEvent(tx, "order.shipped", { order_id, status, payment_status, shipment_id }, now);
}

/** The goods are handed over, and for cash on delivery the money with them. */
export function deliverOrder(shop: Shop, id: number, once?: Once): Promise<Order> {
  return step(shop, id, once, async (tx, order, now) => {
    const payment = await findPayment(tx, order.id);
    const paidNow = payment !== undefined && (await markCaptured(tx, payment.id, now));
    await advance(tx, order, { status: "delivered", ...(paidNow && { payment_status: "paid" }) }, "delivered", now);
  });
}

/** One step of an order, held, and how it stands then. */
export function step(
  shop: Shop,
  id: number,
  once: Once | undefined,
  take: (tx: Transaction, order: HeldOrder, now: string) => Promise<void>,
): Promise<Order> {
  return transactOnce(shop, once, async (tx) => {
    await take(tx, await getHeldOrder(tx, id), shop.now().toISOString());
    return getOrder(tx, id);
  });
}

/** Whether it is paid already. Throws `conflict` when it should be and is not, or when the money went back. */
async function checkPaid(tx: Transaction, order: HeldOrder): Promise<boolean> {
  const payment = await findPayment(tx, order.id);
  const paid = payment?.state === "captured";
  if (order.payment_status === "refunded") throw new ShopError("conflict", "This order's money was paid back.");
  if (!paid && payment && payment.provider !== CASH) throw new ShopError("conflict", "This order is not paid yet.");
  return paid;
}
