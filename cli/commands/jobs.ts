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
      print(jobs, table(["JOB", "COMES", "LAST RUN", "TOOK", "RUNS", "FAILED", "LAST FAILURE"], jobs.map(rowOf)));
    }),
  );

const rowOf = (job: JobState) => [
  job.name,
  job.schedule,
  job.last_started_at ?? "never",
  job.last_duration_ms === null ? "" : `${job.last_duration_ms} ms`,
  job.runs,
  job.failures,
  job.last_failure ?? job.last_failure_at ?? "",
];
