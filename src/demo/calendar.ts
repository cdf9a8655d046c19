import type { SeasonName } from "../../data/shape";
import { DAY_MS } from "../base/time";

/** The demo shop looks back on one year. */
export const DAYS = 365;
/** The demo shop keeps Indian time, which knows no summer time. */
const UTC_OFFSET_MS = 5.5 * 3_600_000;

/** Days since 1970 in the shop's own time. */
export function localDay(at: Date): number {
  return Math.floor((at.getTime() + UTC_OFFSET_MS) / DAY_MS);
}

/** The first day of the year that ends at `until`. */
export function firstDay(until: Date): number {
  return localDay(until) - DAYS + 1;
}

/** Midnight of a local day, as if the shop's time were UTC: for the weekday, the date and the year. */
export function dateOf(day: number): Date {
  return new Date(day * DAY_MS);
}

/** The moment at which a local day has run for the given share (0.5: at noon). */
export function momentOf(day: number, share: number): Date {
  return new Date(Math.floor((day + share) * DAY_MS - UTC_OFFSET_MS));
}

/** How much more, or less, of a season's goods is bought on a day than in an even year. */
export function seasonFactor(season: SeasonName, day: number): number {
  return curves[season](day, dateOf(day).getUTCFullYear());
}

const curves: Record<SeasonName, (day: number, year: number) => number> = {
  summer: (day, year) => 0.35 + 3 * around(day, dayOf(year, 5, 8), 32),
  monsoon: (day, year) => 0.6 + 2 * around(day, dayOf(year, 7, 28), 32),
  // The winter of a new year is the one that began in the old.
  winter: (day, year) =>
    0.35 + 2.6 * Math.max(around(day, dayOf(year, 12, 28), 34), around(day, dayOf(year - 1, 12, 28), 34)),
  diwali: (day, year) => 0.45 + 5 * before(day, diwali(year), 22),
  holi: (day, year) => 0.2 + 9 * before(day, holi(year), 12),
  ganesh: (day, year) => 0.45 + 5 * before(day, ganeshChaturthi(year), 12),
};

/** Diwali is the new moon between mid-October and mid-November. */
export function diwali(year: number): number {
  return firstPhase(dayOf(year, 10, 16), 0);
}

/** Holi is the full moon of March. */
export function holi(year: number): number {
  return firstPhase(dayOf(year, 2, 28), 0.5);
}

/** Ganesh Chaturthi is the fourth day after the new moon of late August or early September. */
export function ganeshChaturthi(year: number): number {
  return firstPhase(dayOf(year, 8, 18), 0) + 4;
}

const MONTH_OF_THE_MOON = 29.530588853;
/** The new moon of 6 January 2000, 18:14 UTC, in days since 1970. */
const A_NEW_MOON = 10962.7597;

/** The first day from `day` on with the given phase of the mean moon (0 new, 0.5 full), which is right within a day. */
function firstPhase(day: number, phase: number): number {
  const months = Math.ceil((day - A_NEW_MOON) / MONTH_OF_THE_MOON - phase);
  return Math.floor(A_NEW_MOON + (months + phase) * MONTH_OF_THE_MOON);
}

function dayOf(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / DAY_MS;
}

function around(day: number, peak: number, width: number): number {
  return Math.exp(-(((day - peak) / width) ** 2));
}

/** Rises over `width` days towards a festival and is over two days after it. */
function before(day: number, festival: number, width: number): number {
  if (day > festival + 2) return 0;
  return Math.exp(-(((festival - day) / width) ** 2));
}
