import type { Reader, Transaction } from "../storage/database";
import { dialectOf } from "../search-index/dialect";
import { documentOf, FIELDS, type SearchDocument } from "../search-index/documents";
import {
  addWords,
  CLOSELY,
  countMatches,
  deleteDocument,
  findCandidates,
  findDocuments,
  findOthers,
  matching,
  type Selection,
  writeDocument,
} from "./queries";
import type { Query } from "../search-index/terms";
import { rank } from "./rank";
import { understand } from "./understand";

export type { SearchDocument } from "../search-index/documents";
export { findStrangers, type Selection } from "./queries";

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

/** Those of these products of which the index says something else. */
export async function findOutOfStep(reader: Reader, products: readonly SearchDocument[]): Promise<number[]> {
  const rows = await findDocuments(
    reader,
    products.map((product) => product.product_id),
  );
  const indexed = new Map(rows.map((row) => [row.product_id, row]));
  return products.flatMap((product) => {
    const { product_id, fields } = documentOf(product);
    const row = indexed.get(product_id);
    return row && FIELDS.every((field) => row[field] === fields[field]) ? [] : [product_id];
  });
}

/** Whether the index itself is sound: a lookup gives what the rows say. */
export const isIndexWhole = (tx: Transaction): Promise<boolean> => dialectOf(tx).isWhole(tx);

/** Makes the index anew from what it knows of the products. */
export const rebuildIndex = (tx: Transaction): Promise<void> => dialectOf(tx).rebuild(tx);

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
