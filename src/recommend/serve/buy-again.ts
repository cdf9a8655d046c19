import { findCartLines } from "../../carts/queries";
import { listBought } from "../../orders/purchases";
import type { Shop } from "../../shop/shop";
import { takeBuyable } from "./candidates";
import { DAY_MS, decay, newestOf } from "../model/time";
import type { Recommendation } from "../schema";

/** A habit fades by half in so many days without a purchase. */
const HABIT_HALF_LIFE_DAYS = 90;

/**
 * What a customer keeps buying, most faithfully bought first: by their own frequency, and how lately. A factor model is
 * worse at this than counting is. Ages count back from the customer's own newest order.
 */
export async function buyAgain(shop: Shop, userId: number, limit: number): Promise<Recommendation[]> {
  const [bought, cart] = await Promise.all([listBought(shop.database, userId), findCartLines(shop.database, userId)]);
  const inCart = new Set(cart.map((line) => line.product_id));
  const newest = newestOf(bought.map(({ last_placed_at }) => dayOf(last_placed_at)));
  const ranked = bought
    .filter(({ product_id }) => !inCart.has(product_id))
    .map(({ product_id, times, last_placed_at }) => {
      const habit = times * decay(newest - dayOf(last_placed_at), HABIT_HALF_LIFE_DAYS);
      return {
        product_id,
        score: habit / (habit + 1),
        reason: times === 1 ? "You bought it once" : `You bought it ${times} times`,
      };
    })
    .toSorted((a, b) => b.score - a.score || a.product_id - b.product_id);
  return takeBuyable(shop, ranked, {}, limit);
}

const dayOf = (moment: string) => Date.parse(moment) / DAY_MS;
