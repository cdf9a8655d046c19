import { z } from "zod";
import { wordKey } from "./text";

/** Shapes that several areas share. */

/** Text that a person typed: every character is kept as it is, but for those that no database can hold. */
export const text = (longest: number, shortest = 1) =>
  z.string().min(shortest).max(longest).refine(isStorable, "Contains a character that can't be stored.");

const NOTHING_TO_SEE = "Contains nothing that can be seen.";

/** Whether anything shows: not so of spaces, of characters that only shape others, and of an empty Braille cell. */
const isVisible = (string: string): boolean => /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u.test(string);

/** Text of which there is something to see. */
export const visible = (text: z.ZodString) =>
  text.refine((string) => string === "" || isVisible(string), NOTHING_TO_SEE);

/** Words that a person typed to be read and compared: without spaces around them, and with something to see. */
export const words = (longest: number) =>
  z
    .string()
    .trim()
    .min(1, { abort: true })
    .max(longest)
    .refine(isStorable, "Contains a character that can't be stored.")
    .refine(isVisible, NOTHING_TO_SEE);

/** A tax class in the one spelling in which classes are compared: `Reduced Rate` is `reduced-rate`. */
export const taxClassKey = (text: string): string => wordKey(text).replaceAll(" ", "-");

/** Goods are of one class each; those that say nothing are `standard`. */
export const TaxClass = words(50)
  .transform(taxClassKey)
  .refine((key) => /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u.test(key), "Use letters, digits, hyphens and underscores.");

/** NUL and half of a surrogate pair can be kept by neither engine as they are. */
export function isStorable(string: string): boolean {
  return !string.includes("\0") && string.isWellFormed();
}

/** Ids fit a 32-bit column on both engines. */
export const LARGEST_ID = 2_147_483_647;
export const Id = z.int().min(1).max(LARGEST_ID);

/** A whole number in a path or query, where everything is text: digits only, so no `0x10`, `1e2` or `1.0`. */
export const wholeNumberText = (least: number, most: number) =>
  z
    .string()
    // One step instead of a regex, a transform and a pipe: every request with an id in its path goes through here.
    .transform((text, context) => {
      const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      if (number >= least && number <= most) return number;
      context.addIssue({ code: "custom", message: `Give a whole number from ${least} to ${most}.` });
      return z.NEVER;
    })
    .meta({ type: "integer", minimum: least, maximum: most });

/** Up to a hundred ids with commas between them. */
export const idList = z
  .string()
  .regex(/^\d{1,10}(,\d{1,10}){0,99}$/, "Give up to a hundred ids, such as 7,3,12.")
  .transform((text) => [...new Set(text.split(",").map(Number))].filter((id) => id >= 1 && id <= LARGEST_ID))
  .meta({ type: "string" });

/** True or false in a query. */
export const flagText = z
  .enum(["true", "false"])
  .transform((word) => word === "true")
  .meta({ type: "boolean" });

export const IdPath = z.strictObject({ id: wholeNumberText(1, LARGEST_ID) });

/** A moment on its way out, as ISO 8601 in UTC. We wrote it ourselves, so it need not be looked at again. */
export const Moment = z.string().meta({ format: "date-time" });

/** A moment on its way in: ISO 8601 with the offset of its clock. It becomes UTC, so that its text compares as its time does. */
export const GivenMoment = z.iso
  .datetime({ offset: true, error: "Give a moment such as 2030-01-31T12:00:00Z." })
  .transform((text) => new Date(text).toISOString())
  // In UTC a year may be another one, of more digits or none.
  .refine((text) => /^\d{4}-/.test(text), "Give a year from 0 to 9999.");

/** The most that one price may be, in major units. Where a total could still reach 2^53 minor units, carts refuse it. */
export const HIGHEST_PRICE = 10_000_000;

/** The most that many units may be said to cost together: below 2^53 minor units, also where there are a thousand in one. */
export const HIGHEST_TOTAL = 9_000_000_000_000;

/** Free JSON that a customer or shopkeeper keeps with us, on its way in. */
export const NewJsonObject = z
  .record(z.string(), z.unknown())
  .refine(isModest, "Too large, too deep, or contains a character or a number that can't be stored.")
  .meta({ id: "NewJsonObject" });

/** The same on its way out, where none of it need be looked at again. */
export const JsonObject = z
  .custom<Record<string, unknown>>()
  .meta({ id: "JsonObject", type: "object", additionalProperties: true });

const LONGEST_JSON = 65_536;
const DEEPEST_JSON = 16;

function isModest(value: unknown): boolean {
  return isShallow(value, DEEPEST_JSON) && JSON.stringify(value).length <= LONGEST_JSON;
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value === "string") return isStorable(value);
  // 1e999 is none: it would come back as null.
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.entries(value).every(([key, inner]) => isStorable(key) && isShallow(inner, depth - 1));
}
