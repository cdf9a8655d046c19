import { DAY_MS } from "../model/time";
import { findAccount } from "../../accounts/queries";
import { findCartLines } from "../../carts/queries";
import { ShopError } from "../../base/errors";
import { type Bought, listBought } from "../../orders/purchases";
import type { Shop } from "../../shop/shop";
import { type Bounds, bestOf, bestSellers } from "./candidates";
import { noteShown } from "./impressions";
import { foldIn, type History, likeness, scoreAll, shownScore } from "../model/customer-vector";
import { modelFor, modelInService, type ServedModel } from "./model-in-service";
import { listDismissed } from "../evaluate/queries";
import { BEST_SELLER, POPULAR, reasonsFor } from "./reasons";
import type { ListQuery, Recommendation, Recommendations, RecommendQuery } from "../schema";
import { companions } from "./similar";

export const DEFAULT_LIMIT = 10;

/** What a customer vector is made from: more purchases add nothing, and a buyer of thousands should not wait longer. */
const HISTORY_PRODUCTS_MOST = 500;

/** What a customer has done so far, as far as recommending goes. */
interface Customer {
  bought: Bought[];
  inCart: number[];
}

/**
 * Products that a customer may want next: none that they have bought or have in the cart, none that can't be bought now.
 * What they did a moment ago counts already. Throws `not_found` for an unknown customer.
 */
export async function recommend(shop: Shop, userId: number, query: RecommendQuery): Promise<Recommendations> {
  const { recommendations } = await listFor(shop, userId, query);
  return { user_id: userId, recommendations };
}

/** The same list, and a note that the customer was shown it, which clicks and purchases are counted against. */
export async function recommendTo(shop: Shop, userId: number, query: RecommendQuery): Promise<Recommendations> {
  const { model_id, recommendations } = await listFor(shop, userId, query);
  const products = recommendations.map(({ product_id }) => product_id);
  noteShown(shop, { user_id: userId, context: query.context ?? "homepage", model_id, products });
  return { user_id: userId, recommendations };
}

async function listFor(shop: Shop, userId: number, query: RecommendQuery) {
  const { database } = shop;
  const [account, bought, cart, dismissed, served] = await Promise.all([
    findAccount(database, userId),
    listBought(database, userId),
    findCartLines(database, userId),
    listDismissed(database, userId),
    modelFor(shop, userId),
  ]);
  if (!account) throw new ShopError("not_found", "There is no such user.");
  const customer = { bought, inCart: cart.map((line) => line.product_id) };
  const unwanted = new Set([...bought.map((product) => product.product_id), ...customer.inCart, ...dismissed]);
  if (query.product_id !== undefined) unwanted.add(query.product_id);
  const bounds = boundsOf(query, unwanted);
  const own = served ? await fromModel(shop, served, query, customer, bounds) : [];
  return { model_id: served?.id ?? null, recommendations: await filled(shop, own, bounds) };
}

/** The most popular products, for callers without an account. */
export async function popular(shop: Shop, query: ListQuery): Promise<Recommendation[]> {
  const served = await modelInService(shop);
  const bounds = boundsOf(query, new Set());
  if (!served) return filled(shop, [], bounds);
  const { model, statistics } = served;
  const found = await bestOf(shop, model, scoreAll(model, statistics, foldIn(model, statistics, [])), bounds);
  const recommendations = found.map(({ product_id, score }) => ({
    product_id,
    score: shownScore(score),
    reason: POPULAR,
  }));
  return filled(shop, recommendations, bounds);
}

export function boundsOf({ limit = DEFAULT_LIMIT, ...filter }: ListQuery, unwanted: ReadonlySet<number>): Bounds {
  const { category, min_price, max_price } = filter;
  return { limit, unwanted, filter: { category, min_price, max_price } };
}

async function fromModel(
  shop: Shop,
  { model, statistics, rowOf }: ServedModel,
  query: RecommendQuery,
  customer: Customer,
  bounds: Bounds,
): Promise<Recommendation[]> {
  const now = atHand(query, customer).flatMap((id) => rowOf.get(id) ?? []);
  const context = now.length > 0 ? (query.context ?? "homepage") : "homepage";
  const history: History =
    now.length > 0
      ? now.map((product) => ({ product, ageDays: 0 }))
      : customer.bought.slice(0, HISTORY_PRODUCTS_MOST).flatMap(({ product_id, last_placed_at }) => {
          const product = rowOf.get(product_id);
          const ageDays = model.newestDay - Date.parse(last_placed_at) / DAY_MS;
          return product === undefined ? [] : [{ product, ageDays }];
        });
  const customerVector = foldIn(model, statistics, history);
  const scores = scoreAll(model, statistics, customerVector);
  if (context !== "homepage") addCompanions(model, scores, now);
  if (context === "product") addLikeness(scores, now, (row) => likeness(model, statistics, row));
  const found = await bestOf(shop, model, scores, bounds);
  const reasons = await reasonsFor(shop, { model, customerVector, history, context }, found);
  return found.map(({ product_id, score }, at) => ({
    product_id,
    score: shownScore(score),
    reason: reasons[at] ?? POPULAR,
  }));
}

/** What the customer has before them: the cart, or the product on the page. */
function atHand({ context, product_id }: RecommendQuery, { inCart }: Customer): number[] {
  if (context === "cart") return inCart;
  return context === "product" && product_id !== undefined ? [product_id] : [];
}

/** Standard deviations of taste that it is worth to lie in every order that what is at hand lies in. */
const TOGETHER_WEIGHT = 8;
/** The same for being wholly alike. */
const LIKENESS_WEIGHT = 2;

function addCompanions(model: ServedModel["model"], scores: Float32Array, rows: readonly number[]): void {
  for (const row of rows) {
    for (const { row: other, score } of companions(model, row)) {
      scores[other] = (scores[other] ?? 0) + (TOGETHER_WEIGHT * score) / Math.sqrt(rows.length);
    }
  }
}

function addLikeness(scores: Float32Array, rows: readonly number[], likenessTo: (row: number) => Float32Array): void {
  for (const row of rows) {
    likenessTo(row).forEach((alike, other) => {
      scores[other] = (scores[other] ?? 0) + LIKENESS_WEIGHT * alike;
    });
  }
}

/** As long as it was asked to be, if the shop has so much: best sellers come last. */
async function filled(shop: Shop, list: Recommendation[], bounds: Bounds): Promise<Recommendation[]> {
  const missing = bounds.limit - list.length;
  if (missing === 0) return list;
  const unwanted = new Set([...bounds.unwanted, ...list.map(({ product_id }) => product_id)]);
  const sellers = await bestSellers(shop, { ...bounds, unwanted, limit: missing }, list.at(-1)?.score);
  return [...list, ...sellers.map((seller) => ({ ...seller, reason: BEST_SELLER }))];
}
