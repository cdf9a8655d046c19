import { Command } from "commander";
import { retrain, type TrainingReport } from "../../src/recommend/train/retrain";
import { rowLabels } from "../../src/recommend/evaluate/evaluate";
import { TrainingSettings } from "../../src/recommend/schema";
import { validate } from "../../src/base/validate";
import { moment, wholeNumber } from "../arguments";
import type { Terminal } from "../terminal";

interface Options {
  set: string[];
  force: boolean;
  candidate: boolean;
  asOf?: string;
  run?: number;
  askedBy: string;
}

/** For a person who stops it. */
const GO_ON = "The model in service stays. Run it again: it begins anew.";

export const retrainCommand = ({ print, progress, stopping, withShop }: Terminal) =>
  new Command("retrain")
    .description("train the recommender on the shop's orders, and serve it if it is good")
    .option(
      "--set <name=value...>",
      "settings that differ from those in service, such as factors=96; without, the best are chosen",
      [],
    )
    .option("--force", "serve it even if it is no better than what is popular", false)
    .option(
      "--candidate",
      "let it serve a share of the customers (RECOMMEND_CANDIDATE_PERCENT) beside the present one",
      false,
    )
    .option("--as-of <moment>", "leave out later orders", moment)
    .option("--run <id>", "finish a run that was begun elsewhere", wholeNumber(1))
    .option("--asked-by <who>", "who wants it, for the record", "command line")
    .action(({ set, candidate, run, ...options }: Options) =>
      withShop(async (shop) => {
        const bars = {
          reading: progress("Reading orders", GO_ON),
          evaluating: progress("Trying it on the last weeks", GO_ON),
          training: progress("Training", GO_ON),
        };
        const report = await retrain(shop, {
          ...options,
          runId: run,
          asChallenger: candidate,
          settings: settingsFrom(set),
          stopping: stopping?.(),
          progress: (step, done, total) => bars[step].update(done, total),
        });
        print(report, textOf(report));
      }),
    );

/** `factors=96` → `{ factors: 96 }`. Throws ShopError `invalid` for what is no setting. */
export function settingsFrom(words: readonly string[]): Partial<TrainingSettings> {
  const given: Record<string, unknown> = {};
  for (const word of words) {
    const [name = "", value = ""] = word.split("=");
    given[name] = value === "" || Number.isNaN(Number(value)) ? value : Number(value);
  }
  // Checked with the defaults beside them; what was not given is left to the settings in service.
  const whole = validate(TrainingSettings, given);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name in given));
}

function textOf({ model_id, data, state, note, evaluation, duration_ms }: TrainingReport): string {
  const challenger = evaluation.rows.find(({ name }) => name === "challenger");
  const popular = evaluation.rows.find(({ name }) => name === "popular_recently");
  return [
    `Learned from ${count(data.orders)} orders: ${count(data.customers)} customers, ${count(data.products)} products,`,
    `${count(data.purchases)} different purchases, the newest of ${data.newest_order_at?.slice(0, 10) ?? "no day"}.`,
    ...(evaluation.choice
      ? [`Chosen from ${evaluation.choice.rows.length} ways to recommend: ${rowLabels[evaluation.choice.chosen]}.`]
      : []),
    ...(challenger && popular
      ? [
          `Tried on the last ${Math.round(evaluation.days)} days: NDCG@20 ${challenger.ndcg_20.toFixed(4)},`,
          `what is popular of late ${popular.ndcg_20.toFixed(4)}.`,
        ]
      : []),
    ...(note === null ? [] : [note]),
    state === "served"
      ? `Model ${model_id} is in service, after ${(duration_ms / 1000).toFixed(1)} s.`
      : `Model ${model_id} is kept but not served. --force would serve it all the same.`,
  ].join("\n");
}

const count = (number: number) => number.toLocaleString("en");
