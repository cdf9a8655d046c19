import type { Command } from "commander";
import type { Listed, Page } from "../src/base/page";
import { LARGEST_ID } from "../src/base/fields";
import { wholeNumber } from "./arguments";

/** What the options of `withPages` say. */
export interface PageOptions {
  limit: number;
  page: number;
}

/** Makes a list one that is read page by page. */
export const withPages = (command: Command): Command =>
  command
    .option("--limit <n>", "how many at most", wholeNumber(1, 100_000), 50)
    .option("--page <n>", "which page", wholeNumber(1, LARGEST_ID), 1);

export const pageOf = ({ limit, page }: PageOptions): Page => ({ limit, offset: (page - 1) * limit });

/** A list with how much of it is shown, where that is not all. */
export function withPageText(
  shown: string,
  { items, total, ...listed }: Listed<unknown>,
  options: PageOptions,
): string {
  const isAtLeast = listed.total_is_at_least ?? false;
  if (options.page === 1 && !isAtLeast && items.length >= total) return shown;
  const text = pageText({ shown: items.length, total, isAtLeast, ...options });
  return items.length === 0 ? text : `${shown}\n${text}`;
}

/** A page of a list, as its last line speaks of it. */
export interface ShownPage {
  shown: number;
  total: number;
  isAtLeast?: boolean | undefined;
  limit: number;
  page: number;
}

/** An item with all that it has may be large, so that only so many are held at once. */
const ITEMS_AT_ONCE = 500;

/**
 * One page of a list that may be long, some of it at a time. It is walked through, so that what comes meanwhile shifts nothing.
 * `shown` is kept up to what was read so far.
 */
export async function* inPieces<Item>(
  list: (page: Page) => Promise<Listed<Item>>,
  shown: ShownPage,
): AsyncGenerator<Item[]> {
  const { limit, page } = shown;
  let part: Page = { limit, offset: (page - 1) * limit };
  for (let left = limit; left > 0;) {
    const { items, total, total_is_at_least, next } = await list({ ...part, limit: Math.min(left, ITEMS_AT_ONCE) });
    if (shown.shown === 0) Object.assign(shown, { total, isAtLeast: total_is_at_least ?? false });
    shown.shown += items.length;
    // Where not all were counted, a walk may find more than that.
    if (items.length > 0) shown.total = Math.max(shown.total, (page - 1) * limit + shown.shown);
    yield items;
    left -= items.length;
    if (next === undefined || items.length === 0) return;
    part = { limit, offset: 0, after: next };
  }
}

/** How much of a list is shown, and how to see more. */
export function pageText({ shown, total, isAtLeast = false, limit, page }: ShownPage): string {
  const before = (page - 1) * limit;
  const all = `${total}${isAtLeast ? " or more" : ""}`;
  if (shown === 0) return `There is no page ${page}: the list has ${all}.`;
  if (shown === total && before === 0) return `${shown} in all.`;
  const more = before + shown < total || isAtLeast ? ` More: --page ${page + 1}.` : "";
  return `${before + 1} to ${before + shown} of ${all}.${more}`;
}
