import { forgetOldKeys } from "../idempotency/idempotency";
import type { Shop } from "../shop";
import { closeLeftOpen, expireHolds } from "./cancellation";
import { sendRefunds } from "./refunds";

/**
 * What orders need without anybody asking: holds that run out, payments to close and refunds to send that failed before,
 * idempotency keys to forget. Returns how many holds ran out. Safe in several processes at once.
 */
export async function sweepOrders(shop: Shop): Promise<{ expired: number }> {
  const expired = await expireHolds(shop);
  await closeLeftOpen(shop);
  await sendRefunds(shop);
  await forgetOldKeys(shop);
  return { expired };
}
