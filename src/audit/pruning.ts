import { ShopError } from "../base/errors";
import { DAY_MS } from "../base/time";
import { turns } from "../base/turns";
import type { Shop } from "../shop/shop";
import { record } from "./audit";
import { closePruning, deleteEntriesBefore, lookForOld, openPruning } from "./queries";

/** What is younger is never deleted. */
const KEPT_DAYS_LEAST = 90;

/** In one transaction, so that others wait for none. */
const ENTRIES_AT_ONCE = 2_000;

/**
 * Deletes the entries before a moment, writes down that it was done, and returns how many they were. Throws `invalid` for a
 * moment of the last ninety days.
 */
export async function pruneAudit(shop: Shop, before: string): Promise<number> {
  const youngest = new Date(shop.now().getTime() - KEPT_DAYS_LEAST * DAY_MS).toISOString();
  if (before > youngest) {
    throw new ShopError(
      "invalid",
      `The audit keeps the last ${KEPT_DAYS_LEAST} days: give a moment before ${youngest}.`,
    );
  }
  let pruned = 0;
  for (let after = 0; ;) {
    // Outside of a transaction and some at a time: what is kept is gone through in nobody's way.
    const found = await lookForOld(shop.database, before, after, ENTRIES_AT_ONCE);
    if (!found) break;
    const [from, { last, old }] = [after, found];
    if (old > 0) {
      pruned += await shop.database.transaction(async (tx) => {
        await openPruning(tx, before);
        const deleted = await deleteEntriesBefore(tx, before, from, last);
        await closePruning(tx);
        return deleted;
      });
    }
    after = last;
    await turns.yield();
  }
  if (pruned > 0) {
    await shop.database.transaction((tx) => record(shop, tx, { action: "audit_pruned", details: { before, pruned } }));
  }
  return pruned;
}
