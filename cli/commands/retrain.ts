import { Command } from "commander";
import { retrain, type TrainingReport } from "../../src/recommend/retrain";
import type { Terminal } from "../terminal";

export const retrainCommand = ({ print, progress, withShop }: Terminal) =>
  new Command("retrain").description("train the recommender on the shop's orders and put it into service").action(() =>
    withShop(async (shop) => {
      const bars = { reading: progress("Reading orders"), training: progress("Training") };
      const report = await retrain(shop, {
        askedBy: "command line",
        progress: (step, done, total) => {
          if (step === "training") bars.reading.end();
          bars[step].update(done, total);
        },
      });
      bars.training.end();
      print(report, textOf(report));
    }),
  );

function textOf({ model_id, data, duration_ms }: TrainingReport): string {
  return [
    `Learned from ${count(data.orders)} orders: ${count(data.customers)} customers, ${count(data.products)} products,`,
    `${count(data.purchases)} different purchases, the newest of ${data.newest_order_at?.slice(0, 10) ?? "no day"}.`,
    `Model ${model_id} is in service, after ${(duration_ms / 1000).toFixed(1)} s.`,
  ].join("\n");
}

const count = (number: number) => number.toLocaleString("en");
