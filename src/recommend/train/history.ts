import { z } from "zod";
import type { Shop } from "../../shop/shop";
import { ListResult, listResults } from "../evaluate/list-results";
import { listModels, listRuns } from "./queries";

const Metrics = z.looseObject({
  rows: z.array(z.looseObject({ name: z.string(), ndcg_20: z.number() })).optional(),
});

export const RunRecord = z
  .object({
    id: z.int(),
    asked_by: z.string(),
    state: z.enum(["running", "served", "kept", "failed"]),
    settings: z.record(z.string(), z.unknown()),
    data: z.record(z.string(), z.unknown()),
    metrics: Metrics,
    note: z.string().nullable(),
    started_at: z.string(),
    finished_at: z.string().nullable(),
  })
  .meta({ id: "RecommendRun" });
export type RunRecord = z.infer<typeof RunRecord>;

export const ModelInfo = z
  .object({
    id: z.int(),
    run_id: z.int(),
    role: z.enum(["serving", "candidate", "retired", "kept"]),
    settings: z.record(z.string(), z.unknown()),
    metrics: Metrics,
    bytes: z.int().meta({ description: "0 for a model whose content was thrown out" }),
    created_at: z.string(),
  })
  .meta({ id: "RecommendModel" });
export type ModelInfo = z.infer<typeof ModelInfo>;

export const TrainingRecord = z
  .object({ models: z.array(ModelInfo), runs: z.array(RunRecord), outcomes: z.array(ListResult) })
  .meta({ id: "TrainingRecord" });
export type TrainingRecord = z.infer<typeof TrainingRecord>;

const RECORDS_SHOWN = 50;

/** The models and the trainings of the shop, newest first, and what came of what was shown in the last month. */
export async function trainingRecord(shop: Shop): Promise<TrainingRecord> {
  const [models, runs, outcomes] = await Promise.all([
    listModels(shop.database, RECORDS_SHOWN),
    listRuns(shop.database, RECORDS_SHOWN),
    listResults(shop),
  ]);
  return TrainingRecord.parse({ models, runs, outcomes });
}
