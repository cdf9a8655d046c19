import { type Answers, type Examination, joined, pairedBootstrap, type Quality } from "../model/metrics";
import { seeded } from "../model/random";
import type { Purchases, Split } from "../model/split";
import type { TrainedParts } from "../model/train-model";
import type { TrainingSettings } from "../schema";
import { type Contender, contest } from "./contest";
import { blendFamily, blendOf, familiesFor, type Family, type FamilyName, usualBlend } from "./contenders";
import { examinationOf, type Period } from "./hold-back";
import { customersIn, occasionsIn, QUESTIONS_ENOUGH } from "./occasions";

/** The best of a family, on the weeks that settings are chosen by. */
export interface Finalist {
  readonly name: FamilyName;
  readonly settings: TrainingSettings;
  readonly quality: Quality;
  /** Its lists are nearly the same for everybody, though others do better. */
  readonly collapsed: boolean;
}

export interface Choice {
  readonly winner: Finalist;
  /** Of every family the best, best first. */
  readonly finalists: readonly Finalist[];
  /** Who does not scale to a shop of this size. */
  readonly left_out: readonly FamilyName[];
  readonly customers: number;
}

export interface ChoiceOptions {
  /** The settings in service: at a tie they stay. */
  current?: TrainingSettings | undefined;
  parts?: TrainedParts;
  afterStep?: (() => void | Promise<void>) | undefined;
}

/**
 * Chooses on the last weeks, for what will serve in the next; with the period "validation" on the weeks before these, to see on
 * the last ones what such a choice is worth. Undefined where too few customers were there to tell anything.
 */
export async function chooseFor(
  purchases: Purchases,
  { period = "test", ...options }: ChoiceOptions & { period?: Period } = {},
): Promise<Choice | undefined> {
  const [newest, ...earlier] = occasionsIn(purchases, period);
  return newest && choose([newest, ...earlier], options);
}

/** Scores that all contenders together may fill for choosing: more customers would be asked to the same end, only later. */
const SCORES_MOST = 6_000_000;
const CUSTOMERS_LEAST = 400;
const CUSTOMERS_MOST = 800;

/** What is nearer to the best than this share of it, and not surely worse, is as good: the simpler one serves. */
const TIE_SHARE = 0.01;

/** Tries every family on these occasions and chooses: the best by a clear margin, the simplest at a tie. */
async function choose(
  splits: readonly [newest: Split, ...earlier: Split[]],
  { current, parts = new Map(), afterStep }: ChoiceOptions,
): Promise<Choice> {
  const [newest, ...earlier] = splits;
  const customers = Math.round(SCORES_MOST / Math.max(1, newest.train.productCount));
  const most = Math.min(CUSTOMERS_MOST, Math.max(CUSTOMERS_LEAST, customers));
  // What was trained for the newest is handed on, to be judged there once more.
  const trials: Trial[] = [
    { split: newest, examination: examinationOf(newest, most), parts },
    ...earlier.map((split) => ({ split, examination: examinationOf(split, most), parts: new Map() })),
  ];
  const { tried, leftOut } = familiesFor(newest.train);
  const [usual, ...single] = await bestOfEach(
    trials,
    [blendFamily([usualBlend(newest.train)]), ...(current ? [inService(current)] : []), ...tried],
    afterStep,
  );
  if (!usual) throw new Error("There is always the usual blend.");
  const settingsOf = (name: FamilyName) => single.find((best) => best.family.name === name)?.settings;
  const [neighbours, factors] = [settingsOf("neighbours"), settingsOf("factors_tuned")];
  const blends = neighbours && factors ? [blendOf(neighbours, factors)] : [];
  const blended = await bestOfEach(trials, blends, afterStep);
  const asked = trials.reduce((sum, { examination }) => sum + examination.questions.length, 0);
  const others = [...single, ...blended];
  const stands = asked < QUESTIONS_ENOUGH && !others.some((one) => standsOut(one, usual, asked));
  const all = [...single, stands ? usual : [usual, ...blended].reduce(ahead)];
  const ranked = all.toSorted((a, b) => b.answers.quality.ndcg_20 - a.answers.quality.ndcg_20);
  const finalists = ranked.map((best) => finalistOf(best, ranked));
  const winner = stands ? standing(ranked, usual) : simplestTie(ranked);
  return {
    winner: finalists[ranked.indexOf(winner)]!,
    finalists,
    left_out: leftOut,
    customers: customersIn(trials.map(({ split, examination: { questions } }) => ({ ...split, questions }))),
  };
}

/** An occasion to choose on, with what was trained for it. */
interface Trial {
  split: Split;
  examination: Examination;
  parts: TrainedParts;
}

/** What serves has proved itself: whatever replaces it must be clearly better. */
function inService(settings: TrainingSettings): Family {
  return { name: "current", complexity: -1, variants: [settings] };
}

interface Best {
  family: Family;
  settings: TrainingSettings;
  answers: Answers;
}

async function bestOfEach(
  trials: readonly Trial[],
  families: readonly Family[],
  afterStep?: () => void | Promise<void>,
): Promise<Best[]> {
  const contenders: (Contender & { family: Family })[] = families.flatMap((family) =>
    family.variants.map((settings) => ({ name: family.name, settings, family })),
  );
  const found: Answers[][] = [];
  for (const { split, examination, parts } of trials)
    found.push(await contest(split.train, examination, contenders, { parts, afterStep }));
  const answers = contenders.map((_, at) => joined(found.map((each) => each[at]!)));
  return families.map((family) => {
    const own = contenders.flatMap((contender, at) =>
      contender.family === family ? [{ family, settings: contender.settings, answers: answers[at]! }] : [],
    );
    return own.reduce(ahead);
  });
}

/** Variants are listed from the simplest on: a later one must be better by a hundredth. */
const ahead = (best: Best, one: Best) =>
  one.answers.quality.ndcg_20 > 1.01 * best.answers.quality.ndcg_20 ? one : best;

function simplestTie(ranked: readonly Best[]): Best {
  const [best] = ranked;
  if (!best) throw new Error("There is always a family.");
  return ranked
    .filter((one) => isTie(best, one))
    .reduce((simplest, one) => (one.family.complexity < simplest.family.complexity ? one : simplest));
}

/** The usual blend, or what serves where that is as good. */
function standing([best, ...others]: readonly Best[], usual: Best): Best {
  const current = [best, ...others].find((one) => one?.family.name === "current");
  return best && current && isTie(best, current) ? current : usual;
}

function isTie(best: Best, one: Best): boolean {
  const [most, own] = [best, one].map(({ answers: { quality } }) => quality.ndcg_20);
  return most! - own! <= TIE_SHARE * most! && !isSurelyBetter(best, one);
}

const leadOf = (one: Best, other: Best) => pairedBootstrap(one.answers.ndcg20, other.answers.ndcg20, seeded(1));

const isSurelyBetter = (one: Best, other: Best): boolean => leadOf(one, other).low > 0;

/** Of seventy that are tried, one is better by two deviations by chance alone: where few were asked it takes three. */
function standsOut(one: Best, other: Best, asked: number): boolean {
  const { mean, low } = leadOf(one, other);
  return mean > (asked < QUESTIONS_FEW ? 1.5 : 1) * (mean - low);
}

const QUESTIONS_FEW = 100;

/** Of the products that the best shows, so few. */
const COLLAPSED_COVERAGE_SHARE = 0.2;

function finalistOf({ family, settings, answers: { quality } }: Best, ranked: readonly Best[]): Finalist {
  const best = ranked[0]!.answers.quality;
  const collapsed =
    family.name !== "popular" &&
    quality.coverage < COLLAPSED_COVERAGE_SHARE * best.coverage &&
    quality.ndcg_20 < best.ndcg_20;
  return { name: family.name, settings, quality, collapsed };
}
