import type { Reader } from "../storage/database";
import type { Query } from "../search-index/terms";
import type { Selection } from "../search-index/write";
import { CLOSELY, countMatches, findCandidates, findOthers, matching } from "./queries";
import { rank } from "./rank";
import { understand } from "./understand";

/** What a search came to. */
export interface Found {
  /** The ids of the best answers, the best first. */
  best: number[];
  /** What the total and every further page are made of. */
  query: Query;
  /** The words asked for, when no product has them all, however they are spelled. */
  missed: string | null;
  corrected_query: string | null;
}

/** Fewer products than this are too few: then the search is taken less strictly. */
const ENOUGH = 10;

/** Looks a text up, among the selected products only if there is a selection. */
export async function search(reader: Reader, text: string, within?: Selection): Promise<Found> {
  const { typed, attempts, corrected_query } = await understand(reader, text);
  const best: number[] = [];
  let query: Query | undefined;
  let missed: string | null = null;
  for await (const attempt of attempts) {
    const known = new Set(best);
    const candidates = await findCandidates(reader, attempt.query, within);
    const others = candidates.filter(({ product_id }) => !known.has(product_id));
    best.push(...rank(others, attempt.wanted));
    if (query === undefined && best.length === 0) missed = typed.join(" ");
    query = attempt.query;
    if (best.length >= ENOUGH) break;
  }
  return { best, query: query ?? [], missed, corrected_query };
}

/** The ids on one page of what was found, and how many there are in all. */
export async function pageOfFound(
  reader: Reader,
  { best, query }: Found,
  { limit, offset }: { limit: number; offset: number },
  within?: Selection,
): Promise<{ ids: number[]; total: number }> {
  if (query.length === 0) return { ids: [], total: 0 };
  const ids = best.slice(offset, offset + limit);
  if (best.length < CLOSELY) return { ids, total: best.length };
  if (ids.length < limit) {
    const rest = { except: best, limit: limit - ids.length, offset: Math.max(0, offset - best.length) };
    ids.push(...(await findOthers(reader, query, within, rest)));
  }
  return { ids, total: await countMatches(reader, query, within) };
}

/**
 * SQL for the ids of everything that was found, for lists with an order of their own. Its placeholders follow the
 * `taken` ones of the statement that it becomes part of.
 */
export const everythingFound = (reader: Reader, { query }: Found, taken: number): Selection =>
  matching(reader, query, taken + 1);
