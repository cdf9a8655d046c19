import type { Settings } from "../shop/settings";
import { objectFrom, type Reader } from "../storage/database";
import { listOf } from "../storage/sql";
import { conditionOf } from "./filters";
import type { ProductFilter } from "./filter-schema";

/** What a product is called and what sort of thing it is, with its id. */
export interface LabelRow {
  id: number;
  name: string;
  category: string;
  attributes: Record<string, unknown>;
}

/** The products of the catalog, without variants, from above the id `after`, by rising id. */
export async function listLabels(reader: Reader, after: number, limit: number): Promise<LabelRow[]> {
  const rows = await reader.all<{ id: number; name: string; category: string; attributes: unknown }>(
    `SELECT id, name, category, attributes FROM products
     WHERE id > $1 AND deleted_at IS NULL AND parent_id IS NULL ORDER BY id LIMIT $2`,
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

/** Which of these products can be bought now and fit the filter, with what they are called. */
export async function pickBuyable(
  reader: Reader,
  ids: readonly number[],
  filter: ProductFilter,
  settings: Pick<Settings, "minorPerMajor">,
): Promise<Map<number, { name: string; category: string }>> {
  if (ids.length === 0) return new Map();
  const { sql, values } = await conditionOf(reader, { ...filter, in_stock: true }, settings);
  const among = listOf(ids, values.length);
  const rows = await reader.all<{ id: number; name: string; category: string }>(
    `SELECT p.id, p.name, p.category FROM products p WHERE ${sql} AND p.id IN ${among.sql}`,
    [...values, ...among.values],
  );
  return new Map(rows.map(({ id, ...label }) => [id, label]));
}

/** What most customers have bought, among what can be bought now and fits the filter. */
export async function listBestSellers(
  reader: Reader,
  filter: ProductFilter,
  limit: number,
  settings: Pick<Settings, "minorPerMajor">,
): Promise<{ id: number; buyers: number; ordered: number }[]> {
  const { walking, values } = await conditionOf(reader, { ...filter, in_stock: true }, settings);
  return reader.all(
    `SELECT p.id, s.buyers, s.ordered FROM stock s CROSS JOIN products p
     WHERE p.id = s.product_id AND ${walking({ category: false, price: false })}
     ORDER BY s.popularity DESC, s.product_id DESC LIMIT $${values.length + 1}`,
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
  const rows = await reader.all<{ id: number }>(`SELECT p.id FROM products p WHERE ${sql}`, values);
  return rows.map((row) => row.id);
}

/** The listed products without a picture; with `buyable` the ones that can be bought as they are, the best stocked first. */
export function listFreely(
  reader: Reader,
  { buyable = false } = {},
): Promise<{ id: number; category: string; name: string }[]> {
  return reader.all(
    buyable
      ? `SELECT p.id, p.category, p.name FROM products p JOIN stock s ON s.product_id = p.id
         WHERE p.deleted_at IS NULL AND p.parent_id IS NULL AND p.option_names IS NULL
         ORDER BY s.on_hand - s.reserved DESC, p.id LIMIT 100`
      : `SELECT id, category, name FROM products
         WHERE deleted_at IS NULL AND parent_id IS NULL AND image_url IS NULL ORDER BY id`,
  );
}
