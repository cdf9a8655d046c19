import { getProduct } from "../../catalog/catalog";
import { findParentsOf } from "../../catalog/queries";
import type { Shop } from "../../shop/shop";
import { bestOf, bestSellers, takeBuyable } from "./candidates";
import { likeness } from "../model/likeness";
import { modelInService } from "./model-in-service";
import { BEST_SELLER } from "./reasons";
import type { Recommendation } from "../schema";
import type { StoredModel } from "../stored-model";

/** Products that please the same customers; before the first training, best sellers of the same category. Throws `not_found`. */
export async function similarProducts(shop: Shop, id: number, limit: number): Promise<Recommendation[]> {
  const { name, category } = await getProduct(shop, id);
  const own = (await findParentsOf(shop.database, [id])).get(id) ?? id;
  const unwanted = new Set([id, own]);
  const served = await modelInService(shop);
  const row = served?.rowOf.get(own);
  if (!served || row === undefined) {
    const sellers = await bestSellers(shop, { limit, unwanted, filter: { category } });
    return sellers.map((seller) => ({ ...seller, reason: BEST_SELLER }));
  }
  const scores = likeness(served.model, served.statistics, row);
  const found = await bestOf(shop, served, scores, { limit, unwanted, filter: {} });
  return found
    .filter(({ score }) => score > 0)
    .map(({ product_id, score }) => ({ product_id, score: Math.min(1, score), reason: `Like ${name}` }));
}

/** Products that lie in the same orders. None before the first training. Throws `not_found`. */
export async function productsBoughtTogether(shop: Shop, id: number, limit: number): Promise<Recommendation[]> {
  const { name } = await getProduct(shop, id);
  const own = (await findParentsOf(shop.database, [id])).get(id) ?? id;
  const served = await modelInService(shop);
  const row = served?.rowOf.get(own);
  if (!served || row === undefined) return [];
  const ranked = companions(served.model, row).map((companion) => ({
    product_id: served.model.productIds[companion.row] ?? 0,
    score: Math.min(1, companion.score),
    reason: `Bought together with ${name}`,
  }));
  return takeBuyable(shop, ranked, {}, limit);
}

/** What lies in the same orders as this product, best first. */
export function companions({ together }: StoredModel, row: number): { row: number; score: number }[] {
  const found: { row: number; score: number }[] = [];
  for (let at = row * together.width; at < (row + 1) * together.width; at++) {
    const other = together.products[at] ?? -1;
    if (other < 0) break;
    found.push({ row: other, score: together.scores[at] ?? 0 });
  }
  return found;
}
