import { pairedBootstrap } from "../model/metrics";
import { type HabitOptions, habitOptions, type OrderOfProducts, strengthsOf, usualHabits } from "../model/next-basket";
import { seeded } from "../model/random";
import { type Purchases, splitAfter } from "../model/split";
import { newestDayOf, trendOf } from "../model/time";
import type { TrainingSettings } from "../schema";
import { CUSTOMERS_TO_JUDGE_BY } from "./hold-back";
import { lastOrdersOf } from "./occasions";

const CUSTOMERS_MOST = 1_000;
const LIST = 10;

/** A customer's orders but the last, and which products of them the last one holds. */
interface Case {
  orders: readonly OrderOfProducts[];
  products: readonly number[];
  isWanted: readonly boolean[];
}

/**
 * How habits fade in this shop: each customer's last order is foretold from those before it, in every way that is worth
 * trying. The usual way stays where none is surely better.
 */
export function chooseHabits(
  purchases: Purchases,
  { trend_half_life_days, trend_smoothing }: Pick<TrainingSettings, "trend_half_life_days" | "trend_smoothing">,
): HabitOptions {
  const isLast = lastOrdersOf(purchases);
  const { train } = splitAfter(purchases, isLast);
  const cases = casesOf(purchases, isLast);
  if (cases.length < CUSTOMERS_TO_JUDGE_BY) return usualHabits;
  const trend = trendOf(train, newestDayOf(train), trend_half_life_days, trend_smoothing);
  const judged = new Map(habitOptions.map((options) => [options, new Float64Array(cases.length)]));
  cases.forEach((one, at) => {
    for (const [options, gains] of judged) gains[at] = gainOf(one, options, trend);
  });
  const mean = (options: HabitOptions) => judged.get(options)!.reduce((sum, gain) => sum + gain, 0) / cases.length;
  const best = habitOptions.reduce((most, options) => (mean(options) > mean(most) ? options : most), usualHabits);
  const lead = pairedBootstrap(judged.get(best)!, judged.get(usualHabits)!, seeded(1));
  return lead.low > 0 ? best : usualHabits;
}

function casesOf({ customerCount, customers, products, days }: Purchases, isLast: (at: number) => boolean): Case[] {
  const random = seeded(1);
  const histories: Map<number, Set<number>>[] = Array.from({ length: customerCount }, () => new Map());
  const wanted: Set<number>[] = Array.from({ length: customerCount }, () => new Set());
  for (let at = 0; at < days.length; at++) {
    const own = histories[customers[at]!]!;
    if (isLast(at)) wanted[customers[at]!]!.add(products[at]!);
    else own.set(days[at]!, (own.get(days[at]!) ?? new Set()).add(products[at]!));
  }
  return histories
    .map((history, customer) => ({ history, wanted: wanted[customer]!, lot: random() }))
    .filter((one) => one.history.size > 0 && one.wanted.size > 0)
    .toSorted((a, b) => a.lot - b.lot)
    .slice(0, CUSTOMERS_MOST)
    .map((one) => {
      const known = [...new Set([...one.history.values()].flatMap((order) => [...order]))];
      return {
        orders: Array.from(one.history, ([day, order]) => ({ day, products: [...order] })),
        products: known,
        isWanted: known.map((product) => one.wanted.has(product)),
      };
    });
}

/** NDCG@10, but for a factor that is the same for all options. */
function gainOf({ orders, products, isWanted }: Case, options: HabitOptions, trend: Float32Array): number {
  const strengths = strengthsOf(orders, options);
  const ranked = products
    .map((product, at) => ({
      isWanted: isWanted[at]!,
      score: (strengths.get(product) ?? 0) + options.trend_share * trend[product]!,
    }))
    .toSorted((a, b) => b.score - a.score);
  return ranked.slice(0, LIST).reduce((gain, one, place) => gain + (one.isWanted ? 1 / Math.log2(place + 2) : 0), 0);
}
