import { chooseFor } from "../evaluate/choose";
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

/** Unless settings are given, every way to recommend is tried and the best is taken. */
export async function decide({ purchases, pairs }: TrainingData, wish: Wish): Promise<Decision> {
  const { given, current, afterStep } = wish;
  const judges = someCustomers(purchases);
  const parts: TrainedParts = new Map();
  const choice = given ? undefined : await chooseFor(judges, { current, parts, afterStep });
  const options = given ?? choice?.winner.settings ?? current ?? usualBlend(pairs);
  const replaced = current && !Bun.deepEquals(current, options) ? current : undefined;
  const evaluation = await evaluateOn(judges, { challenger: options, current: replaced, choice, parts, afterStep });
  const objection = objectionTo(evaluation, {
    isPopularity: choice?.winner.name === "popular",
    isChosen: choice !== undefined,
    replaces: replaced !== undefined && wish.replaces,
  });
  return { options, evaluation, objection };
}
