import { recordEvents } from "../events/events";
import type { Transaction } from "../storage/database";

/** How much of a product could be bought before a write, and how much after it. */
export interface FreeChange {
  product_id: number;
  before: number;
  after: number;
}

/** For writes of which nobody is told, such as orders that were placed elsewhere. */
export const NEVER_LOW = 0;

/**
 * Tells of each product that a write has made low: that had more than `lowAt` units free before and has not any more, so it
 * is told once each time it comes to that. Without one no statement is run.
 */
export async function tellOfLow(
  tx: Transaction,
  changes: readonly FreeChange[],
  lowAt: number,
  now: string,
): Promise<void> {
  if (lowAt === NEVER_LOW) return;
  const fallen = changes.filter(({ before, after }) => before > lowAt && after <= lowAt);
  if (fallen.length === 0) return;
  const told = fallen.map(({ product_id, after }) => ({ product_id, available: after }));
  await recordEvents(tx, "stock.low", told, now);
}
