import { type FactorizeOptions, halfSteps } from "./als";
import { type CoOccurrenceName, coOccurrences, coOccurring } from "./co-occurrence";
import type { Model, ScoringOptions } from "./customer-vector";
import { ease } from "./ease";
import { type Neighbours, noNeighbours } from "./neighbours";
import { lossOf } from "./loss";
import type { Pairs } from "./purchases";
import { seeded } from "./random";
import { newestDayOf, trendOf, weighPairs } from "./time";

/** Everything that a training can be told. */
export interface TrainingOptions extends ScoringOptions, Omit<FactorizeOptions, "random"> {
  readonly neighbours: CoOccurrenceName | "ease" | "none";
  /** Of each product, the strongest so many. */
  readonly neighbours_kept: number;
  readonly trend_half_life_days: number;
  /** Buyers granted to every product before trends are compared. */
  readonly trend_smoothing: number;
  /** The same seed gives the same model. */
  readonly seed: number;
}

type Step = (done: number, total: number) => void | Promise<void>;

/** The parts of models of the same purchases: what two of them share is trained once. */
export type TrainedParts = Map<string, unknown>;

/** Where it is written down how far the factors had come. */
interface Watched {
  /** What they lower, at first and after each epoch. */
  learning?: number[];
}

/** A model from purchases. `afterStep` is awaited after each of 2 · epochs steps, so that others get their turn. */
export async function trainModel(
  pairs: Pairs,
  options: TrainingOptions,
  afterStep: Step = () => {},
  parts: TrainedParts = new Map(),
  watched: Watched = {},
): Promise<Model> {
  const newestDay = newestDayOf(pairs);
  const withFactors = options.factors_weight > 0;
  const withNeighbours = options.neighbours !== "none" && options.neighbours_weight > 0;
  const products = withFactors
    ? await shared(parts, factorsKey(options), () => factorsOf(pairs, options, afterStep, watched))
    : new Float32Array();
  const neighbours = withNeighbours
    ? await shared(parts, neighboursKey(options), async () => {
        const found = neighboursOf(pairs, options);
        await afterStep(1, 1);
        return found;
      })
    : noNeighbours(pairs.productCount);
  const trend = await shared(parts, trendKey(options), () =>
    trendOf(pairs, newestDay, options.trend_half_life_days, options.trend_smoothing),
  );
  return { factors: withFactors ? options.factors : 0, products, neighbours, trend, newestDay, options };
}

async function shared<Part>(parts: TrainedParts, key: string, train: () => Part | Promise<Part>): Promise<Part> {
  const known = parts.get(key);
  // Only this function writes under a key, and a key says how its part is trained.
  if (known !== undefined) return known as Part;
  const part = await train();
  parts.set(key, part);
  return part;
}

async function factorsOf(
  pairs: Pairs,
  options: TrainingOptions,
  afterStep: Step,
  { learning }: Watched,
): Promise<Float32Array> {
  const likes = weighPairs(pairs, newestDayOf(pairs), options);
  const given = { ...options, random: seeded(options.seed) };
  let products: Float32Array = new Float32Array();
  let done = 0;
  for (const factors of halfSteps(likes, given)) {
    products = factors.products;
    done++;
    // After the first half-step the products are as they were drawn.
    if (done === 1 || done % 2 === 0) learning?.push(lossOf(factors, likes, given));
    await afterStep(done, 2 * options.epochs);
  }
  // Out of the memory that the training worked in, which is much larger.
  return products.slice();
}

function neighboursOf(pairs: Pairs, { neighbours, neighbours_kept: kept }: TrainingOptions): Neighbours {
  if (neighbours === "none") return noNeighbours(pairs.productCount);
  return neighbours === "ease" ? ease(pairs, kept) : coOccurring(pairs, coOccurrences[neighbours], kept);
}

export function factorsKey(options: TrainingOptions): string {
  const { factors, epochs, unobserved, regularization, recency_half_life_days, recency_floor, seed } = options;
  return `factors ${[factors, epochs, unobserved, regularization, recency_half_life_days, recency_floor, seed].join()}`;
}

export function neighboursKey({ neighbours, neighbours_kept }: TrainingOptions): string {
  return `neighbours ${neighbours} ${neighbours_kept}`;
}

function trendKey({ trend_half_life_days, trend_smoothing }: TrainingOptions): string {
  return `trend ${trend_half_life_days} ${trend_smoothing}`;
}
