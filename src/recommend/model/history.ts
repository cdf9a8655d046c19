import type { Pairs } from "./purchases";
import { type RecencyOptions, recency } from "./time";

/** A product that a customer has bought, by row. */
export interface HistoryLine {
  readonly product: number;
  /** Days before the newest purchase of all. */
  readonly ageDays: number;
  /** How many orders of the same customer are newer than the last one with this product. */
  readonly newerOrders: number;
  /** What it counts beside a purchase; 1 where absent. A look counts less. */
  readonly share?: number;
}
export type History = readonly HistoryLine[];

export interface QueryOptions extends RecencyOptions {
  /** What is left of a purchase with each newer order of the same customer. 1 where only time counts. */
  readonly order_decay: number;
}

/** Beyond so many newer orders nothing fades further: the oldest purchases still say what a customer is like. */
const NEWER_ORDERS_MOST = 40;

/** What a purchase of the history counts when a customer is asked about. */
export function weightOf({ ageDays, newerOrders, share = 1 }: HistoryLine, options: QueryOptions): number {
  return share * recency(ageDays, options) * options.order_decay ** Math.min(newerOrders, NEWER_ORDERS_MOST);
}

/** A customer's history as of the newest purchase of these pairs. */
export function historyIn(pairs: Pairs, newestDay: number): (customer: number) => History {
  const newerOrders = newerOrdersOf(pairs);
  return (customer) => {
    const lines: HistoryLine[] = [];
    for (let at = pairs.starts[customer]!; at < pairs.starts[customer + 1]!; at++) {
      lines.push({
        product: pairs.products[at]!,
        ageDays: newestDay - pairs.lastDays[at]!,
        newerOrders: newerOrders[at]!,
      });
    }
    return lines;
  };
}

/** For each pair, how many different later moments its customer bought something at. */
export function newerOrdersOf({ starts, lastDays, customerCount }: Pairs): Uint16Array {
  const ranks = new Uint16Array(lastDays.length);
  for (let customer = 0; customer < customerCount; customer++) {
    const from = starts[customer]!;
    const moments = Float64Array.from(new Set(lastDays.subarray(from, starts[customer + 1]))).sort();
    const rankOf = new Map(Array.from(moments, (moment, at) => [moment, moments.length - 1 - at]));
    for (let at = from; at < starts[customer + 1]!; at++) ranks[at] = Math.min(65_535, rankOf.get(lastDays[at]!) ?? 0);
  }
  return ranks;
}
