import { ShopError } from "../errors";
import type { Shop } from "../shop";
import { averageKinds, fillUnknown } from "./model/kinds";
import { modelHasChanged } from "./model-in-service";
import { boughtTogether } from "./model/together";
import { newestDayOf } from "./model/time";
import { trainModel } from "./model/trained";
import {
  failSilentRuns,
  finishRun,
  forgetOldContent,
  insertModel,
  insertRun,
  retireServing,
  touchRun,
} from "./queries";
import { TrainingSettings } from "./schema";
import { packModel, type StoredModel } from "./stored-model";
import { DAY_MS, readTrainingData, type TrainingData } from "./training-data";

export type TrainingStep = "reading" | "training";

export interface Retraining {
  /** Who wants it, for the record: "command line", "schedule", "admin 7". */
  askedBy: string;
  settings?: Partial<TrainingSettings>;
  progress?: (step: TrainingStep, done: number, total: number) => void;
}

/** What came of a training. */
export interface TrainingReport {
  run_id: number;
  model_id: number;
  state: "served" | "kept";
  note: string | null;
  data: DataReport;
  duration_ms: number;
}

export interface DataReport {
  orders: number;
  customers: number;
  products: number;
  purchases: number;
  newest_order_at: string | null;
}

/** A training that has been silent for so long was killed. Reading and computing say something every few seconds. */
const SILENCE_MS = 120_000;
const HEARD_EVERY_MS = 5_000;

/** Old models whose content is kept, to go back to. */
const OLD_MODELS = 3;

/** Categories and attributes that a model remembers the average of, the most common first. */
const MOST_KINDS = 2_000;
/** How many companions of each product a model remembers. */
const TOGETHER = 24;

/**
 * Trains on the shop's orders, and puts the model into service. What was in service stays there until the new one is
 * written whole. Throws `conflict` while another training runs, here or in another process.
 */
export async function retrain(shop: Shop, { askedBy, settings = {}, progress }: Retraining): Promise<TrainingReport> {
  const options = TrainingSettings.parse(settings);
  const startedAt = performance.now();
  const runId = await startRun(shop, askedBy, options);
  try {
    const hear = heartbeat(shop, runId);
    const data = await readTrainingData(shop.database, async (done, total) => {
      progress?.("reading", done, total);
      await hear();
    });
    const report = reportOf(data);
    if (data.pairs.products.length === 0) {
      throw new ShopError("conflict", "There are no orders to learn from yet.");
    }
    const model = await train(data, options, async (done, total) => {
      progress?.("training", done, total);
      await hear();
    });
    const modelId = await putIntoService(shop, runId, model, report);
    modelHasChanged(shop);
    const duration_ms = Math.round(performance.now() - startedAt);
    return { run_id: runId, model_id: modelId, state: "served", note: null, data: report, duration_ms };
  } catch (error) {
    await failRun(shop, runId, error);
    throw error;
  }
}

async function startRun(shop: Shop, askedBy: string, settings: TrainingSettings): Promise<number> {
  const now = shop.now();
  const silentSince = new Date(now.getTime() - SILENCE_MS).toISOString();
  const id = await shop.database.transaction(async (tx) => {
    await failSilentRuns(tx, silentSince, now.toISOString());
    return insertRun(tx, { asked_by: askedBy, settings, started_at: now.toISOString() });
  });
  if (id === undefined) throw new ShopError("conflict", "Another training is running. Try again when it is done.");
  return id;
}

/** Says now and then that the run is alive. Throws when it was given up, so that two never finish. */
function heartbeat(shop: Shop, runId: number): () => Promise<void> {
  let heardAt = performance.now();
  return async () => {
    if (performance.now() - heardAt < HEARD_EVERY_MS) return;
    heardAt = performance.now();
    const now = shop.now().toISOString();
    if (!(await shop.database.transaction((tx) => touchRun(tx, runId, now)))) throw givenUp();
  };
}

/** The numbers of a model, from the numbers of the shop. */
async function train(
  { pairs, productIds, kindsOfProduct, orders }: TrainingData,
  options: TrainingSettings,
  progress: (done: number, total: number) => Promise<void>,
): Promise<StoredModel> {
  const model = await trainModel(pairs, options, progress);
  if (!model.products.every(Number.isFinite)) {
    throw new ShopError("conflict", "The training came to nothing: these settings don't suit the data.");
  }
  const kinds = averageKinds(model.products, model.trend, kindsOfProduct, MOST_KINDS);
  fillUnknown(model.products, model.trend, kindsOfProduct, kinds);
  const together = boughtTogether(orders, TOGETHER);
  const largestId = productIds.at(-1) ?? 0;
  return { ...model, options, productIds, largestId, kinds, together };
}

function putIntoService(shop: Shop, runId: number, model: StoredModel, data: DataReport): Promise<number> {
  const content = packModel(model);
  return shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    const ended = await finishRun(tx, runId, { state: "served", data, metrics: {}, note: null, finished_at: now });
    if (!ended) throw givenUp();
    await retireServing(tx);
    const record = { run_id: runId, settings: model.options, metrics: {}, content, created_at: now };
    const id = await insertModel(tx, { ...record, role: "serving" });
    await forgetOldContent(tx, OLD_MODELS);
    return id;
  });
}

/** Best effort: when even this can't be written, silence says the same. */
async function failRun(shop: Shop, runId: number, error: unknown): Promise<void> {
  const note = error instanceof ShopError ? error.message : "Something went wrong.";
  const end = { state: "failed" as const, data: {}, metrics: {}, note, finished_at: shop.now().toISOString() };
  try {
    await shop.database.transaction((tx) => finishRun(tx, runId, end));
  } catch {
    shop.log("warn", "A failed training could not be written down.", { run_id: runId });
  }
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

function givenUp(): ShopError {
  return new ShopError("conflict", "This training was silent for so long that it was given up.");
}
