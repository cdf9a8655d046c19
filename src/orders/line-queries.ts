import type { Line } from "../base/money";
import { PICTURE } from "../catalog/queries";
import { fromJson, Json, type Reader, type Transaction } from "../storage/database";
import { insertRows } from "../storage/rows";
import { listOf } from "../storage/sql";

/** A line with all that its product is at the moment of the purchase. */
export interface SaleLine extends Line {
  name: string;
  sku: string | null;
  slug: string;
  category: string;
  options: Record<string, string>;
  image_url: string | null;
  tax_class: string;
  weight_grams: number;
}

/** What falls on one line of what is for the whole order. */
export interface LineShare {
  discount_minor: number;
  tax_minor: number;
}

/** Lines of an order to be written down. Of what comes from elsewhere no more is known than its product. */
export interface NewLines {
  id: number;
  lines: readonly (Line & Partial<Omit<SaleLine, keyof Line>>)[];
  shares: readonly LineShare[];
}

/** Writes the lines of new orders down. */
export async function insertLines(tx: Transaction, orders: readonly NewLines[]): Promise<void> {
  await insertRows(
    tx,
    "order_items",
    orders.flatMap(({ id, lines, shares }) =>
      lines.map((line, index) => ({
        order_id: id,
        line: index + 1,
        product_id: line.product_id,
        qty: line.qty,
        price_minor: line.price_minor,
        name: line.name ?? null,
        sku: line.sku ?? null,
        slug: line.slug ?? null,
        category: line.category ?? null,
        options: line.options && Object.keys(line.options).length > 0 ? new Json(line.options) : null,
        image_url: line.image_url ?? null,
        tax_class: line.tax_class ?? null,
        discount_minor: shares[index]?.discount_minor ?? 0,
        tax_minor: shares[index]?.tax_minor ?? 0,
      })),
    ),
  );
}

type SaleRow = Omit<SaleLine, "options"> & { options: unknown };

/** Products as they would be sold now, one of each. Those that are not for sale are left out. */
export async function findForSale(reader: Reader, ids: readonly number[]): Promise<SaleLine[]> {
  const { sql, values } = listOf(ids);
  const rows = await reader.all<SaleRow>(
    `SELECT p.id AS product_id, 1 AS qty, p.price_minor, p.name, p.sku, p.slug, p.category, p.options, p.tax_class,
       p.weight_grams, ${PICTURE} AS image_url
     FROM products p WHERE p.id IN ${sql} AND p.deleted_at IS NULL AND p.option_names IS NULL ORDER BY p.id`,
    values,
  );
  // What is in the column was checked when it was written.
  return rows.map((row) => ({ ...row, options: (fromJson(row.options) ?? {}) as Record<string, string> }));
}

/** Addresses of the pictures that orders show of what was bought, each once, of the orders with these ids. */
export async function findPicturesSold(
  reader: Reader,
  { after, upTo }: { after: number; upTo: number },
): Promise<string[]> {
  const rows = await reader.all<{ image_url: string }>(
    "SELECT DISTINCT image_url FROM order_items WHERE order_id > $1 AND order_id <= $2 AND image_url IS NOT NULL",
    [after, upTo],
  );
  return rows.map(({ image_url }) => image_url);
}
