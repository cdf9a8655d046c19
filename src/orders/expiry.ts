import { findLeftOpen, findUnderWay, type LeftOpen, type UnderWay } from "../payments/queries";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { askHowItStands, closeOne, closePayment } from "./asking";
import { inBatches, logFailure } from "./batches";
import { cancelHeld } from "./cancellation";
import { findOverdue, holdOrder, type Overdue } from "./queries";

/** Money that is on its way is asked about so often. */
const ASKED_EVERY_MS = 60 * 60_000;

/**
 * Cancels the orders whose hold has run out, and returns how many. The gateway is asked first: what was paid in the last
 * moment is an order. Where it does not answer the hold ends all the same, and what is paid later is paid back.
 */
export async function expireHolds(shop: Shop, stopping?: AbortSignal): Promise<number> {
  const now = shop.now().toISOString();
  let expired = 0;
  await inBatches<Overdue>(
    (most, after) => findOverdue(shop.database, now, most, after),
    async ({ id }, patience) => {
      const settled = await logFailure(shop, id, () => closePayment(shop, id, patience));
      // A program that is told to stop did not wait for the gateway's answer: the next start asks again.
      if (stopping?.aborted) return;
      const ended = await logFailure(shop, id, () => shop.database.transaction((tx) => expireHold(shop, tx, id)));
      if (ended || settled === "cancelled") expired++;
    },
    stopping,
  );
  return expired;
}

/** Looks again, now that nobody else can change it. */
async function expireHold(shop: Shop, tx: Transaction, id: number): Promise<boolean> {
  const order = await holdOrder(tx, id);
  if (!order || order.hold_until === null || order.hold_until > shop.now().toISOString()) return false;
  await cancelHeld(shop, tx, order, { cause: "hold_expired", restoresCart: true });
  return true;
}

/** Closes at their gateways what was left open there for orders that came to nothing, or are paid otherwise. */
export async function closeLeftOpen(shop: Shop, stopping?: AbortSignal): Promise<void> {
  await inBatches<LeftOpen>(
    (most, after) => findLeftOpen(shop.database, most, after),
    async ({ id, order_id }, patience) => {
      await logFailure(shop, order_id, () => closeOne(shop, id, patience));
    },
    stopping,
  );
}

/** Asks about money that is on its way, in case that nobody tells. */
export async function askUnderWay(shop: Shop, stopping?: AbortSignal): Promise<void> {
  const since = new Date(shop.now().getTime() - ASKED_EVERY_MS).toISOString();
  await inBatches<UnderWay>(
    (most, after) => findUnderWay(shop.database, since, most, after),
    async ({ id, order_id }) => {
      await logFailure(shop, order_id, () => askHowItStands(shop, id));
    },
    stopping,
  );
}
