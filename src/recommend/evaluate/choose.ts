import { type Answers, type Examination, pairedBootstrap, type Quality } from "../model/metrics";
import { seeded } from "../model/random";
import type { Purchases, Split } from "../model/split";
import type { TrainedParts } from "../model/train-model";
import type { TrainingSettings } from "../schema";
import { type Contender, contest } from "./contest";
import { blendOf, familiesFor, type Family, type FamilyName } from "./contenders";
import { CUSTOMERS_TO_JUDGE_BY, examinationOf, holdBack, type Period } from "./hold-back";

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
  const { split } = holdBack(purchases, period);
  return split.questions.length < CUSTOMERS_TO_JUDGE_BY ? undefined : choose(split, options);
}

/** Scores that all contenders together may fill for choosing: more customers would be asked to the same end, only later. */
const SCORES_MOST = 6_000_000;
const CUSTOMERS_LEAST = 400;
const CUSTOMERS_MOST = 800;

/** What is nearer to the best than this share of it, and not surely worse, is as good: the simpler one serves. */
const TIE_SHARE = 0.01;

/** Tries every family on a split and chooses: the best by a clear margin, the simplest at a tie. */
export async function choose(
  split: Split,
  { current, parts = new Map(), afterStep }: ChoiceOptions = {},
): Promise<Choice> {
  const customers = Math.round(SCORES_MOST / Math.max(1, split.train.productCount));
  const examination = examinationOf(split, Math.min(CUSTOMERS_MOST, Math.max(CUSTOMERS_LEAST, customers)));
  const { tried, leftOut } = familiesFor(split.train);
  const single = await bestOfEach(
    split,
    examination,
    [...(current ? [inService(current)] : []), ...tried],
    parts,
    afterStep,
  );
  const settingsOf = (name: FamilyName) => single.find((best) => best.family.name === name)?.settings;
  const [neighbours, factors] = [settingsOf("neighbours"), settingsOf("factors_tuned")];
  const blends = neighbours && factors ? [blendOf(neighbours, factors)] : [];
  const all = [...single, ...(await bestOfEach(split, examination, blends, parts, afterStep))];
  const ranked = all.toSorted((a, b) => b.answers.quality.ndcg_20 - a.answers.quality.ndcg_20);
  const finalists = ranked.map((best) => finalistOf(best, ranked));
  const winner = simplestTie(ranked);
  return {
    winner: finalists[ranked.indexOf(winner)]!,
    finalists,
    left_out: leftOut,
    customers: examination.questions.length,
  };
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
  { train }: Split,
  examination: Examination,
  families: readonly Family[],
  parts: TrainedParts,
  afterStep?: () => void | Promise<void>,
): Promise<Best[]> {
  const contenders: (Contender & { family: Family })[] = families.flatMap((family) =>
    family.variants.map((settings) => ({ name: family.name, settings, family })),
  );
  const answers = await contest(train, examination, contenders, { parts, afterStep });
  return families.map((family) => {
    const own = contenders.flatMap((contender, at) =>
      contender.family === family ? [{ family, settings: contender.settings, answers: answers[at]! }] : [],
    );
    return own.reduce((best, one) => (one.answers.quality.ndcg_20 > better(best) ? one : best));
  });
}

/** Variants are listed from the simplest on: a later one must be better by a hundredth. */
const better = ({ answers }: Best) => 1.01 * answers.quality.ndcg_20;

function simplestTie(ranked: readonly Best[]): Best {
  const [best] = ranked;
  if (!best) throw new Error("There is always a family.");
  return ranked
    .filter((one) => isTie(best, one))
    .reduce((simplest, one) => (one.family.complexity < simplest.family.complexity ? one : simplest));
}

function isTie(best: Best, { answers: { quality, ndcg20 } }: Best): boolean {
  if (best.answers.quality.ndcg_20 - quality.ndcg_20 > TIE_SHARE * best.answers.quality.ndcg_20) return false;
  return pairedBootstrap(best.answers.ndcg20, ndcg20, seeded(1)).low <= 0;
}

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
