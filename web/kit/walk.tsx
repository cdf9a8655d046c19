import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect } from "preact/hooks";
import * as words from "../words/kit";
import { address, go } from "./address";
import { isLetter } from "./letters";

/** The records of the list that was looked at last, in its order. */
const records = signal<readonly string[]>([]);

/** Says which records a list shows: from one of them it goes on to the next. */
export function useWalk(hrefs: readonly string[]): void {
  useEffect(() => {
    if (hrefs.length > 0) records.value = hrefs;
  }, [hrefs.join()]);
}

/** The record so many places further on in that list, if this is one of them. */
function recordAt(distance: number): string | undefined {
  const at = records.value.indexOf(address.value.pathname);
  return at < 0 ? undefined : records.value[at + distance];
}

/** Goes to the next record of the list, where there is one. */
export function goOn(distance = 1): void {
  const href = recordAt(distance);
  if (href !== undefined) go(href);
}

/** The way to the records before and after this one, also by k and j. */
export function Walk() {
  // A key may be pressed as soon as the page is seen.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isLetter(event)) return;
      if (event.key === "j") goOn();
      if (event.key === "k") goOn(-1);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const [before, after] = [recordAt(-1), recordAt(1)];
  if (before === undefined && after === undefined) return null;
  return (
    <nav class="row no-print" aria-label={words.walk}>
      {before !== undefined && (
        <a href={before} rel="prev">
          ← {words.recordBefore}
        </a>
      )}
      {after !== undefined && (
        <a href={after} rel="next">
          {words.next} →
        </a>
      )}
    </nav>
  );
}
