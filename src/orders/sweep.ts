import { forgetOldKeys } from "../idempotency/idempotency";
import type { Shop } from "../shop/shop";
import { askUnderWay, closeLeftOpen, expireHolds } from "./expiry";
import { sendRefunds } from "./send-refunds";

/**
 * What orders need without anybody asking, one after the other. Returns how many holds ran out. Safe in several processes
 * at once. The server does the two halves beside each other, so that no hold waits for what a gateway is owed.
 */
export async function sweepOrders(shop: Shop): Promise<{ expired: number }> {
  const expired = await sweepHolds(shop);
  await sweepPayments(shop);
  return { expired };
}

/** Holds that run out, and idempotency keys to forget. Returns how many holds ran out. */
export async function sweepHolds(shop: Shop, stopping?: AbortSignal): Promise<number> {
  const expired = await expireHolds(shop, stopping);
  await forgetOldKeys(shop);
  return expired;
}

/** What gateways must still be told, and asked: payments to close, money on its way, refunds that are not done. */
export async function sweepPayments(shop: Shop, stopping?: AbortSignal): Promise<void> {
  await closeLeftOpen(shop, stopping);
  await askUnderWay(shop, stopping);
  await sendRefunds(shop, { stopping });
}
