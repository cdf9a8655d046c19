import type { Reader, Transaction } from "../storage/database";

export interface JobRun {
  job: string;
  started_at: string;
  duration_ms: number;
  failure: string | null;
  last_failure_at: string | null;
  runs: number;
  failures: number;
}

export function listJobRuns(reader: Reader): Promise<JobRun[]> {
  return reader.all<JobRun>(
    "SELECT job, started_at, duration_ms, failure, last_failure_at, runs, failures FROM job_runs ORDER BY job",
  );
}

/** Writes how a job fared. `runs` and `failures` are those since this was last called, and are added to what is there. */
export async function upsertJobRun(tx: Transaction, run: JobRun): Promise<void> {
  await tx.run(
    `INSERT INTO job_runs (job, started_at, duration_ms, failure, last_failure_at, runs, failures)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (job) DO UPDATE SET started_at = excluded.started_at, duration_ms = excluded.duration_ms,
       failure = excluded.failure, last_failure_at = COALESCE(excluded.last_failure_at, job_runs.last_failure_at),
       runs = job_runs.runs + excluded.runs, failures = job_runs.failures + excluded.failures`,
    [run.job, run.started_at, run.duration_ms, run.failure, run.last_failure_at, run.runs, run.failures],
  );
}
