import type { Reader } from "../storage/database";
import { listOf } from "../storage/sql";

/** What products are known by outside. */
export interface Names {
  slugs: readonly string[];
  skuKeys: readonly string[];
  barcodeKeys: readonly string[];
}

export interface Match {
  id: number;
  slug: string;
  sku_key: string | null;
  barcode_key: string | null;
}

/** The products of the catalog that go by any of these. */
export async function findMatches(reader: Reader, { slugs, skuKeys, barcodeKeys }: Names): Promise<Match[]> {
  const matches = new Map<number, Match>();
  for (const [column, values] of [
    ["slug", slugs],
    ["sku_key", skuKeys],
    ["barcode_key", barcodeKeys],
  ] as const) {
    if (values.length === 0) continue;
    const among = listOf(values);
    const rows = await reader.all<Match>(
      `SELECT id, slug, sku_key, barcode_key FROM products WHERE deleted_at IS NULL AND ${column} IN ${among.sql}`,
      among.values,
    );
    for (const row of rows) matches.set(row.id, row);
  }
  return [...matches.values()];
}
