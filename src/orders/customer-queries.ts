import type { Reader } from "../storage/database";
import { one } from "../storage/sql";

/** What a quote must look up, and where mail to a customer goes. */
export interface Rules {
  email: string;
  ships: boolean;
  taxes: boolean;
}

/** One look for what most shops don't have, so that they don't pay for it. */
export async function findRules(reader: Reader, userId: number): Promise<Rules> {
  const row = one(
    await reader.first<{ email: string; ships: number; taxes: number }>(
      `SELECT email, CASE WHEN EXISTS (SELECT 1 FROM shipping_methods) THEN 1 ELSE 0 END AS ships,
         CASE WHEN EXISTS (SELECT 1 FROM tax_rates) THEN 1 ELSE 0 END AS taxes
       FROM users WHERE id = $1`,
      [userId],
    ),
  );
  return { email: row.email, ships: row.ships === 1, taxes: row.taxes === 1 };
}

/** How many orders a customer has that are neither paid nor gone, and how many units of some products are in them. */
export async function countOpen(
  reader: Reader,
  userId: number,
): Promise<{ orders: number; units: Map<number, number> }> {
  const rows = await reader.all<{ order_id: number; product_id: number; qty: number }>(
    `SELECT o.id AS order_id, i.product_id, i.qty FROM orders o JOIN order_items i ON i.order_id = o.id
     WHERE o.user_id = $1 AND o.payment_status = 'pending' AND o.status IN ('placed', 'packed')`,
    [userId],
  );
  const units = new Map<number, number>();
  for (const { product_id, qty } of rows) units.set(product_id, (units.get(product_id) ?? 0) + qty);
  return { orders: new Set(rows.map(({ order_id }) => order_id)).size, units };
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
