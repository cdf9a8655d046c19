import type { Scorer } from "./metrics";
import type { Pairs } from "./purchases";
import { foldIn, type History, type Model, scoreAll, statisticsOf } from "./customer-vector";

/** How a model answers in service: the customer is folded in from their history, whether or not it was trained on them. */
export function modelScorer(model: Model, historyOf: (customer: number) => History): Scorer {
  const statistics = statisticsOf(model);
  return ({ customer }, into) => into.set(scoreAll(model, statistics, foldIn(model, statistics, historyOf(customer))));
}

/** A customer's history as a model that was trained on these pairs sees it. */
export function historyIn(pairs: Pairs, newestDay: number): (customer: number) => History {
  return (customer) => {
    const lines = [];
    for (let at = pairs.starts[customer]!; at < pairs.starts[customer + 1]!; at++) {
      lines.push({ product: pairs.products[at]!, ageDays: newestDay - pairs.lastDays[at]! });
    }
    return lines;
  };
}
