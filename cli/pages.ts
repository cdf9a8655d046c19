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

/** How much of a list is shown, and how to see more. */
export function pageText({ shown, total, isAtLeast = false, limit, page }: ShownPage): string {
  const before = (page - 1) * limit;
  const all = `${total}${isAtLeast ? " or more" : ""}`;
  if (shown === 0) return `There is no page ${page}: the list has ${all}.`;
  if (shown === total && before === 0) return `${shown} in all.`;
  const more = before + shown < total || isAtLeast ? ` More: --page ${page + 1}.` : "";
  return `${before + 1} to ${before + shown} of ${all}.${more}`;
}
