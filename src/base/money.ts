import { z } from "zod";
import { HIGHEST_PRICE, HIGHEST_TOTAL } from "./fields";
import type { Settings } from "../shop/settings";

/** Money is counted in minor units everywhere inside; JSON speaks in major units. */
export function toMajor(minor: number, { minorPerMajor }: Pick<Settings, "minorPerMajor">): number {
  return minor / minorPerMajor;
}

/** Exact, since a price was checked to have no more digits than its currency. */
export function toMinor(major: number, { minorPerMajor }: Pick<Settings, "minorPerMajor">): number {
  return Math.round(major * minorPerMajor);
}

/** True when an amount has no more digits than its currency: 40.5 rupees, but not 40.505. */
export function hasCurrencyDigits(major: number, { minorPerMajor }: Pick<Settings, "minorPerMajor">): boolean {
  return Math.round(major * minorPerMajor) / minorPerMajor === major;
}

/** An amount in major units, as it stands in JSON. How many digits it may have depends on the currency: see `hasCurrencyDigits`. */
export const Amount = z.number().min(0).max(HIGHEST_PRICE).meta({ description: "In major units, such as 40.5" });

/** The same for what many units cost together. */
export const Total = z.number().min(0).max(HIGHEST_TOTAL).meta({ description: "In major units, such as 40.5" });
