import type { Reader, Transaction } from "../storage/database";
import { insertOne } from "../storage/rows";

/** A picture of a product, as it is written down. */
export interface ImageRow {
  id: number;
  product_id: number;
  position: number;
  hash: string;
  width: number;
  height: number;
  alt: string;
}

const COLUMNS = "id, product_id, position, hash, width, height, alt";

/** The pictures of a product, the first first. */
export function listImages(reader: Reader, productId: number): Promise<ImageRow[]> {
  return reader.all(`SELECT ${COLUMNS} FROM product_images WHERE product_id = $1 ORDER BY position, id`, [productId]);
}

export async function insertImage(
  tx: Transaction,
  image: Omit<ImageRow, "id"> & { created_at: string },
): Promise<number> {
  return insertOne(tx, "product_images", { ...image });
}

export async function updateImage(tx: Transaction, id: number, position: number, alt: string): Promise<void> {
  await tx.run("UPDATE product_images SET position = $2, alt = $3 WHERE id = $1", [id, position, alt]);
}

export async function deleteImage(tx: Transaction, id: number): Promise<void> {
  await tx.run("DELETE FROM product_images WHERE id = $1", [id]);
}

/** The variants that this picture of their parent shows. */
export async function findVariantsShowing(reader: Reader, imageId: number): Promise<number[]> {
  const rows = await reader.all<{ id: number }>("SELECT id FROM products WHERE image_id = $1 ORDER BY id", [imageId]);
  return rows.map(({ id }) => id);
}

/** Every picture that some product has, by the name of its content. */
export async function listImageHashes(reader: Reader): Promise<Set<string>> {
  const rows = await reader.all<{ hash: string }>("SELECT DISTINCT hash FROM product_images");
  return new Set(rows.map(({ hash }) => hash));
}
