import { itemKnn, popularity, recentPopularity, sameForAll } from "../model/baselines";
import {
  type Answers,
  type Difference,
  evaluate,
  pairedBootstrap,
  type Quality,
  type Question,
  type Scorer,
} from "../model/metrics";
import { seeded } from "../model/random";
import { historyIn, modelScorer } from "../model/scorers";
import { type Purchases, type Split, splitByTime } from "../model/split";
import { newestDayOf, newestOf, weighPairs } from "../model/time";
import { trainModel } from "../model/train-model";
import type { TrainingSettings } from "../schema";

/** How the shop's own later orders judge each way to recommend. */
export interface Evaluation {
  /** Customers who were asked about. */
  customers: number;
  /** What they bought later and had not bought before. */
  held_out: number;
  /** Days that were held back, up to the newest order. */
  days: number;
  rows: ({ name: Contender } & Quality)[];
  /** By how much the candidate's NDCG@20 is better, with 95 % intervals. */
  candidate_beats: Partial<Record<Contender, Difference>>;
}

export const contenders = {
  popular: "popularity, all time",
  popular_recently: "popularity, last 30 days",
  item_knn: "item-kNN",
  current: "the settings in service",
  candidate: "the candidate",
} as const;
export type Contender = keyof typeof contenders;

export interface EvaluationOptions {
  candidate: TrainingSettings;
  /** Those of the model in service, where there is one and they are others. */
  current?: TrainingSettings | undefined;
  /** Costs the square of what customers bought; a training goes without. */
  withItemKnn?: boolean;
  /** Hold back the period before the last one, to choose settings on, so that the last one stays unseen. */
  period?: "test" | "validation";
  afterStep?: () => void | Promise<void>;
}

/** The most that is held back, in days, and the largest share of all the time there is. */
const HELD_BACK_DAYS_MOST = 28;
const HELD_BACK_SHARE_MOST = 0.2;

/** With more customers the answer would be the same, only later. */
const CUSTOMERS_ASKED_MOST = 2_000;

/**
 * Hides the last weeks of orders, trains on the rest, and asks for each customer what they bought in those weeks for the
 * first time. Every product is ranked, what a customer had is left out. All of it counts back from the newest purchase.
 */
export async function evaluateOn(purchases: Purchases, options: EvaluationOptions): Promise<Evaluation> {
  const { split, days } = holdBack(purchases, options.period ?? "test");
  const questions = sampled(split.questions);
  const answers = new Map<Contender, Answers>();
  for (const [name, scorer] of await scorers(split, options)) {
    answers.set(name, evaluate(questions, purchases.productCount, split.hidden, scorer));
    await options.afterStep?.();
  }
  return {
    customers: questions.length,
    held_out: questions.reduce((sum, question) => sum + question.heldOut.size, 0),
    days,
    rows: [...answers].map(([name, { quality }]) => ({ name, ...quality })),
    candidate_beats: differences(answers),
  };
}

function holdBack(purchases: Purchases, period: "test" | "validation"): { split: Split; days: number } {
  const newest = newestOf(purchases.days);
  let oldest = Infinity;
  for (let at = 0; at < purchases.days.length; at++) oldest = Math.min(oldest, purchases.days[at] ?? Infinity);
  const days = Math.min(HELD_BACK_DAYS_MOST, HELD_BACK_SHARE_MOST * (newest - oldest));
  // The newest purchase itself belongs to what is held back.
  const end = newest + 1 / 86_400;
  const split =
    period === "test" ? splitByTime(purchases, end - days) : splitByTime(purchases, end - 2 * days, end - days);
  return { split, days };
}

function sampled(questions: readonly Question[]): readonly Question[] {
  if (questions.length <= CUSTOMERS_ASKED_MOST) return questions;
  const random = seeded(1);
  return questions
    .map((question) => ({ question, lot: random() }))
    .toSorted((a, b) => a.lot - b.lot)
    .slice(0, CUSTOMERS_ASKED_MOST)
    .map(({ question }) => question);
}

async function scorers(split: Split, options: EvaluationOptions): Promise<[Contender, Scorer][]> {
  const { train, purchases } = split;
  if (split.questions.length === 0) return [];
  const newest = newestDayOf(train);
  const trained = async (settings: TrainingSettings): Promise<Scorer> =>
    modelScorer(await trainModel(train, settings, options.afterStep), historyIn(train, newest));
  const lately = recentPopularity(purchases, train.productCount, newest, { days: 30 });
  const found: [Contender, Scorer][] = [
    ["popular", sameForAll(popularity(train))],
    ["popular_recently", sameForAll(lately)],
  ];
  if (options.withItemKnn) {
    const timeless = weighPairs(train, newest, { recency_half_life_days: 1, recency_floor: 1 });
    found.push(["item_knn", itemKnn(timeless, 100)]);
  }
  if (options.current) found.push(["current", await trained(options.current)]);
  found.push(["candidate", await trained(options.candidate)]);
  return found;
}

function differences(answers: ReadonlyMap<Contender, Answers>): Evaluation["candidate_beats"] {
  const candidate = answers.get("candidate");
  if (!candidate) return {};
  const others = [...answers].filter(([name]) => name !== "candidate");
  return Object.fromEntries(
    others.map(([name, { ndcg20 }]) => [name, pairedBootstrap(candidate.ndcg20, ndcg20, seeded(1))]),
  );
}

/** Below so many customers chance decides. */
const CUSTOMERS_TO_JUDGE_BY = 20;

/** Why a candidate should not go into service; undefined when it may. */
export function objectionTo({ customers, candidate_beats: beats }: Evaluation): string | undefined {
  if (customers < CUSTOMERS_TO_JUDGE_BY) return undefined;
  if (beats.popular_recently && beats.popular_recently.mean <= 0) {
    return "It is not better than what is popular of late.";
  }
  if (beats.current && beats.current.high < 0) return "It is clearly worse than the model in service.";
  return undefined;
}
