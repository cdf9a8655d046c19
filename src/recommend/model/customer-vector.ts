import { ridgeOf } from "./als";
import { choleskyOf, solveFactorized } from "./cholesky";
import { type History, type QueryOptions, weightOf } from "./history";
import { type Features, sharing } from "./features";
import type { Neighbours } from "./neighbours";
import { addToGram, dotAt, mirrored, scannerFor } from "./workbench";

/** What scoring needs of a trained model. Products are rows. */
export interface Model {
  /** 0 where no vectors were trained. */
  readonly factors: number;
  /** One vector of `factors` numbers for each product. */
  readonly products: Float32Array;
  readonly neighbours: Neighbours;
  /** See `trendOf`. */
  readonly trend: Float32Array;
  /** Days since 1970 of the newest purchase that it was trained on. */
  readonly newestDay: number;
  readonly options: ScoringOptions;
  /** What tells of products that nobody has bought. */
  readonly features?: Features | undefined;
}

export interface ScoringOptions extends QueryOptions {
  readonly unobserved: number;
  readonly regularization: number;
  /** What a standard deviation of each part counts: the customer's vector, the neighbours of the history, the trend. */
  readonly factors_weight: number;
  readonly neighbours_weight: number;
  readonly trend_weight: number;
}

/** What all products have in common: made once for a model, used for every customer. */
export interface ProductStatistics {
  /** VᵀV */
  readonly gram: Float64Array;
  /** How many products have a vector, and the average of these. */
  readonly known: number;
  readonly mean: Float64Array;
  /** ‖v‖ of each product. */
  readonly lengths: Float32Array;
  /** How many products were ever bought. */
  readonly sold: number;
  /** Room for what the neighbours say about each product. */
  readonly near: Float32Array;
  /** ⟨v, vector⟩ for each product. Lasts until the next call. */
  scan(vector: ArrayLike<number>): Float32Array;
  /** Mean of ⟨v, vector⟩ over the known products v, and one over its deviation. */
  spreadOf(vector: Float64Array): { mean: number; scale: number };
}

type Counted = Omit<Model, "newestDay" | "options">;

export function statisticsOf(model: Counted): ProductStatistics {
  const steps = stepsOf(model);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same, with a pause now and then: of a hundred thousand products it takes the better part of a second. */
export async function statisticsInTurns(model: Counted, pause: () => Promise<void>): Promise<ProductStatistics> {
  const steps = stepsOf(model);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await pause();
  }
}

/** So many products are looked at in two or three milliseconds. */
const PRODUCTS_PER_STEP = 500;

function* stepsOf({ products, factors, trend, neighbours, features }: Counted): Generator<void, ProductStatistics> {
  const count = trend.length;
  const scanner = scannerFor(count, factors);
  const mean = new Float64Array(factors);
  const lengths = new Float32Array(count);
  const gram = new Float64Array(factors * factors);
  let known = 0;
  for (let from = 0; from < count; from += PRODUCTS_PER_STEP) {
    const to = Math.min(from + PRODUCTS_PER_STEP, count);
    for (let product = from; product < to; product++) {
      let square = 0;
      for (let k = 0; k < factors; k++) {
        const value = products[product * factors + k]!;
        mean[k]! += value;
        square += value ** 2;
      }
      lengths[product] = Math.sqrt(square);
      known += Number(lengths[product]! > 0);
    }
    addToGram(gram, products.subarray(from * factors, to * factors), factors);
    scanner.fill(products.subarray(from * factors, to * factors), from);
    yield;
  }
  mirrored(gram, factors);
  const average = mean.map((sum) => sum / Math.max(1, known));
  const sold = Math.max(known, yield* countDistinct(neighbours.products, count));
  if (features) yield* sharing(features);
  return {
    gram,
    mean: average,
    known,
    lengths,
    sold,
    near: new Float32Array(count),
    scan: scanner.scan,
    spreadOf: (vector) => spreadOf({ gram, mean: average, known }, vector),
  };
}

const ROWS_PER_STEP = 200_000;

function* countDistinct(rows: ArrayLike<number>, count: number): Generator<void, number> {
  const seen = new Uint8Array(count);
  let distinct = 0;
  for (let at = 0; at < rows.length; at++) {
    if (at % ROWS_PER_STEP === 0) yield;
    const row = rows[at]!;
    distinct += 1 - seen[row]!;
    seen[row] = 1;
  }
  return distinct;
}

/** What a customer likes, and L of the equation that it was solved from (LLᵀ), which tells how much each purchase had to do with it. */
export interface CustomerVector {
  readonly vector: Float64Array;
  readonly lower: Float64Array;
}

/**
 * A customer's vector from what they bought, against products that stand still: the customers' half of the training,
 * solved exactly for one row. All zeros without history.
 */
export function foldIn(model: Model, statistics: ProductStatistics, history: History): CustomerVector {
  const { factors, products, options } = model;
  const right = new Float64Array(factors);
  if (history.length === 0) return { vector: right, lower: right };
  const { gram } = statistics;
  const left = new Float64Array(gram.length);
  for (let at = 0; at < left.length; at++) left[at] = options.unobserved * gram[at]!;
  const ridge = ridgeOf(history.length, products.length / factors, options);
  for (let k = 0; k < factors; k++) left[k * factors + k]! += ridge;
  const vector = new Float64Array(factors);
  for (const line of history) {
    const weight = weightOf(line, options);
    const place = line.product * factors;
    for (let k = 0; k < factors; k++) vector[k] = products[place + k]!;
    // The lower half, row after row.
    for (let i = 0, row = 0; i < factors; i++, row += factors) {
      const factor = weight * vector[i]!;
      right[i]! += factor;
      for (let j = 0; j <= i; j++) left[row + j]! += factor * vector[j]!;
    }
  }
  const lower = choleskyOf(left, factors);
  solveFactorized(lower, right, factors);
  return { vector: right, lower };
}

/**
 * How much each purchase of the history has to do with the score of one product: ⟨v, vector⟩ is the sum of these (Hu, Koren
 * & Volinsky, 2008, section 5). `weights` are those of the lines, by `weightOf`.
 */
export function contributions(
  { factors, products }: Model,
  { lower }: CustomerVector,
  history: History,
  product: number,
  weights: readonly number[],
): number[] {
  const seen = Float64Array.from(products.subarray(product * factors, (product + 1) * factors));
  solveFactorized(lower, seen, factors);
  return history.map((line, at) => weights[at]! * dotAt(products, line.product * factors, seen));
}

/** Mean and deviation of ⟨v, vector⟩ over the known products v, from VᵀV and the mean product alone. */
function spreadOf({ gram, mean, known }: Pick<ProductStatistics, "gram" | "mean" | "known">, vector: Float64Array) {
  const size = vector.length;
  let average = 0;
  let square = 0;
  for (let i = 0; i < size; i++) {
    average += mean[i]! * vector[i]!;
    for (let j = 0; j < size; j++) square += vector[i]! * gram[i * size + j]! * vector[j]!;
  }
  const deviation = Math.sqrt(Math.max(0, square / Math.max(1, known) - average ** 2));
  return { mean: average, scale: deviation > 0 ? 1 / deviation : 0 };
}
