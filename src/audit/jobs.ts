import { DAY_MS } from "../base/time";
import type { Job } from "../jobs/registry";
import { pruneAudit } from "./pruning";
import { writeCounts } from "./strangers";

export const auditJobs: readonly Job[] = [
  { name: "count strangers", schedule: () => ({ everySeconds: 600 }), work: writeCounts },
  {
    name: "prune the audit",
    schedule: () => ({ cron: "40 3 * * *" }),
    work: async (shop) => {
      await pruneAudit(shop, new Date(shop.now().getTime() - shop.settings.auditDays * DAY_MS).toISOString());
    },
  },
];
