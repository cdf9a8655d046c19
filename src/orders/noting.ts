import type { Shop } from "../shop/shop";
import { othersAreOver } from "../storage/late-ids";
import { lastNoted, lastOrder, noteNext } from "./sold-queries";

/** No write waits long for so many. */
const ORDERS_AT_ONCE = 250;

/** Notes which products are in the orders that were placed since the last time, so that they are found by product. */
export async function noteOrders({ database }: Shop, stopping?: AbortSignal): Promise<void> {
  const end = await lastOrder(database);
  // An order with a lower id may not be committed yet: it would be passed over for good.
  if (!(await othersAreOver(database, stopping))) return;
  let last = await lastNoted(database);
  while (last < end) {
    if (stopping?.aborted) return;
    const after = last;
    last = await database.transaction((tx) => noteNext(tx, after, end, ORDERS_AT_ONCE));
  }
}
