import type { Reader, Transaction } from "../storage/database";
import { documentOf, type SearchDocument } from "./documents";
import {
  addWords,
  CLOSELY,
  countMatches,
  deleteDocument,
  findCandidates,
  findOthers,
  matching,
  type Selection,
  writeDocument,
} from "./queries";
import type { Query } from "./query";
import { rank } from "./rank";
import { understand } from "./understand";

export type { SearchDocument } from "./documents";
export type { Selection } from "./queries";

/** Makes products findable as they are now. Belongs into the transaction that writes them. */
export async function indexProducts(tx: Transaction, products: readonly SearchDocument[]): Promise<void> {
  const vocabulary = new Set<string>();
  for (const product of products) {
    const document = documentOf(product);
    for (const word of document.words) vocabulary.add(word);
    await writeDocument(tx, document);
  }
  await addWords(tx, vocabulary);
}

/** Makes sure that a product is not found any more. Belongs into the transaction that takes it away. */
export const unindexProduct = (tx: Transaction, productId: number): Promise<void> => deleteDocument(tx, productId);

/** What a search came to. */
export interface Found {
  /** The ids of the best answers, the best first. */
  best: number[];
  /** What the total and every further page are made of. */
  query: Query;
  /** Whether some product has all that was asked for, as it was typed. */
  exact: boolean;
  corrected_query: string | null;
}

/** Fewer products than this are too few: then the search is taken less strictly. */
const ENOUGH = 10;

/** Looks a text up, among the selected products only if there is a selection. */
export async function search(reader: Reader, text: string, within?: Selection): Promise<Found> {
  const { queries, wanted, corrected_query } = await understand(reader, text);
  const best: number[] = [];
  let query: Query = [];
  let exact = false;
  for (query of queries) {
    const candidates = await findCandidates(reader, query, within);
    const known = new Set(best);
    best.push(
      ...rank(
        candidates.filter(({ product_id }) => !known.has(product_id)),
        wanted,
      ),
    );
    if (query === queries[0]) exact = best.length > 0 && corrected_query === null;
    if (best.length >= ENOUGH) break;
  }
  return { best, query, exact, corrected_query };
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
