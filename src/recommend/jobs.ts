import { ShopError } from "../base/errors";
import type { Job } from "../jobs/registry";
import { listNewestOrderMoments } from "../orders/purchases";
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
  // A shop that has sold nothing yet is no failure to be told of every night.
  const [newest] = await listNewestOrderMoments(shop.database, shop.now().toISOString(), 1);
  if (newest === undefined) return;
  try {
    await retrainInBackground(shop, "schedule");
  } catch (error) {
    // Another server on the same database was quicker; that is as good.
    if (!(error instanceof ShopError && error.code === "conflict")) throw error;
  }
}
