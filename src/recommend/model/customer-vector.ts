import { ridgeOf } from "./als";
import { factorizeInPlace, solveFactorized } from "./cholesky";
import { type RecencyOptions, recency } from "./time";
import { dotAt, gramOf, scannerOf } from "./workbench";

/** What scoring needs of a trained model. Products are rows. */
export interface Model {
  readonly factors: number;
  /** One vector of `factors` numbers for each product. */
  readonly products: Float32Array;
  /** See `trendOf`. */
  readonly trend: Float32Array;
  /** Days since 1970 of the newest purchase that it was trained on. */
  readonly newestDay: number;
  readonly options: ScoringOptions;
}

export interface ScoringOptions extends RecencyOptions {
  readonly unobserved: number;
  readonly regularization: number;
  /** How many standard deviations of taste one of the trend is worth. */
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
  /** ⟨v, vector⟩ for each product. Lasts until the next call. */
  scan(vector: ArrayLike<number>): Float32Array;
}

export function statisticsOf({ products, factors }: Pick<Model, "products" | "factors">): ProductStatistics {
  const mean = new Float64Array(factors);
  products.forEach((value, at) => {
    mean[at % factors]! += value;
  });
  const lengths = new Float32Array(products.length / factors);
  for (let product = 0; product < lengths.length; product++) {
    let square = 0;
    for (let k = 0; k < factors; k++) square += products[product * factors + k]! ** 2;
    lengths[product] = Math.sqrt(square);
  }
  const known = lengths.reduce((count, length) => count + Number(length > 0), 0);
  return {
    gram: gramOf(products, factors),
    mean: mean.map((sum) => sum / Math.max(1, known)),
    known,
    lengths,
    scan: scannerOf(products, factors),
  };
}

/** Products that a customer has bought, by row, and how many days before the newest purchase of all. */
export type History = readonly { readonly product: number; readonly ageDays: number }[];

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
  const left = statistics.gram.map((value) => options.unobserved * value);
  const ridge = ridgeOf(history.length, products.length / factors, options);
  for (let k = 0; k < factors; k++) left[k * factors + k]! += ridge;
  for (const { product, ageDays } of history) {
    const weight = recency(ageDays, options);
    const place = product * factors;
    for (let i = 0; i < factors; i++) {
      const factor = weight * products[place + i]!;
      right[i]! += factor;
      for (let j = 0; j <= i; j++) left[i * factors + j]! += factor * products[place + j]!;
    }
  }
  factorizeInPlace(left, factors);
  solveFactorized(left, right, factors);
  return { vector: right, lower: left };
}

/**
 * How much each purchase of the history has to do with the score of one product: ⟨v, vector⟩ is the sum of these (Hu, Koren
 * & Volinsky, 2008, section 5).
 */
export function contributions(model: Model, { lower }: CustomerVector, history: History, product: number): number[] {
  const { factors, products, options } = model;
  const seen = Float64Array.from(products.subarray(product * factors, (product + 1) * factors));
  solveFactorized(lower, seen, factors);
  return history.map((line) => recency(line.ageDays, options) * dotAt(products, line.product * factors, seen));
}

/**
 * How well every product suits a vector: the taste, in standard deviations from what the vector thinks of the average
 * product, plus the trend. A vector of zeros leaves the trend alone.
 */
export function scoreAll(
  model: Model,
  statistics: ProductStatistics,
  { vector }: Pick<CustomerVector, "vector">,
): Float32Array {
  const { trend, options } = model;
  const { mean, deviation } = spreadOf(statistics, vector);
  const scores = new Float32Array(trend.length);
  const scale = deviation > 0 ? 1 / deviation : 0;
  const tastes = statistics.scan(vector);
  for (let product = 0; product < scores.length; product++) {
    scores[product] = (tastes[product]! - mean) * scale + options.trend_weight * trend[product]!;
  }
  return scores;
}

/** Mean and deviation of ⟨v, vector⟩ over the known products v, from VᵀV and the mean product alone. */
function spreadOf({ gram, mean, known }: ProductStatistics, vector: Float64Array): { mean: number; deviation: number } {
  const size = vector.length;
  let average = 0;
  let square = 0;
  for (let i = 0; i < size; i++) {
    average += mean[i]! * vector[i]!;
    for (let j = 0; j < size; j++) square += vector[i]! * gram[i * size + j]! * vector[j]!;
  }
  return { mean: average, deviation: Math.sqrt(Math.max(0, square / Math.max(1, known) - average ** 2)) };
}

/** A score as customers of the API see it: from 0 to 1, ½ for what stands four deviations above the average product. */
export function shownScore(score: number): number {
  return 1 / (1 + Math.exp((4 - score) / 2));
}

/** How alike each product is to one of them: the cosine of their vectors. −∞ for itself. */
export function likeness(
  { products, factors }: Model,
  { lengths, scan }: ProductStatistics,
  product: number,
): Float32Array {
  const scores = scan(products.subarray(product * factors, (product + 1) * factors)).slice();
  for (let other = 0; other < scores.length; other++) {
    const length = lengths[other]! * lengths[product]!;
    scores[other] = length > 0 ? scores[other]! / length : 0;
  }
  scores[product] = -Infinity;
  return scores;
}
