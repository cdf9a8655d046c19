import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import { retrainInBackground } from "./train/background";

/** Trains again whenever the setting RECOMMEND_SCHEDULE says, in UTC, until it is stopped. */
export function scheduleRetraining(shop: Shop): { stop(): void } {
  const { recommendSchedule } = shop.settings;
  if (recommendSchedule === "off") return { stop: () => {} };
  return Bun.cron(recommendSchedule, () => begin(shop), { tz: "UTC" });
}

/** Never throws: nobody is there to hear it. */
async function begin(shop: Shop): Promise<void> {
  try {
    await retrainInBackground(shop, "schedule");
  } catch (error) {
    // Another server on the same database was quicker; that is as good.
    if (error instanceof ShopError && error.code === "conflict") return;
    shop.log("error", "The scheduled training could not begin.", { error: String(error) });
  }
}
