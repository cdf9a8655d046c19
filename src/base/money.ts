import { z } from "zod";
import { type ErrorDetails, ShopError } from "./errors";
import { HIGHEST_PRICE, HIGHEST_TOTAL } from "./fields";

/** How many minor units one major unit has: 100 paise in a rupee. The settings are one of these. */
export interface Digits {
  minorPerMajor: number;
}

/** Money is counted in minor units everywhere inside; JSON speaks in major units. */
export function toMajor(minor: number, { minorPerMajor }: Digits): number {
  return minor / minorPerMajor;
}

/** Exact, since a price was checked to have no more digits than its currency. */
export function toMinor(major: number, { minorPerMajor }: Digits): number {
  return Math.round(major * minorPerMajor);
}

/** The same for an amount that may be none, or not said. */
export function toMinorOrNone<Absent extends null | undefined>(
  major: number | Absent,
  digits: Digits,
): number | Absent {
  return typeof major === "number" ? toMinor(major, digits) : major;
}

/** True when an amount has no more digits than its currency: 40.5 rupees, but not 40.505. */
export function hasCurrencyDigits(major: number, { minorPerMajor }: Digits): boolean {
  return Math.round(major * minorPerMajor) / minorPerMajor === major;
}

/** An amount that came in from outside, in minor units. Throws `invalid` at `path` where it has too many digits. */
export function minorOf(major: number, currency: Digits & { currency: string }, path: string): number {
  if (hasCurrencyDigits(major, currency)) return toMinor(major, currency);
  const message = `${currency.currency} has no amounts that small.`;
  const details: ErrorDetails = { errors: [{ path, message, code: "too_precise" }] };
  throw new ShopError("invalid", message, details);
}

/** Units of one product at one price. */
export interface Line {
  product_id: number;
  qty: number;
  price_minor: number;
}

/** What lines cost together, in minor units. */
export function costOf(lines: readonly Pick<Line, "qty" | "price_minor">[]): number {
  return lines.reduce((sum, { qty, price_minor }) => sum + qty * price_minor, 0);
}

/**
 * Spreads an amount over weights, in whole units that come to exactly the amount: what rounding leaves over goes where the
 * running sum says,
 *   share of weight k = ⌊ total · (w₁ + … + wₖ) / Σw ⌋ − ⌊ total · (w₁ + … + wₖ₋₁) / Σw ⌋
 * Where no weight is above zero the first takes all of it.
 */
export function spread(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((one, other) => one + other, 0);
  if (total === 0 || weights.length === 0) return weights.map(() => 0);
  if (sum === 0) return weights.map((_, index) => (index === 0 ? total : 0));
  let weight = 0;
  let given = 0;
  return weights.map((each) => {
    weight += each;
    const upTo = partOf(total, weight, sum);
    const share = upTo - given;
    given = upTo;
    return share;
  });
}

/** ⌊ total · part / whole ⌋, exactly: the product may pass 2^53. */
export function partOf(total: number, part: number, whole: number): number {
  return Number((BigInt(total) * BigInt(part)) / BigInt(whole));
}

/** total · part / whole, rounded half up. None of them is below zero. */
export function roundedPartOf(total: number, part: number, whole: number): number {
  const [one, two, three] = [BigInt(total), BigInt(part), BigInt(whole)];
  return Number((2n * one * two + three) / (2n * three));
}

/** An amount in major units, as it stands in JSON. How many digits it may have depends on the currency: see `minorOf`. */
export const Amount = z.number().min(0).max(HIGHEST_PRICE).meta({ description: "In major units, such as 40.5" });

/** The same for what many units cost together. */
export const Total = z.number().min(0).max(HIGHEST_TOTAL).meta({ description: "In major units, such as 40.5" });
