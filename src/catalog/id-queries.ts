import type { Reader } from "../storage/database";

/** Ids by the `code` attribute, also of what is not in the catalog any more unless something that is has the same code. */
export async function findIdsByCode(reader: Reader): Promise<Map<string, number>> {
  const rows = await reader.all<{ code: string | number; id: number }>(
    `SELECT attributes ->> 'code' AS code, id FROM products WHERE attributes ->> 'code' IS NOT NULL
     ORDER BY CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END, id`,
  );
  return new Map(rows.map(({ code, id }) => [String(code), id]));
}

/** Ids of the whole catalog by slug. */
export async function findIdsBySlug(reader: Reader): Promise<Map<string, number>> {
  const rows = await reader.all<{ slug: string; id: number }>("SELECT slug, id FROM products WHERE deleted_at IS NULL");
  return new Map(rows.map(({ slug, id }) => [slug, id]));
}
