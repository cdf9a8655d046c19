import { ShopError } from "../../base/errors";
import { thisProcess } from "../../base/process";
import { holdLock } from "../../storage/locks";
import type { Shop } from "../../shop/shop";
import type { Evaluation } from "../evaluate/evaluate";
import { chooseHabits } from "../evaluate/habits";
import { someCustomers } from "../evaluate/hold-back";
import { tidyUp } from "../evaluate/tidy-up";
import { forgetOldRecords } from "../evaluate/list-results";
import { averageFeatures, fillUnknown } from "../model/features";
import { repeatRateOf } from "../model/next-basket";
import { newestDayOf } from "../model/time";
import { DAY_MS } from "../../base/time";
import { boughtTogether } from "../model/together";
import { trainModel } from "../model/train-model";
import { modelHasChanged } from "../model-changes";
import {
  findRun,
  moveRun,
  findServingSettings,
  finishRun,
  forgetOldContent,
  insertModel,
  type ModelRecord,
  retireModel,
  touchRun,
} from "./queries";
import { decide } from "./decide";
import { writeBuyers } from "./popularity";
import { ROLES } from "./roles";
import { failRun, givenUp, startRun } from "./runs";
import { type RunProgress, TrainingSettings } from "../schema";
import { packModel, type StoredModel } from "../stored-model";
import { lastMoment, readTrainingData, type TrainingData } from "./training-data";

export type TrainingStep = RunProgress["step"];

export interface Retraining {
  /** Who wants it, for the record: "command line", "schedule", "admin 7". */
  askedBy: string;
  /** A run that was begun for this, whose settings hold; without one, a new one begins. */
  runId?: number | undefined;
  /** What differs from the settings in service. */
  settings?: Partial<TrainingSettings>;
  /** Serve it even if it is no better. */
  force?: boolean;
  /** Let it serve a share of the customers beside the model in service, instead of replacing it. */
  asChallenger?: boolean;
  /** Leave out later orders: a moment, in ISO 8601. */
  asOf?: string | undefined;
  /** Gives up soon, and says so in its run, once this is aborted. */
  stopping?: AbortSignal | undefined;
  progress?: (step: TrainingStep, done: number, total: number) => void;
}

/** What came of a training. */
export interface TrainingReport {
  run_id: number;
  model_id: number;
  state: "served" | "kept";
  note: string | null;
  data: DataReport;
  evaluation: Evaluation;
  duration_ms: number;
}

export interface DataReport {
  orders: number;
  customers: number;
  products: number;
  purchases: number;
  newest_order_at: string | null;
}

const HEARD_EVERY_MS = 1_000;

/** Old models whose content is kept, to go back to. */
const OLD_MODELS_KEPT = 3;

/** Categories and attributes that a model remembers the average of, the most common first. */
const FEATURES_KEPT = 2_000;
/** With more purchases it would take a while to say after each epoch how far the training has come: `sanset recommend report` does. */
const PURCHASES_WATCHED_MOST = 300_000;
/** How many companions of each product a model remembers. */
const COMPANIONS_KEPT = 24;

/**
 * Trains on the shop's orders. Unless the wish names settings, every way to recommend is tried on the last weeks of the shop's
 * own orders and the best is taken; what serves stays where nothing is clearly better. It goes into service only when it is
 * better there than what is popular, and not clearly worse than what serves. What was in service stays there until the new
 * model is written whole. Throws `conflict` while another training runs, here or elsewhere.
 */
export async function retrain(shop: Shop, wish: Retraining): Promise<TrainingReport> {
  const current = await settingsInService(shop);
  const began = performance.now();
  const { runId, given, startedAt } =
    wish.runId === undefined ? await begin(shop, wish, current) : await join(shop, wish.runId);
  try {
    const beat = heartbeat(shop, runId);
    const hear = async (progress: RunProgress) => {
      if (wish.stopping?.aborted) throw new ShopError("conflict", "The training was stopped.");
      await beat(progress);
    };
    const step = (name: TrainingStep) => async (done: number, total: number) => {
      wish.progress?.(name, done, total);
      await hear({ step: name, share: total > 0 ? Math.min(1, done / total) : null });
    };
    // How many ways there are to try is known at the end.
    const tried = () => hear({ step: "evaluating", share: null });
    const data = await readTrainingData(
      shop.database,
      step("reading"),
      await lastMoment(shop.database, startedAt, wish.asOf),
    );
    tidyUp();
    const report = reportOf(data);
    if (report.purchases === 0) throw new ShopError("conflict", "There are no orders to learn from yet.");
    const { options, evaluation, objection } = await decide(data, {
      given,
      current,
      replaces: !wish.asChallenger,
      afterStep: tried,
    });
    wish.progress?.("evaluating", 1, 1);
    tidyUp();
    const note = objection ?? null;
    const state = note === null || wish.force ? "served" : "kept";
    const learning: number[] = [];
    const model = await train(data, options, { progress: step("training"), learning });
    const role = state === "kept" ? "kept" : wish.asChallenger ? "candidate" : "serving";
    const modelId = await store(shop, { runId, role, model, report: { ...report, learning }, evaluation, note });
    if (wish.asOf === undefined) await writeBuyers(shop, data);
    await forgetOldRecords(shop);
    const duration_ms = Math.round(performance.now() - began);
    return { run_id: runId, model_id: modelId, state, note, data: report, evaluation, duration_ms };
  } catch (error) {
    await failRun(shop, runId, error);
    throw error;
  }
}

/** Without settings in the wish a run has none: what serves will be chosen. */
async function begin(shop: Shop, { askedBy, settings }: Retraining, current: TrainingSettings | undefined) {
  const named = Object.keys(settings ?? {}).length > 0;
  const given = named ? TrainingSettings.parse({ ...current, ...settings }) : undefined;
  const runId = await startRun(shop, askedBy, given ?? {});
  return { runId, given, startedAt: shop.now().toISOString() };
}

/** A run that another process began is finished with the settings that it was begun with. Throws `not_found`. */
async function join(shop: Shop, runId: number) {
  const run = await findRun(shop.database, runId);
  if (!run) throw new ShopError("not_found", `There is no training ${runId}.`);
  const { settings, started_at } = run;
  await shop.database.transaction((tx) => moveRun(tx, runId, thisProcess()));
  const given = Object.keys(settings).length > 0 ? TrainingSettings.parse(settings) : undefined;
  return { runId, given, startedAt: started_at };
}

/** Undefined before the first training, or when an older program's settings are not ours any more. */
export async function settingsInService(shop: Shop): Promise<TrainingSettings | undefined> {
  return TrainingSettings.safeParse(await findServingSettings(shop.database)).data;
}

/** Says now and then that the run is alive, and how far. Throws when it was given up, so that two never finish. */
function heartbeat(shop: Shop, runId: number): (progress: RunProgress) => Promise<void> {
  let heardAt = Number.NEGATIVE_INFINITY;
  return async (progress) => {
    if (performance.now() - heardAt < HEARD_EVERY_MS) return;
    heardAt = performance.now();
    const now = shop.now().toISOString();
    if (!(await shop.database.transaction((tx) => touchRun(tx, runId, now, progress)))) throw givenUp();
  };
}

/** The numbers of a model, from the numbers of the shop. */
async function train(
  { purchases, pairs, productIds, featuresOfProduct, orders }: TrainingData,
  options: TrainingSettings,
  { progress, learning }: { progress: (done: number, total: number) => Promise<void>; learning: number[] },
): Promise<StoredModel> {
  const watched = pairs.products.length <= PURCHASES_WATCHED_MOST ? { learning } : {};
  const model = await trainModel(pairs, options, progress, new Map(), watched);
  if (!model.products.every(Number.isFinite)) {
    throw new ShopError("conflict", "The training came to nothing: these settings don't suit the data.");
  }
  const known = new Uint8Array(productIds.length);
  for (const product of pairs.products) known[product] = 1;
  const trained = { products: model.products, trend: model.trend, known };
  const features = averageFeatures(trained, featuresOfProduct, FEATURES_KEPT);
  fillUnknown(trained, features);
  const together = boughtTogether(orders, COMPANIONS_KEPT);
  const largestId = productIds.at(-1) ?? 0;
  const repeatRate = repeatRateOf(pairs);
  const habits = chooseHabits(someCustomers(purchases), options);
  return { ...model, options, productIds, largestId, features, together, repeatRate, habits };
}

interface TrainedModel {
  runId: number;
  role: ModelRecord["role"];
  model: StoredModel;
  report: DataReport & { learning: number[] };
  evaluation: Evaluation;
  note: string | null;
}

/** Writes the model down whole, in the place of the one that had its role, and ends the run. */
async function store(shop: Shop, { runId, role, model, report, evaluation, note }: TrainedModel): Promise<number> {
  const content = packModel(model);
  const id = await shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    const state = role === "kept" ? "kept" : "served";
    const end = { state, data: report, metrics: evaluation, note, finished_at: now } as const;
    if (!(await finishRun(tx, runId, end))) throw givenUp();
    await holdLock(tx, ROLES);
    if (role !== "kept") await retireModel(tx, role);
    const record = { run_id: runId, settings: model.options, metrics: evaluation, content, created_at: now };
    const id = await insertModel(tx, { ...record, role });
    await forgetOldContent(tx, OLD_MODELS_KEPT);
    return id;
  });
  modelHasChanged(shop);
  return id;
}

function reportOf({ pairs, userIds, productIds, orders }: TrainingData): DataReport {
  const newestDay = newestDayOf(pairs);
  return {
    orders: orders.rows,
    customers: userIds.length,
    products: productIds.length,
    purchases: pairs.products.length,
    newest_order_at: Number.isFinite(newestDay) ? new Date(Math.round(newestDay * DAY_MS)).toISOString() : null,
  };
}
