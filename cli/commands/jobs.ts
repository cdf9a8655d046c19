import { Command } from "commander";
import { shopJobs } from "../../src/app";
import { listJobs } from "../../src/jobs/runs";
import type { JobState } from "../../src/jobs/schema";
import { table } from "../table";
import type { Terminal } from "../terminal";

export const jobsCommand = ({ print, withShop }: Terminal) =>
  new Command("jobs").description("list what a served shop does by itself, and how it went the last time").action(() =>
    withShop(async (shop) => {
      const jobs = await listJobs(shop, shopJobs);
      print(jobs, table(["JOB", "COMES", "LAST RUN", "TOOK", "RUNS", "FAILED", "WHY"], jobs.map(rowOf)));
    }),
  );

const rowOf = (job: JobState) => [
  job.name,
  comesText(job.schedule),
  job.last_started_at ?? "never",
  job.last_duration_ms === null ? "" : `${job.last_duration_ms} ms`,
  job.runs,
  job.failures,
  job.last_failure ?? job.last_failure_at ?? "",
];

/** `every 600 s` is every 10 min, and `40 3 * * * UTC` daily at 03:40 UTC. Other schedules are said as they are. */
function comesText(schedule: string): string {
  const seconds = Number(/^every (\d+) s$/.exec(schedule)?.[1] ?? 0);
  if (seconds > 0 && seconds % 3_600 === 0) return `every ${seconds / 3_600} h`;
  if (seconds > 0 && seconds % 60 === 0) return `every ${seconds / 60} min`;
  const [, minute, hour] = /^(\d+) (\d+) \* \* \* UTC$/.exec(schedule) ?? [];
  return minute === undefined || hour === undefined
    ? schedule
    : `daily ${hour.padStart(2, "0")}:${minute.padStart(2, "0")} UTC`;
}
