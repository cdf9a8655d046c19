import { findCartLines } from "../../carts/queries";
import { findParentsOf } from "../../catalog/queries";
import { listOrderLines } from "../../orders/purchases";
import type { Shop } from "../../shop/shop";
import { type Habit, habitsOf, nextOrderScore, type OrderLine, usualHabits } from "../model/next-basket";
import type { Recommendation } from "../schema";
import { takeBuyable } from "./candidates";
import { modelInService } from "./model-in-service";
import type { ServedModel } from "./served-model";

/** What a habit is made from: the newest lines of a customer's orders. */
const LINES_MOST = 2_000;

/** What a customer keeps buying, by their own habits and the products' trends. Nothing else is in it. */
export async function buyAgain(shop: Shop, userId: number, limit: number): Promise<Recommendation[]> {
  const [lines, cart, served] = await Promise.all([
    orderLinesOf(shop, userId),
    findCartLines(shop.database, userId),
    modelInService(shop),
  ]);
  const options = served?.model.habits ?? usualHabits;
  const inCart = cart.map((line) => line.product_id);
  const parents = await findParentsOf(shop.database, inCart);
  const unwanted = new Set(inCart.flatMap((id) => [id, parents.get(id) ?? id]));
  const ranked = habitsOf(lines, options)
    .filter(({ product_id }) => !unwanted.has(product_id))
    .map((habit) => {
      const strength = Math.exp(nextOrderScore(habit, trendOf(served, habit.product_id), options));
      return { product_id: habit.product_id, score: strength / (strength + 1), reason: timesText(habit) };
    })
    .toSorted((a, b) => b.score - a.score || a.product_id - b.product_id);
  return takeBuyable(shop, ranked, {}, limit);
}

export function orderLinesOf({ database }: Pick<Shop, "database">, userId: number): Promise<OrderLine[]> {
  return listOrderLines(database, userId, LINES_MOST);
}

/** 0, the average product's, where there is no model or the model does not know the product. */
function trendOf(served: ServedModel | undefined, productId: number): number {
  const row = served?.rowOf.get(productId);
  return row === undefined ? 0 : (served?.model.trend[row] ?? 0);
}

export function timesText({ times }: Pick<Habit, "times">): string {
  return times === 1 ? "You bought it once" : `You bought it ${times} times`;
}
