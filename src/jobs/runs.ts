import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";
import { type JobRun, listJobRuns, upsertJobRun } from "./queries";
import { type Job, nextRunAfter, scheduleText } from "./registry";
import type { JobState } from "./schema";

/** Every job with how it fared: what this process knows, over what any server has written down. */
export async function listJobs(shop: Shop, jobs: readonly Job[]): Promise<JobState[]> {
  const recorded = new Map((await listJobRuns(shop.database)).map((run) => [run.job, run]));
  return jobs.map((job) => {
    const schedule = job.schedule(shop.settings);
    const run = withUnwritten(recorded.get(job.name), runsOf(shop).get(job.name));
    const next = nextRunAfter(schedule, run && new Date(run.started_at), shop.now());
    return {
      name: job.name,
      schedule: scheduleText(schedule),
      running: runningOf(shop).has(job),
      last_started_at: run?.started_at ?? null,
      last_duration_ms: run?.duration_ms ?? null,
      last_failure: run?.failure ?? null,
      last_failure_at: run?.last_failure_at ?? null,
      next_at: next?.toISOString() ?? null,
      runs: run?.runs ?? 0,
      failures: run?.failures ?? 0,
    };
  });
}

function withUnwritten(recorded: JobRun | undefined, own: OwnRun | undefined): JobRun | undefined {
  if (!recorded || !own) return recorded ?? own?.unwritten;
  // Another server may have run it since.
  const latest = own.unwritten.started_at >= recorded.started_at ? own.unwritten : recorded;
  return {
    ...latest,
    last_failure_at: own.unwritten.last_failure_at ?? recorded.last_failure_at,
    runs: recorded.runs + own.unwritten.runs,
    failures: recorded.failures + own.unwritten.failures,
  };
}

/** A job that comes every few seconds need not be written down each time, unless it begins or ceases to fail. */
const WRITTEN_EVERY_MS = 60_000;

/** What this process knows of a job: its last run, with the runs and failures that are not written down yet. */
interface OwnRun {
  unwritten: JobRun;
  writtenAtMs: number;
}

const runsOf = perShop(() => new Map<string, OwnRun>());

/** The jobs that this process is at. */
export const runningOf = perShop(() => new Set<Job>());

/** Takes down how a run went, and writes it into the database now and then. Never throws. */
export async function noteRun(shop: Shop, job: Job, startedAt: Date, failure: string | null): Promise<void> {
  const before = runsOf(shop).get(job.name);
  const started_at = startedAt.toISOString();
  const unwritten: JobRun = {
    job: job.name,
    started_at,
    duration_ms: Math.max(0, shop.now().getTime() - startedAt.getTime()),
    failure,
    last_failure_at: failure === null ? (before?.unwritten.last_failure_at ?? null) : started_at,
    runs: (before?.unwritten.runs ?? 0) + 1,
    failures: (before?.unwritten.failures ?? 0) + (failure === null ? 0 : 1),
  };
  const run = { unwritten, writtenAtMs: before?.writtenAtMs ?? -Infinity };
  runsOf(shop).set(job.name, run);
  const beganOrCeasedToFail = (failure !== null) !== ((before?.unwritten.failure ?? null) !== null);
  if (beganOrCeasedToFail || startedAt.getTime() - run.writtenAtMs >= WRITTEN_EVERY_MS) await writeRun(shop, run);
}

/** Writes down what is not yet: before a server ends. */
export async function writeRuns(shop: Shop): Promise<void> {
  for (const run of runsOf(shop).values()) if (run.unwritten.runs > 0) await writeRun(shop, run);
}

async function writeRun(shop: Shop, run: OwnRun): Promise<void> {
  const { unwritten } = run;
  try {
    await shop.database.transaction((tx) => upsertJobRun(tx, unwritten));
    run.writtenAtMs = Date.parse(unwritten.started_at);
    run.unwritten = { ...unwritten, runs: 0, failures: 0 };
  } catch (error) {
    shop.log("warn", "How a job fared could not be written down.", { job: unwritten.job, error: String(error) });
  }
}
