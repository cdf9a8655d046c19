import { Command } from "commander";
import { LARGEST_ID } from "../../src/base/fields";
import { endTrial, giveRole, rollBack } from "../../src/recommend/train/roles";
import { compareTrial, type RecommendTrial } from "../../src/recommend/train/trial";
import { wholeNumber } from "../arguments";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const promoteCommand = ({ print, withShop }: Terminal) =>
  new Command("promote")
    .description("put a model into service, such as the one on trial")
    .argument("<model>", "its id, as sanset recommend models shows it", wholeNumber(1, LARGEST_ID))
    .option("--candidate", "on trial only, for a share of the customers (RECOMMEND_CANDIDATE_PERCENT)", false)
    .action((model: number, { candidate }: { candidate: boolean }) =>
      withShop(async (shop) => {
        await giveRole(shop, model, candidate ? "candidate" : "serving");
        print({ model_id: model }, `Model ${model} is ${candidate ? "on trial" : "in service"}.`);
      }),
    );

export const rollbackCommand = ({ print, withShop }: Terminal) =>
  new Command("rollback")
    .description("put the model into service again that served before; twice: back to the newer one")
    .action(() =>
      withShop(async (shop) => {
        const model_id = await rollBack(shop);
        print({ model_id }, `Model ${model_id} is in service.`);
      }),
    );

export const retireCommand = ({ print, withShop }: Terminal) =>
  new Command("retire").description("end the trial: all customers get the model in service").action(() =>
    withShop(async (shop) => {
      const model_id = await endTrial(shop);
      print({ model_id }, `Model ${model_id} is on trial no longer.`);
    }),
  );

export const trialCommand = ({ print, withShop }: Terminal) =>
  new Command("trial")
    .description("compare the model on trial with the one in service, by what customers clicked and bought")
    .action(() =>
      withShop(async (shop) => {
        const trial = await compareTrial(shop);
        print(trial, trialText(trial));
      }),
    );

function trialText({ since, arms, difference }: RecommendTrial): string {
  if (since === null || !difference) return "No model is on trial: sanset retrain --candidate begins one.";
  const rows = arms.map((arm) => [
    `${arm.model_id} (${arm.role})`,
    arm.customers,
    arm.lists,
    shareText(arm.click_through),
    shareText(arm.purchase_through),
  ]);
  const lead = [
    "the trial's lead",
    "",
    "",
    shareText(difference.click_through),
    shareText(difference.purchase_through),
  ];
  return [
    `On trial since ${since.slice(0, 16)}, with intervals that hold in 95 of 100 cases.`,
    "",
    table(["MODEL", "CUSTOMERS", "LISTS", "CLICKED", "BOUGHT"], [...rows, lead]),
  ].join("\n");
}

const percent = (share: number) => (100 * share).toFixed(1);

const shareText = ({ mean, low, high }: { mean: number; low: number; high: number }) =>
  `${percent(mean)} % (${percent(low)} to ${percent(high)})`;
