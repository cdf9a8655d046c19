import { DAY_MS } from "./time";

/** Moments as people write and read them: in the zone of the shop's clock. */

/** `27 Nov 2026, 16:13`, in a zone as the time zone database names it. */
export function momentText(moment: string | Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(new Date(moment));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("day")} ${part("month")} ${part("year")}, ${part("hour")}:${part("minute")}`;
}

const WRITTEN = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?)?$/;

/**
 * What a person means by `2027-01-31` or `2027-01-31 18:00` in a zone; undefined where that is no moment. A day alone is its
 * beginning, or its last millisecond where `end` says so. With an offset or Z behind it the zone counts for nothing.
 */
export function momentIn(text: string, timeZone: string, end: "first" | "last"): Date | undefined {
  if (/(Z|[+-]\d{2}:?\d{2})$/.test(text) && /T/.test(text)) return hasDay(text) ? valid(new Date(text)) : undefined;
  const [, year, month, day, hour, minute, second] = WRITTEN.exec(text.trim()) ?? [];
  if (!year || !month || !day) return undefined;
  const [h, m, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  const written = Date.UTC(Number(year), Number(month) - 1, Number(day), h, m, s);
  if (!hasDay(text) || h > 23 || m > 59 || s > 59) return undefined;
  if (hour !== undefined || end === "first") return valid(new Date(inZone(written, timeZone)));
  return valid(new Date(inZone(Date.UTC(Number(year), Number(month) - 1, Number(day) + 1), timeZone) - 1));
}

/** Whether the calendar has the day that a text begins with. JavaScript makes another one of the 31st of April and of a 13th month. */
function hasDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(text.trim()) ?? [];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const [had, wanted] = [
    [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()],
    [year, month, day],
  ];
  return had.every((part, at) => part === Number(wanted[at]));
}

/** The last millisecond of the day that lies so many days after the one of a moment, in a zone. */
export function endOfDay(moment: Date, days: number, timeZone: string): Date {
  const day = Math.floor(shownAt(moment.getTime(), timeZone) / DAY_MS);
  return new Date(inZone((day + days + 1) * DAY_MS, timeZone) - 1);
}

/** The moment at which a clock in the zone shows what `written` is in UTC. */
function inZone(written: number, timeZone: string): number {
  const guess = written - offsetAt(written, timeZone);
  // Near the hour when clocks change the first guess may lie on the other side of it.
  return written - offsetAt(guess, timeZone);
}

/** By how much clocks in the zone are ahead of UTC, in milliseconds. */
const offsetAt = (moment: number, timeZone: string): number => shownAt(moment, timeZone) - wholeSeconds(moment);

const wholeSeconds = (moment: number) => Math.floor(moment / 1000) * 1000;

/** What clocks in the zone show at a moment, in milliseconds as if it were UTC, without parts of a second. */
export function shownAt(moment: number, timeZone: string): number {
  if (timeZone === "UTC") return wholeSeconds(moment);
  const parts = clockOf(timeZone).formatToParts(new Date(moment));
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}

function valid(date: Date): Date | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Kept, since to make one costs more than to ask it. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  clocks.set(timeZone, clock);
  return clock;
}

/** Whether the time zone database has such a zone. */
export function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
