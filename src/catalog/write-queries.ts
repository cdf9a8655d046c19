import { Json, type Reader, type Transaction, type Value } from "../storage/database";
import { insertReturning } from "../storage/rows";

/** A product as it is written down. What is absent of a change stays. */
export interface ProductRecord {
  slug: string;
  name: string;
  name_key: string;
  category: string;
  description?: string | null | undefined;
  price_minor: number;
  highest_minor?: number | null | undefined;
  compare_at_minor?: number | null | undefined;
  image_url?: string | null | undefined;
  attributes: object;
  parent_id?: number | null | undefined;
  option_names?: readonly string[] | null | undefined;
  options?: object | null | undefined;
  options_key?: string | null | undefined;
  sku?: string | null | undefined;
  sku_key?: string | null | undefined;
  barcode?: string | null | undefined;
  barcode_key?: string | null | undefined;
  tax_class?: string | undefined;
  weight_grams?: number | undefined;
  image_id?: number | null | undefined;
}

/** Puts products into the catalog and returns their ids by slug. Those whose slug or code is taken are left out. */
export async function insertProducts(
  tx: Transaction,
  products: readonly (ProductRecord & { created_at: string })[],
): Promise<Map<string, number>> {
  const inserted = await insertReturning<{ id: number; slug: string }>(
    tx,
    "products",
    products.map((product) => ({
      slug: product.slug,
      name: product.name,
      name_key: product.name_key,
      category: product.category,
      description: product.description ?? null,
      price_minor: product.price_minor,
      compare_at_minor: product.compare_at_minor ?? null,
      image_url: product.image_url ?? null,
      attributes: new Json(product.attributes),
      parent_id: product.parent_id ?? null,
      option_names: product.option_names ? new Json(product.option_names) : null,
      options: product.options ? new Json(product.options) : null,
      options_key: product.options_key ?? null,
      sku: product.sku ?? null,
      sku_key: product.sku_key ?? null,
      barcode: product.barcode ?? null,
      barcode_key: product.barcode_key ?? null,
      tax_class: product.tax_class ?? "standard",
      weight_grams: product.weight_grams ?? 0,
      created_at: product.created_at,
      updated_at: product.created_at,
    })),
    "ON CONFLICT DO NOTHING RETURNING id, slug",
  );
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
  const columns = Object.entries(change).flatMap(([column, value]) => (value === undefined ? [] : [{ column, value }]));
  const assignments = columns.map(({ column }, index) => `${column} = $${index + 3}, `).join("");
  const changed = await tx.run(
    `UPDATE products SET ${assignments}version = version + 1, updated_at = $2 WHERE id = $1 AND deleted_at IS NULL`,
    [id, now, ...columns.map(({ value }) => (typeof value === "object" && value !== null ? new Json(value) : value))],
  );
  return changed === 1;
}

/** Keeps others from changing the product until the transaction ends. */
export async function holdProduct(tx: Transaction, id: number): Promise<void> {
  await tx.run("UPDATE products SET version = version WHERE id = $1", [id]);
}

/** Whether another product goes by this slug. */
export function isSlugTaken(reader: Reader, slug: string, exceptId = 0): Promise<boolean> {
  return isTaken(reader, "slug", slug, exceptId);
}

/** Whether another product of the catalog has this code. */
export function isCodeTaken(
  reader: Reader,
  column: "sku_key" | "barcode_key",
  key: string,
  exceptId = 0,
): Promise<boolean> {
  return isTaken(reader, column, key, exceptId, "AND deleted_at IS NULL");
}

async function isTaken(reader: Reader, column: string, value: Value, exceptId: number, where = ""): Promise<boolean> {
  const sql = `SELECT id FROM products WHERE ${column} = $1 AND id <> $2 ${where}`;
  return (await reader.first(sql, [value, exceptId])) !== undefined;
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

/** Puts a product back into the catalog, under this slug. */
export async function markRestored(tx: Transaction, id: number, slug: string, now: string): Promise<void> {
  await tx.run(
    "UPDATE products SET deleted_at = NULL, updated_at = $3, version = version + 1, slug = $2 WHERE id = $1",
    [id, slug, now],
  );
}
