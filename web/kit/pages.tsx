import * as words from "../words/kit";
import { pageAsked, withQuery } from "./address";
import { count } from "./format";

/** The way to the pages before and after this one, where a list has more than fit on it. */
export function Pages({ total, size }: { total: number; size: number }) {
  const page = pageAsked();
  const last = Math.ceil(total / size);
  if (last < 2) return null;
  return (
    <nav class="pages" aria-label={words.pagesOfTheList}>
      {page > 1 && (
        <a class="button" href={withQuery({ page: page - 1 })} rel="prev">
          {words.pageBefore}
        </a>
      )}
      <span>{words.pageOf(count(page), count(last))}</span>
      {page < last && (
        <a class="button" href={withQuery({ page: page + 1 })} rel="next">
          {words.next}
        </a>
      )}
    </nav>
  );
}
