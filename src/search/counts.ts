import { dialectOf } from "../search-index/engines";
import { COMMON_FROM_PRODUCTS, type Query } from "../search-index/terms";
import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";

/** What search needs of a shop. */
export type Searched = Pick<Shop, "database" | "settings" | "state">;

/** From so many products on a count is remembered: what changes it by one changes nothing. */
const REMEMBERED_FROM_PRODUCTS = 100;
const COUNTS_REMEMBERED = 10_000;
/** Remembered counts are forgotten together after so many look-ups, since products come and go. */
const LOOK_UPS_PER_MEMORY = 50_000;

interface Memory {
  counts: Map<string, number>;
  lookUps: number;
}
const memoryOf = perShop((): Memory => ({ counts: new Map(), lookUps: 0 }));

/**
 * How many products fit each of the queries, counted up to COMMON_FROM_PRODUCTS. What is asked `about` a word that so many
 * products have is remembered too, however small: no index of PostgreSQL knows in which field a word stands, so each of them is read.
 */
export async function countEach(
  shop: Searched,
  queries: readonly Query[],
  about: (at: number) => number = () => 0,
): Promise<number[]> {
  const memory = memoryOf(shop);
  const { expression } = dialectOf(shop.database);
  const expressions = queries.map((query) => expression(query));
  if ((memory.lookUps += queries.length) > LOOK_UPS_PER_MEMORY || memory.counts.size > COUNTS_REMEMBERED) {
    memory.counts.clear();
    memory.lookUps = 0;
  }
  const ofCommon = new Set(expressions.filter((_, at) => about(at) >= REMEMBERED_FROM_PRODUCTS));
  const unknown = [...new Set(expressions.filter((text) => !memory.counts.has(text)))];
  const fresh = new Map<string, number>();
  for (let at = 0; at < unknown.length; at += COUNTS_PER_STATEMENT) {
    const some = unknown.slice(at, at + COUNTS_PER_STATEMENT);
    const counts = await countMatchesOf(shop, some);
    for (const [index, text] of some.entries()) {
      const count = counts[index] ?? 0;
      fresh.set(text, count);
      if (count >= REMEMBERED_FROM_PRODUCTS || ofCommon.has(text)) memory.counts.set(text, count);
    }
  }
  return expressions.map((text) => fresh.get(text) ?? memory.counts.get(text) ?? 0);
}

/** Statements are kept by their text: these have eight lengths at most. */
const COUNTS_PER_STATEMENT = 8;

async function countMatchesOf({ database }: Searched, expressions: readonly string[]): Promise<number[]> {
  const { matches } = dialectOf(database);
  const counts = expressions.map(
    (_, at) =>
      `(SELECT COUNT(*) FROM (SELECT 1 FROM search_index WHERE ${matches(`$${at + 1}`)} LIMIT ${COMMON_FROM_PRODUCTS}) AS counted) AS n${at}`,
  );
  const row = await database.first<Record<string, number>>(`SELECT ${counts.join(", ")}`, expressions);
  return expressions.map((_, at) => row?.[`n${at}`] ?? 0);
}
