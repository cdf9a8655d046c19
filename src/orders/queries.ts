import type { Address } from "../accounts/schema";
import { toMajor } from "../money";
import type { Page } from "../page";
import type { Settings } from "../settings";
import { insertMany, insertManyReturning } from "../storage/bulk";
import { Json, type Reader, type Transaction, type Value } from "../storage/database";
import type { Order } from "./schema";

/** An order as it is written down. What it costs is in minor units. */
export interface OrderRecord {
  user_id: number;
  status: Order["status"];
  payment_status: Order["payment_status"];
  payment_method: string | null;
  subtotal_minor: number;
  discount_minor: number;
  currency: string;
  address: Address | null;
  metadata: object;
  /** What it was called where it came from. Two orders never have the same. */
  source: string | null;
  placed_at: string;
  delivery_eta: string | null;
}

export interface OrderLine {
  product_id: number;
  qty: number;
  price_minor: number;
}

const ORDER_COLUMNS = [
  "user_id",
  "status",
  "payment_status",
  "payment_method",
  "subtotal_minor",
  "discount_minor",
  "total_minor",
  "currency",
  "address",
  "metadata",
  "source",
  "placed_at",
  "delivery_eta",
] as const;

/** Writes an order down with its lines and returns its id. */
export async function insertOrder(tx: Transaction, order: OrderRecord, lines: readonly OrderLine[]): Promise<number> {
  const [row] = await insertManyReturning<{ id: number }>(tx, {
    table: "orders",
    columns: ORDER_COLUMNS,
    rows: [orderValues(order)],
    tail: "RETURNING id",
  });
  if (!row) throw new Error("INSERT … RETURNING gave no row.");
  await insertLines(tx, [{ id: row.id, lines }]);
  return row.id;
}

/** Writes many orders from elsewhere down and returns their ids by source. Those that are there already are left out. */
export async function insertOrdersFrom(
  tx: Transaction,
  orders: readonly { order: OrderRecord & { source: string }; lines: readonly OrderLine[] }[],
): Promise<Map<string, number>> {
  const inserted = await insertManyReturning<{ id: number; source: string }>(tx, {
    table: "orders",
    columns: ORDER_COLUMNS,
    rows: orders.map(({ order }) => orderValues(order)),
    tail: "ON CONFLICT (source) DO NOTHING RETURNING id, source",
  });
  const ids = new Map(inserted.map(({ id, source }) => [source, id]));
  const fresh = orders.flatMap(({ order, lines }) => {
    const id = ids.get(order.source);
    return id === undefined ? [] : [{ id, lines }];
  });
  await insertLines(tx, fresh);
  return ids;
}

async function insertLines(
  tx: Transaction,
  orders: readonly { id: number; lines: readonly OrderLine[] }[],
): Promise<void> {
  await insertMany(tx, {
    table: "order_items",
    columns: ["order_id", "line", "product_id", "qty", "price_minor"],
    rows: orders.flatMap(({ id, lines }) =>
      lines.map(({ product_id, qty, price_minor }, index) => [id, index + 1, product_id, qty, price_minor]),
    ),
  });
}

function orderValues(order: OrderRecord): Value[] {
  return [
    order.user_id,
    order.status,
    order.payment_status,
    order.payment_method,
    order.subtotal_minor,
    order.discount_minor,
    order.subtotal_minor - order.discount_minor,
    order.currency,
    order.address && new Json(order.address),
    new Json(order.metadata),
    order.source,
    order.placed_at,
    order.delivery_eta,
  ];
}

interface OrderRow {
  id: number;
  user_id: number;
  status: Order["status"];
  payment_status: Order["payment_status"];
  payment_method: string | null;
  subtotal_minor: number;
  discount_minor: number;
  total_minor: number;
  currency: string;
  placed_at: string;
  delivery_eta: string | null;
}

const COLUMNS = `id, user_id, status, payment_status, payment_method, subtotal_minor, discount_minor, total_minor,
  currency, placed_at, delivery_eta`;

/** An order of this customer, and of nobody else. */
export async function findOrder(
  reader: Reader,
  userId: number,
  id: number,
  currency: Currency,
): Promise<Order | undefined> {
  const rows = await reader.all<OrderRow>(`SELECT ${COLUMNS} FROM orders WHERE id = $1 AND user_id = $2`, [id, userId]);
  return (await withItems(reader, rows, currency))[0];
}

/** A customer's orders, newest first, and how many they have in all. */
export async function listOrdersOf(reader: Reader, userId: number, { limit, offset }: Page, currency: Currency) {
  const rows = await reader.all<OrderRow>(
    `SELECT ${COLUMNS} FROM orders WHERE user_id = $1 ORDER BY placed_at DESC, id DESC LIMIT $2 OFFSET $3`,
    [userId, limit, offset],
  );
  const counted = await reader.first<{ total: number }>("SELECT COUNT(*) AS total FROM orders WHERE user_id = $1", [
    userId,
  ]);
  return { orders: await withItems(reader, rows, currency), total: counted?.total ?? 0 };
}

type Currency = Pick<Settings, "minorPerMajor">;

async function withItems(reader: Reader, rows: readonly OrderRow[], currency: Currency): Promise<Order[]> {
  if (rows.length === 0) return [];
  const lines = await reader.all<OrderLine & { order_id: number }>(
    `SELECT order_id, product_id, qty, price_minor FROM order_items
     WHERE order_id IN (${rows.map((_, index) => `$${index + 1}`).join()}) ORDER BY order_id, line`,
    rows.map((row) => row.id),
  );
  const linesOf = Map.groupBy(lines, (line) => line.order_id);
  return rows.map(({ subtotal_minor, discount_minor, total_minor, ...row }) => ({
    ...row,
    subtotal: toMajor(subtotal_minor, currency),
    discount: toMajor(discount_minor, currency),
    total_amount: toMajor(total_minor, currency),
    items: (linesOf.get(row.id) ?? []).map(({ product_id, qty, price_minor }) => ({
      product_id,
      qty,
      price_at_purchase: toMajor(price_minor, currency),
    })),
  }));
}
