import { ShopError } from "../base/errors";
import { refuseBackwards } from "../base/ranges";
import { DAY_MS } from "../base/time";
import { shownAt } from "../base/zoned-time";
import type { Period } from "./schema";

export type Step = "day" | "week" | "month";

/** A day as the shop's calendar has it. Months count from 1. */
interface Day {
  year: number;
  month: number;
  day: number;
}

/** How many steps one answer may have: two years of days. */
const STEPS_MOST = 800;

/** What a range may be called, for messages and help. */
export const RANGES =
  "today, yesterday, last_7_days, last_30_days, last_12_months, this_month, last_month, this_year, 2030, 2030-01, 2030-01-31, or 2030-01-01..2030-03-31";

/**
 * The days that a range means in the shop's own time zone: a name, a year, a month, a day, or two days with `..` between
 * them, both of which belong to it. Throws `invalid`.
 */
export function periodOf(range: string, now: Date, timeZone: string): Period {
  const today = dayAt(now, timeZone);
  const [from, to] = daysOf(range, today) ?? [];
  if (!from || !to) throw badRange(range);
  const since = startOf(from, timeZone);
  refuseBackwards("range", since, startOf(to, timeZone));
  return { since, until: startOf(plusDays(to, 1), timeZone) };
}

/** The time of the same length that ends where this one begins. */
export function periodBefore(period: Period, timeZone: string): Period {
  const [first, end] = [dayAt(new Date(period.since), timeZone), dayAt(new Date(period.until), timeZone)];
  const months = monthsBetween(first, end);
  // Whole months are compared with whole months: January with December, whatever days they have.
  const before = months > 0 ? plusMonths(first, -months) : plusDays(first, epochDay(first) - epochDay(end));
  return { since: startOf(before, timeZone), until: period.since };
}

/** The days, weeks (from Monday) or months of a period; the first and last may be cut off by it. Throws `invalid` for too many. */
export function stepsOf(period: Period, step: Step, timeZone: string): Period[] {
  const end = Date.parse(period.until);
  const steps: Period[] = [];
  let since = period.since;
  for (let day = dayAt(new Date(since), timeZone); Date.parse(since) < end;) {
    day = stepAfter(day, step);
    const next = startOf(day, timeZone);
    steps.push({ since, until: Date.parse(next) < end ? next : period.until });
    since = next;
    if (steps.length > STEPS_MOST) throw tooMany(step);
  }
  return steps;
}

/** Days for a month or two, weeks for a year, months beyond. */
export function usualStep({ since, until }: Period): Step {
  const days = (Date.parse(until) - Date.parse(since)) / DAY_MS;
  return days <= 62 ? "day" : days <= 370 ? "week" : "month";
}

/** The day that it is in a time zone. */
export function dayText(iso: string, timeZone: string): string {
  const { year, month, day } = dayAt(new Date(iso), timeZone);
  return `${year}-${two(month)}-${two(day)}`;
}

function daysOf(range: string, today: Day): [Day, Day] | undefined {
  const [, first, last] = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(range) ?? [];
  if (first !== undefined && last !== undefined) return pair(dayIn(first), dayIn(last));
  if (/^\d{4}-\d\d-\d\d$/.test(range)) return pair(dayIn(range), dayIn(range));
  const [, year, month] = /^(\d{4})(?:-(\d\d))?$/.exec(range) ?? [];
  if (year !== undefined) return month === undefined ? wholeYear(Number(year)) : wholeMonth(dayIn(`${range}-01`));
  const [, count] = /^last_(\d{1,3})_days$/.exec(range) ?? [];
  if (count !== undefined) return Number(count) > 0 ? [plusDays(today, 1 - Number(count)), today] : undefined;
  const start = { ...today, day: 1 };
  switch (range) {
    case "today":
      return [today, today];
    case "yesterday":
      return [plusDays(today, -1), plusDays(today, -1)];
    case "this_month":
      return [start, today];
    case "last_month":
      return wholeMonth(plusMonths(start, -1));
    case "this_year":
      return [{ ...start, month: 1 }, today];
    case "last_12_months":
      return [plusMonths(start, -11), today];
    default:
      return undefined;
  }
}

const pair = (from: Day | undefined, to: Day | undefined): [Day, Day] | undefined =>
  from && to ? [from, to] : undefined;

const wholeYear = (year: number): [Day, Day] => [
  { year, month: 1, day: 1 },
  { year, month: 12, day: 31 },
];

function wholeMonth(first: Day | undefined): [Day, Day] | undefined {
  return first && [first, plusDays(plusMonths(first, 1), -1)];
}

/** Undefined for a day that there is not, such as February 30th. */
function dayIn(text: string): Day | undefined {
  const moment = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(text)) return undefined;
  return { year: moment.getUTCFullYear(), month: moment.getUTCMonth() + 1, day: moment.getUTCDate() };
}

const epochDay = ({ year, month, day }: Day): number => Date.UTC(year, month - 1, day) / DAY_MS;

function dayOf(epoch: number): Day {
  const moment = new Date(epoch * DAY_MS);
  return { year: moment.getUTCFullYear(), month: moment.getUTCMonth() + 1, day: moment.getUTCDate() };
}

const plusDays = (day: Day, days: number): Day => dayOf(epochDay(day) + days);

/** From the first of a month to the first of another. */
function plusMonths({ year, month }: Day, months: number): Day {
  const count = year * 12 + (month - 1) + months;
  return { year: Math.floor(count / 12), month: (count % 12) + 1, day: 1 };
}

/** How many whole months lie between two firsts of a month; 0 where one of them is none. */
function monthsBetween(first: Day, end: Day): number {
  return first.day === 1 && end.day === 1 ? (end.year - first.year) * 12 + end.month - first.month : 0;
}

function stepAfter(day: Day, step: Step): Day {
  if (step === "day") return plusDays(day, 1);
  if (step === "month") return plusMonths(day, 1);
  // January 1st 1970 was a Thursday.
  const sinceMonday = (((epochDay(day) + 3) % 7) + 7) % 7;
  return plusDays(day, 7 - sinceMonday);
}

function dayAt(moment: Date, timeZone: string): Day {
  return dayOf(Math.floor(shownAt(moment.getTime(), timeZone) / DAY_MS));
}

/** When a day begins. Where clocks are put forward at midnight it begins at one o'clock. */
function startOf(day: Day, timeZone: string): string {
  const wanted = epochDay(day) * DAY_MS;
  // What the clocks show differs from UTC by at most a day; the second look is for days on which they are changed.
  let moment = wanted - (shownAt(wanted, timeZone) - wanted);
  moment = wanted - (shownAt(moment, timeZone) - moment);
  if (shownAt(moment, timeZone) < wanted) moment += wanted - shownAt(moment, timeZone);
  return new Date(moment).toISOString();
}

const two = (number: number): string => String(number).padStart(2, "0");

function badRange(range: string): ShopError {
  const message = `There is no range ${JSON.stringify(range.slice(0, 40))}. Give ${RANGES}.`;
  return new ShopError("invalid", message, { errors: [{ path: "range", message, code: "invalid_range" }] });
}

function tooMany(step: Step): ShopError {
  const message = `That is more than ${STEPS_MOST} ${step}s: ask for a shorter range, or by week or month.`;
  return new ShopError("invalid", message, { errors: [{ path: "by", message, code: "too_many" }] });
}
