import { turns } from "../base/turns";
import type { Reader } from "../storage/database";
import { findMomentAfter } from "./queries";
import type { Period } from "./schema";

/** So many orders are summed up at once, so that others are served meanwhile. */
const ORDERS_AT_ONCE = 1_000;

/** A part of several periods that follow each other. */
export interface Portion extends Period {
  /** Of each period that it touches, by its place among them, what lies in it. */
  parts: (Period & { at: number })[];
}

/** Periods that follow each other, in portions of few orders. Between two of them others have their turn. */
export async function* portionsOf(reader: Reader, periods: readonly Period[]): AsyncGenerator<Portion> {
  const until = periods.at(-1)?.until ?? "";
  for (let since = periods[0]?.since ?? until; since < until; await turns.yield()) {
    const next = await findMomentAfter(reader, { since, until }, ORDERS_AT_ONCE);
    yield { since, until: next, parts: partsIn(periods, { since, until: next }) };
    since = next;
  }
}

function partsIn(periods: readonly Period[], { since, until }: Period): Portion["parts"] {
  return periods.flatMap((period, at) =>
    period.since < until && period.until > since
      ? [{ at, since: later(period.since, since), until: earlier(period.until, until) }]
      : [],
  );
}

const later = (a: string, b: string) => (a > b ? a : b);
const earlier = (a: string, b: string) => (a < b ? a : b);
