import type { Settings } from "../shop/settings";
import { objectFrom, type Reader } from "../storage/database";
import { listOf } from "../storage/sql";
import { conditionOf, type ProductFilter } from "./filters";

/** What sort of thing a product is. */
export interface ProductKind {
  id: number;
  category: string;
  attributes: Record<string, unknown>;
}

/** The products of the catalog that are listed, from above the id `after`, by rising id. */
export async function listKinds(reader: Reader, after: number, limit: number): Promise<ProductKind[]> {
  const rows = await reader.all<{ id: number; category: string; attributes: unknown }>(
    "SELECT id, category, attributes FROM products WHERE id > $1 AND deleted_at IS NULL AND parent_id IS NULL ORDER BY id LIMIT $2",
    [after, limit],
  );
  return rows.map((row) => ({ ...row, attributes: objectFrom(row.attributes) }));
}

/** What products are called, those too that have left the catalog. */
export async function namesOf(reader: Reader, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const among = listOf(ids);
  const rows = await reader.all<{ id: number; name: string }>(
    `SELECT id, name FROM products WHERE id IN ${among.sql}`,
    among.values,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Which of these products can be bought now and fit the filter. */
export async function pickBuyable(
  reader: Reader,
  ids: readonly number[],
  filter: ProductFilter,
  settings: Pick<Settings, "minorPerMajor">,
): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const { sql, values } = await conditionOf(reader, { ...filter, in_stock: true }, settings);
  const among = listOf(ids, values.length);
  const rows = await reader.all<{ id: number }>(
    `SELECT p.id FROM products p JOIN stock s ON s.product_id = p.id WHERE ${sql} AND p.id IN ${among.sql}`,
    [...values, ...among.values],
  );
  return new Set(rows.map((row) => row.id));
}

/** What has sold most units ever, among what can be bought now and fits the filter. */
export async function listBestSellers(
  reader: Reader,
  filter: ProductFilter,
  limit: number,
  settings: Pick<Settings, "minorPerMajor">,
): Promise<{ id: number; ordered: number }[]> {
  const { sql, values } = await conditionOf(reader, { ...filter, in_stock: true }, settings);
  return reader.all(
    `SELECT p.id, s.ordered FROM products p JOIN stock s ON s.product_id = p.id
     WHERE ${sql} ORDER BY s.ordered DESC, p.id LIMIT $${values.length + 1}`,
    [...values, limit],
  );
}

/** All that can be bought now and fits the filter. */
export async function listBuyable(
  reader: Reader,
  filter: ProductFilter,
  settings: Pick<Settings, "minorPerMajor">,
): Promise<number[]> {
  const { sql, values } = await conditionOf(reader, { ...filter, in_stock: true }, settings);
  const rows = await reader.all<{ id: number }>(
    `SELECT p.id FROM products p JOIN stock s ON s.product_id = p.id WHERE ${sql}`,
    values,
  );
  return rows.map((row) => row.id);
}
