import { popularity, recentPopularity, sameForAll } from "../model/baselines";
import { type Answers, type Difference, evaluate, pairedBootstrap, type Quality } from "../model/metrics";
import { seeded } from "../model/random";
import type { Purchases, Split } from "../model/split";
import { newestDayOf } from "../model/time";
import type { TrainedParts } from "../model/train-model";
import type { TrainingSettings } from "../schema";
import { type Contender, contest } from "./contest";
import { families } from "./contenders";
import type { Choice } from "./choose";
import { CUSTOMERS_TO_JUDGE_BY, examinationOf, holdBack, type Period } from "./hold-back";

/** How the shop's own later orders judge each way to recommend. */
export interface Evaluation {
  /** Customers who were asked about. */
  customers: number;
  /** Customers who could have been: of many a sample is drawn by lot. */
  customers_of: number;
  /** What they bought later and had not bought before. */
  held_out: number;
  /** Of so many purchases those of some customers were learned from. Absent where all were. */
  learned_from?: { purchases: number; of: number } | undefined;
  /** Days that were held back, up to the newest order. */
  days: number;
  rows: Row[];
  /** By how much the challenger's NDCG@20 is better, with 95 % intervals. */
  challenger_beats: Record<string, Difference>;
  /** The challenger's own NDCG@20 with the interval that a sample leaves. Absent where nobody was asked. */
  challenger_ndcg_20?: Difference | undefined;
  /** How the challenger's settings were chosen, on the weeks before. Absent where they were given. */
  choice?: ChoiceReport | undefined;
}

export interface Row extends Quality {
  name: string;
}

/** What was tried before the challenger was chosen. */
export interface ChoiceReport {
  chosen: string;
  customers: number;
  rows: (Row & { collapsed: boolean })[];
  left_out: readonly string[];
}

/** What the rows of an evaluation are called in tables. */
export const rowLabels: Record<string, string> = {
  ...families,
  popular_ever: "popularity, all time",
  popular_recently: "popularity, last 30 days",
  challenger: "the challenger",
};

export interface EvaluationOptions {
  challenger: TrainingSettings;
  /** Those of the model in service, where there is one and they are others. */
  current?: TrainingSettings | undefined;
  /** Others to stand beside them in the table. */
  others?: readonly Contender[];
  choice?: Choice | undefined;
  period?: Period;
  /** Trained on the same period before. */
  parts?: TrainedParts | undefined;
  afterStep?: (() => void | Promise<void>) | undefined;
  /** Where what the factors lower is written down, at first and after each epoch. */
  learning?: number[] | undefined;
}

/** With more customers the answer would be the same, only later: the interval beside it says how sure it is. */
const CUSTOMERS_ASKED_MOST = 2_000;
const CUSTOMERS_ASKED_LEAST = 500;
/** Customers times products that each contender is asked about. */
const SCORES_MOST = 40_000_000;

/**
 * Hides the last weeks of orders, trains on the rest, and asks for each customer what they bought in those weeks for the
 * first time. Every product is ranked, what a customer had is left out. All of it counts back from the newest purchase.
 */
export async function evaluateOn(purchases: Purchases, options: EvaluationOptions): Promise<Evaluation> {
  const { split, days } = holdBack(purchases, options.period ?? "test");
  const affordable = Math.round(SCORES_MOST / Math.max(1, split.train.productCount));
  const most = Math.min(CUSTOMERS_ASKED_MOST, Math.max(CUSTOMERS_ASKED_LEAST, affordable));
  const examination = examinationOf(split, most);
  const { questions } = examination;
  const answers = new Map<string, Answers>();
  if (questions.length > 0) {
    for (const [name, scorer] of popularityOf(split)) answers.set(name, evaluate(examination, scorer));
    const contenders: Contender[] = [
      ...(options.others ?? []),
      ...(options.current ? [{ name: "current", settings: options.current }] : []),
      { name: "challenger", settings: options.challenger },
    ];
    const { parts, afterStep, learning } = options;
    // The challenger's, or those of the best that has any.
    const withFactors = [contenders.at(-1), ...contenders].find((one) => (one?.settings.factors_weight ?? 0) > 0);
    const watched = learning && withFactors && { settings: withFactors.settings, learning };
    const found = await contest(split.train, examination, contenders, { parts, afterStep, watched });
    contenders.forEach(({ name }, at) => answers.set(name, found[at]!));
  }
  const own = answers.get("challenger");
  return {
    customers: questions.length,
    customers_of: split.questions.length,
    held_out: questions.reduce((sum, question) => sum + question.heldOut.size, 0),
    days,
    rows: [...answers].map(([name, { quality }]) => ({ name, ...quality })),
    challenger_beats: differences(answers),
    challenger_ndcg_20: own && pairedBootstrap(own.ndcg20, new Float64Array(own.ndcg20.length), seeded(1)),
    choice: options.choice && reportOf(options.choice),
  };
}

function popularityOf({ train, purchases }: Split) {
  const lately = recentPopularity(purchases, train.productCount, newestDayOf(train), { days: 30 });
  return [
    ["popular_ever", sameForAll(popularity(train))],
    ["popular_recently", sameForAll(lately)],
  ] as const;
}

function reportOf({ winner, customers, finalists, left_out }: Choice): ChoiceReport {
  return {
    chosen: winner.name,
    customers,
    rows: finalists.map(({ name, quality, collapsed }) => ({ name, ...quality, collapsed })),
    left_out,
  };
}

function differences(answers: ReadonlyMap<string, Answers>): Evaluation["challenger_beats"] {
  const challenger = answers.get("challenger");
  if (!challenger) return {};
  const others = [...answers].filter(([name]) => name !== "challenger");
  return Object.fromEntries(
    others.map(([name, { ndcg20 }]) => [name, pairedBootstrap(challenger.ndcg20, ndcg20, seeded(1))]),
  );
}

/**
 * Why a challenger should not go into service; undefined when it may. `isPopularity` says that it is what is popular and does
 * not claim to be more; `isChosen` that it was compared with all others before, so that only what is sure counts against it;
 * `replaces` that another model with other settings serves.
 */
export function objectionTo(
  { customers, challenger_beats: beats }: Pick<Evaluation, "customers" | "challenger_beats">,
  { isPopularity = false, isChosen = false, replaces = false } = {},
): string | undefined {
  if (customers < CUSTOMERS_TO_JUDGE_BY) {
    return replaces && !isChosen
      ? "There are too few customers to judge it by, so what is in service stays."
      : undefined;
  }
  const { popular_recently: popular, current } = beats;
  if (!isPopularity && popular && (isChosen ? popular.high < 0 : popular.mean <= 0)) {
    return "It is not better than what is popular of late.";
  }
  if (current && current.high < 0) return "It is clearly worse than the model in service.";
  return undefined;
}
