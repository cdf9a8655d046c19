import type { Reader, Transaction } from "../storage/database";
import { FREE } from "../stock/queries";
import { optionsFrom } from "./queries";

/** One of a product's variants, with what of it its parent shows. */
export interface VariantRow {
  id: number;
  sku: string | null;
  barcode: string | null;
  options: Record<string, string>;
  price_minor: number;
  compare_at_minor: number | null;
  stock: number;
  image_url: string | null;
  version: number;
}

/** The variants of a product that are in the catalog, in the order in which they came. */
export async function listVariants(reader: Reader, parentId: number): Promise<VariantRow[]> {
  const rows = await reader.all<VariantRow & { options: unknown }>(
    `SELECT p.id, p.sku, p.barcode, p.options, p.price_minor, p.compare_at_minor, ${FREE} AS stock, p.image_url, p.version
     FROM products p JOIN stock s ON s.product_id = p.id
     WHERE p.parent_id = $1 AND p.deleted_at IS NULL ORDER BY p.id`,
    [parentId],
  );
  return rows.map((row) => ({ ...row, options: optionsFrom(row.options) }));
}

export async function countVariants(reader: Reader, parentId: number): Promise<number> {
  const row = await reader.first<{ variants: number }>(
    "SELECT COUNT(*) AS variants FROM products WHERE parent_id = $1 AND deleted_at IS NULL",
    [parentId],
  );
  return row?.variants ?? 0;
}

/** The product that this one is a variant of, also of one that has left the catalog; undefined where there is no such product. */
export async function findParentId(reader: Reader, id: number): Promise<{ parent_id: number | null } | undefined> {
  return reader.first("SELECT parent_id FROM products WHERE id = $1", [id]);
}

/** Whether another variant of this parent has the same options. */
export async function isCombinationTaken(
  reader: Reader,
  parentId: number,
  optionsKey: string,
  exceptId = 0,
): Promise<boolean> {
  return (
    (await reader.first(
      "SELECT id FROM products WHERE parent_id = $1 AND options_key = $2 AND id <> $3 AND deleted_at IS NULL",
      [parentId, optionsKey, exceptId],
    )) !== undefined
  );
}

/**
 * Makes the price of a parent what its variants cost, and its version another one, since it shows them. Without variants it
 * keeps the price that it had.
 */
export async function followVariants(tx: Transaction, parentId: number, now: string): Promise<void> {
  const prices = "FROM products v WHERE v.parent_id = products.id AND v.deleted_at IS NULL";
  await tx.run(
    `UPDATE products SET price_minor = COALESCE((SELECT MIN(v.price_minor) ${prices}), price_minor),
       highest_minor = (SELECT MAX(v.price_minor) ${prices}), version = version + 1, updated_at = $2
     WHERE id = $1`,
    [parentId, now],
  );
}
