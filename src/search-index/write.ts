import type { Reader, Transaction, Value } from "../storage/database";
import { documentOf, type Field, FIELDS, type SearchDocument } from "./documents";
import { dialectOf } from "./engines";
import type { Language } from "./stem";

/** SQL that gives the ids of products, with its values `$1`, `$2`, … */
export interface Selection {
  sql: string;
  values: readonly Value[];
}

/** Makes products findable as they are now. Belongs into the transaction that writes them. */
export async function indexProducts(
  tx: Transaction,
  products: readonly SearchDocument[],
  languages: readonly Language[],
): Promise<void> {
  const vocabulary = new Set<string>();
  for (const product of products) {
    const document = documentOf(product, languages);
    for (const word of document.words) vocabulary.add(word);
    await dialectOf(tx).write(tx, document);
  }
  await addWords(tx, vocabulary);
}

/** Makes sure that a product is not found any more. Belongs into the transaction that takes it away. */
export async function unindexProduct(tx: Transaction, productId: number): Promise<void> {
  await tx.run(`DELETE FROM search_index WHERE ${dialectOf(tx).id} = $1`, [productId]);
}

/** Those of these products of which the index says something else. */
export async function findOutOfStep(
  reader: Reader,
  products: readonly SearchDocument[],
  languages: readonly Language[],
): Promise<number[]> {
  const rows = await findDocuments(
    reader,
    products.map((product) => product.product_id),
  );
  const indexed = new Map(rows.map((row) => [row.product_id, row]));
  return products.flatMap((product) => {
    const { product_id, fields } = documentOf(product, languages);
    const row = indexed.get(product_id);
    return row && FIELDS.every((field) => row[field] === fields[field]) ? [] : [product_id];
  });
}

/** The products that can be found though they are not in the selection, of all or of these. */
export async function findStrangers(
  reader: Reader,
  { sql, values }: Selection,
  among?: readonly number[],
): Promise<number[]> {
  const { id, texts } = dialectOf(reader);
  const given = `AND ${id} IN (SELECT CAST(value AS INTEGER) FROM (${texts(`$${values.length + 1}`)}) AS given)`;
  const rows = await reader.all<{ product_id: number }>(
    `SELECT ${id} AS product_id FROM search_index WHERE ${id} NOT IN (${sql}) ${among ? given : ""} ORDER BY ${id}`,
    [...values, ...(among ? [JSON.stringify(among)] : [])],
  );
  return rows.map((row) => row.product_id);
}

/** Whether the index itself is sound: a lookup gives what the rows say. */
export const isIndexWhole = (reader: Reader): Promise<boolean> => dialectOf(reader).isWhole(reader);

/** Puts some of what many small writes left behind together. False when there is nothing more to do. */
export const mergeIndex = (tx: Transaction): Promise<boolean> => dialectOf(tx).merge(tx);

/** Makes the index anew from what it knows of the products. */
export const rebuildIndex = (tx: Transaction): Promise<void> => dialectOf(tx).rebuild(tx);

/** What the index says of these products, in the order of their ids. */
async function findDocuments(
  reader: Reader,
  productIds: readonly number[],
): Promise<(Record<Field, string> & { product_id: number })[]> {
  const { id, texts } = dialectOf(reader);
  return reader.all(
    `SELECT ${id} AS product_id, ${FIELDS.join(", ")} FROM search_index
     WHERE ${id} IN (SELECT CAST(value AS INTEGER) FROM (${texts("$1")}) AS given) ORDER BY ${id}`,
    [JSON.stringify(productIds)],
  );
}

/** Adds the words that are new. Words stay when their last product goes: no search is corrected to a word without products. */
async function addWords(tx: Transaction, words: ReadonlySet<string>): Promise<void> {
  // In a fixed order, so that two writers never wait for each other.
  await tx.run(
    `INSERT INTO search_words (word)
     SELECT value FROM (${dialectOf(tx).texts("$1")}) AS given
     WHERE value NOT IN (SELECT word FROM search_words) ORDER BY value ON CONFLICT DO NOTHING`,
    [JSON.stringify([...words])],
  );
}
