import type { Settings } from "../settings";
import type { Reader } from "../storage/database";
import { conditionOf, type ProductFilter } from "./filters";

/** Ids of products that are in the catalog, rising, from above `after`. */
export async function listProductIds(reader: Reader, after: number, limit: number): Promise<number[]> {
  const rows = await reader.all<{ id: number }>(
    "SELECT id FROM products WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2",
    [after, limit],
  );
  return rows.map((row) => row.id);
}

/** Which of these products can be bought now and fit the filter. */
export async function pickBuyable(
  reader: Reader,
  ids: readonly number[],
  filter: ProductFilter,
  settings: Pick<Settings, "minorPerMajor">,
): Promise<Set<number>> {
  const last = ids.at(-1);
  if (last === undefined) return new Set();
  const { sql, values } = conditionOf(reader.engine, { ...filter, in_stock: true }, settings);
  // Filled up to a power of two, so that the engines prepare a handful of statements and not one for every number of ids.
  const asked = Array.from({ length: 2 ** Math.ceil(Math.log2(ids.length)) }, (_, index) => ids[index] ?? last);
  const rows = await reader.all<{ id: number }>(
    `SELECT p.id FROM products p JOIN stock s ON s.product_id = p.id
     WHERE ${sql} AND p.id IN (${asked.map((_, index) => `$${values.length + index + 1}`).join()})`,
    [...values, ...asked],
  );
  return new Set(rows.map((row) => row.id));
}

/** What has sold most units ever, among what can be bought now and fits the filter. */
export function listBestSellers(
  reader: Reader,
  filter: ProductFilter,
  limit: number,
  settings: Pick<Settings, "minorPerMajor">,
): Promise<{ id: number; ordered: number }[]> {
  const { sql, values } = conditionOf(reader.engine, { ...filter, in_stock: true }, settings);
  return reader.all(
    `SELECT p.id, s.ordered FROM products p JOIN stock s ON s.product_id = p.id
     WHERE ${sql} ORDER BY s.ordered DESC, p.id LIMIT $${values.length + 1}`,
    [...values, limit],
  );
}
