import type { Pairs, Sparse } from "./purchases";

/** Half of it is left after `halfLife` days. */
export function decay(ageDays: number, halfLife: number): number {
  return 2 ** (-Math.max(0, ageDays) / halfLife);
}

export interface RecencyOptions {
  /** Days after which a purchase counts half. */
  readonly recency_half_life_days: number;
  /** What is left of the oldest purchase. */
  readonly recency_floor: number;
}

/** What a purchase this old counts. Buying again renews it; how often or how much does not matter (it was tried, and hurt). */
export function recency(ageDays: number, { recency_half_life_days, recency_floor }: RecencyOptions): number {
  return recency_floor + decay(ageDays, recency_half_life_days);
}

/** Each pair with the weight of its last purchase. Ages count back from `newestDay`. */
export function weighPairs(pairs: Pairs, newestDay: number, options: RecencyOptions): Sparse {
  return {
    rows: pairs.customerCount,
    columns: pairs.productCount,
    starts: pairs.starts,
    indices: pairs.products,
    weights: Float32Array.from(pairs.lastDays, (day) => recency(newestDay - day, options)),
  };
}

/** The newest purchase of all, which ages count back from; −∞ where there is none. */
export function newestDayOf({ lastDays }: Pairs): number {
  return newestOf(lastDays);
}

/** −∞ where there are none. */
export function newestOf(days: ArrayLike<number>): number {
  let newest = -Infinity;
  for (let at = 0; at < days.length; at++) newest = Math.max(newest, days[at]!);
  return newest;
}

/** For each product, how many customers bought it of late: each counts once, by their last purchase of it. */
export function recentBuyers(pairs: Pairs, newestDay: number, halfLifeDays: number): Float64Array {
  const buyers = new Float64Array(pairs.productCount);
  pairs.products.forEach((product, at) => {
    buyers[product]! += decay(newestDay - pairs.lastDays[at]!, halfLifeDays);
  });
  return buyers;
}

/** Purchases, faded by their age, that a trend must stand on. */
const TREND_PURCHASES_LEAST = 200;
const TREND_HALF_LIFE_MOST_DAYS = 730;

/** Where little is sold, fashion is a matter of months: so many days, doubled until enough purchases are behind them. */
export function trendHalfLife(pairs: Pairs, newestDay: number, halfLifeDays: number): number {
  let days = halfLifeDays;
  for (; days < TREND_HALF_LIFE_MOST_DAYS; days *= 2) {
    const purchases = recentBuyers(pairs, newestDay, days).reduce((sum, buyers) => sum + buyers, 0);
    if (purchases >= TREND_PURCHASES_LEAST) return days;
  }
  return days;
}

/**
 * How much a product is in fashion, as a number of standard deviations from the average product that was ever bought: the
 * logarithm of its recent buyers, with `smoothing` buyers granted to everyone, so that one lucky sale is no fashion.
 */
export function trendOf(pairs: Pairs, newestDay: number, halfLifeDays: number, smoothing: number): Float32Array {
  const days = trendHalfLife(pairs, newestDay, halfLifeDays);
  const logs = recentBuyers(pairs, newestDay, days).map((buyers) => Math.log(buyers + smoothing));
  const bought = new Set(pairs.products);
  let sum = 0;
  let squares = 0;
  for (const product of bought) {
    sum += logs[product]!;
    squares += logs[product]! ** 2;
  }
  const mean = sum / bought.size;
  const deviation = Math.sqrt(Math.max(0, squares / bought.size - mean ** 2));
  return Float32Array.from(logs, (log) => (deviation > 1e-9 ? (log - mean) / deviation : 0));
}
