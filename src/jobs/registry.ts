import type { Settings } from "../shop/settings";
import type { Shop } from "../shop/shop";

/** Something that a served shop does by itself. Each area exports its own, and app.ts lists them all. */
export interface Job {
  /** A few words, such as `release holds`: the log, `sanset jobs` and the database call it that. */
  name: string;
  schedule(settings: Settings): Schedule;
  /** Whether every server does it for itself; otherwise one of them does it for all. */
  everywhere?: boolean;
  /** Ends soon, with what is left undone, once `stopping` says so. What it throws is logged, and it comes again. */
  work(shop: Shop, stopping: AbortSignal): Promise<unknown>;
}

/** So many seconds after each start of it, at the times of a cron expression in UTC, or never. */
export type Schedule = { everySeconds: number } | { cron: string } | "off";

/** When a job comes next, as far as that is known beforehand: one that comes again and again counts from its last start. */
export function nextRunAfter(schedule: Schedule, lastStart: Date | undefined, now: Date): Date | null {
  if (schedule === "off") return null;
  if ("cron" in schedule) return Bun.cron.parse(schedule.cron, now);
  return lastStart ? new Date(lastStart.getTime() + schedule.everySeconds * 1000) : null;
}

/** As a person reads it: `every 30 s`, `0 3 * * * UTC`, `off`. */
export function scheduleText(schedule: Schedule): string {
  if (schedule === "off") return "off";
  return "cron" in schedule ? `${schedule.cron} UTC` : `every ${schedule.everySeconds} s`;
}
