import type { Reader } from "../storage/database";
import { listOf, one } from "../storage/sql";

/** What a quote must look up, where mail to a customer goes, and how many of their orders are neither paid nor gone. */
export interface Rules {
  email: string;
  ships: boolean;
  taxes: boolean;
  open_orders: number;
}

/** As the index of these orders writes it. */
const OPEN = "payment_status = 'pending' AND status IN ('placed', 'packed')";

/** One look for what most shops don't have, so that they don't pay for it. */
export async function findRules(reader: Reader, userId: number): Promise<Rules> {
  const row = one(
    await reader.first<{ email: string; ships: number; taxes: number; open_orders: number }>(
      `SELECT email, CASE WHEN EXISTS (SELECT 1 FROM shipping_methods) THEN 1 ELSE 0 END AS ships,
         CASE WHEN EXISTS (SELECT 1 FROM tax_rates) THEN 1 ELSE 0 END AS taxes,
         (SELECT CAST(COUNT(*) AS INTEGER) FROM orders WHERE user_id = $1 AND ${OPEN}) AS open_orders
       FROM users WHERE id = $1`,
      [userId],
    ),
  );
  return { ...row, ships: row.ships === 1, taxes: row.taxes === 1 };
}

/** How many units of these products are in orders of a customer that are neither paid nor gone. */
export async function countOpenUnits(
  reader: Reader,
  userId: number,
  productIds: readonly number[],
): Promise<Map<number, number>> {
  const listed = listOf(productIds, 1);
  const rows = await reader.all<{ product_id: number; units: number }>(
    `SELECT product_id, CAST(SUM(qty) AS INTEGER) AS units FROM order_items
     WHERE order_id IN (SELECT id FROM orders WHERE user_id = $1 AND ${OPEN}) AND product_id IN ${listed.sql}
     GROUP BY product_id`,
    [userId, ...listed.values],
  );
  return new Map(rows.map(({ product_id, units }) => [product_id, units]));
}

/** The orders of a customer whose last try at paying came to nothing. */
export async function findFailed(reader: Reader, userId: number): Promise<number[]> {
  const rows = await reader.all<{ id: number }>(
    `SELECT o.id FROM orders o JOIN payments p ON p.order_id = o.id AND p.is_current = 1
     WHERE o.user_id = $1 AND o.status = 'placed' AND o.payment_status = 'pending' AND p.state = 'failed' ORDER BY o.id`,
    [userId],
  );
  return rows.map(({ id }) => id);
}

/** Whether a customer has paid for something, or was sent it. */
export async function hasBought(reader: Reader, userId: number): Promise<boolean> {
  const order = await reader.first(
    `SELECT id FROM orders WHERE user_id = $1
       AND (payment_status IN ('paid', 'partially_refunded', 'refunded') OR status IN ('shipped', 'delivered', 'returned')) LIMIT 1`,
    [userId],
  );
  return order !== undefined;
}
