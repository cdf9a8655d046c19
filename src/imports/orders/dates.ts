import { fold } from "../../base/text";
import { momentIn } from "../../base/zoned-time";

/** In which order a date with slashes or points says day, month and year. */
export type DateOrder = "dmy" | "mdy" | "ymd";

const PARTS = /^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T,]+(.+))?$/;

/**
 * What the dates of a file say together of how they are written: `13/1/2010` can only begin with a day, and then so does
 * `12/1/2010`.
 */
export class DateEvidence {
  #days = 0;
  #months = 0;
  #unsure = 0;

  see(text: string): void {
    const [, first = "", second = ""] = PARTS.exec(text.trim()) ?? [];
    if (first === "" || first.length > 2) return;
    // With points between them a day comes first wherever that is written.
    if (Number(first) > 12 || text.includes(".")) this.#days++;
    else if (Number(second) > 12) this.#months++;
    else this.#unsure++;
  }

  /** Undefined where some date may be two. */
  order(): DateOrder | undefined {
    if (this.#days > 0 && this.#months > 0) return undefined;
    if (this.#days > 0) return "dmy";
    if (this.#months > 0) return "mdy";
    return this.#unsure === 0 ? "ymd" : undefined;
  }
}

/**
 * The moment that a cell means, as ISO 8601 in UTC: ISO 8601 itself, `2010-12-01 08:26:00 +0530`, `12/1/2010 8:26 PM`,
 * `1.12.10`. A time without an offset is one of this zone. Undefined for a day that there is not.
 */
export function readMoment(text: string, timeZone: string, order: DateOrder | undefined): string | undefined {
  const [, day = "", zone] = /^(.*?)\s*(Z|UTC|GMT|(?<=:\d{2}(?:\.\d+)?\s*)[+-]\d{2}:?\d{2})?$/i.exec(text.trim()) ?? [];
  const plain = plainDate(day.trim(), order);
  if (plain === undefined) return undefined;
  const isUtc = zone !== undefined && /^[a-z]/i.test(zone);
  const moment = momentIn(plain, zone === undefined ? timeZone : "UTC", "first");
  if (!moment) return undefined;
  return new Date(moment.getTime() - (zone === undefined || isUtc ? 0 : offsetMs(zone))).toISOString();
}

/** `28 Nov 2025 14:05`, `28-Nov-25`, `28. November 2025`; and as Americans write it, `Nov 28, 2025`. */
const NAMED_DAY_FIRST =
  /^(\d{1,2})(?:st|nd|rd|th|\.)?[ -]+(?:de )?(\p{L}{3,12})\.?,?[ -]+(?:de )?(\d{4}|\d{2})(?:[ T,]+(.+))?$/u;
const NAMED_MONTH_FIRST = /^(\p{L}{3,12})\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?,?[ -]+(\d{4})(?:[ T,]+(.+))?$/u;

/** Months by their names and short names, in the languages in which headings are known. */
const MONTHS = new Map(
  ["en", "de", "fr", "es", "it", "pt", "nl"].flatMap((language) =>
    Array.from({ length: 12 }, (_, at) => new Date(Date.UTC(2026, at, 1))).flatMap((day, at) =>
      (["long", "short"] as const).map((month): [string, number] => [
        fold(new Intl.DateTimeFormat(language, { month, timeZone: "UTC" }).format(day)).replaceAll(".", ""),
        at + 1,
      ]),
    ),
  ),
);

/** A date whose month is named can mean one day only. */
function namedDate(text: string): string | undefined {
  const [, ofDay, monthAfter, yearAfter, timeAfter] = NAMED_DAY_FIRST.exec(text) ?? [];
  const [, monthBefore, ofMonth, yearBefore, timeBefore] = NAMED_MONTH_FIRST.exec(text) ?? [];
  const month = MONTHS.get(fold(monthAfter ?? monthBefore ?? ""));
  return month === undefined
    ? undefined
    : plainDate([ofDay ?? ofMonth, month, yearAfter ?? yearBefore].join("/") + spaced(timeAfter ?? timeBefore), "dmy");
}

const spaced = (time: string | undefined): string => (time === undefined ? "" : ` ${time}`);

/** `2010-12-01 08:26:00`, whatever it was written as. */
function plainDate(text: string, order: DateOrder | undefined): string | undefined {
  const [, first = "", second = "", third = "", time] = PARTS.exec(text) ?? [];
  if (first === "") return namedDate(text);
  const isYearFirst = first.length > 2;
  if (!isYearFirst && order === undefined) return undefined;
  const [year, month, day] = isYearFirst
    ? [first, second, third]
    : order === "dmy"
      ? [third, second, first]
      : [third, first, second];
  const whole = year.length === 2 ? `20${year}` : year;
  if (whole.length !== 4 || day.length > 2) return undefined;
  const clock = time === undefined ? "" : clockOf(time.trim());
  return clock === undefined ? undefined : `${whole}-${month.padStart(2, "0")}-${day.padStart(2, "0")}${clock}`;
}

function clockOf(time: string): string | undefined {
  const [, hour = "", minute, second = "00", fraction = "", half] =
    /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s*([ap]\.?m\.?)?$/i.exec(time) ?? [];
  if (minute === undefined) return undefined;
  const isAfternoon = /^p/i.test(half ?? "");
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (isAfternoon ? 12 : 0);
  if (half !== undefined && Number(hour) > 12) return undefined;
  return ` ${String(hours).padStart(2, "0")}:${minute}:${second}${fraction.slice(0, 4)}`;
}

function offsetMs(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
