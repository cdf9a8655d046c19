import { writeBehind } from "../jobs/write-behind";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import type { Miss } from "./schema";

/** Only the latest are kept, so that nobody can fill the disk by searching. */
export const MISSES_KEPT = 1_000;

const misses = writeBehind<string>({
  what: "What was searched and not found",
  mostWaiting: MISSES_KEPT,
  write: (tx, words, shop) => writeMisses(tx, timesOf(words), shop.now().toISOString()),
});

/** Takes down what was searched and not found. It is written within a second or so. */
export function noteMiss(shop: Shop, words: string): void {
  misses.add(shop, words);
}

function timesOf(words: readonly string[]): [words: string, times: number][] {
  return [...Map.groupBy(words, (same) => same)].map(([same, all]) => [same, all.length]);
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
    `DELETE FROM search_misses WHERE missed_at < (SELECT missed_at FROM search_misses ORDER BY missed_at DESC LIMIT 1 OFFSET ${MISSES_KEPT})`,
  );
}

/** What was searched and not found, the most often missed first. */
export function listMisses({ database }: Shop, limit: number): Promise<Miss[]> {
  return database.all<Miss>(
    "SELECT words, times, missed_at FROM search_misses ORDER BY times DESC, missed_at DESC, words LIMIT $1",
    [limit],
  );
}
