import { z } from "zod";
import { addDetails } from "../audit/recording";
import { API } from "../base/api";
import { ShopError } from "../base/errors";
import { adminRoutes, type Web } from "../http/access";
import { answerWhole } from "../http/lists";
import { wholeListAnswer } from "../http/openapi/headers";
import { failures } from "../http/problem";
import { runJob } from "../jobs/runner";
import { runningOf } from "../jobs/runs";
import { listBackups } from "./backups";
import { backupJob } from "./jobs";
import { Backup } from "./schema";
import type { Shop } from "../shop/shop";

const Begun = z.object({ job: z.literal("backup") }).meta({ id: "BegunBackup" });

export const backupRoutes = (web: Web) =>
  adminRoutes(web, "admin", "/admin/backups")
    .get("", async ({ shop, request, set }) => answerWhole({ request, set }, await listHere(shop)), {
      response: { 200: z.array(Backup), ...failures(409, 503) },
      detail: {
        summary: "List the backups, newest first",
        description: "Those where `BACKUP_TO` says. To put one back the shop is stopped: `sanset backup restore`.",
        responses: wholeListAnswer,
      },
    })
    .post(
      "",
      async ({ shop, set, status }) => {
        if (runningOf(web.shop).has(backupJob)) throw new ShopError("conflict", "A backup is being made already.");
        await shop.database.transaction(async (tx) => addDetails(tx, { job: backupJob.name }));
        // Goes on after the answer, and when the server ends: it has a process of its own.
        void runJob(web.shop, backupJob, new AbortController().signal);
        set.headers["location"] = `${API}/admin/jobs`;
        return status(202, { job: "backup" as const });
      },
      {
        response: { 202: Begun, ...failures(409) },
        detail: {
          summary: "Make a backup now",
          description:
            "In the background; `GET /admin/jobs` says how it went. Afterwards those that are more than `BACKUP_KEEP` are removed.",
        },
      },
    );

/** On the command line a shop that keeps backups nowhere is unusable for it; a server is not, whatever its admins ask for. */
async function listHere(shop: Shop): Promise<Backup[]> {
  try {
    return await listBackups(shop);
  } catch (error) {
    if (error instanceof ShopError && error.code === "unusable") throw new ShopError("conflict", error.message);
    throw error;
  }
}
