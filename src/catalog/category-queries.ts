import type { Reader } from "../storage/database";
import { listOf } from "../storage/sql";
import type { Category } from "./schema";

export function listCategories(reader: Reader): Promise<Category[]> {
  return reader.all<Category>(
    `SELECT category, COUNT(*) AS count FROM products WHERE deleted_at IS NULL GROUP BY category ORDER BY category`,
  );
}

/** The categories alone, found by jumping from one to the next: as quick with a million products. */
export async function listCategoryNames(reader: Reader): Promise<string[]> {
  const rows = await reader.all<{ category: string }>(
    `WITH RECURSIVE names (category) AS (
       SELECT MIN(category) FROM products WHERE deleted_at IS NULL
       UNION ALL
       SELECT (SELECT MIN(category) FROM products WHERE deleted_at IS NULL AND category > names.category)
       FROM names WHERE names.category IS NOT NULL
     ) SELECT category FROM names WHERE category IS NOT NULL`,
  );
  return rows.map((row) => row.category);
}

/** The category of each of these products. */
export async function findCategoriesOf(reader: Reader, ids: readonly number[]): Promise<Map<number, string>> {
  const among = listOf(ids);
  const rows = await reader.all<{ id: number; category: string }>(
    `SELECT id, category FROM products WHERE id IN ${among.sql}`,
    among.values,
  );
  return new Map(rows.map(({ id, category }) => [id, category]));
}
