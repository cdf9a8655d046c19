import type { Shop } from "../shop";

/** What was searched and not found. */
export interface Miss {
  words: string;
  times: number;
  missed_at: string;
}

/** Only the latest are kept, so that nobody can fill the disk by searching. */
const KEPT = 1_000;

/** Writes down what was searched and not found. */
export function noteMiss(shop: Shop, words: string): Promise<void> {
  return shop.database.transaction(async (tx) => {
    await tx.run(
      `INSERT INTO search_misses (words, times, missed_at) VALUES ($1, 1, $2)
       ON CONFLICT (words) DO UPDATE SET times = search_misses.times + 1, missed_at = excluded.missed_at`,
      [words, shop.now().toISOString()],
    );
    await tx.run(
      `DELETE FROM search_misses WHERE missed_at < (SELECT missed_at FROM search_misses ORDER BY missed_at DESC LIMIT 1 OFFSET ${KEPT})`,
    );
  });
}

/** What was searched and not found, the most often missed first. */
export function listMisses({ database }: Shop, limit: number): Promise<Miss[]> {
  return database.all<Miss>(
    "SELECT words, times, missed_at FROM search_misses ORDER BY times DESC, missed_at DESC, words LIMIT $1",
    [limit],
  );
}
