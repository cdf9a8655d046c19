import { ShopError } from "../../base/errors";
import type { Shop } from "../../shop/shop";
import { chooseFor } from "../evaluate/choose";
import { usualBlend } from "../evaluate/contenders";
import { type Evaluation, evaluateOn } from "../evaluate/evaluate";
import { fewerCustomers } from "../evaluate/hold-back";
import { reportPage } from "../evaluate/report";
import { tidyUp } from "../evaluate/tidy-up";
import { seeded } from "../model/random";
import { TrainingSettings } from "../schema";
import { trainingRecord } from "./history";
import { settingsInService } from "./retrain";
import { lastMoment, readTrainingData } from "./training-data";

export interface Trial {
  settings?: Partial<TrainingSettings>;
  /** Leave out later orders: a moment, in ISO 8601. */
  asOf?: string | undefined;
  progress?: (done: number, total: number) => void;
  /** Where what the factors lower in their training is written down. */
  learning?: number[];
}

/**
 * How the shop's last weeks judge each way to recommend, beside the model in service. Without settings the challenger is what
 * a training would choose now. Changes nothing. Throws `conflict` where there are no orders.
 */
export async function evaluateShop(
  shop: Shop,
  { settings = {}, asOf, progress, learning }: Trial,
): Promise<Evaluation> {
  const current = await settingsInService(shop);
  const { purchases, pairs, of } = await readPurchases(shop, asOf);
  const given = Object.keys(settings).length > 0 ? TrainingSettings.parse({ ...current, ...settings }) : undefined;
  let done = 0;
  const afterStep = () => {
    progress?.(++done, Math.max(STEPS_EXPECTED, done));
    return nextTurn();
  };
  tidyUp();
  const choice = await chooseFor(purchases, { period: "validation", current, afterStep });
  tidyUp();
  const challenger = given ?? choice?.winner.settings ?? current ?? usualBlend(pairs);
  const evaluation = await evaluateOn(purchases, {
    challenger,
    current: current && !Bun.deepEquals(current, challenger) ? current : undefined,
    others: choice?.finalists.filter(({ name }) => name !== "current") ?? [],
    choice,
    afterStep,
    learning,
  });
  progress?.(STEPS_EXPECTED, STEPS_EXPECTED);
  const learned = purchases.days.length;
  return { ...evaluation, learned_from: learned < of ? { purchases: learned, of } : undefined };
}

/** Between steps, so that who is told to stop hears it. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Steps that an evaluation takes, more or less: for a bar. */
const STEPS_EXPECTED = 200;

/** The comparison as a page to look at. Throws `conflict` where there are no orders. */
export async function drawReport(shop: Shop, trial: Trial): Promise<{ evaluation: Evaluation; page: string }> {
  const learning: number[] = [];
  const evaluation = await evaluateShop(shop, { ...trial, learning });
  const { runs } = await trainingRecord(shop);
  return { evaluation, page: reportPage({ evaluation, learning, runs }) };
}

/** Settings that were tried, and how good they were. */
export interface Tried {
  settings: TrainingSettings;
  ndcg_20: number;
  recall_20: number;
  hit_rate_10: number;
}

/** What is worth trying for each setting. The rest stays as it is. */
const range: { [Name in keyof TrainingSettings]?: readonly TrainingSettings[Name][] } = {
  factors: [32, 64, 96],
  unobserved: [0.1, 0.2, 0.3, 0.5, 1],
  regularization: [0.001, 0.002, 0.003, 0.005],
  neighbours: ["none", "damped", "orders", "bm25", "tfidf"],
  neighbours_weight: [0.25, 0.5, 1, 2],
  recency_half_life_days: [15, 30, 45, 60, 120],
  recency_floor: [0.05, 0.1, 0.2],
  order_decay: [0.6, 0.8, 1],
  trend_weight: [0, 0.5, 0.8, 1, 1.3],
  trend_half_life_days: [2, 3, 5, 10],
  trend_smoothing: [2, 5, 8, 15],
};

/**
 * Tries settings at random beside those in service, best first. They are judged by the weeks before the last ones, so that
 * the last ones stay good for judging what was chosen.
 */
export async function tune(
  shop: Shop,
  { trials, seed = 1, asOf, progress }: Trial & { trials: number; seed?: number },
) {
  const random = seeded(seed);
  const start = TrainingSettings.parse((await settingsInService(shop)) ?? {});
  const { purchases } = await readPurchases(shop, asOf);
  const tried: Tried[] = [];
  for (let trial = 0; trial <= trials; trial++) {
    const drawn = Object.entries(range).map(([name, values]) => [name, values[Math.floor(random() * values.length)]]);
    const settings = trial === 0 ? start : TrainingSettings.parse({ ...start, ...Object.fromEntries(drawn) });
    const { rows } = await evaluateOn(purchases, { challenger: settings, period: "validation", afterStep: nextTurn });
    const row = rows.find(({ name }) => name === "challenger");
    if (!row) throw new ShopError("conflict", "There are too few orders to choose settings by.");
    const { ndcg_20, recall_20, hit_rate_10 } = row;
    tried.push({ settings, ndcg_20, recall_20, hit_rate_10 });
    progress?.(trial + 1, trials + 1);
  }
  return tried.toSorted((a, b) => b.ndcg_20 - a.ndcg_20);
}

async function readPurchases(shop: Shop, asOf: string | undefined) {
  const data = await readTrainingData(
    shop.database,
    () => {},
    await lastMoment(shop.database, shop.now().toISOString(), asOf),
  );
  if (data.purchases.days.length === 0) throw new ShopError("conflict", "There are no orders to learn from yet.");
  return { pairs: data.pairs, purchases: fewerCustomers(data.purchases), of: data.purchases.days.length };
}
