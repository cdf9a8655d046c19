import { findParentsOf } from "../../catalog/queries";
import type { Shop } from "../../shop/shop";
import { likeness } from "../model/likeness";
import { type Habit, HABIT_IN_CART, habitsOf, nextOrderScore } from "../model/next-basket";
import { scoreAll, shownScore } from "../model/score";
import type { ListQuery, Recommendation, Recommendations, RecommendQuery } from "../schema";
import { orderLinesOf, timesText } from "./buy-again";
import { type Bounds, bestOf, bestSellers } from "./candidates";
import { type CausedLine, type Customer, historyOf, readCustomer } from "./customer";
import { expanded } from "./expand";
import { noteShown } from "./impressions";
import { modelFor, modelInService } from "./model-in-service";
import type { ServedModel } from "./served-model";
import { BEST_SELLER, POPULAR, reasonAlone, reasonsFor } from "./reasons";
import { companions } from "./similar";

export const DEFAULT_LIMIT = 10;

/**
 * Products that a customer may want next: none that they have bought or have in the cart, none that can't be bought now. To go
 * with a cart there is also what they always buy. What they did a moment ago counts already. Throws `not_found` for an unknown customer.
 */
export async function recommend(shop: Shop, userId: number, query: RecommendQuery): Promise<Recommendations> {
  const { recommendations } = await listFor(shop, userId, query);
  return { user_id: userId, recommendations: await expanded(shop, query, recommendations) };
}

/** The same list, and a note that the customer was shown it, which clicks and purchases are counted against. */
export async function recommendTo(shop: Shop, userId: number, query: RecommendQuery): Promise<Recommendations> {
  const { model_id, recommendations } = await listFor(shop, userId, query);
  const products = recommendations.map(({ product_id }) => product_id);
  noteShown(shop, { user_id: userId, context: query.context ?? "homepage", model_id, products });
  return { user_id: userId, recommendations: await expanded(shop, query, recommendations) };
}

async function listFor(shop: Shop, userId: number, asked: RecommendQuery) {
  const query = await ofParent(shop, asked);
  const [customer, served] = await Promise.all([readCustomer(shop, userId), modelFor(shop, userId)]);
  const { bought, inCart, refused } = customer;
  // Who fills a cart is reminded of what they always buy; everywhere else a list is of what is new to them.
  const reminded =
    query.context === "cart" && inCart.length > 0 && (served?.model.repeatRate ?? 0) >= REPEAT_RATE_LEAST;
  const habits = reminded ? habitsOf(await orderLinesOf(shop, userId), served?.model.habits) : [];
  const had = reminded ? [] : bought.map(({ product_id }) => product_id);
  const unwanted = new Set([...had, ...inCart, ...refused]);
  if (query.product_id !== undefined) unwanted.add(query.product_id);
  if (asked.product_id !== undefined) unwanted.add(asked.product_id);
  const bounds = boundsOf(query, unwanted);
  const own = served ? await fromModel(shop, served, query, customer, bounds, habits) : [];
  return { model_id: served?.id ?? null, recommendations: await filled(shop, own, bounds) };
}

/** On the page of a variant the list is that of its parent. */
async function ofParent({ database }: Shop, query: RecommendQuery): Promise<RecommendQuery> {
  if (query.product_id === undefined) return query;
  const parent = (await findParentsOf(database, [query.product_id])).get(query.product_id);
  return parent === undefined ? query : { ...query, product_id: parent };
}

/** The most popular products, for callers without an account. */
export async function popular(shop: Shop, query: ListQuery): Promise<Recommendation[]> {
  const served = await modelInService(shop);
  const bounds = boundsOf(query, new Set());
  if (!served) return filled(shop, [], bounds);
  const { model } = served;
  // The trend as it is, also where a model gives it no weight in the lists of customers.
  const found = await bestOf(shop, served, model.trend, bounds);
  const recommendations = found.map(({ product_id, row, score }) => ({
    product_id,
    score: shownScore(score),
    reason: reasonAlone(model, row),
  }));
  return filled(shop, recommendations, bounds);
}

function boundsOf({ limit = DEFAULT_LIMIT, ...filter }: ListQuery, unwanted: ReadonlySet<number>): Bounds {
  const { category, min_price, max_price } = filter;
  return { limit, unwanted, filter: { category, min_price, max_price } };
}

async function fromModel(
  shop: Shop,
  served: ServedModel,
  query: RecommendQuery,
  customer: Customer,
  bounds: Bounds,
  habits: readonly Habit[],
): Promise<Recommendation[]> {
  const { model, statistics } = served;
  const now = atHand(query, customer).flatMap((id) => served.rowOf.get(id) ?? []);
  const context = now.length > 0 ? (query.context ?? "homepage") : "homepage";
  const history: CausedLine[] =
    now.length > 0
      ? now.map((product) => ({ product, ageDays: 0, newerOrders: 0, cause: "at hand" }))
      : historyOf(customer, served);
  const scored = scoreAll(model, statistics, history);
  if (context !== "homepage") addCompanions(model, scored.scores, now);
  if (context === "product") addLikeness(scored.scores, now, (row) => likeness(model, statistics, row));
  addHabits(served, scored.scores, habits);
  const found = await bestOf(shop, served, scored.scores, bounds);
  const timesOf = new Map(habits.map((habit) => [habit.product_id, timesText(habit)]));
  const reasons = await reasonsFor(shop, { model, scored, history, context }, found);
  return found.map(({ product_id, score }, at) => ({
    product_id,
    score: shownScore(score),
    reason: timesOf.get(product_id) ?? reasons[at] ?? POPULAR,
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

/** Below so little is bought again that a cart need not be reminded of anything. */
const REPEAT_RATE_LEAST = 0.1;
/** The scores of a cart's list shrink by so much to make room for habits, and stay within what `shownScore` can show. */
const HABITS_SCALE = 0.25;

function addHabits({ model, rowOf }: ServedModel, scores: Float32Array, habits: readonly Habit[]): void {
  if (habits.length === 0) return;
  for (let row = 0; row < scores.length; row++) scores[row] = HABITS_SCALE * (scores[row] ?? 0);
  for (const habit of habits) {
    const row = rowOf.get(habit.product_id);
    if (row === undefined) continue;
    const likely = nextOrderScore(habit, model.trend[row] ?? 0, model.habits);
    scores[row] = (scores[row] ?? 0) + HABITS_SCALE * HABIT_IN_CART * likely;
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
