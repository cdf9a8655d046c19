import { wordKey } from "../base/text";
import type { Reader, Transaction } from "../storage/database";
import type { Category } from "./category-schema";

/** A category of which more is known than its name. */
export interface CategoryRecord {
  /** The name folded. */
  key: string;
  name: string;
  slug: string | null;
  parent_key: string | null;
  description: string | null;
  position: number;
}

const RECORD = "key, name, slug, parent_key, description, position";
const LISTED = "deleted_at IS NULL AND parent_id IS NULL";

export function listCategories(reader: Reader): Promise<Category[]> {
  return reader.all<Category>(
    "SELECT category, products AS count FROM category_counts WHERE products > 0 ORDER BY category",
  );
}

/** The categories alone. */
export async function listCategoryNames(reader: Reader): Promise<string[]> {
  const rows = await reader.all<{ category: string }>(
    "SELECT category FROM category_counts WHERE products > 0 ORDER BY category",
  );
  return rows.map((row) => row.category);
}

export function findCategory(reader: Reader, key: string): Promise<CategoryRecord | undefined> {
  return reader.first(`SELECT ${RECORD} FROM categories WHERE key = $1`, [key]);
}

export function listCategoryRecords(reader: Reader): Promise<CategoryRecord[]> {
  return reader.all(`SELECT ${RECORD} FROM categories ORDER BY position, name`);
}

/** What a person calls a category, as products spell it, with everything below it in the tree. The name itself comes first. */
export async function findCategoryFamily(reader: Reader, name: string): Promise<string[]> {
  const key = wordKey(name);
  const rows = await reader.all<{ name: string }>(
    // Each once: this ends also where the tree was made a ring by other hands.
    `WITH RECURSIVE family (key, name) AS (
       SELECT key, name FROM categories WHERE key = $1
       UNION
       SELECT c.key, c.name FROM categories c JOIN family ON c.parent_key = family.key
     ) SELECT name FROM family ORDER BY CASE WHEN key = $1 THEN 0 ELSE 1 END, name`,
    [key],
  );
  return rows.length > 0 ? rows.map((row) => row.name) : [name];
}

/** Writes a category down, or what is new of it. */
export async function upsertCategory(tx: Transaction, category: CategoryRecord, now: string): Promise<void> {
  await tx.run(
    `INSERT INTO categories (key, name, slug, parent_key, description, position, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (key) DO UPDATE SET name = excluded.name, slug = excluded.slug, parent_key = excluded.parent_key,
       description = excluded.description, position = excluded.position`,
    [category.key, category.name, category.slug, category.parent_key, category.description, category.position, now],
  );
}

/** Remembers how a category is spelled, where nobody has said so yet. */
export async function insertCategoryName(tx: Transaction, key: string, name: string, now: string): Promise<void> {
  await tx.run("INSERT INTO categories (key, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
    key,
    name,
    now,
  ]);
}

export async function deleteCategory(tx: Transaction, key: string): Promise<void> {
  await tx.run("DELETE FROM categories WHERE key = $1", [key]);
}

/** What stood below one category stands below another, or at the top. */
export async function moveSubcategories(tx: Transaction, from: string, to: string | null): Promise<void> {
  await tx.run("UPDATE categories SET parent_key = $2 WHERE parent_key = $1", [from, to]);
}

/** Moves every product of one category into another, those too that have left the catalog. */
export async function moveProducts(tx: Transaction, from: string, to: string, now: string): Promise<void> {
  await tx.run("UPDATE products SET category = $2, version = version + 1, updated_at = $3 WHERE category = $1", [
    from,
    to,
    now,
  ]);
}

/** The ids of all products of a category that are in the catalog, variants too. */
export async function findAllIdsInCategory(reader: Reader, name: string): Promise<number[]> {
  const rows = await reader.all<{ id: number }>(
    "SELECT id FROM products WHERE category = $1 AND deleted_at IS NULL ORDER BY id",
    [name],
  );
  return rows.map(({ id }) => id);
}

/** The ids of the products of a category that are listed. */
export async function findIdsInCategory(reader: Reader, name: string): Promise<number[]> {
  const rows = await reader.all<{ id: number }>(
    `SELECT id FROM products WHERE category = $1 AND ${LISTED} ORDER BY id`,
    [name],
  );
  return rows.map(({ id }) => id);
}
