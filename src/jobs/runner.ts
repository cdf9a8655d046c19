import type { Shop } from "../shop/shop";
import { drain } from "./deferred";
import type { Job } from "./registry";
import { inTurn } from "./leases";
import { noteRun, runningOf, writeRuns } from "./runs";
import { leave } from "./servers";
import { flushAll } from "./write-behind";

export interface BackgroundWork {
  /**
   * Starts no job any more, tells those that run to stop, and does at once what was put off. `requestsEnded` says when
   * nothing new can be put off; `giveUpAt`, on the clock of `performance.now()`, until when all of it is waited for.
   */
  stop(requestsEnded?: Promise<void>, giveUpAt?: number): Promise<void>;
}

/** How long the end of jobs, and of what was deferred, is waited for. */
const PATIENCE_MS = 5_000;

/** Does what a served shop does by itself, until it is stopped: its jobs, what is deferred and what is written behind. */
export function startBackgroundWork(shop: Shop, jobs: readonly Job[]): BackgroundWork {
  const stopping = new AbortController();
  const timers = jobs.map((job) => startTimer(shop, job, stopping.signal));
  return {
    stop: async (requestsEnded, giveUpAt = performance.now() + PATIENCE_MS) => {
      for (const timer of timers) timer.stop();
      stopping.abort();
      await requestsEnded;
      while (runningOf(shop).size > 0 && performance.now() < giveUpAt) await Bun.sleep(10);
      await finishBackgroundWork(shop, giveUpAt);
      await writeRuns(shop);
      await leave(shop);
    },
  };
}

/** Does at once what requests have put off. A mail server that doesn't answer is not waited for any longer than a client. */
export async function finishBackgroundWork(shop: Shop, giveUpAt = performance.now() + PATIENCE_MS): Promise<void> {
  await Promise.race([drain(shop), untilMoment(giveUpAt)]);
  await flushAll(shop);
}

function startTimer(shop: Shop, job: Job, stopping: AbortSignal): { stop(): unknown } {
  const schedule = job.schedule(shop.settings);
  const run = () => inTurn(shop, job, schedule, () => runJob(shop, job, stopping));
  if (schedule === "off") return { stop: () => {} };
  if ("cron" in schedule) return Bun.cron(schedule.cron, run, { tz: "UTC" });
  const timer = setInterval(() => void run(), schedule.everySeconds * 1000);
  return { stop: () => clearInterval(timer) };
}

/** Runs a job once, unless it runs here already. Never throws: what goes wrong is logged and taken down. */
export async function runJob(shop: Shop, job: Job, stopping: AbortSignal): Promise<void> {
  const running = runningOf(shop);
  if (running.has(job)) return;
  running.add(job);
  const startedAt = shop.now();
  let failure: string | null = null;
  try {
    await job.work(shop, stopping);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    shop.log("error", "A job failed; it comes again.", {
      job: job.name,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
  await noteRun(shop, job, startedAt, failure);
  running.delete(job);
}

/** Does not keep the program alive by itself. */
function untilMoment(moment: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, moment - performance.now()).unref());
}
