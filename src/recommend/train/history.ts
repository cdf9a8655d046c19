import { z } from "zod";
import { ShopError } from "../../base/errors";
import type { Shop } from "../../shop/shop";
import { ListResult, listResults } from "../evaluate/list-results";
import { Interval, RunProgress } from "../schema";
import { listModels, listRuns } from "./queries";

/** Older records may lack some of it. */
const ContenderRow = z
  .looseObject({
    name: z.string(),
    ndcg_20: z.number(),
    recall_20: z
      .number()
      .optional()
      .meta({ description: "Share of what was bought later that stands among the first twenty, 0 to 1" }),
    hit_rate_10: z
      .number()
      .optional()
      .meta({ description: "Share of the customers who bought one of the first ten, 0 to 1" }),
    coverage: z.number().optional().meta({ description: "Share of the catalog that is in some list, 0 to 1" }),
    novelty: z.number().optional().meta({ description: "How little known what is listed is, in bits" }),
  })
  .meta({ id: "RecommendContender" });

const Metrics = z.looseObject({
  customers: z.int().optional().meta({ description: "How many customers were asked about" }),
  days: z.number().optional().meta({ description: "How many days were held back" }),
  rows: z.array(ContenderRow).optional(),
  challenger_beats: z
    .record(z.string(), Interval)
    .optional()
    .meta({ description: "By how much the new model's NDCG@20 is better than each other's" }),
  choice: z
    .looseObject({
      chosen: z.string().meta({ description: "Its name" }),
      customers: z.int().meta({ description: "How many were asked about" }),
      rows: z.array(ContenderRow),
    })
    .optional()
    .meta({ description: "What was tried on the weeks before, and what was chosen" }),
});

const RunData = z.looseObject({
  progress: RunProgress.optional().meta({ description: "How far it is, while it runs" }),
  learning: z.array(z.number()).optional().meta({
    description: "What the training lowers, after its first half-step and after each epoch; none in a very large shop",
  }),
});

const RunRecord = z
  .object({
    id: z.int(),
    asked_by: z.string(),
    state: z.enum(["running", "served", "kept", "failed"]),
    settings: z.record(z.string(), z.unknown()),
    data: RunData,
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
    served_at: z.string().nullable().meta({
      description:
        "When it last went into service or on trial: of the retired ones the newest is the one to go back to",
    }),
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

/** What is known of a model. Throws `not_found`. */
export async function getModelInfo(shop: Shop, id: number): Promise<ModelInfo> {
  const model = (await listModels(shop.database, 1, id))[0];
  if (!model) throw new ShopError("not_found", `There is no model ${id}.`);
  return ModelInfo.parse(model);
}
