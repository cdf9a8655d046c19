import { toMajor } from "../base/money";
import type { Settings } from "../shop/settings";
import { insertManyReturning } from "../storage/rows";
import { Json, objectFrom, type Reader, type Transaction, type Value } from "../storage/database";
import { FREE } from "../stock/queries";
import type { SearchDocument } from "../search/search";
import type { Page } from "../base/page";
import { type Condition, ordering } from "./filters";
import type { Category, NewProduct, Product, sorts } from "./schema";

interface ProductRow {
  id: number;
  slug: string;
  name: string;
  category: string;
  description: string | null;
  price_minor: number;
  stock: number;
  image_url: string | null;
  attributes: unknown;
  version: number;
  created_at: string;
  updated_at: string;
}

/** A product with the number that its ETag is made of. */
export type VersionedProduct = Product & { version: number };

const COLUMNS = `p.id, p.slug, p.name, p.category, p.description, p.price_minor, ${FREE} AS stock, p.image_url,
  p.attributes, p.version, p.created_at, p.updated_at`;
const FROM = "FROM products p JOIN stock s ON s.product_id = p.id";

/** For counting: without the stock where nothing is asked of it. */
export const fromFor = ({ sql }: Condition): string => (sql.includes("s.") ? FROM : "FROM products p");

type Currency = Pick<Settings, "minorPerMajor">;

// Spelled out once: statements are kept by their text, and a text made anew for every call has to be looked at whole.
const BY_ID = `SELECT ${COLUMNS} ${FROM} WHERE p.id = $1 AND p.deleted_at IS NULL`;

export async function findProduct(
  reader: Reader,
  id: number,
  currency: Currency,
): Promise<VersionedProduct | undefined> {
  const row = await reader.first<ProductRow>(BY_ID, [id]);
  return row && toProduct(row, currency);
}

export async function findProductBySlug(reader: Reader, slug: string, currency: Currency) {
  const row = await reader.first<ProductRow>(`SELECT ${COLUMNS} ${FROM} WHERE p.slug = $1 AND p.deleted_at IS NULL`, [
    slug,
  ]);
  return row && toProduct(row, currency);
}

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

/** The category of each of these products. */
export async function findCategoriesOf(reader: Reader, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = await reader.all<{ id: number; category: string }>(
    `SELECT id, category FROM products WHERE id IN (${ids.map((_, index) => `$${index + 1}`).join()})`,
    ids,
  );
  return new Map(rows.map(({ id, category }) => [id, category]));
}

export async function isInCatalog(reader: Reader, id: number): Promise<boolean> {
  return (await reader.first("SELECT id FROM products WHERE id = $1 AND deleted_at IS NULL", [id])) !== undefined;
}

/** The products of these ids that are still in the catalog, in the order of the ids. */
export async function findProducts(
  reader: Reader,
  ids: readonly number[],
  currency: Currency,
): Promise<VersionedProduct[]> {
  if (ids.length === 0) return [];
  const rows = await reader.all<ProductRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE p.id IN (${ids.map((_, index) => `$${index + 1}`).join()}) AND p.deleted_at IS NULL`,
    ids,
  );
  const byId = new Map(rows.map((row) => [row.id, toProduct(row, currency)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** One page of the products that fit, and how many fit in all. */
export async function listProducts(
  reader: Reader,
  condition: Condition,
  sort: (typeof sorts)[number] | undefined,
  { limit, offset }: Page,
  currency: Currency,
): Promise<{ total: number; items: VersionedProduct[] }> {
  const { sql, values } = condition;
  const rows = await reader.all<ProductRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE ${sql} ORDER BY ${ordering[sort ?? "default"]}
     LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
    [...values, limit, offset],
  );
  const counted = await reader.first<{ total: number }>(
    `SELECT COUNT(*) AS total ${fromFor(condition)} WHERE ${sql}`,
    values,
  );
  return { total: counted?.total ?? 0, items: rows.map((row) => toProduct(row, currency)) };
}

/** SQL for the ids of the products that fit. */
export const idsOf = ({ sql, values }: Condition): Condition => ({ sql: `SELECT p.id ${FROM} WHERE ${sql}`, values });

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

/** SQL for the ids of all products in the catalog. */
export const CATALOG_IDS = { sql: "SELECT id FROM products WHERE deleted_at IS NULL", values: [] };

export async function countProducts(reader: Reader): Promise<number> {
  const row = await reader.first<{ total: number }>(`SELECT COUNT(*) AS total FROM (${CATALOG_IDS.sql}) AS catalog`);
  return row?.total ?? 0;
}

const FINDABLE =
  "SELECT id AS product_id, name, category, description, attributes FROM products WHERE deleted_at IS NULL";

/** What search is to know of the products, by id: so many of them, after one. */
export async function findableAfter(reader: Reader, id: number, limit: number): Promise<SearchDocument[]> {
  return toFindable(await reader.all(`${FINDABLE} AND id > $1 ORDER BY id LIMIT $2`, [id, limit]));
}

/** The same of those of these products that are in the catalog. */
export async function findableAmong(reader: Reader, ids: readonly number[]): Promise<SearchDocument[]> {
  const found: SearchDocument[] = [];
  for (const id of ids) found.push(...toFindable(await reader.all(`${FINDABLE} AND id = $1`, [id])));
  return found;
}

const toFindable = (rows: SearchDocument[]): SearchDocument[] =>
  rows.map((row) => ({ ...row, attributes: objectFrom(row.attributes) }));

export function listCategories(reader: Reader): Promise<Category[]> {
  return reader.all<Category>(
    `SELECT category, COUNT(*) AS count FROM products WHERE deleted_at IS NULL GROUP BY category ORDER BY category`,
  );
}

export interface ProductRecord extends Omit<NewProduct, "price" | "stock"> {
  price_minor: number;
  name_key: string;
  created_at: string;
}

/** Puts products into the catalog and returns their ids by slug. Those whose slug is taken are left out. */
export async function insertProducts(
  tx: Transaction,
  products: readonly ProductRecord[],
): Promise<Map<string, number>> {
  const inserted = await insertManyReturning<{ id: number; slug: string }>(tx, {
    table: "products",
    columns: [
      "slug",
      "name",
      "name_key",
      "category",
      "description",
      "price_minor",
      "image_url",
      "attributes",
      "created_at",
      "updated_at",
    ],
    rows: products.map((product) => [
      product.slug,
      product.name,
      product.name_key,
      product.category,
      product.description ?? null,
      product.price_minor,
      product.image_url ?? null,
      new Json(product.attributes),
      product.created_at,
      product.created_at,
    ]),
    tail: "ON CONFLICT (slug) DO NOTHING RETURNING id, slug",
  });
  return new Map(inserted.map(({ id, slug }) => [slug, id]));
}

/**
 * Writes the fields that are given, leaves the others and counts the version up.
 * False when the product is not in the catalog.
 */
export async function updateProduct(
  tx: Transaction,
  id: number,
  change: Partial<ProductRecord>,
  now: string,
): Promise<boolean> {
  const columns = Object.entries(recordColumns(change));
  const assignments = columns.map(([column], index) => `${column} = $${index + 3}, `).join("");
  const changed = await tx.run(
    `UPDATE products SET ${assignments}version = version + 1, updated_at = $2 WHERE id = $1 AND deleted_at IS NULL`,
    [id, now, ...columns.map(([, value]) => value)],
  );
  return changed === 1;
}

/** Keeps others from changing the product until the transaction ends. */
export async function holdProduct(tx: Transaction, id: number): Promise<void> {
  await tx.run("UPDATE products SET version = version WHERE id = $1", [id]);
}

/** Whether another product of the catalog goes by this slug. */
export async function isSlugTaken(reader: Reader, slug: string, exceptId: number): Promise<boolean> {
  return (await reader.first("SELECT id FROM products WHERE slug = $1 AND id <> $2", [slug, exceptId])) !== undefined;
}

/** Takes a product out of the catalog; its slug becomes free for another. False when it is not there. */
export async function markDeleted(tx: Transaction, id: number, now: string): Promise<boolean> {
  // A slug has no `~` of its own, so this one can clash with none.
  const changed = await tx.run(
    `UPDATE products SET deleted_at = $2, updated_at = $2, version = version + 1, slug = slug || '~' || id
     WHERE id = $1 AND deleted_at IS NULL`,
    [id, now],
  );
  return changed === 1;
}

/** The columns of what is given, and only of that. */
function recordColumns(record: Partial<ProductRecord>): Record<string, Value> {
  const { attributes, ...plain } = record;
  const given = Object.entries({ ...plain, ...(attributes && { attributes: new Json(attributes) }) });
  return Object.fromEntries(given.flatMap(([column, value]) => (value === undefined ? [] : [[column, value]])));
}

function toProduct(row: ProductRow, currency: Currency): VersionedProduct {
  // Field by field, since this stands in the path of every answer: taking objects apart costs twice as much.
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    category: row.category,
    description: row.description,
    price: toMajor(row.price_minor, currency),
    stock: row.stock,
    image_url: row.image_url,
    attributes: objectFrom(row.attributes),
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
