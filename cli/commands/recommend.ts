import { Command } from "commander";
import { getUserByIdOrEmail } from "../../src/accounts/accounts";
import { type Evaluation, rowLabels } from "../../src/recommend/evaluate/evaluate";
import { askedText, learnedText } from "../../src/recommend/evaluate/report";
import type { Explanation } from "../../src/recommend/schema";
import { explain } from "../../src/recommend/serve/explain";
import { type TrainingRecord, trainingRecord } from "../../src/recommend/train/history";
import { drawReport, evaluateShop, tune } from "../../src/recommend/train/trials";
import { moment, wholeNumber } from "../arguments";
import { table } from "../table";
import { promoteCommand, retireCommand, rollbackCommand, trialCommand } from "./recommend-roles";
import type { Terminal } from "../terminal";
import { visible } from "../visible";
import { settingsFrom } from "./retrain";

export const recommendCommand = (terminal: Terminal) =>
  new Command("recommend")
    .description("see how good the recommendations are, and why they are what they are")
    .addCommand(modelsCommand(terminal))
    .addCommand(evaluateCommand(terminal))
    .addCommand(tuneCommand(terminal))
    .addCommand(reportCommand(terminal))
    .addCommand(explainCommand(terminal))
    .addCommand(promoteCommand(terminal))
    .addCommand(rollbackCommand(terminal))
    .addCommand(trialCommand(terminal))
    .addCommand(retireCommand(terminal));

const modelsCommand = ({ print, withShop }: Terminal) =>
  new Command("models")
    .description("list the models, how good they were when tried, and what came of what they recommended")
    .action(() =>
      withShop(async (shop) => {
        const record = await trainingRecord(shop);
        print(record, recordText(record));
      }),
    );

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function recordText({ models, runs, outcomes }: TrainingRecord): string {
  const runOf = new Map(runs.map((run) => [run.id, run]));
  return [
    table(
      ["MODEL", "ROLE", "NDCG@20 WHEN TRIED", "KILOBYTES", "MADE", "ASKED BY", "NOTE"],
      models.map(({ id, role, metrics, bytes, created_at, run_id }) => [
        id,
        role,
        metrics.rows?.find(({ name }) => name === "challenger" || name === "candidate")?.ndcg_20.toFixed(4) ?? "-",
        Math.ceil(bytes / 1_024),
        created_at.slice(0, 16),
        runOf.get(run_id)?.asked_by ?? "",
        runOf.get(run_id)?.note ?? "",
      ]),
      "There is no model yet: sanset retrain makes one.",
    ),
    "",
    table(
      ["LAST 30 DAYS: MODEL", "CONTEXT", "LISTS SHOWN", "CLICKED", "BOUGHT"],
      outcomes.map(({ model_id, context, lists, click_through, purchase_through }) => [
        model_id ?? "none",
        context,
        lists,
        percent(click_through),
        percent(purchase_through),
      ]),
      "Nothing was recommended in the last 30 days.",
    ),
  ].join("\n");
}

const evaluateCommand = ({ print, progress, withShop }: Terminal) =>
  new Command("evaluate")
    .description("hold back the last weeks of orders and see who foretells them best")
    .option("--set <name=value...>", "settings of a challenger, such as factors=96", [])
    .option("--as-of <moment>", "leave out later orders", moment)
    .option("--html <file>", "draw it as a page to look at, too")
    .addHelpText("after", "\nExamples:\n  sanset recommend evaluate\n  sanset recommend evaluate --html picture.html")
    .action(({ set, asOf, html }: { set: string[]; asOf?: string; html?: string }) =>
      withShop(async (shop) => {
        const bar = progress("Evaluating", "Nothing was changed.");
        const trial = {
          settings: settingsFrom(set),
          asOf,
          progress: (done: number, total: number) => bar.update(done, total),
        };
        const { evaluation, page } =
          html === undefined
            ? { evaluation: await evaluateShop(shop, trial), page: "" }
            : await drawReport(shop, trial);
        if (html !== undefined) await Bun.write(html, page);
        print(evaluation, evaluationText(evaluation));
      }),
    );

function evaluationText(evaluation: Evaluation): string {
  const { held_out, days, rows, challenger_beats: beats, challenger_ndcg_20: own, choice } = evaluation;
  if (rows.length === 0) return "There are too few orders to judge by.";
  const lines = rows.map((row) => {
    const lead = beats[row.name];
    return [
      rowLabels[row.name] ?? row.name,
      ...[row.recall_20, row.ndcg_10, row.ndcg_20, row.hit_rate_10].map((value) => value.toFixed(4)),
      percentOf(row.coverage),
      row.novelty.toFixed(1),
      percentOf(row.same_first),
      lead ? `${lead.mean.toFixed(4)} (${lead.low.toFixed(4)} to ${lead.high.toFixed(4)})` : "",
    ];
  });
  const header = ["", "RECALL@20", "NDCG@10", "NDCG@20", "HR@10", "COVERAGE", "NOVELTY", "SAME FIRST"];
  return [
    `The last ${days.toFixed(1)} days: ${askedText(evaluation).replace(/,$/, "")}; ${held_out} products that were new to them.`,
    "",
    table([...header, "CHALLENGER'S LEAD IN NDCG@20"], lines),
    ...(evaluation.learned_from ? ["", learnedText(evaluation)] : []),
    ...(own
      ? ["", `The challenger's NDCG@20 is ${own.low.toFixed(4)} to ${own.high.toFixed(4)} in 95 of 100 cases.`]
      : []),
    ...(choice ? ["", choiceText(choice)] : []),
  ].join("\n");
}

const percentOf = (share: number) => `${(100 * share).toFixed(0)} %`;

function choiceText({ chosen, customers, rows, left_out }: NonNullable<Evaluation["choice"]>): string {
  const [best] = rows;
  const collapsed = rows.filter((row) => row.collapsed).map((row) => rowLabels[row.name] ?? row.name);
  return [
    `The challenger is ${rowLabels[chosen] ?? chosen}: chosen on the weeks before, by ${customers} customers.`,
    ...(best && best.name !== chosen ? [`${rowLabels[best.name]} was best there, but not clearly.`] : []),
    ...(collapsed.length > 0 ? [`Collapsed to what is popular there: ${collapsed.join(", ")}.`] : []),
    ...(left_out.length > 0
      ? [`Left out in a catalog of this size: ${left_out.map((name) => rowLabels[name]).join()}.`]
      : []),
  ].join("\n");
}

/** How many of what was tried a person is shown; `--json` has them all. */
const SHOWN = 10;

const tuneCommand = ({ print, progress, withShop }: Terminal) =>
  new Command("tune")
    .description("try settings on the weeks before the last ones; serves and changes nothing")
    .option("--trials <n>", "how many to try", wholeNumber(1, 1_000), 20)
    .option("--seed <n>", "the same seed tries the same", wholeNumber(0), 1)
    .option("--as-of <moment>", "leave out later orders", moment)
    .action((options: { trials: number; seed: number; asOf?: string }) =>
      withShop(async (shop) => {
        const bar = progress("Trying", "Nothing was changed.");
        const tried = await tune(shop, { ...options, progress: (done, total) => bar.update(done, total) });
        const rows = tried.slice(0, SHOWN).map(({ settings, ndcg_20, recall_20, hit_rate_10 }) => [
          ndcg_20.toFixed(4),
          recall_20.toFixed(4),
          hit_rate_10.toFixed(4),
          Object.entries(settings)
            .filter(([name]) => name !== "seed")
            .map(([name, value]) => `${name}=${value}`)
            .join(" "),
        ]);
        print(tried, table(["NDCG@20", "RECALL@20", "HR@10", "SETTINGS (for sanset retrain --set …)"], rows));
      }),
    );

const reportCommand = ({ print, withShop }: Terminal) =>
  new Command("report")
    .description("draw the comparison, the learning curve and coverage as a page to look at")
    .option("--out <file>", "where to write it", "recommendations.html")
    .option("--as-of <moment>", "leave out later orders", moment)
    .action(({ out, asOf }: { out: string; asOf?: string }) =>
      withShop(async (shop) => {
        await Bun.write(out, (await drawReport(shop, { asOf })).page);
        print({ file: out }, `${out} is written.`);
      }),
    );

const explainCommand = ({ print, withShop }: Terminal) =>
  new Command("explain")
    .description("set what a customer has bought beside what is recommended to them")
    .argument("<customer>", "e-mail or id")
    .option("--limit <n>", "how many of each", wholeNumber(1, 50), 8)
    .action((customer: string, { limit }: { limit: number }) =>
      withShop(async (shop) => {
        const { id } = await getUserByIdOrEmail(shop, customer);
        const explanation = await explain(shop, id, limit);
        print(explanation, explanationText(explanation));
      }),
    );

function explanationText({ customer, bought, categories, recommendations }: Explanation): string {
  const favourites = categories.slice(0, 4).map(({ category, products }) => `${category} (${products})`);
  return [
    visible(`${customer.full_name} (${customer.id}) has bought ${favourites.join(", ") || "nothing yet"}.`),
    "",
    table(
      ["LATELY BOUGHT", "CATEGORY", "TIMES", "LAST"],
      bought.map((line) => [line.name, line.category, line.times, line.last_placed_at.slice(0, 10)]),
    ),
    "",
    table(
      ["RECOMMENDED", "CATEGORY", "SCORE", "WHY"],
      recommendations.map((line) => [line.name, line.category, line.score.toFixed(2), line.reason]),
    ),
  ].join("\n");
}
