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
