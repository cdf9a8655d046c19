import type { Shop } from "../shop/shop";

/** How many are found at once … */
const ORDERS_PER_BATCH = 100;
/** … and how many of them are worked on at once, so that one that waits does not hold up the rest. */
const CALLS_AT_ONCE = 5;
/** How long gateways may take to answer, in one round. */
const PATIENCE_MS = 5_000;

/**
 * Does something for all that `find` finds, each once, round by round: what can't succeed leaves the others their turn.
 * `find` goes on after the last one that it found. The work is told when to wait no longer: its round has taken long
 * enough, or all of it is to stop.
 */
export async function inBatches<Item>(
  find: (most: number, after: Item | undefined) => Promise<Item[]>,
  work: (item: Item, patience: AbortSignal) => Promise<void>,
  stopping: AbortSignal = new AbortController().signal,
): Promise<void> {
  let found: Item[] = [];
  do {
    found = await find(ORDERS_PER_BATCH, found.at(-1));
    const patience = AbortSignal.any([stopping, AbortSignal.timeout(PATIENCE_MS)]);
    const left = found.values();
    const workOn = async () => {
      for (const item of left) {
        if (stopping.aborted) return;
        await work(item, patience);
      }
    };
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, workOn));
  } while (found.length === ORDERS_PER_BATCH && !stopping.aborted);
}

/** What fails for one order is said, tried again by the next sweep, and does not hold up the others. */
export async function logFailure<Result>(
  shop: Shop,
  id: number,
  work: () => Promise<Result>,
  said = "An order could not be settled; the next sweep tries again.",
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    shop.log("warn", said, { order_id: id, error: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
