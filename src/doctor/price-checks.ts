import { fromJson, type Reader } from "../storage/database";
import { listOf } from "../storage/sql";
import type { Tax } from "../tax/schema";
import { taxesOf } from "../tax/tax";
import { type Check, finding, type Finding, told } from "./finding";

/** What must always hold of what orders cost. */
export const priceChecks: Record<string, Check> = {
  "totals are the lines less the discount": (reader) =>
    told(
      reader.all<{ id: number; subtotal_minor: number; lines_minor: number }>(
        `SELECT o.id, o.subtotal_minor, COALESCE(i.lines_minor, 0) AS lines_minor
         FROM orders o LEFT JOIN (SELECT order_id, CAST(SUM(qty * price_minor) AS DOUBLE PRECISION) AS lines_minor
           FROM order_items GROUP BY order_id) i ON i.order_id = o.id
         WHERE o.subtotal_minor <> COALESCE(i.lines_minor, 0) OR o.goods_minor <> o.subtotal_minor - o.discount_minor
           OR o.total_minor <> o.goods_minor + o.shipping_minor + o.tax_minor
         ORDER BY o.id`,
      ),
      (row) => `Order ${row.id} says ${row.subtotal_minor} before its discount, but its lines cost ${row.lines_minor}.`,
    ),

  "lines share the whole discount of their order": (reader) =>
    told(
      reader.all<{ id: number; discount_minor: number; shared: number }>(
        `SELECT o.id, o.discount_minor, i.shared FROM orders o
         JOIN (SELECT order_id, CAST(SUM(discount_minor) AS DOUBLE PRECISION) AS shared, COUNT(*) - COUNT(discount_minor) AS unknown
           FROM order_items GROUP BY order_id) i ON i.order_id = o.id
         WHERE i.unknown = 0 AND i.shared <> o.discount_minor ORDER BY o.id`,
      ),
      (row) => `Order ${row.id} has a discount of ${row.discount_minor}, of which its lines have ${row.shared}.`,
    ),

  "taxes are what their rates come to": findMistaxed,
};

interface TaxedOrder {
  id: number;
  shipping_minor: number;
  tax_minor: number;
  included_tax_minor: number;
  taxes: unknown;
}

const ORDERS_PER_LOOK = 1_000;

/** Reckons the taxes of every taxed order anew, from the rates and lines that it keeps. */
async function findMistaxed(reader: Reader): Promise<Finding[]> {
  const wrong: Finding[] = [];
  for (let after = 0; ;) {
    const orders = await reader.all<TaxedOrder>(
      `SELECT id, shipping_minor, tax_minor, included_tax_minor, taxes FROM orders
       WHERE id > $1 AND taxes IS NOT NULL ORDER BY id LIMIT ${ORDERS_PER_LOOK}`,
      [after],
    );
    const lines = await taxOfLines(
      reader,
      orders.map(({ id }) => id),
    );
    for (const order of orders) {
      if (!isRight(order, lines.get(order.id) ?? 0))
        wrong.push(finding(`Order ${order.id} has taxes that are not what their rates come to.`));
    }
    const last = orders.at(-1);
    if (!last || orders.length < ORDERS_PER_LOOK) return wrong;
    after = last.id;
  }
}

async function taxOfLines(reader: Reader, ids: readonly number[]): Promise<Map<number, number>> {
  const { sql, values } = listOf(ids);
  const rows = await reader.all<{ order_id: number; tax: number }>(
    `SELECT order_id, CAST(SUM(tax_minor) AS DOUBLE PRECISION) AS tax FROM order_items WHERE order_id IN ${sql} GROUP BY order_id`,
    values,
  );
  return new Map(rows.map(({ order_id, tax }) => [order_id, tax]));
}

function isRight({ taxes, tax_minor, included_tax_minor, shipping_minor }: TaxedOrder, taxOfLines: number): boolean {
  // What is in the column was checked when it was written.
  const kept = fromJson(taxes) as Tax[];
  const sum = kept.reduce((total, tax) => total + tax.tax_minor, 0);
  const bases = [...new Map(kept.map(({ tax_class, base_minor }) => [tax_class, { tax_class, base_minor }])).values()];
  const again = taxesOf(bases, kept, included_tax_minor > 0);
  const same = again.reduce((total, tax) => total + tax.tax_minor, 0) === sum;
  const onLines = shipping_minor === 0 ? taxOfLines === sum : taxOfLines <= sum;
  return same && onLines && sum === tax_minor + included_tax_minor;
}
