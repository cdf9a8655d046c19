import type { Listed, Page } from "../base/page";
import type { Reader } from "../storage/database";
import { readList } from "../storage/lists";
import type { DeletedLine } from "./schema";

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

/** What left the catalog, the latest first. Variants that left it with their product, and come back with it, are not listed. */
export function listDeleted(reader: Reader, page: Page): Promise<Listed<DeletedLine>> {
  return readList<DeletedLine>(
    reader,
    {
      columns: "p.id, p.name, p.category, p.parent_id, p.deleted_at",
      from: "products p",
      sql: "p.deleted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM products o WHERE o.id = p.parent_id AND o.deleted_at = p.deleted_at)",
      values: [],
      order: [
        { column: "p.deleted_at", part: "text" },
        { column: "p.id", part: "id" },
      ],
      descending: true,
    },
    page,
  );
}
