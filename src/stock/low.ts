import { recordEvents } from "../events/events";
import type { Transaction } from "../storage/database";

/** How much of a product could be bought before a write, and how much after it. */
export interface FreeChange {
  product_id: number;
  before: number;
  after: number;
  /** From when on it is low; null where the shop says it of all. */
  low_at: number | null;
}

/** Of what is low at this, nobody is told. */
export const NEVER_LOW = 0;

/**
 * Tells of each product that a write has made low: that had more units free before than it is low at, its own number or the
 * shop's, and has not any more, so it is told once each time it comes to that. Without one no statement is run.
 */
export async function tellOfLow(
  tx: Transaction,
  changes: readonly FreeChange[],
  lowAt: number,
  now: string,
): Promise<void> {
  const fallen = changes.filter(({ before, after, low_at }) => {
    const at = low_at ?? lowAt;
    return at !== NEVER_LOW && before > at && after <= at;
  });
  if (fallen.length === 0) return;
  const told = fallen.map(({ product_id, after }) => ({ product_id, available: after }));
  await recordEvents(tx, "stock.low", told, now);
}
