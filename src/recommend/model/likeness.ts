import type { Model, ProductStatistics } from "./customer-vector";
import { addNeighbours } from "./neighbours";

/**
 * How alike each product is to one of them, up to 1: the cosine of their vectors, or where the model has none, what the
 * neighbours say, beside the features that both have. −∞ for itself.
 */
export function likeness(model: Model, statistics: ProductStatistics, product: number): Float32Array {
  const scores = model.factors > 0 ? cosines(model, statistics, product) : nearby(model, product);
  scores[product] = -Infinity;
  return scores;
}

function cosines({ products, factors }: Model, { lengths, scan }: ProductStatistics, product: number): Float32Array {
  const scores = scan(products.subarray(product * factors, (product + 1) * factors)).slice();
  for (let other = 0; other < scores.length; other++) {
    const length = lengths[other]! * lengths[product]!;
    scores[other] = length > 0 ? scores[other]! / length : 0;
  }
  return scores;
}

/** What having the same features counts beside being the nearest neighbour. */
const FEATURES_SHARE = 0.3;

function nearby(model: Model, product: number): Float32Array {
  const scores = new Float32Array(model.trend.length);
  addNeighbours(model.neighbours, product, 1, scores);
  const strongest = scores.reduce((most, score) => Math.max(most, score), 0);
  const scale = strongest > 0 ? (1 - FEATURES_SHARE) / strongest : 0;
  const shared = sharedFeatures(model, product);
  for (let other = 0; other < scores.length; other++) {
    scores[other] = scale * scores[other]! + FEATURES_SHARE * (shared?.[other] ?? 0);
  }
  return scores;
}

/** Of the features that either of two products has, the share that both have. */
function sharedFeatures({ features, trend }: Model, product: number): Float32Array | undefined {
  if (!features) return undefined;
  const { starts, members } = features;
  const own = new Set(members.subarray(starts[product], starts[product + 1]));
  return Float32Array.from({ length: trend.length }, (_, other) => {
    let both = 0;
    for (let at = starts[other]!; at < starts[other + 1]!; at++) if (own.has(members[at]!)) both++;
    const either = own.size + starts[other + 1]! - starts[other]! - both;
    return either > 0 ? both / either : 0;
  });
}
