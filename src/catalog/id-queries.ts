import { wordKey } from "../base/text";
import type { Reader } from "../storage/database";
import { listOf } from "../storage/sql";

/** Ids by the `code` attribute, also of what is not in the catalog any more unless something that is has the same code. */
export async function findIdsByCode(reader: Reader): Promise<Map<string, number>> {
  const rows = await reader.all<{ code: string | number; id: number }>(
    `SELECT attributes ->> 'code' AS code, id FROM products WHERE attributes ->> 'code' IS NOT NULL
     ORDER BY CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, id`,
  );
  return new Map(rows.map(({ code, id }) => [String(code), id]));
}

/** Ids of products, variants too, by their name as it is sorted by. Of several the first. */
export async function findIdsByNames(reader: Reader, nameKeys: readonly string[]): Promise<Map<string, number>> {
  if (nameKeys.length === 0) return new Map();
  const among = listOf(nameKeys);
  const rows = await reader.all<{ name_key: string; id: number }>(
    `SELECT name_key, MIN(id) AS id FROM products WHERE name_key IN ${among.sql} AND deleted_at IS NULL GROUP BY name_key`,
    among.values,
  );
  return new Map(rows.map(({ name_key, id }) => [name_key, id]));
}

/** Ids of the whole catalog by slug. */
export async function findIdsBySlug(reader: Reader): Promise<Map<string, number>> {
  const rows = await reader.all<{ slug: string; id: number }>("SELECT slug, id FROM products WHERE deleted_at IS NULL");
  return new Map(rows.map(({ slug, id }) => [slug, id]));
}

/** The product that goes by a slug, or by a sku or barcode of this key. */
async function findIdByWord(reader: Reader, slug: string, codeKey: string): Promise<number | undefined> {
  const row = await reader.first<{ id: number }>(
    `SELECT id FROM products WHERE deleted_at IS NULL AND (slug = $1 OR sku_key = $2 OR barcode_key = $2)
     ORDER BY CASE WHEN slug = $1 THEN 0 ELSE 1 END, id LIMIT 1`,
    [slug, codeKey],
  );
  return row?.id;
}

/** What these products are called, in the order of the ids. */
export async function findNames(reader: Reader, ids: readonly number[]): Promise<{ id: number; name: string }[]> {
  if (ids.length === 0) return [];
  const among = listOf(ids);
  const rows = await reader.all<{ id: number; name: string }>(
    `SELECT id, name FROM products WHERE id IN ${among.sql} AND deleted_at IS NULL`,
    among.values,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** A product as it is called. */
export interface Named {
  id: number;
  name: string;
  sku: string | null;
}

/** The product that a person names by id, slug, sku or barcode. */
export async function findNamed(reader: Reader, name: string): Promise<Named | undefined> {
  const id = /^\d{1,9}$/.test(name) ? Number(name) : undefined;
  const one = (id: number) =>
    reader.first<Named>("SELECT id, name, sku FROM products WHERE id = $1 AND deleted_at IS NULL", [id]);
  const known = id === undefined ? undefined : await one(id);
  if (known) return known;
  const other = await findIdByWord(reader, name, wordKey(name));
  return other === undefined ? undefined : one(other);
}
