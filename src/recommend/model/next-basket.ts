import type { Pairs } from "./purchases";
import { DAY_MS, decay } from "./time";

/** One line of a customer's orders. */
export interface OrderLine {
  readonly order_id: number;
  readonly product_id: number;
  readonly placed_at: string;
}

/** How much of a habit buying a product is for one customer. */
export interface Habit {
  readonly product_id: number;
  /** In how many orders. */
  readonly times: number;
  /** Each of these counts less with every newer order of the customer, and with time. */
  readonly strength: number;
}

/** What is left of an order's part in a habit with each newer order, and the days after which half of it is. */
const ORDER_DECAY = 0.9;
const HABIT_HALF_LIFE_DAYS = 365;
/** What a standard deviation of a product's trend is worth, in orders of yesterday. */
const TREND_SHARE = 0.2;

/**
 * Personal frequency that fades twice over, by orders as in TIFU-kNN (Hu et al., SIGIR 2020) and by days, which count back from
 * the customer's own newest order. The lines are given in any order.
 */
export function habitsOf(lines: readonly OrderLine[]): Habit[] {
  const moments = [...new Set(lines.map((line) => line.placed_at))].toSorted().toReversed();
  const newest = Date.parse(moments[0] ?? "") / DAY_MS;
  const weights = new Map(
    moments.map((moment, newer) => [
      moment,
      ORDER_DECAY ** newer * decay(newest - Date.parse(moment) / DAY_MS, HABIT_HALF_LIFE_DAYS),
    ]),
  );
  return [...Map.groupBy(lines, (line) => line.product_id)].map(([product_id, own]) => {
    // Two lines of one product in one order are one.
    const orders = new Map(own.map((line) => [line.order_id, line.placed_at]));
    const strength = [...orders.values()].reduce((sum, moment) => sum + (weights.get(moment) ?? 0), 0);
    return { product_id, times: orders.size, strength };
  });
}

/**
 * How likely it is that the next order holds it: the habit, and between habits that are nearly as strong the product's trend.
 * The trend is what makes it better than TIFU-kNN's neighbours, see docs/decisions.
 */
export function nextOrderScore({ strength }: Pick<Habit, "strength">, trend: number): number {
  return strength + TREND_SHARE * trend;
}

/** A habit beside what goes with the cart: so many standard deviations of the latter is an order of yesterday worth. */
export const HABIT_IN_CART = 16;

/** Of the purchases after their customer's first order, the share whose product that customer had bought before. */
export function repeatRateOf({ customerCount, starts, firstDays, lastDays, counts }: Pairs): number {
  let later = 0;
  let repeated = 0;
  for (let customer = 0; customer < customerCount; customer++) {
    const from = starts[customer]!;
    const to = starts[customer + 1]!;
    let first = Infinity;
    for (let at = from; at < to; at++) first = Math.min(first, firstDays[at]!);
    for (let at = from; at < to; at++) {
      // Lines of one product in one order are one purchase.
      const again = lastDays[at]! > firstDays[at]! ? counts[at]! - 1 : 0;
      repeated += again;
      later += again + (firstDays[at]! > first ? 1 : 0);
    }
  }
  return later > 0 ? repeated / later : 0;
}
