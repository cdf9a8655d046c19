import type { SearchDocument } from "../search-index/documents";
import { objectFrom, type Reader } from "../storage/database";

/** SQL for the ids of all products in the catalog. */
export const CATALOG_IDS = { sql: "SELECT id FROM products WHERE deleted_at IS NULL", values: [] };

export async function countProducts(reader: Reader): Promise<number> {
  const row = await reader.first<{ total: number }>(`SELECT COUNT(*) AS total FROM (${CATALOG_IDS.sql}) AS catalog`);
  return row?.total ?? 0;
}

const DOCUMENTS =
  "SELECT id AS product_id, name, category, description, attributes FROM products WHERE deleted_at IS NULL";

/** What search is to know of the products, by id: so many of them, after one. */
export async function listDocumentsAfter(reader: Reader, id: number, limit: number): Promise<SearchDocument[]> {
  return toDocuments(await reader.all(`${DOCUMENTS} AND id > $1 ORDER BY id LIMIT $2`, [id, limit]));
}

/** The same of those of these products that are in the catalog. */
export async function findDocumentsOf(reader: Reader, ids: readonly number[]): Promise<SearchDocument[]> {
  const found: SearchDocument[] = [];
  for (const id of ids) found.push(...toDocuments(await reader.all(`${DOCUMENTS} AND id = $1`, [id])));
  return found;
}

const toDocuments = (rows: SearchDocument[]): SearchDocument[] =>
  rows.map((row) => ({ ...row, attributes: objectFrom(row.attributes) }));
