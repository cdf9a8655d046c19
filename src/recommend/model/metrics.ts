import { highest } from "./ranking";

/** Who is asked, what they had before (never offered to them), and what they really took later. */
export interface Question {
  readonly customer: number;
  readonly history: readonly number[];
  readonly heldOut: ReadonlySet<number>;
}

/** How good the lists were, on average over the customers asked. */
export interface Quality {
  recall_10: number;
  recall_20: number;
  ndcg_10: number;
  ndcg_20: number;
  hit_rate_10: number;
  hit_rate_20: number;
  /** Share of all products that stood in some list of 20. */
  coverage: number;
}

/** The same for one customer after the other, to compare two models by. */
export interface Answers {
  readonly quality: Quality;
  readonly ndcg20: Float64Array;
}

/** Fills `scores` (one for each product) for one question. */
export type Scorer = (question: Question, scores: Float32Array) => void;

const LONG_LIST = 20;
const SHORT_LIST = 10;

/**
 * Ranks every product for every question, the customer's history and `hidden` products left out. Recall is hits over held
 * out products, NDCG binary (a hit at place r counts 1/log₂(r + 1), divided by the best possible), hit rate the share of
 * customers with any hit.
 */
export function evaluate(
  questions: readonly Question[],
  productCount: number,
  hidden: ReadonlySet<number>,
  score: Scorer,
): Answers {
  const totals = { recall_10: 0, recall_20: 0, ndcg_10: 0, ndcg_20: 0, hit_rate_10: 0, hit_rate_20: 0 };
  const ndcg20 = new Float64Array(questions.length);
  const shown = new Set<number>();
  const scores = new Float32Array(productCount);
  questions.forEach((question, at) => {
    score(question, scores);
    for (const product of hidden) scores[product] = -Infinity;
    for (const product of question.history) scores[product] = -Infinity;
    const list = highest(scores, LONG_LIST);
    for (const product of list) shown.add(product);
    const hits = list.map((product) => question.heldOut.has(product));
    const long = measure(hits, LONG_LIST, question.heldOut.size);
    const short = measure(hits, SHORT_LIST, question.heldOut.size);
    totals.recall_20 += long.recall;
    totals.ndcg_20 += long.ndcg;
    totals.hit_rate_20 += long.hit;
    totals.recall_10 += short.recall;
    totals.ndcg_10 += short.ndcg;
    totals.hit_rate_10 += short.hit;
    ndcg20[at] = long.ndcg;
  });
  const share = (total: number) => (questions.length > 0 ? total / questions.length : 0);
  return {
    quality: {
      recall_10: share(totals.recall_10),
      recall_20: share(totals.recall_20),
      ndcg_10: share(totals.ndcg_10),
      ndcg_20: share(totals.ndcg_20),
      hit_rate_10: share(totals.hit_rate_10),
      hit_rate_20: share(totals.hit_rate_20),
      coverage: productCount > hidden.size ? shown.size / (productCount - hidden.size) : 0,
    },
    ndcg20,
  };
}

function measure(hits: readonly boolean[], length: number, relevant: number) {
  let found = 0;
  let gain = 0;
  for (let place = 0; place < Math.min(length, hits.length); place++) {
    if (!hits[place]) continue;
    found++;
    gain += 1 / Math.log2(place + 2);
  }
  let best = 0;
  for (let place = 0; place < Math.min(length, relevant); place++) best += 1 / Math.log2(place + 2);
  return { recall: relevant > 0 ? found / relevant : 0, ndcg: best > 0 ? gain / best : 0, hit: found > 0 ? 1 : 0 };
}

/** A difference of means with the interval that holds it with 95 % probability. */
export interface Difference {
  mean: number;
  low: number;
  high: number;
}

/**
 * By how much `one` is better than `other`, both measured on the same customers: the paired bootstrap (Efron & Tibshirani,
 * 1993; for rankings Sakai, SIGIR 2006). Customers are drawn with replacement, again and again.
 */
export function pairedBootstrap(
  one: Float64Array,
  other: Float64Array,
  random: () => number,
  draws = 1_000,
): Difference {
  const differences = one.map((value, at) => value - other[at]!);
  const count = differences.length;
  if (count === 0) return { mean: 0, low: 0, high: 0 };
  const means = Float64Array.from({ length: draws }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < count; drawn++) sum += differences[Math.floor(random() * count)]!;
    return sum / count;
  }).sort();
  return {
    mean: differences.reduce((sum, value) => sum + value, 0) / count,
    low: means[Math.floor(0.025 * draws)]!,
    high: means[Math.ceil(0.975 * draws) - 1]!,
  };
}
