import { giveBackUse } from "../coupons/coupons";
import { ShopError } from "../base/errors";
import { type Once, transactOnce } from "../idempotency/idempotency";
import { findPayment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { returnLines } from "../stock/order-lines";
import type { Transaction } from "../storage/database";
import { closePayment } from "./asking";
import { logFailure } from "./batches";
import { cancelUnits } from "./cancelled-units";
import { advance } from "./history";
import { getHeldOrder, getOrder, getOwnOrder } from "./orders";
import { oweRefund } from "./owed-refunds";
import type { HeldOrder } from "./queries";
import type { Order } from "./schema";
import type { NewCancellation } from "./change-schema";
import { sendRefunds } from "./send-refunds";
import type { Cause } from "./states";
import { undoOrder } from "./undo";
import { allUnits, getUnits, stockLines, unitsToRefund, unitsToShip } from "./units";

/** Who cancels: the customer whose order it must be, or the shop. */
export type Canceller = { user_id: number } | "shop";

/**
 * Cancels what has not left yet, or some units of it: stock, coupon and money go back. Throws `not_found`, `invalid` for
 * more units than are left, and `conflict` once it has shipped or is cancelled already.
 */
export async function cancelOrder(
  shop: Shop,
  id: number,
  by: Canceller,
  { lines, reason }: NewCancellation = {},
  once?: Once,
): Promise<Order> {
  const owner = by === "shop" ? undefined : by.user_id;
  const cancelled = await transactOnce(shop, once, async (tx) => {
    const order = await getHeldOrder(tx, id, owner);
    if (order.status === "cancelled") throw new ShopError("conflict", "This order is cancelled already.");
    const cause = by === "shop" ? "cancelled_by_shop" : "cancelled_by_customer";
    const isPart = lines !== undefined && (await cancelUnits(shop, tx, order, lines, reason));
    if (!isPart) await cancelHeld(shop, tx, order, { cause, reason });
    return owner === undefined ? getOrder(tx, id) : getOwnOrder(tx, id, owner);
  });
  await logFailure(shop, id, () => closePayment(shop, id));
  await sendRefunds(shop, { orderId: id });
  return cancelled;
}

const LEAVING: ReadonlySet<string> = new Set(["placed", "packed"]);

/** Ends a whole order that has not left. The order is held already. */
export async function cancelHeld(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  { cause, reason, restoresCart = false }: { cause: Cause; reason?: string | undefined; restoresCart?: boolean },
): Promise<void> {
  const now = shop.now().toISOString();
  const payment = await findPayment(tx, order.id);
  const units = await getUnits(tx, order.id);
  // What has left whole is no order to cancel at all, and is told so.
  if (LEAVING.has(order.status) && units.some((line) => line.shipped > 0)) {
    throw new ShopError("conflict", "A part of this order has left: cancel the rest by its lines.");
  }
  if (payment?.state !== "captured") {
    await undoOrder(tx, order, payment, { cause, now, restoresCart });
    return;
  }
  const left = payment.captured_minor - payment.refunded_minor;
  await advance(tx, order, { status: "cancelled", ...(left > 0 && { payment_status: "refunded" }) }, cause, now);
  if (left > 0) {
    const lines = allUnits(units, unitsToRefund).map(({ line, qty }) => ({ line: line.line, qty }));
    await oweRefund(shop, tx, order, {
      amount_minor: left,
      reason: reason ?? "The order was cancelled.",
      lines,
      is_shipping: true,
    });
  }
  await giveBackUse(tx, order.id, now);
  const unsent = allUnits(units, (line) => unitsToShip(order, line));
  await returnLines(tx, order.id, stockLines(unsent), now, { cancelled: true });
}
