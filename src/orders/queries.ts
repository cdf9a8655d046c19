import type { Address } from "../accounts/schema";
import type { Line } from "../base/money";
import type { Listed, Page } from "../base/page";
import { Json, type Reader, type Transaction } from "../storage/database";
import { insertReturning, type Row } from "../storage/rows";
import { countOf, listOf, one } from "../storage/sql";
import { insertFirstSteps } from "./history-queries";
import { insertLines } from "./line-queries";
import type { Price } from "./pricing";
import type { Order, OrderStep } from "./schema";
import type { States } from "./states";

/** An order as it is written down. */
export interface OrderRecord extends States {
  user_id: number;
  payment_method: string | null;
  price: Price;
  currency: string;
  address: Address | null;
  metadata: object;
  /** What it was called where it came from. Two orders never have the same. */
  source: string | null;
  placed_at: string;
  delivery_eta: string | null;
  /** Until when stock is kept for it while it waits for its payment. */
  hold_until: string | null;
  coupon_code: string | null;
}

/** Writes an order down with its lines and the first step of its history, and returns its id. */
export async function insertOrder(tx: Transaction, order: OrderRecord, lines: readonly Line[]): Promise<number> {
  const [row] = await insertReturning<{ id: number }>(tx, "orders", [rowOf(order)], "RETURNING id");
  const { id } = one(row);
  await insertLines(tx, [{ id, lines }]);
  await insertFirstSteps(tx, [{ id, order }], "placed");
  return id;
}

/** Writes many orders from elsewhere down and returns their ids by source. Those that are there already are left out. */
export async function insertOrdersFrom(
  tx: Transaction,
  orders: readonly { order: OrderRecord & { source: string }; lines: readonly Line[] }[],
): Promise<Map<string, number>> {
  const inserted = await insertReturning<{ id: number; source: string }>(
    tx,
    "orders",
    orders.map(({ order }) => rowOf(order)),
    "ON CONFLICT (source) DO NOTHING RETURNING id, source",
  );
  const ids = new Map(inserted.map(({ id, source }) => [source, id]));
  const fresh = orders.flatMap(({ order, lines }) => {
    const id = ids.get(order.source);
    return id === undefined ? [] : [{ id, order, lines }];
  });
  await insertLines(tx, fresh);
  // The history of orders from elsewhere begins where they stand.
  await insertFirstSteps(tx, fresh, "imported");
  return ids;
}

/** As it stands in its table. */
function rowOf({ price, ...order }: OrderRecord): Row {
  return {
    user_id: order.user_id,
    status: order.status,
    payment_status: order.payment_status,
    payment_method: order.payment_method,
    subtotal_minor: price.subtotal_minor,
    discount_minor: price.discount_minor,
    total_minor: price.total_minor,
    currency: order.currency,
    address: order.address && new Json(order.address),
    metadata: new Json(order.metadata),
    source: order.source,
    placed_at: order.placed_at,
    delivery_eta: order.delivery_eta,
    hold_until: order.hold_until,
    coupon_code: order.coupon_code,
  };
}

export async function updateStates(
  tx: Transaction,
  id: number,
  { status, payment_status }: States,
  holdUntil: string | null,
): Promise<void> {
  await tx.run("UPDATE orders SET status = $2, payment_status = $3, hold_until = $4 WHERE id = $1", [
    id,
    status,
    payment_status,
    holdUntil,
  ]);
}

/** What decides which steps an order may take. */
export interface HeldOrder extends States {
  id: number;
  user_id: number;
  total_minor: number;
  subtotal_minor: number;
  currency: string;
  hold_until: string | null;
}

/** An order that nobody else changes until this transaction ends. Every change of an order starts with this. */
export function holdOrder(tx: Transaction, id: number): Promise<HeldOrder | undefined> {
  return tx.first<HeldOrder>(
    `UPDATE orders SET status = status WHERE id = $1
     RETURNING id, user_id, status, payment_status, total_minor, subtotal_minor, currency, hold_until`,
    [id],
  );
}

export interface Overdue {
  id: number;
  hold_until: string;
}

/** Orders whose hold has run out, the longest first, going on after one of them. */
export function findOverdue(reader: Reader, now: string, most: number, after?: Overdue): Promise<Overdue[]> {
  return reader.all<Overdue>(
    `SELECT id, hold_until FROM orders WHERE hold_until <= $1 AND (hold_until, id) > ($3, $4)
     ORDER BY hold_until, id LIMIT $2`,
    [now, most, after?.hold_until ?? "", after?.id ?? 0],
  );
}

interface OrderRow extends States {
  id: number;
  user_id: number;
  payment_method: string | null;
  subtotal_minor: number;
  discount_minor: number;
  total_minor: number;
  currency: string;
  coupon_code: string | null;
  placed_at: string;
  delivery_eta: string | null;
}

/** An order with its lines and its history, in minor units. */
export interface OrderDetails extends OrderRow {
  lines: Line[];
  history: OrderStep[];
}

const COLUMNS = `id, user_id, status, payment_status, payment_method, subtotal_minor, discount_minor, total_minor,
  currency, coupon_code, placed_at, delivery_eta`;

/** Any customer's order. */
export async function findOrder(reader: Reader, id: number): Promise<OrderDetails | undefined> {
  const rows = await reader.all<OrderRow>(`SELECT ${COLUMNS} FROM orders WHERE id = $1`, [id]);
  return (await withDetails(reader, rows))[0];
}

/** Which orders are meant; what is absent does not matter. */
export interface OrderFilter {
  user_id?: number | undefined;
  status?: Order["status"] | undefined;
}

/** Orders, newest first, and how many there are in all. */
export async function findOrders(
  reader: Reader,
  { user_id, status }: OrderFilter,
  { limit, offset }: Page,
): Promise<Listed<OrderDetails>> {
  const given = Object.entries({ user_id, status }).filter(([, value]) => value !== undefined);
  const where = given.map(([column], index) => `${column} = $${index + 1}`).join(" AND ") || "1 = 1";
  const values = given.map(([, value]) => value ?? null);
  const rows = await reader.all<OrderRow>(
    `SELECT ${COLUMNS} FROM orders WHERE ${where} ORDER BY placed_at DESC, id DESC
     LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
    [...values, limit, offset],
  );
  const total = await countOf(reader, `SELECT COUNT(*) AS total FROM orders WHERE ${where}`, values);
  return { items: await withDetails(reader, rows), total };
}

async function withDetails(reader: Reader, rows: readonly OrderRow[]): Promise<OrderDetails[]> {
  if (rows.length === 0) return [];
  const { sql, values } = listOf(rows.map((row) => row.id));
  const among = `order_id IN ${sql}`;
  const lines = await reader.all<Line & { order_id: number }>(
    `SELECT order_id, product_id, qty, price_minor FROM order_items WHERE ${among} ORDER BY order_id, line`,
    values,
  );
  const steps = await reader.all<OrderStep & { order_id: number }>(
    `SELECT order_id, status, payment_status, cause, at FROM order_history WHERE ${among} ORDER BY order_id, step`,
    values,
  );
  const linesOf = Map.groupBy(lines, (line) => line.order_id);
  const stepsOf = Map.groupBy(steps, (step) => step.order_id);
  return rows.map((row) => ({
    ...row,
    lines: linesOf.get(row.id) ?? [],
    history: (stepsOf.get(row.id) ?? []).map(({ order_id: _, ...step }) => step),
  }));
}
