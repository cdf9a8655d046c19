import type { Asking } from "../search-index/dialect";
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
 * products have is remembered too, however small: where several words stand together, or in which field, each of them is read.
 */
export async function countEach(
  shop: Searched,
  queries: readonly Query[],
  about: (at: number) => number = () => 0,
): Promise<number[]> {
  const memory = memoryOf(shop);
  const { ask } = dialectOf(shop.database);
  const askings = queries.map((query) => ask(query));
  if ((memory.lookUps += queries.length) > LOOK_UPS_PER_MEMORY || memory.counts.size > COUNTS_REMEMBERED) {
    memory.counts.clear();
    memory.lookUps = 0;
  }
  const ofCommon = new Set(askings.filter((_, at) => about(at) >= REMEMBERED_FROM_PRODUCTS).map(keyOf));
  const unknown = new Map(
    askings.filter((asking) => !memory.counts.has(keyOf(asking))).map((asking) => [keyOf(asking), asking]),
  );
  const fresh = await countFresh(shop, [...unknown.values()]);
  for (const [key, count] of fresh)
    if (count >= REMEMBERED_FROM_PRODUCTS || ofCommon.has(key)) memory.counts.set(key, count);
  return askings.map((asking) => fresh.get(keyOf(asking)) ?? memory.counts.get(keyOf(asking)) ?? 0);
}

const keyOf = ({ index, expression }: Asking) => `${index} ${expression}`;

/** Statements are kept by their text: these have eight lengths at most for each index. */
const COUNTS_PER_STATEMENT = 8;

async function countFresh({ database }: Searched, askings: readonly Asking[]): Promise<Map<string, number>> {
  const { matches } = dialectOf(database);
  const statements = [...Map.groupBy(askings, ({ index }) => index)].flatMap(([index, those]) =>
    Array.from({ length: Math.ceil(those.length / COUNTS_PER_STATEMENT) }, (_, at) => ({
      index,
      some: those.slice(at * COUNTS_PER_STATEMENT, (at + 1) * COUNTS_PER_STATEMENT),
    })),
  );
  const counted = await Promise.all(
    statements.map(async ({ index, some }) => {
      const counts = some.map(
        (_, at) =>
          `(SELECT COUNT(*) FROM (SELECT 1 FROM ${index} WHERE ${matches(`$${at + 1}`)} LIMIT ${COMMON_FROM_PRODUCTS}) AS counted) AS n${at}`,
      );
      const values = some.map(({ expression }) => expression);
      const row = await database.first<Record<string, number>>(`SELECT ${counts.join(", ")}`, values);
      return some.map((asking, at): [string, number] => [keyOf(asking), row?.[`n${at}`] ?? 0]);
    }),
  );
  return new Map(counted.flat());
}
