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
  /** What they bought later and had not bought before. */
  held_out: number;
  /** Days that were held back, up to the newest order. */
  days: number;
  rows: Row[];
  /** By how much the challenger's NDCG@20 is better, with 95 % intervals. */
  challenger_beats: Record<string, Difference>;
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
}

/** With more customers the answer would be the same, only later. */
const CUSTOMERS_ASKED_MOST = 2_000;

/**
 * Hides the last weeks of orders, trains on the rest, and asks for each customer what they bought in those weeks for the
 * first time. Every product is ranked, what a customer had is left out. All of it counts back from the newest purchase.
 */
export async function evaluateOn(purchases: Purchases, options: EvaluationOptions): Promise<Evaluation> {
  const { split, days } = holdBack(purchases, options.period ?? "test");
  const examination = examinationOf(split, CUSTOMERS_ASKED_MOST);
  const { questions } = examination;
  const answers = new Map<string, Answers>();
  if (questions.length > 0) {
    for (const [name, scorer] of popularityOf(split)) answers.set(name, evaluate(examination, scorer));
    const contenders: Contender[] = [
      ...(options.others ?? []),
      ...(options.current ? [{ name: "current", settings: options.current }] : []),
      { name: "challenger", settings: options.challenger },
    ];
    const found = await contest(split.train, examination, contenders, options);
    contenders.forEach(({ name }, at) => answers.set(name, found[at]!));
  }
  return {
    customers: questions.length,
    held_out: questions.reduce((sum, question) => sum + question.heldOut.size, 0),
    days,
    rows: [...answers].map(([name, { quality }]) => ({ name, ...quality })),
    challenger_beats: differences(answers),
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
  { customers, challenger_beats: beats }: Evaluation,
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
