import type { Job } from "../jobs/registry";
import { runOwnProgram } from "../shop/own-program";
import type { Shop } from "../shop/shop";

export const backupJob: Job = {
  name: "backup",
  schedule: ({ backupSchedule }) => (backupSchedule === "off" ? "off" : { cron: backupSchedule }),
  work: backUpInBackground,
};

export const backupJobs: readonly Job[] = [backupJob];

/** In a process of its own: copying and compressing a large database would hold up every request of this one. */
async function backUpInBackground(shop: Shop, stopping: AbortSignal): Promise<void> {
  const said = await runOwnProgram(shop, ["backup", "create", "--prune"], stopping);
  if (!said) throw new Error("This shop does not know how to run its own program.");
  if (said.code !== 0 && !stopping.aborted) throw new Error(said.err.trim().slice(-1_000));
}
