import { toMajor } from "../base/money";
import type { Settings } from "../shop/settings";
import { fromJson, objectFrom, type Reader } from "../storage/database";
import { type Condition, listOf } from "../storage/sql";
import { FREE } from "../stock/queries";
import type { ProductCondition } from "./filters";
import type { Product } from "./schema";

export interface ProductRow {
  id: number;
  slug: string;
  name: string;
  category: string;
  description: string | null;
  price_minor: number;
  compare_at_minor: number | null;
  stock: number;
  image_url: string | null;
  attributes: unknown;
  parent_id: number | null;
  sku: string | null;
  barcode: string | null;
  option_names: unknown;
  options: unknown;
  highest_minor: number | null;
  tax_class: string;
  weight_grams: number;
  low_stock_at: number | null;
  version: number;
  created_at: string;
  updated_at: string;
}

/** A product with the number that its ETag is made of. */
export type VersionedProduct = Product & { version: number };

/** What shows a product `p` that is bought: a variant without a picture of its own looks like its parent. */
export const PICTURE =
  "COALESCE(p.image_url, (SELECT parent.image_url FROM products parent WHERE parent.id = p.parent_id))";

export const COLUMNS = `p.id, p.slug, p.name, p.category, p.description, p.price_minor, ${FREE} AS stock, p.image_url,
  p.attributes, p.parent_id, p.sku, p.barcode, p.option_names, p.options, p.highest_minor, p.compare_at_minor, p.tax_class, p.weight_grams,
  s.low_at AS low_stock_at, p.version, p.created_at, p.updated_at`;
const FROM = "FROM products p JOIN stock s ON s.product_id = p.id";

export type Currency = Pick<Settings, "minorPerMajor">;

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

/** What decides whether a product can be bought as it is. */
export interface Standing {
  name: string;
  /** What is to be chosen first: it can't be bought itself. Null where nothing is. */
  option_names: string[] | null;
}

/** Undefined for what is not, or not any more, in the catalog. */
export async function findStanding(reader: Reader, id: number): Promise<Standing | undefined> {
  const row = await reader.first<{ name: string; option_names: unknown }>(
    "SELECT name, option_names FROM products WHERE id = $1 AND deleted_at IS NULL",
    [id],
  );
  return row && { name: row.name, option_names: row.option_names === null ? null : optionNamesFrom(row.option_names) };
}

/** Those of these products that are variants, with the product that they are one of. */
export async function findParentsOf(reader: Reader, ids: readonly number[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map();
  const among = listOf(ids);
  const rows = await reader.all<{ id: number; parent_id: number }>(
    `SELECT id, parent_id FROM products WHERE parent_id IS NOT NULL AND id IN ${among.sql}`,
    among.values,
  );
  return new Map(rows.map(({ id, parent_id }) => [id, parent_id]));
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
  const among = listOf(ids);
  const rows = await reader.all<ProductRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE p.id IN ${among.sql} AND p.deleted_at IS NULL`,
    among.values,
  );
  const byId = new Map(rows.map((row) => [row.id, toProduct(row, currency)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** SQL for the ids of the products that fit. */
export const idsOf = (condition: ProductCondition): Condition => ({
  sql: `SELECT p.id FROM products p WHERE ${condition.sql}`,
  values: condition.values,
});

export function toProduct(row: ProductRow, currency: Currency): VersionedProduct {
  // Field by field, since this stands in the path of every answer: taking objects apart costs twice as much.
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    category: row.category,
    description: row.description,
    price: toMajor(row.price_minor, currency),
    compare_at_price: row.compare_at_minor === null ? null : toMajor(row.compare_at_minor, currency),
    stock: row.stock,
    image_url: row.image_url,
    attributes: objectFrom(row.attributes),
    parent_id: row.parent_id,
    sku: row.sku,
    barcode: row.barcode,
    option_names: row.option_names === null ? [] : optionNamesFrom(row.option_names),
    options: row.options === null ? {} : optionsFrom(row.options),
    highest_price: toMajor(row.highest_minor ?? row.price_minor, currency),
    tax_class: row.tax_class,
    weight_grams: row.weight_grams,
    low_stock_at: row.low_stock_at,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

// We wrote them ourselves, and checked them then.
export const optionNamesFrom = (column: unknown): string[] => fromJson(column) as string[];
export const optionsFrom = (column: unknown): Record<string, string> => fromJson(column) as Record<string, string>;
