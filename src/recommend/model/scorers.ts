import { type Model, statisticsOf } from "./customer-vector";
import type { History } from "./history";
import type { Scorer } from "./metrics";
import { scoreAll } from "./score";

/** How a model answers in service: the customer is folded in from their history, whether or not it was trained on them. */
export function modelScorer(model: Model, historyOf: (customer: number) => History): Scorer {
  const statistics = statisticsOf(model);
  return ({ customer }, into) => into.set(scoreAll(model, statistics, historyOf(customer)).scores);
}
