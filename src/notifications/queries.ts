import type { Reader } from "../storage/database";
import { listOf } from "../storage/sql";

/** Of these orders those whose payment is with this provider. */
export async function findOrdersPaidBy(reader: Reader, provider: string, ids: readonly number[]): Promise<Set<number>> {
  if (ids.length === 0) return new Set();
  const { sql, values } = listOf(ids, 1);
  const rows = await reader.all<{ order_id: number }>(
    `SELECT order_id FROM payments WHERE is_current = 1 AND provider = $1 AND order_id IN ${sql}`,
    [provider, ...values],
  );
  return new Set(rows.map(({ order_id }) => order_id));
}

export interface RefundFacts {
  amount_minor: number;
  reason: string | null;
  is_shipping: number;
  so_far_minor: number;
  /** The units that it pays back, as they were called. */
  lines: { qty: number; name: string }[];
}

/** One refund with what it is for, and what all of its order's refunds come to. */
export async function findRefundFacts(reader: Reader, id: number): Promise<RefundFacts | undefined> {
  const refund = await reader.first<Omit<RefundFacts, "lines">>(
    `SELECT r.amount_minor, r.reason, r.is_shipping, CAST((SELECT SUM(a.amount_minor) FROM refunds a WHERE a.order_id = r.order_id AND a.id <= r.id)
       AS DOUBLE PRECISION) AS so_far_minor FROM refunds r WHERE r.id = $1`,
    [id],
  );
  if (!refund) return undefined;
  const lines = await reader.all<RefundFacts["lines"][number]>(
    `SELECT l.qty, i.name FROM refund_lines l JOIN order_items i ON i.order_id = l.order_id AND i.line = l.line
     WHERE l.refund_id = $1 ORDER BY l.line`,
    [id],
  );
  return { ...refund, lines };
}

export async function findFlag(reader: Reader, orderId: number): Promise<string | null> {
  const row = await reader.first<{ flag: string | null }>(
    `SELECT id, flag FROM payments WHERE order_id = $1 AND is_current = 1 AND flag IS NOT NULL
     UNION ALL SELECT id, flag FROM payments WHERE order_id = $1 AND is_current = 0 AND flag IS NOT NULL
     ORDER BY id DESC LIMIT 1`,
    [orderId],
  );
  return row?.flag ?? null;
}

export function findGoodsName(
  reader: Reader,
  id: number,
): Promise<{ id: number; name: string; sku: string | null } | undefined> {
  return reader.first("SELECT id, name, sku FROM products WHERE id = $1", [id]);
}
