import type { Reader } from "../storage/database";

/** A product that has left the catalog. */
export interface DeletedProduct {
  id: number;
  slug: string;
  sku_key: string | null;
  barcode_key: string | null;
  options_key: string | null;
  deleted_at: string;
}

const COLUMNS = "id, slug, sku_key, barcode_key, options_key, deleted_at";

export function findDeleted(reader: Reader, id: number): Promise<DeletedProduct | undefined> {
  return reader.first(`SELECT ${COLUMNS} FROM products WHERE id = $1 AND deleted_at IS NOT NULL`, [id]);
}

/** The variants that left the catalog together with their parent. */
export function listDeletedVariants(reader: Reader, parentId: number, deletedAt: string): Promise<DeletedProduct[]> {
  return reader.all(`SELECT ${COLUMNS} FROM products WHERE parent_id = $1 AND deleted_at = $2 ORDER BY id`, [
    parentId,
    deletedAt,
  ]);
}
