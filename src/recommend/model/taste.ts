import { dotAt, gramOf, ridgeOf } from "./als";
import { solveInPlace } from "./cholesky";
import { type RecencyOptions, recency } from "./time";

/** What scoring needs of a trained model. Products are rows. */
export interface Model {
  readonly factors: number;
  /** One vector of `factors` numbers for each product. */
  readonly products: Float32Array;
  /** See `trendOf`. */
  readonly trend: Float32Array;
  /** Days since 1970 of the newest purchase that it was trained on. */
  readonly newestDay: number;
  readonly options: TasteOptions;
}

export interface TasteOptions extends RecencyOptions {
  readonly unobserved: number;
  readonly regularization: number;
  /** How many standard deviations of taste one of fashion is worth. */
  readonly trend_weight: number;
}

/** What all products have in common: made once for a model, used for every customer. */
export interface Shelf {
  /** VᵀV */
  readonly gram: Float64Array;
  /** The average product. */
  readonly mean: Float64Array;
}

export function shelfOf({ products, factors }: Pick<Model, "products" | "factors">): Shelf {
  const mean = new Float64Array(factors);
  products.forEach((value, at) => {
    mean[at % factors]! += value;
  });
  const count = products.length / factors || 1;
  return { gram: gramOf(products, factors), mean: mean.map((sum) => sum / count) };
}

/** Products that a customer has bought, by row, and how many days before the newest purchase of all. */
export type History = readonly { readonly product: number; readonly ageDays: number }[];

/**
 * A customer's vector from what they bought, against products that stand still: the customers' half of the training,
 * solved exactly for one row. All zeros without history.
 */
export function foldIn(model: Model, shelf: Shelf, history: History): Float64Array {
  const { factors, products, options } = model;
  const right = new Float64Array(factors);
  if (history.length === 0) return right;
  const left = shelf.gram.map((value) => options.unobserved * value);
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
  solveInPlace(left, right, factors);
  return right;
}

/**
 * How well every product suits a vector: the taste, in standard deviations from what the vector thinks of the average
 * product, plus the fashion. A vector of zeros leaves the fashion alone.
 */
export function scoreAll(model: Model, shelf: Shelf, vector: Float64Array): Float32Array {
  const { factors, products, trend, options } = model;
  const { mean, deviation } = opinionOf(shelf, vector, trend.length);
  const scores = new Float32Array(trend.length);
  const scale = deviation > 0 ? 1 / deviation : 0;
  for (let product = 0; product < scores.length; product++) {
    const taste = (dotAt(products, product * factors, vector) - mean) * scale;
    scores[product] = taste + options.trend_weight * trend[product]!;
  }
  return scores;
}

/** Mean and deviation of ⟨v, vector⟩ over all products v, from VᵀV and the mean product alone. */
function opinionOf({ gram, mean }: Shelf, vector: Float64Array, count: number): { mean: number; deviation: number } {
  const size = vector.length;
  let average = 0;
  let square = 0;
  for (let i = 0; i < size; i++) {
    average += mean[i]! * vector[i]!;
    for (let j = 0; j < size; j++) square += vector[i]! * gram[i * size + j]! * vector[j]!;
  }
  return { mean: average, deviation: Math.sqrt(Math.max(0, square / count - average ** 2)) };
}

/** A score as customers of the API see it: from 0 to 1, ½ for what stands four deviations above the average product. */
export function shownScore(score: number): number {
  return 1 / (1 + Math.exp((4 - score) / 2));
}
