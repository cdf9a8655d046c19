import { recordEvents } from "../events/events";
import type { Transaction } from "../storage/database";

/**
 * Tells others that a person has added products, changed them or taken them out. What comes with a file or with a shop for
 * trying out is not told: that is thousands at once, and a listener reads the catalog then.
 */
export function tellOfProducts(
  tx: Transaction,
  change: "created" | "changed" | "deleted",
  ids: readonly number[],
  now: string,
): Promise<void> {
  return recordEvents(
    tx,
    "product.changed",
    ids.map((product_id) => ({ product_id, change })),
    now,
  );
}
