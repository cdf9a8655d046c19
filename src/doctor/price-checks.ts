import { taxClassKey } from "../base/fields";
import { priceOf } from "../orders/pricing";
import { fromJson, type Reader } from "../storage/database";
import { listOf } from "../storage/sql";
import type { Tax } from "../tax/schema";
import { type Check, finding, type Finding, ofCheck } from "./finding";
import { inOrderRanges, type OrderRange } from "./order-ranges";

const TOTALS = "totals are the lines less the discount";
const SHARES = "lines share the whole discount of their order";

/** What must always hold of what orders cost. */
export const priceChecks: Record<string, Check> = {
  // Both are told by the same sums.
  [`${TOTALS}, and ${SHARES}`]: async (reader) =>
    (await inOrderRanges(reader, ALL, (range) => findWrongTotals(reader, range))).flatMap((row) => [
      ...ofCheck(
        TOTALS,
        row.is_total_wrong,
        `Order ${row.id} says ${row.subtotal_minor} before its discount, but its lines cost ${row.lines_minor}.`,
      ),
      ...ofCheck(
        SHARES,
        row.is_share_wrong,
        `Order ${row.id} has a discount of ${row.discount_minor}, of which its lines have ${row.shared}.`,
      ),
    ]),

  "taxes are what their rates come to": findMistaxed,
};

const ALL = { column: "id", from: "orders WHERE id > 0" };

interface WrongTotal {
  id: number;
  subtotal_minor: number;
  lines_minor: number;
  discount_minor: number;
  shared: number;
  is_total_wrong: number;
  is_share_wrong: number;
}

const IS_TOTAL_WRONG = `(o.subtotal_minor <> COALESCE(i.lines_minor, 0) OR o.goods_minor <> o.subtotal_minor - o.discount_minor
  OR o.total_minor <> o.goods_minor + o.shipping_minor + o.tax_minor)`;
/** Lines of before it was kept have none. */
const IS_SHARE_WRONG = "(i.unknown = 0 AND i.shared <> o.discount_minor)";

function findWrongTotals(reader: Reader, { after, upTo }: OrderRange): Promise<WrongTotal[]> {
  return reader.all<WrongTotal>(
    `SELECT o.id, o.subtotal_minor, COALESCE(i.lines_minor, 0) AS lines_minor, o.discount_minor, COALESCE(i.shared, 0) AS shared,
       CASE WHEN ${IS_TOTAL_WRONG} THEN 1 ELSE 0 END AS is_total_wrong, CASE WHEN ${IS_SHARE_WRONG} THEN 1 ELSE 0 END AS is_share_wrong
     FROM orders o LEFT JOIN (SELECT order_id, CAST(SUM(qty * price_minor) AS DOUBLE PRECISION) AS lines_minor,
         CAST(SUM(discount_minor) AS DOUBLE PRECISION) AS shared, COUNT(*) - COUNT(discount_minor) AS unknown
       FROM order_items WHERE order_id > $1 AND order_id <= $2 GROUP BY order_id) i ON i.order_id = o.id
     WHERE o.id > $1 AND o.id <= $2 AND (${IS_TOTAL_WRONG} OR ${IS_SHARE_WRONG}) ORDER BY o.id`,
    [after, upTo],
  );
}

interface TaxedOrder {
  id: number;
  shipping_minor: number;
  tax_minor: number;
  included_tax_minor: number;
  taxes: unknown;
}

const ORDERS_PER_LOOK = 1_000;

/** Reckons the taxes of every taxed order anew, as a quote does, from the rates, the lines and the delivery that it keeps. */
async function findMistaxed(reader: Reader): Promise<Finding[]> {
  const wrong: Finding[] = [];
  for (let after = 0; ;) {
    const orders = await reader.all<TaxedOrder>(
      `SELECT id, shipping_minor, tax_minor, included_tax_minor, taxes FROM orders
       WHERE id > $1 AND taxes IS NOT NULL ORDER BY id LIMIT ${ORDERS_PER_LOOK}`,
      [after],
    );
    const lines = await linesOf(
      reader,
      orders.map(({ id }) => id),
    );
    for (const order of orders) {
      if (!isRight(order, lines.get(order.id) ?? []))
        wrong.push(finding(`Order ${order.id} has taxes that are not what their rates come to.`));
    }
    const last = orders.at(-1);
    if (!last || orders.length < ORDERS_PER_LOOK) return wrong;
    after = last.id;
  }
}

interface TaxedLine {
  order_id: number;
  product_id: number;
  /** What all of its units cost after the discount. */
  net_minor: number;
  tax_class: string | null;
  tax_minor: number;
}

async function linesOf(reader: Reader, ids: readonly number[]): Promise<Map<number, TaxedLine[]>> {
  const { sql, values } = listOf(ids);
  const rows = await reader.all<TaxedLine>(
    `SELECT order_id, product_id, CAST(qty * price_minor - COALESCE(discount_minor, 0) AS DOUBLE PRECISION) AS net_minor,
       tax_class, tax_minor FROM order_items WHERE order_id IN ${sql} ORDER BY order_id, line`,
    values,
  );
  return Map.groupBy(rows, ({ order_id }) => order_id);
}

function isRight(order: TaxedOrder, lines: readonly TaxedLine[]): boolean {
  // What is in the column was checked when it was written.
  const kept = fromJson(order.taxes) as Tax[];
  const again = priceOf({
    lines: lines.map(({ product_id, net_minor, tax_class }) => ({
      product_id,
      qty: 1,
      price_minor: net_minor,
      tax_class: taxClassKey(tax_class ?? "standard"),
      is_discounted: false,
    })),
    discount_minor: 0,
    shipping_minor: order.shipping_minor,
    rates: kept,
    prices_include_tax: order.included_tax_minor > 0,
  });
  return (
    again.tax_minor === order.tax_minor &&
    again.included_tax_minor === order.included_tax_minor &&
    Bun.deepEquals(again.taxes.map(amountsOf), kept.map(amountsOf)) &&
    again.shares.every(({ tax_minor }, index) => tax_minor === lines[index]?.tax_minor)
  );
}

const amountsOf = ({ tax_class, base_minor, tax_minor }: Tax) => [tax_class, base_minor, tax_minor];
