import { Json, type Reader, type Transaction, type Value } from "../storage/database";
import { insertReturning } from "../storage/rows";
import type { NewProduct } from "./schema";

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
      image_url: product.image_url ?? null,
      attributes: new Json(product.attributes),
      created_at: product.created_at,
      updated_at: product.created_at,
    })),
    "ON CONFLICT (slug) DO NOTHING RETURNING id, slug",
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
