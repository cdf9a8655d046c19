import { findAccount } from "../accounts/queries";
import { findCartLines } from "../carts/queries";
import type { ProductFilter } from "../catalog/filters";
import { listBestSellers, pickBuyable } from "../catalog/shelf";
import { ShopError } from "../errors";
import { type Bought, listBought } from "../orders/purchases";
import type { Shop } from "../shop";
import { highest } from "./model/ranking";
import { foldIn, type History, scoreAll, shownScore } from "./model/taste";
import { modelInService, type ServedModel } from "./model-in-service";
import type { Context, Recommendations } from "./schema";
import { DAY_MS } from "./training-data";

export interface Wish {
  context?: Context | undefined;
  limit?: number | undefined;
  /** What the customer looks at, for the context "product". */
  product_id?: number | undefined;
}

type Recommendation = Recommendations["recommendations"][number];

const DEFAULT_LIMIT = 10;

/** What a taste is made from: more adds nothing, and someone who buys for a whole town should not wait longer. */
const LONGEST_HISTORY = 500;

/**
 * Products that a customer may want next: none that they have bought or have in the cart, none that can't be bought now.
 * What they did a moment ago counts already. Throws `not_found` for an unknown customer.
 */
export async function recommend(shop: Shop, userId: number, wish: Wish): Promise<Recommendations> {
  const { context = "homepage", limit = DEFAULT_LIMIT, product_id } = wish;
  const { database } = shop;
  if (!(await findAccount(database, userId))) throw new ShopError("not_found", "There is no such user.");
  const bought = await listBought(database, userId);
  const inCart = (await findCartLines(database, userId)).map((line) => line.product_id);
  const unwanted = new Set([...bought.map((product) => product.product_id), ...inCart]);
  if (product_id !== undefined) unwanted.add(product_id);
  const served = await modelInService(shop);
  const recommendations = served
    ? await fromModel(shop, served, historyFor({ context, product_id, inCart, bought, served }), unwanted, limit)
    : [];
  if (recommendations.length < limit) {
    for (const { product_id } of recommendations) unwanted.add(product_id);
    const lowest = recommendations.at(-1)?.score ?? 1;
    recommendations.push(...(await bestSellers(shop, unwanted, limit - recommendations.length, lowest)));
  }
  return { user_id: userId, recommendations };
}

/** What the taste of this moment is made from: the cart, the product on the page, or else everything bought before. */
function historyFor({
  context,
  product_id,
  inCart,
  bought,
  served: { model, rowOf },
}: {
  context: Context;
  product_id: number | undefined;
  inCart: number[];
  bought: Bought[];
  served: ServedModel;
}): History {
  const now = context === "cart" ? inCart : context === "product" && product_id !== undefined ? [product_id] : [];
  const ages: [productId: number, ageDays: number][] =
    now.length > 0
      ? now.map((productId) => [productId, 0])
      : bought
          .slice(0, LONGEST_HISTORY)
          .map((product) => [product.product_id, model.newestDay - Date.parse(product.last_placed_at) / DAY_MS]);
  return ages.flatMap(([productId, ageDays]) => {
    const product = rowOf.get(productId);
    return product === undefined ? [] : [{ product, ageDays }];
  });
}

/** The best products of the model that may be shown. Whether one can be bought is asked on the way down the ranking. */
async function fromModel(
  shop: Shop,
  { model, shelf }: ServedModel,
  history: History,
  unwanted: ReadonlySet<number>,
  limit: number,
): Promise<Recommendation[]> {
  const scores = scoreAll(model, shelf, foldIn(model, shelf, history));
  const found: Recommendation[] = [];
  let looked = 0;
  for (let depth = 4 * limit + unwanted.size; ; depth *= 4) {
    const ranking = highest(scores, depth);
    const ids = ranking.slice(looked).flatMap((row) => {
      const id = model.productIds[row];
      return id === undefined || unwanted.has(id) ? [] : [{ id, score: scores[row] ?? 0 }];
    });
    for (let start = 0; start < ids.length && found.length < limit; start += IDS_AT_ONCE) {
      const chunk = ids.slice(start, start + IDS_AT_ONCE);
      const buyable = await pickBuyable(
        shop.database,
        chunk.map(({ id }) => id),
        NO_FILTER,
        shop.settings,
      );
      for (const { id, score } of chunk) {
        if (buyable.has(id) && found.length < limit) found.push({ product_id: id, score: shownScore(score) });
      }
    }
    looked = ranking.length;
    if (found.length === limit || ranking.length < depth) return found;
  }
}

const IDS_AT_ONCE = 256;
const NO_FILTER: ProductFilter = {};

/** What sells best, to fill a list that has nothing better. Its scores stay below what stands before it. */
async function bestSellers(
  shop: Shop,
  unwanted: ReadonlySet<number>,
  limit: number,
  below: number,
): Promise<Recommendation[]> {
  const sellers = await listBestSellers(shop.database, NO_FILTER, limit + unwanted.size, shop.settings);
  return sellers
    .filter(({ id }) => !unwanted.has(id))
    .slice(0, limit)
    .map(({ id, ordered }) => ({ product_id: id, score: (below * ordered) / (ordered + HALF_SCORE_UNITS) }));
}

/** A product that sold so many units gets half a point as a best seller. */
const HALF_SCORE_UNITS = 1_000;
