import type { Shop } from "../shop/shop";
import { releaseLease, renewLease, takeLease } from "./lease-queries";
import type { Job, Schedule } from "./registry";
import { serverIdOf } from "./servers";

/** A server that has not been heard of for so long has died, or stands still: another one does its job. */
const LEASE_SECONDS = 30;
const RENEWED_EVERY_MS = 10_000;

/** How soon after one server began a job another may: a little less than its time, since timers are not exact. */
const SHARE_OF_TIME = 0.9;
/** Servers whose clocks are so far apart still do what comes by the clock once. */
const CRON_APART_SECONDS = 30;

/** Runs a job if it is this server's turn: where several share a database, one does it for all. */
export async function inTurn(shop: Shop, job: Job, schedule: Schedule, run: () => Promise<void>): Promise<void> {
  if (!shop.database.isShared || job.everywhere || schedule === "off") return run();
  const serverId = serverIdOf(shop);
  const pauseSeconds = "cron" in schedule ? CRON_APART_SECONDS : schedule.everySeconds * SHARE_OF_TIME;
  const lease = { job: job.name, serverId, seconds: LEASE_SECONDS };
  try {
    if (!(await shop.database.transaction((tx) => takeLease(tx, lease, pauseSeconds)))) return;
  } catch (error) {
    shop.log("warn", "A job waits: the database did not say whose turn it is.", {
      job: job.name,
      error: String(error),
    });
    return;
  }
  const renewing = setInterval(() => {
    shop.database.transaction((tx) => renewLease(tx, lease)).catch(() => {});
  }, RENEWED_EVERY_MS);
  try {
    await run();
  } finally {
    clearInterval(renewing);
    // Where that fails too, the lease runs out.
    await shop.database.transaction((tx) => releaseLease(tx, lease)).catch(() => {});
  }
}
