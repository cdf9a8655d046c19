import type { SearchDocument } from "../search-index/documents";
import { objectFrom, type Reader } from "../storage/database";
import { optionNamesFrom, optionsFrom } from "./queries";

/** SQL for the ids of all products that can be found: a variant is found as its parent. */
export const CATALOG_IDS = {
  sql: "SELECT id FROM products WHERE deleted_at IS NULL AND parent_id IS NULL",
  values: [],
};

export { countCatalog as countProducts } from "./list-queries";

interface DocumentRow extends Omit<SearchDocument, "words" | "codes"> {
  sku: string | null;
  barcode: string | null;
  option_names: unknown;
}

const DOCUMENTS = `SELECT id AS product_id, name, category, description, attributes, sku, barcode, option_names
  FROM products WHERE deleted_at IS NULL AND parent_id IS NULL`;

/** What search is to know of the products, by id: so many of them, after one. */
export async function listDocumentsAfter(reader: Reader, id: number, limit: number): Promise<SearchDocument[]> {
  return toDocuments(reader, await reader.all(`${DOCUMENTS} AND id > $1 ORDER BY id LIMIT $2`, [id, limit]));
}

/** The same of those of these products that can be found. */
export async function findDocumentsOf(reader: Reader, ids: readonly number[]): Promise<SearchDocument[]> {
  const found: SearchDocument[] = [];
  for (const id of ids) found.push(...(await toDocuments(reader, await reader.all(`${DOCUMENTS} AND id = $1`, [id]))));
  return found;
}

async function toDocuments(reader: Reader, rows: readonly DocumentRow[]): Promise<SearchDocument[]> {
  const documents: SearchDocument[] = [];
  for (const { sku, barcode, option_names, ...row } of rows) {
    const variants = option_names === null ? [] : await findVariantWords(reader, row.product_id, option_names);
    const own = [sku, barcode].filter((code) => code !== null);
    documents.push({
      ...row,
      attributes: objectFrom(row.attributes),
      codes: [...own, ...variants.flatMap(({ codes }) => codes)],
      words: [...new Set(variants.flatMap(({ chosen }) => chosen))],
    });
  }
  return documents;
}

/** A parent is found by what can be chosen of it, and by the codes of its variants. */
async function findVariantWords(
  reader: Reader,
  parentId: number,
  optionNames: unknown,
): Promise<{ chosen: string[]; codes: string[] }[]> {
  const names = optionNamesFrom(optionNames);
  const rows = await reader.all<{ options: unknown; sku: string | null; barcode: string | null }>(
    "SELECT options, sku, barcode FROM products WHERE parent_id = $1 AND deleted_at IS NULL ORDER BY id",
    [parentId],
  );
  return rows.map(({ options, sku, barcode }) => {
    const chosen = optionsFrom(options);
    return {
      chosen: names.map((name) => chosen[name] ?? "").filter((word) => word !== ""),
      codes: [sku, barcode].filter((code) => code !== null),
    };
  });
}
