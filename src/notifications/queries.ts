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
  source: "shop" | "provider" | "hand";
  /** What of its payment was paid back with this one, and what was paid. */
  so_far_minor: number;
  captured_minor: number;
  /** The units that it pays back, as they were called. */
  lines: { line: number; qty: number; name: string }[];
}

/** One refund with what it is for, and what all refunds of its payment come to, but for those that failed. */
export async function findRefundFacts(reader: Reader, id: number): Promise<RefundFacts | undefined> {
  const refund = await reader.first<Omit<RefundFacts, "lines">>(
    `SELECT r.amount_minor, r.reason, r.is_shipping, r.source, p.captured_minor, CAST((SELECT SUM(a.amount_minor) FROM refunds a
         WHERE a.order_id = r.order_id AND a.payment_id = r.payment_id AND a.id <= r.id AND (a.state <> 'failed' OR a.id = r.id))
       AS DOUBLE PRECISION) AS so_far_minor FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.id = $1`,
    [id],
  );
  if (!refund) return undefined;
  const lines = await reader.all<RefundFacts["lines"][number]>(
    `SELECT l.line, l.qty, i.name FROM refund_lines l JOIN order_items i ON i.order_id = l.order_id AND i.line = l.line
     WHERE l.refund_id = $1 ORDER BY l.line`,
    [id],
  );
  return { ...refund, lines };
}

export interface ShipmentFacts {
  tracking_number: string | null;
  carrier: string | null;
  /** The units that left with it, as they were called. */
  lines: { qty: number; name: string }[];
  /** Units of the order that left before it, and those that are still to leave. */
  before: number;
  after: number;
}

/** What one shipment of an order had in it, and whether that was all. */
export async function findShipmentFacts(reader: Reader, id: number): Promise<ShipmentFacts | undefined> {
  const shipment = await reader.first<Omit<ShipmentFacts, "lines">>(
    `SELECT s.tracking_number, s.carrier,
       CAST((SELECT COALESCE(SUM(m.qty), 0) FROM unit_moves m
         WHERE m.order_id = s.order_id AND m.cause = 'shipped' AND m.shipment_id < s.id) AS INTEGER) AS before,
       CAST((SELECT SUM(i.qty) FROM order_items i WHERE i.order_id = s.order_id)
         - (SELECT COALESCE(SUM(m.qty), 0) FROM unit_moves m WHERE m.order_id = s.order_id
           AND (m.cause = 'cancelled' OR (m.cause = 'shipped' AND m.shipment_id <= s.id))) AS INTEGER) AS after
     FROM shipments s WHERE s.id = $1`,
    [id],
  );
  if (!shipment) return undefined;
  const lines = await reader.all<ShipmentFacts["lines"][number]>(
    `SELECT m.qty, i.name FROM unit_moves m JOIN order_items i ON i.order_id = m.order_id AND i.line = m.line
     WHERE m.order_id = (SELECT order_id FROM shipments WHERE id = $1) AND m.cause = 'shipped' AND m.shipment_id = $1
     ORDER BY m.line, m.id`,
    [id],
  );
  return { ...shipment, lines };
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
