/** A figure with the interval that holds it in 95 of 100 cases. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
}

/** What one customer was shown, and how much of it had success. */
export interface Tries {
  lists: number;
  hits: number;
}

/** How many deviations to either side hold 95 of 100 cases. */
const DEVIATIONS = 1.96;

interface Rate {
  mean: number;
  variance: number;
}

/**
 * The share of lists that had success, hits / lists. Lists of one customer are alike, so it is customers that vary: by the delta
 * method the variance of the ratio is m / (m − 1) · Σ (hits_u − mean · lists_u)² / (Σ lists_u)² for m customers (Deng, Knoblich &
 * Lu, KDD 2018). With fewer than two customers nothing is known of it, and everything is possible.
 */
function rateOf(customers: readonly Tries[]): Rate {
  const lists = customers.reduce((sum, one) => sum + one.lists, 0);
  if (lists === 0) return { mean: 0, variance: Infinity };
  const mean = customers.reduce((sum, { hits }) => sum + hits, 0) / lists;
  const squares = customers.reduce((sum, one) => sum + (one.hits - mean * one.lists) ** 2, 0);
  const count = customers.length;
  return { mean, variance: count < 2 ? Infinity : ((count / (count - 1)) * squares) / lists ** 2 };
}

/** That share with its interval, which stays from 0 to 1. */
export function shareWithInterval(customers: readonly Tries[]): Interval {
  const { mean, variance } = rateOf(customers);
  return around(mean, variance, 0, 1);
}

/** By how much the second share is larger, with its interval. The customers of the two are not the same. */
export function differenceWithInterval(one: readonly Tries[], other: readonly Tries[]): Interval {
  const [before, after] = [rateOf(one), rateOf(other)];
  return around(after.mean - before.mean, before.variance + after.variance, -1, 1);
}

function around(mean: number, variance: number, least: number, most: number): Interval {
  const width = DEVIATIONS * Math.sqrt(variance);
  return { mean, low: Math.max(least, mean - width), high: Math.min(most, mean + width) };
}
