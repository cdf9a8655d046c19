import type { Reader, Value } from "../storage/database";
import { countOf, listOf } from "../storage/sql";
import type { Period } from "./schema";

/** What the orders of a period came to, in minor units. Cancelled orders are none. */
export interface OrderSums {
  orders: number;
  units: number;
  discount_minor: number;
  shipping_minor: number;
  tax_minor: number;
  included_tax_minor: number;
  total_minor: number;
}

export const NO_ORDERS: OrderSums = {
  orders: 0,
  units: 0,
  discount_minor: 0,
  shipping_minor: 0,
  tax_minor: 0,
  included_tax_minor: 0,
  total_minor: 0,
};

/** The periods as a table: (n, since, until), each of which an index looks up by itself. */
function periodTable(periods: readonly Period[]): { sql: string; values: Value[] } {
  const rows = periods.map(
    (_, n) => `SELECT ${n} AS n, CAST($${n * 2 + 1} AS TEXT) AS since, CAST($${n * 2 + 2} AS TEXT) AS until`,
  );
  return { sql: rows.join(" UNION ALL "), values: periods.flatMap(({ since, until }) => [since, until]) };
}

/** Orders that sold something: not those that were cancelled, nor those that came back before they were paid. */
const IS_SALE = "o.status <> 'cancelled' AND o.payment_status <> 'failed'";

/** Cancelled, or refused at the door before they were paid: those that are back and name the shipment that they came back from. */
const cancelledUnits = (which: string) =>
  `COALESCE((SELECT SUM(m.qty) FROM unit_moves m WHERE m.order_id = o.id
     AND (m.cause = 'cancelled' OR (m.cause = 'returned' AND m.shipment_id IS NOT NULL)) AND ${which}), 0)`;

/** Of an order, what was not cancelled. */
const ORDERED_UNITS = `(SELECT SUM(i.qty) FROM order_items i WHERE i.order_id = o.id) - ${cancelledUnits("true")}`;

/** Of a line, its units that were not cancelled, and what those that were cancelled before they were paid leave of its price. */
const LINE_UNITS = `i.qty - ${cancelledUnits("m.line = i.line")}`;
const UNPAID_UNITS = cancelledUnits("m.line = i.line AND m.refund_id IS NULL");
// To the nearest minor unit in whole numbers, which both engines divide alike.
const LINE_SALES = `((i.qty * CAST(i.price_minor AS BIGINT) - COALESCE(i.discount_minor, 0)) * (i.qty - ${UNPAID_UNITS}) * 2 + i.qty) / (i.qty * 2)`;

const sum = (what: string) => `CAST(COALESCE(SUM(${what}), 0) AS DOUBLE PRECISION)`;

/** For each of the periods, in their order: of the orders in one currency, since sums of several say nothing. */
export async function sumOrders(reader: Reader, periods: readonly Period[], currency: string): Promise<OrderSums[]> {
  const { sql, values } = periodTable(periods);
  const rows = await reader.all<OrderSums & { n: number }>(
    `SELECT b.n, CAST(COUNT(*) AS INTEGER) AS orders,
       ${sum("o.discount_minor")} AS discount_minor, ${sum("o.shipping_minor")} AS shipping_minor,
       ${sum("o.tax_minor")} AS tax_minor, ${sum("o.included_tax_minor")} AS included_tax_minor,
       ${sum("o.total_minor - o.cancelled_minor")} AS total_minor,
       ${sum(ORDERED_UNITS)} AS units
     FROM (${sql}) b CROSS JOIN orders o
     WHERE o.placed_at >= b.since AND o.placed_at < b.until AND ${IS_SALE}
       AND o.currency = $${values.length + 1} GROUP BY b.n`,
    [...values, currency],
  );
  const byStep = new Map(rows.map((row) => [row.n, row]));
  return periods.map((_, n) => byStep.get(n) ?? NO_ORDERS);
}

/** What was paid back in each of the periods, in minor units, for orders that are not cancelled. */
export async function sumRefunds(reader: Reader, periods: readonly Period[], currency: string): Promise<number[]> {
  const { sql, values } = periodTable(periods);
  const rows = await reader.all<{ n: number; refunds: number }>(
    `SELECT b.n, ${sum("r.amount_minor")} AS refunds
     FROM (${sql}) b CROSS JOIN refunds r JOIN orders o ON o.id = r.order_id
     WHERE r.created_at >= b.since AND r.created_at < b.until AND r.state <> 'failed' AND ${IS_SALE}
       AND o.currency = $${values.length + 1}
     GROUP BY b.n`,
    [...values, currency],
  );
  const byStep = new Map(rows.map(({ n, refunds }) => [n, refunds]));
  return periods.map((_, n) => byStep.get(n) ?? 0);
}

/** Who ordered in a period. */
export async function listCustomers(reader: Reader, { since, until }: Period): Promise<number[]> {
  const rows = await reader.all<{ user_id: number }>(
    "SELECT DISTINCT user_id FROM orders WHERE placed_at >= $1 AND placed_at < $2 AND status <> 'cancelled'",
    [since, until],
  );
  return rows.map(({ user_id }) => user_id);
}

/** How many of these customers had ordered before a moment. */
export function countOrderedBefore(reader: Reader, userIds: readonly number[], moment: string): Promise<number> {
  const users = listOf(userIds, 1);
  return countOf(
    reader,
    `SELECT COUNT(*) FROM users u WHERE u.id IN ${users.sql} AND EXISTS (
       SELECT 1 FROM orders e WHERE e.user_id = u.id AND e.placed_at < $1 AND e.status <> 'cancelled')`,
    [moment, ...users.values],
  );
}

/** The moment in a period by which so many of its orders were placed, or its end. It is later than the period's beginning. */
export async function findMomentAfter(reader: Reader, { since, until }: Period, orders: number): Promise<string> {
  const row = await reader.first<{ placed_at: string }>(
    "SELECT placed_at FROM orders WHERE placed_at > $1 AND placed_at < $2 ORDER BY placed_at, id LIMIT 1 OFFSET $3",
    [since, until, orders],
  );
  return row?.placed_at ?? until;
}

export interface GroupSums {
  name: string;
  product_id: number | null;
  orders: number;
  units: number;
  sales_minor: number;
}

/** What sold in a period: lines by what they were called when they were sold. */
export function sumByGroup(
  reader: Reader,
  group: "category" | "product",
  { since, until }: Period,
  currency: string,
): Promise<GroupSums[]> {
  const [name, productId, by] =
    group === "category"
      ? ["COALESCE(i.category, p.category)", "CAST(NULL AS INTEGER)", "COALESCE(i.category, p.category)"]
      : ["MAX(COALESCE(i.name, p.name))", "i.product_id", "i.product_id"];
  return reader.all<GroupSums>(
    `SELECT ${name} AS name, ${productId} AS product_id, CAST(COUNT(DISTINCT o.id) AS INTEGER) AS orders,
       ${sum(LINE_UNITS)} AS units, ${sum(LINE_SALES)} AS sales_minor
     FROM orders o JOIN order_items i ON i.order_id = +o.id JOIN products p ON p.id = i.product_id
     WHERE o.placed_at >= $1 AND o.placed_at < $2 AND ${IS_SALE} AND o.currency = $3
     GROUP BY ${by}`,
    [since, until, currency],
  );
}

export function sumByPayment(reader: Reader, { since, until }: Period, currency: string): Promise<GroupSums[]> {
  return reader.all<GroupSums>(
    `SELECT COALESCE(o.payment_method, '-') AS name, CAST(NULL AS INTEGER) AS product_id,
       CAST(COUNT(*) AS INTEGER) AS orders,
       ${sum(ORDERED_UNITS)} AS units,
       ${sum("o.total_minor - o.cancelled_minor")} AS sales_minor
     FROM orders o WHERE o.placed_at >= $1 AND o.placed_at < $2 AND ${IS_SALE} AND o.currency = $3
     GROUP BY COALESCE(o.payment_method, '-')`,
    [since, until, currency],
  );
}

/** Beyond this, how many there are is not worth the look. */
export const COUNTED_MOST = 10_000;

/** How many rows there are, up to COUNTED_MOST. */
export const countSome = (reader: Reader, from: string, values: readonly Value[] = []): Promise<number> =>
  countOf(reader, `SELECT COUNT(*) FROM (SELECT 1 AS one FROM ${from} LIMIT ${COUNTED_MOST}) AS counted`, values);

/** When the newest model that serves was made. */
export async function findTrainingTime(reader: Reader): Promise<string | null> {
  const row = await reader.first<{ created_at: string }>(
    "SELECT created_at FROM recommend_models WHERE role = 'serving'",
  );
  return row?.created_at ?? null;
}
