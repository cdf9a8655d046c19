import type { ProductFilter } from "../../catalog/filter-schema";
import { listBestSellers, listBuyable, pickBuyable } from "../../catalog/for-sale";
import type { Shop } from "../../shop/shop";
import { highest } from "../model/ranking";
import { kindOf, oneOfAKind } from "./one-of-a-kind";
import type { ServedModel } from "./served-model";

/** What may be in a list, and how long it is. */
export interface Bounds {
  limit: number;
  /** Ids that must not be in it. */
  unwanted: ReadonlySet<number>;
  filter: ProductFilter;
}

/** A product on its way into a list. */
export interface Candidate {
  product_id: number;
  /** Its row in the model. */
  row: number;
  score: number;
}

/** How deep the ranking is looked down, in lists, before everything that can be bought is asked for instead. */
const DEPTHS = [4, 32];
const IDS_PER_QUERY = 256;

/**
 * The best scored products that can be bought now, fit the filter and are not unwanted, best first, one of a kind as long as
 * there are others. Everything is filtered before the list is cut, however deep the last of it lies.
 */
export async function bestOf(
  shop: Shop,
  { model: { productIds }, rowOf }: ServedModel,
  scores: Float32Array,
  { limit, unwanted, filter }: Bounds,
): Promise<Candidate[]> {
  const wanted = scores.slice();
  for (const id of unwanted) {
    const row = rowOf.get(id);
    if (row !== undefined) wanted[row] = -Infinity;
  }
  const candidates = (count: number): Candidate[] =>
    highest(wanted, count).map((row) => ({ product_id: productIds[row] ?? 0, row, score: wanted[row] ?? 0 }));
  for (const depth of DEPTHS) {
    const found = candidates(depth * limit);
    const list = await takeBuyable(shop, found, filter, limit);
    if (list.length === limit || found.length < depth * limit) return list;
  }
  const buyable = new Set(await listBuyable(shop.database, filter, shop.settings));
  productIds.forEach((id, row) => {
    if (!buyable.has(id)) wanted[row] = -Infinity;
  });
  return takeBuyable(shop, candidates(4 * limit), filter, limit);
}

/**
 * The first of these that can be bought now and fit the filter, in their order: one of a kind first, then, where there are too
 * few kinds, the others.
 */
export async function takeBuyable<Some extends { product_id: number; score: number }>(
  shop: Shop,
  ranked: readonly Some[],
  filter: ProductFilter,
  limit: number,
): Promise<Some[]> {
  const found: { some: Some; kind: string }[] = [];
  const kinds = new Set<string>();
  let chunk: readonly Some[];
  for (let start = 0; start < ranked.length && kinds.size < limit; start += chunk.length) {
    // Most of what ranks high can be bought, so a few more than are wanted do as a rule.
    chunk = ranked.slice(start, start + (start === 0 ? 3 * limit : IDS_PER_QUERY));
    const ids = chunk.map(({ product_id }) => product_id);
    const buyable = await pickBuyable(shop.database, ids, filter, shop.settings);
    for (const some of chunk) {
      const label = buyable.get(some.product_id);
      if (!label) continue;
      const kind = kindOf(label);
      kinds.add(kind);
      found.push({ some, kind });
    }
  }
  const list = oneOfAKind(found, ({ kind }) => kind).slice(0, limit);
  return list.map(({ some }) => some).toSorted((a, b) => b.score - a.score);
}

/** The products that most customers bought, to fill a list that has nothing better. Its scores stay below those of what stands before it. */
export async function bestSellers(shop: Shop, { limit, unwanted, filter }: Bounds, below = 1) {
  const sellers = await listBestSellers(shop.database, filter, limit + unwanted.size, shop.settings);
  return sellers
    .filter(({ id }) => !unwanted.has(id))
    .slice(0, limit)
    .map(({ id, buyers, ordered }) => {
      // A young shop has not counted its customers yet.
      const amount = buyers + ordered / (ordered + 1);
      return { product_id: id, score: (below * amount) / (amount + HALF_SCORE_BUYERS) };
    });
}

/** A best seller of so many customers shows half a point. */
const HALF_SCORE_BUYERS = 100;
