import type { z } from "zod";
import { type Issue, ShopError } from "./errors";

/** One end of a range: a number, or a moment as ISO 8601 in UTC, whose texts compare as their times do. */
type End = number | string;

/** What is wrong with the upper end of a range in which nothing can lie; undefined where something can. */
export function backwards(path: string, least: unknown, most: unknown): Issue | undefined {
  if (!isEnd(least) || !isEnd(most) || typeof least !== typeof most || least <= most) return undefined;
  const message = typeof least === "number" ? "The most is below the least." : "It ends before it begins.";
  return { path, message, code: "invalid_range" };
}

const isEnd = (value: unknown): value is End => typeof value === "number" || typeof value === "string";

/** Throws `invalid` for a range in which nothing can lie; an end that is not given does not matter. */
export function refuseBackwards(path: string, least: unknown, most: unknown): void {
  const issue = backwards(path, least, most);
  if (issue) throw new ShopError("invalid", issue.message, { errors: [issue] });
}

/**
 * A check of an object's ranges, each named by its two ends: an empty list in answer to a range that ends before it begins would
 * be a mistake taken in silence. `z.strictObject(…).check(inOrder(["since", "until"]))`.
 */
export const inOrder =
  (...ranges: readonly (readonly [least: string, most: string])[]) =>
  ({ value, issues }: z.core.ParsePayload<Record<string, unknown>>): void => {
    for (const [least, most] of ranges) {
      const issue = backwards(most, value[least], value[most]);
      if (issue) issues.push({ code: "custom", message: issue.message, input: value[most], path: [most] });
    }
  };
