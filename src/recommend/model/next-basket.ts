import type { Pairs } from "./purchases";
import { decay } from "./time";
import { DAY_MS } from "../../base/time";

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

/** How habits fade, and what a product's trend counts between those that are nearly as strong. */
export interface HabitOptions {
  /** What is left of an order's part in a habit with each newer order of the customer. */
  readonly order_decay: number;
  /** Days after which half of it is left. */
  readonly half_life_days: number;
  /** What a standard deviation of a product's trend is worth, in orders of yesterday. */
  readonly trend_share: number;
}

/** What suits most shops, see docs/decisions. */
export const usualHabits: HabitOptions = { order_decay: 0.9, half_life_days: 365, trend_share: 0.2 };

/** What a training tries. */
export const habitOptions: readonly HabitOptions[] = [
  usualHabits,
  ...[1, 0.9, 0.75].flatMap((order_decay) =>
    [36_500, 365, 120, 40].flatMap((half_life_days) =>
      [0.05, 0.2, 0.5, 1].map((trend_share) => ({ order_decay, half_life_days, trend_share })),
    ),
  ),
];

/** One order: when, in days, and its different products. */
export interface OrderOfProducts {
  readonly day: number;
  readonly products: readonly number[];
}

/**
 * Personal frequency that fades twice over, by orders as in TIFU-kNN (Hu et al., SIGIR 2020) and by days, which count back from
 * the customer's own newest order. The lines are given in any order.
 */
export function habitsOf(lines: readonly OrderLine[], options: HabitOptions = usualHabits): Habit[] {
  // Two lines of one product in one order are one.
  const orders = [...Map.groupBy(lines, (line) => line.order_id).values()].map((own) => ({
    day: Date.parse(own[0]?.placed_at ?? "") / DAY_MS,
    products: [...new Set(own.map((line) => line.product_id))],
  }));
  const times = new Map<number, number>();
  for (const { products } of orders) for (const product of products) times.set(product, (times.get(product) ?? 0) + 1);
  return Array.from(strengthsOf(orders, options), ([product_id, strength]) => ({
    product_id,
    times: times.get(product_id) ?? 0,
    strength,
  }));
}

/** How much of a habit each product is: what its orders count, added up. Orders of one moment are equally new. */
export function strengthsOf(
  orders: readonly OrderOfProducts[],
  { order_decay, half_life_days }: HabitOptions,
): Map<number, number> {
  const days = [...new Set(orders.map(({ day }) => day))].toSorted((a, b) => b - a);
  const newest = days[0] ?? 0;
  const weights = new Map(days.map((day, newer) => [day, order_decay ** newer * decay(newest - day, half_life_days)]));
  const strengths = new Map<number, number>();
  for (const { day, products } of orders) {
    const weight = weights.get(day) ?? 0;
    for (const product of products) strengths.set(product, (strengths.get(product) ?? 0) + weight);
  }
  return strengths;
}

/**
 * How likely it is that the next order holds it: the habit, and between habits that are nearly as strong the product's trend.
 * The trend is what makes it better than TIFU-kNN's neighbours, see docs/decisions.
 */
export function nextOrderScore(
  { strength }: Pick<Habit, "strength">,
  trend: number,
  { trend_share }: HabitOptions = usualHabits,
): number {
  return strength + trend_share * trend;
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
