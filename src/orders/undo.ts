import { giveBackUse } from "../coupons/coupons";
import type { Transaction } from "../storage/database";
import { releaseLines } from "../stock/stock";
import { advance } from "./history";
import { findLines } from "./line-queries";
import type { HeldOrder } from "./queries";
import type { Cause } from "./states";

/**
 * Cancels an order that nobody has paid: its units are free again, its coupon may be used again, nothing is to be paid.
 * The coupon before the stock, in the order in which checkout takes them, so that two never wait for each other.
 */
export async function undoOrder(tx: Transaction, order: HeldOrder, cause: Cause, now: string): Promise<HeldOrder> {
  const undone = await advance(tx, order, { status: "cancelled", payment_status: "failed" }, cause, now);
  await giveBackUse(tx, order.id, now);
  await releaseLines(tx, order.id, await findLines(tx, order.id), now);
  return undone;
}
