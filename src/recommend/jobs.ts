import { ShopError } from "../base/errors";
import type { Job } from "../jobs/registry";
import type { Shop } from "../shop/shop";
import { retrainInBackground } from "./train/background";

export const recommendJobs: readonly Job[] = [
  {
    name: "retrain",
    schedule: ({ recommendSchedule }) => (recommendSchedule === "off" ? "off" : { cron: recommendSchedule }),
    work: retrainOnSchedule,
  },
];

/** Begins a training in a process of its own, which goes on by itself. */
async function retrainOnSchedule(shop: Shop): Promise<void> {
  try {
    await retrainInBackground(shop, "schedule");
  } catch (error) {
    // Another server on the same database was quicker; that is as good.
    if (!(error instanceof ShopError && error.code === "conflict")) throw error;
  }
}
