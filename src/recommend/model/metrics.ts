import { highestSums, type Weighed } from "./ranking";

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
  /** How little known what was listed is: the mean of −log₂ of the share of customers who had it. */
  novelty: number;
  /** Share of the lists that begin with the product that most of them begin with. */
  same_first: number;
}

/** The same for one customer after the other, to compare two models by. */
export interface Answers {
  readonly quality: Quality;
  readonly ndcg20: Float64Array;
}

/** Fills `scores` (one for each product) for one question. */
export type Scorer = (question: Question, scores: Float32Array) => void;

/** What all contenders are asked, and what is known of the products. */
export interface Examination {
  readonly questions: readonly Question[];
  readonly productCount: number;
  /** Products that no list may hold. */
  readonly hidden: ReadonlySet<number>;
  /** How many customers had each product; without it novelty is 0. */
  readonly buyers?: Float32Array | undefined;
  readonly customerCount?: number;
}

const LONG_LIST = 20;
const SHORT_LIST = 10;

/**
 * Ranks every product for every question, the customer's history and `hidden` products left out. Recall is hits over held
 * out products, NDCG binary (a hit at place r counts 1/log₂(r + 1), divided by the best possible), hit rate the share of
 * customers with any hit.
 */
export function evaluate(examination: Examination, score: Scorer): Answers {
  const scores = new Float32Array(examination.productCount);
  const answers = answerSheet(examination);
  for (const question of examination.questions) {
    score(question, scores);
    answers.add(question, [{ scores, weight: 1 }]);
  }
  return answers.done();
}

/** Takes what makes up the scores for one question after the other. */
export function answerSheet({ questions, productCount, hidden, buyers, customerCount = 0 }: Examination) {
  const totals = { recall_10: 0, recall_20: 0, ndcg_10: 0, ndcg_20: 0, hit_rate_10: 0, hit_rate_20: 0, novelty: 0 };
  const ndcg20 = new Float64Array(questions.length);
  const shown = new Set<number>();
  const firsts = new Map<number, number>();
  const isLeftOut = new Uint8Array(productCount);
  for (const product of hidden) isLeftOut[product] = 1;
  let asked = 0;
  const noveltyOf = (product: number) =>
    buyers ? Math.log2(Math.max(1, customerCount) / Math.max(1, buyers[product]!)) : 0;
  return {
    add({ history, heldOut }: Question, parts: readonly Weighed[]): void {
      for (const product of history) isLeftOut[product] = 1;
      const list = highestSums(parts, isLeftOut, LONG_LIST);
      for (const product of history) isLeftOut[product] = Number(hidden.has(product));
      for (const product of list) {
        shown.add(product);
        totals.novelty += noveltyOf(product) / list.length;
      }
      const [first] = list;
      if (first !== undefined) firsts.set(first, (firsts.get(first) ?? 0) + 1);
      const hits = list.map((product) => heldOut.has(product));
      const long = measure(hits, LONG_LIST, heldOut.size);
      const short = measure(hits, SHORT_LIST, heldOut.size);
      totals.recall_20 += long.recall;
      totals.ndcg_20 += long.ndcg;
      totals.hit_rate_20 += long.hit;
      totals.recall_10 += short.recall;
      totals.ndcg_10 += short.ndcg;
      totals.hit_rate_10 += short.hit;
      ndcg20[asked++] = long.ndcg;
    },
    done(): Answers {
      const { novelty, ...sums } = totals;
      const shares = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / Math.max(1, asked)]));
      return {
        quality: {
          // Each of these is the average of its sum.
          ...(shares as typeof sums),
          coverage: productCount > hidden.size ? shown.size / (productCount - hidden.size) : 0,
          novelty: novelty / Math.max(1, asked),
          same_first: Math.max(0, ...firsts.values()) / Math.max(1, asked),
        },
        ndcg20,
      };
    },
  };
}

/** The answers on several occasions as one: every customer asked counts the same. */
export function joined(answers: readonly Answers[]): Answers {
  const [only] = answers;
  if (only && answers.length === 1) return only;
  const asked = answers.reduce((sum, { ndcg20 }) => sum + ndcg20.length, 0);
  const mean = (name: keyof Quality) =>
    answers.reduce((sum, { quality, ndcg20 }) => sum + quality[name] * ndcg20.length, 0) / Math.max(1, asked);
  return {
    quality: {
      recall_10: mean("recall_10"),
      recall_20: mean("recall_20"),
      ndcg_10: mean("ndcg_10"),
      ndcg_20: mean("ndcg_20"),
      hit_rate_10: mean("hit_rate_10"),
      hit_rate_20: mean("hit_rate_20"),
      coverage: mean("coverage"),
      novelty: mean("novelty"),
      same_first: mean("same_first"),
    },
    ndcg20: Float64Array.from(answers.flatMap((each) => [...each.ndcg20])),
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
