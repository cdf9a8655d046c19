import { type Choice, chooseFor } from "../evaluate/choose";
import { usualBlend } from "../evaluate/contenders";
import { type Evaluation, evaluateOn, objectionTo } from "../evaluate/evaluate";
import { someCustomers } from "../evaluate/hold-back";
import type { TrainedParts } from "../model/train-model";
import type { TrainingSettings } from "../schema";
import type { TrainingData } from "./training-data";

export interface Wish {
  /** Settings that are not to be chosen. */
  given: TrainingSettings | undefined;
  current: TrainingSettings | undefined;
  /** Whether it would take the place of what serves. */
  replaces: boolean;
  afterStep: () => void | Promise<void>;
}

/** What a training is to train, how that stood the trial, and what speaks against serving it. */
export interface Decision {
  options: TrainingSettings;
  evaluation: Evaluation;
  objection: string | undefined;
}

/**
 * Unless settings are given, every way to recommend is tried and the best is taken. Where it is surely worse on the last weeks
 * than what is popular, and nothing serves yet, what is popular of late is taken, which is more than best sellers of all time.
 */
export async function decide({ purchases, pairs }: TrainingData, wish: Wish): Promise<Decision> {
  const { given, current, afterStep } = wish;
  const judges = someCustomers(purchases);
  const parts: TrainedParts = new Map();
  const choice = given ? undefined : await chooseFor(judges, { current, parts, afterStep });
  const judge = async (options: TrainingSettings, made: Choice | undefined): Promise<Decision> => {
    const replaced = current && !Bun.deepEquals(current, options) ? current : undefined;
    const trial = { challenger: options, current: replaced, choice: made, parts, afterStep };
    const evaluation = await evaluateOn(judges, trial);
    const isPopularity = made?.winner.name === "popular";
    const replaces = replaced !== undefined && wish.replaces;
    const objection = objectionTo(evaluation, { isPopularity, isChosen: made !== undefined, replaces });
    return { options, evaluation, objection };
  };
  const best = await judge(given ?? choice?.winner.settings ?? current ?? usualBlend(pairs), choice);
  const popular = choice?.finalists.find(({ name }) => name === "popular");
  if (best.objection === undefined || current || !choice || !popular) return best;
  return judge(popular.settings, { ...choice, winner: popular });
}
