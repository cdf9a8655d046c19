import type { Job } from "../jobs/registry";
import type { Shop } from "../shop/shop";
import { fileOf } from "../storage/place";
import { askDoctor } from "./apart";
import { examineFile } from "./doctor";

/** Damage is noticed by whoever reads the page, which may be nobody for months: all pages are read now and then. */
export const fileJob: Job = {
  name: "check the file",
  // PostgreSQL looks after its own files.
  schedule: ({ fileCheckSchedule, databaseUrl }) =>
    fileCheckSchedule === "off" || fileOf(databaseUrl) === undefined ? "off" : { cron: fileCheckSchedule },
  work: checkFile,
};

export const doctorJobs: readonly Job[] = [fileJob];

async function checkFile(shop: Shop, stopping: AbortSignal): Promise<void> {
  const answer = await askDoctor(shop, ["--file"], stopping);
  if (answer === "silent") {
    if (stopping.aborted) return;
    throw new Error("The file could not be looked at.");
  }
  const [first] = answer?.problems ?? (await examineFile(shop));
  if (!first) return;
  shop.database.reportDamage();
  throw new Error(`The file of the database is damaged: ${first.problem}`);
}
