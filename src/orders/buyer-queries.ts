import type { Reader } from "../storage/database";
import { listOf } from "../storage/sql";
import type { States } from "./states";

/** A line of an order that has a product, with who gets it and how to reach them. */
export interface BoughtLine {
  order_id: number;
  product_id: number;
  name: string;
  sku: string | null;
  qty: number;
  /** Units that were taken off the order or came back. */
  gone: number;
  status: States["status"];
  placed_at: string;
  user_id: number;
  customer_name: string;
  email: string | null;
  phone: string | null;
}

/** The lines of these orders that have any of these products, by order and line. */
export function listBoughtLines(
  reader: Reader,
  orderIds: readonly number[],
  productIds: readonly number[],
): Promise<BoughtLine[]> {
  const orders = listOf(orderIds);
  const products = listOf(productIds, orders.values.length);
  return reader.all<BoughtLine>(
    `SELECT i.product_id, i.order_id, COALESCE(i.name, p.name) AS name,
       CASE WHEN i.name IS NULL THEN p.sku ELSE i.sku END AS sku, i.qty,
       (SELECT CAST(COALESCE(SUM(m.qty), 0) AS INTEGER) FROM unit_moves m
        WHERE m.order_id = i.order_id AND m.line = i.line AND m.cause IN ('cancelled', 'returned')) AS gone,
       o.status, o.placed_at, o.user_id, COALESCE(NULLIF(o.address ->> 'full_name', ''), u.full_name) AS customer_name,
       COALESCE(o.email, NULLIF(u.email, '')) AS email, COALESCE(o.address ->> 'phone', u.phone) AS phone
     FROM order_items i JOIN orders o ON o.id = i.order_id JOIN users u ON u.id = o.user_id JOIN products p ON p.id = i.product_id
     WHERE i.order_id IN ${orders.sql} AND i.product_id IN ${products.sql} ORDER BY i.order_id, i.line`,
    [...orders.values, ...products.values],
  );
}
