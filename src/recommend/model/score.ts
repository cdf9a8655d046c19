import { contributions, type CustomerVector, foldIn, type Model, type ProductStatistics } from "./customer-vector";
import { fillScores } from "./features";
import { type History, weightOf } from "./history";
import { addNeighbours, nearness } from "./neighbours";

/** How well every product suits a customer, and what it takes to say why. */
export interface Scored {
  readonly scores: Float32Array;
  readonly vector: CustomerVector;
  /** What one unit of the vector's opinion, and of the neighbours', is worth in a score. */
  readonly vectorScale: number;
  readonly neighboursScale: number;
}

/**
 * The sum of what the customer's vector and the neighbours of the customer's purchases make of each product, both in
 * standard deviations from the average product, and of the product's trend; each times its weight. Without history the
 * trend is all there is.
 */
export function scoreAll(model: Model, statistics: ProductStatistics, history: History): Scored {
  const { trend, options } = model;
  const scores = new Float32Array(trend.length);
  for (let product = 0; product < scores.length; product++) scores[product] = options.trend_weight * trend[product]!;
  const vector = vectorOf(model, statistics, history);
  const vectorScale = options.factors_weight * addTaste(statistics, vector, options.factors_weight, scores);
  const neighboursScale =
    options.neighbours_weight * addNear(model, statistics, history, options.neighbours_weight, scores);
  return { scores, vector, vectorScale, neighboursScale };
}

const NO_VECTOR: CustomerVector = { vector: new Float64Array(), lower: new Float64Array() };

export function vectorOf(model: Model, statistics: ProductStatistics, history: History): CustomerVector {
  return model.factors === 0 || model.options.factors_weight === 0 ? NO_VECTOR : foldIn(model, statistics, history);
}

/** scores += weight · what the vector makes of each product, in standard deviations. Returns what one unit of it is in these. */
export function addTaste(
  statistics: ProductStatistics,
  { vector }: CustomerVector,
  weight: number,
  scores: Float32Array,
): number {
  if (vector.length === 0 || weight === 0) return 0;
  const { mean, scale } = statistics.spreadOf(vector);
  const opinions = statistics.scan(vector);
  for (let product = 0; product < scores.length; product++) {
    scores[product]! += weight * scale * (opinions[product]! - mean);
  }
  return scale;
}

/** The same for what the neighbours of the history say. */
export function addNear(
  { neighbours, options, features }: Pick<Model, "neighbours" | "options" | "features">,
  statistics: ProductStatistics,
  history: History,
  weight: number,
  scores: Float32Array,
): number {
  if (weight === 0 || neighbours.products.length === 0 || history.length === 0) return 0;
  const { near } = statistics;
  near.fill(0);
  for (const line of history) addNeighbours(neighbours, line.product, weightOf(line, options), near);
  if (features) fillScores(near, features);
  const { mean, scale } = spreadAbout(near, statistics.sold);
  for (let product = 0; product < scores.length; product++) {
    scores[product]! += weight * scale * (near[product]! - mean);
  }
  return scale;
}

/** One over the standard deviation of these numbers, and their mean, as if there were `count` of them and the rest were 0. */
function spreadAbout(values: Float32Array, count: number): { mean: number; scale: number } {
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    sum += value;
    squares += value * value;
  }
  const mean = sum / Math.max(1, count);
  const deviation = Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean ** 2));
  return { mean, scale: deviation > 1e-12 ? 1 / deviation : 0 };
}

/**
 * For any product, how much each line of the history has to do with its score: these and the trend add up to it, but for a
 * constant.
 */
export function reasonsIn(
  model: Model,
  { vector, vectorScale, neighboursScale }: Scored,
  history: History,
): (product: number) => number[] {
  const weights = history.map((line) => weightOf(line, model.options));
  return (product) => {
    const byVector = vectorScale > 0 ? contributions(model, vector, history, product, weights) : [];
    return history.map((line, at) => {
      const near = neighboursScale > 0 ? weights[at]! * nearness(model.neighbours, line.product, product) : 0;
      return vectorScale * (byVector[at] ?? 0) + neighboursScale * near;
    });
  };
}

/** A score as clients of the API see it: from 0 to 1, ½ for what stands four deviations above the average product. */
export function shownScore(score: number): number {
  return 1 / (1 + Math.exp((4 - score) / 2));
}
