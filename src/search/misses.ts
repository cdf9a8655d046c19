import type { Shop } from "../shop/shop";
import type { Database, Transaction } from "../storage/database";

/** What was searched and not found. */
export interface Miss {
  words: string;
  times: number;
  missed_at: string;
}

/** Only the latest are kept, so that nobody can fill the disk by searching. */
const KEPT = 1_000;

/** Misses that wait to be written, and how often each happened. */
interface Waiting {
  times: Map<string, number>;
  /** Under way until nothing waits any more. */
  writing: Promise<void> | undefined;
}

const waitingOf = new WeakMap<Database, Waiting>();

/**
 * Writes down what was searched and not found. One transaction at a time holds all that came meanwhile, so that idle
 * searches never crowd out an order.
 */
export function noteMiss(shop: Shop, words: string): Promise<void> {
  const waiting = waitingOf.get(shop.database) ?? { times: new Map<string, number>(), writing: undefined };
  waitingOf.set(shop.database, waiting);
  if (waiting.times.size < KEPT) waiting.times.set(words, (waiting.times.get(words) ?? 0) + 1);
  waiting.writing ??= writeWaiting(shop, waiting).finally(() => {
    waiting.writing = undefined;
  });
  return waiting.writing;
}

async function writeWaiting(shop: Shop, { times }: Waiting): Promise<void> {
  while (times.size > 0) {
    const misses = [...times];
    times.clear();
    await shop.database.transaction((tx) => writeMisses(tx, misses, shop.now().toISOString()));
  }
}

async function writeMisses(tx: Transaction, misses: readonly [words: string, times: number][], now: string) {
  for (const [words, times] of misses) {
    await tx.run(
      `INSERT INTO search_misses (words, times, missed_at) VALUES ($1, $2, $3)
       ON CONFLICT (words) DO UPDATE SET times = search_misses.times + excluded.times, missed_at = excluded.missed_at`,
      [words, times, now],
    );
  }
  await tx.run(
    `DELETE FROM search_misses WHERE missed_at < (SELECT missed_at FROM search_misses ORDER BY missed_at DESC LIMIT 1 OFFSET ${KEPT})`,
  );
}

/** What was searched and not found, the most often missed first. */
export function listMisses({ database }: Shop, limit: number): Promise<Miss[]> {
  return database.all<Miss>(
    "SELECT words, times, missed_at FROM search_misses ORDER BY times DESC, missed_at DESC, words LIMIT $1",
    [limit],
  );
}
