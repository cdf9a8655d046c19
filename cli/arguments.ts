import { InvalidArgumentError } from "commander";
import { isTimeZone, momentIn } from "../src/base/zoned-time";
import { DAY_MS } from "../src/base/time";
import { readEnvironment } from "../src/shop/environment";

/** For options that count something. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,16}$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(
      most === Number.MAX_SAFE_INTEGER
        ? `Give a whole number from ${least}.`
        : `Give a whole number from ${least} to ${most}.`,
    );
  };
}

/** A day or a moment as people write it, on the shop's clock: `2026-01-31`, `2026-01-31 18:00`. A day means its end. */
export const moment = (text: string): string => momentOn(text, "last");

/** The same, where a day means its beginning. */
export const beginning = (text: string): string => momentOn(text, "first");

function momentOn(text: string, day: "first" | "last"): string {
  // As TIME_ZONE says. What is wrong with it is said when the shop is opened.
  const zone = readEnvironment().values["TIME_ZONE"] || "UTC";
  const date = momentIn(namedDay(text, isTimeZone(zone) ? zone : "UTC"), isTimeZone(zone) ? zone : "UTC", day);
  if (!date) {
    throw new InvalidArgumentError("Give a day such as 2026-01-31 or today, or a moment such as 2026-01-31 18:00.");
  }
  return date.toISOString();
}

const DAYS_AGO: Record<string, number> = { today: 0, yesterday: 1 };

function namedDay(text: string, timeZone: string): string {
  const daysAgo = DAYS_AGO[text.trim().toLowerCase()];
  if (daysAgo === undefined) return text;
  // Swedish writes days as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(Date.now() - daysAgo * DAY_MS);
}

/**
 * An amount of money with either decimal sign, and the other between thousands: 40.5, 40,50, 1,234.50, 1.234,50. A comma before
 * three digits might be either, so it is refused.
 */
export function amount(text: string): number {
  const plain = plainAmount(text.trim());
  if (plain === undefined) throw new InvalidArgumentError("Give an amount such as 40.5 or 40,50.");
  return Number(plain);
}

/** A percent with either decimal sign, and its own sign behind it or not: 9, 12.5, 12,5 %; where less makes sense, -12.5 too. */
export function percent(decimals: number, { below = false } = {}): (text: string) => number {
  const shape = new RegExp(`^${below ? "[+-]?" : ""}\\d{1,4}(?:[.,]\\d{1,${decimals}})?(?=\\s*%?$)`);
  return (text) => {
    const [number] = shape.exec(text.trim()) ?? [];
    if (number === undefined) throw new InvalidArgumentError("Give a percent such as 9 or 12.5.");
    return Number(number.replace(",", "."));
  };
}

function plainAmount(text: string): string | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return text;
  if (/^\d+,\d{1,2}$/.test(text)) return text.replace(",", ".");
  if (/^\d{1,3}(,\d{2,3})*,\d{3}\.\d+$/.test(text)) return text.replaceAll(",", "");
  if (/^\d{1,3}(\.\d{3})+,\d+$/.test(text)) return text.replaceAll(".", "").replace(",", ".");
  return undefined;
}
