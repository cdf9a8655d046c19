import { halfSteps, type FactorizeOptions } from "./als";
import type { Pairs } from "./purchases";
import { seeded } from "./random";
import type { Model, ScoringOptions } from "./customer-vector";
import { newestDayOf, trendOf, weighPairs } from "./time";

/** Everything that a training can be told. */
export interface TrainingOptions extends ScoringOptions, Omit<FactorizeOptions, "random"> {
  readonly trend_half_life_days: number;
  /** Buyers granted to every product before trends are compared. */
  readonly trend_smoothing: number;
  /** The same seed gives the same model. */
  readonly seed: number;
}

/** A model from purchases. `afterStep` is awaited after each of 2 · epochs steps, so that others get their turn. */
export async function trainModel(
  pairs: Pairs,
  options: TrainingOptions,
  afterStep: (done: number, total: number) => void | Promise<void> = () => {},
): Promise<Model> {
  const newestDay = newestDayOf(pairs);
  const likes = weighPairs(pairs, newestDay, options);
  let products: Float32Array = new Float32Array();
  let done = 0;
  for (const factors of halfSteps(likes, { ...options, random: seeded(options.seed) })) {
    products = factors.products;
    await afterStep(++done, 2 * options.epochs);
  }
  // Out of the memory that the training worked in, which is much larger.
  products = products.slice();
  const trend = trendOf(pairs, newestDay, options.trend_half_life_days, options.trend_smoothing);
  return { factors: options.factors, products, trend, newestDay, options };
}
