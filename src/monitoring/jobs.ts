import type { Job } from "../jobs/registry";
import { perShop } from "../shop/per-shop";

/** What has been said already is said again after so long. */
const SAID_AGAIN_MS = 600_000;

const saidAt = perShop(() => ({ moment: -Infinity }));

export const monitoringJobs: Job[] = [
  {
    name: "watch the database",
    schedule: () => ({ everySeconds: 10 }),
    everywhere: true,
    work: async (shop) => {
      const said = saidAt(shop);
      const warning = shop.database.warning();
      const now = shop.now().getTime();
      if (warning === undefined) said.moment = -Infinity;
      else if (now - said.moment >= SAID_AGAIN_MS) {
        said.moment = now;
        shop.log("warn", warning);
      }
    },
  },
];
