import type { Reader } from "../storage/database";
import { countOf } from "../storage/sql";

/** One line of an order that stands: what recommendations learn from. */
export interface Purchase {
  order_id: number;
  user_id: number;
  product_id: number;
  placed_at: string;
}

/** What was given back was no purchase. */
const STANDS = "o.status NOT IN ('cancelled', 'returned')";

/** The lines of the orders whose ids are above `after`, up to `upTo`, oldest id first. */
export function listPurchases(reader: Reader, { after, upTo }: { after: number; upTo: number }): Promise<Purchase[]> {
  return reader.all<Purchase>(
    `SELECT o.id AS order_id, o.user_id, i.product_id, o.placed_at
     FROM orders o JOIN order_items i ON i.order_id = o.id
     WHERE o.id > $1 AND o.id <= $2 AND ${STANDS} ORDER BY o.id, i.line`,
    [after, upTo],
  );
}

/** 0 where there are no orders. */
export function largestOrderId(reader: Reader): Promise<number> {
  return countOf(reader, "SELECT MAX(id) FROM orders");
}

/** A product that a customer has bought, how often, and when last. */
export interface Bought {
  product_id: number;
  times: number;
  last_placed_at: string;
}

/** Everything that a customer has bought, latest first. */
export function listBought(reader: Reader, userId: number): Promise<Bought[]> {
  return reader.all<Bought>(
    `SELECT i.product_id, COUNT(*) AS times, MAX(o.placed_at) AS last_placed_at
     FROM orders o JOIN order_items i ON i.order_id = o.id
     WHERE o.user_id = $1 AND ${STANDS} GROUP BY i.product_id ORDER BY last_placed_at DESC, i.product_id`,
    [userId],
  );
}

/** The lines of the orders placed since a moment, whoever placed them. */
export function listPurchasesSince(reader: Reader, since: string): Promise<Omit<Purchase, "order_id">[]> {
  return reader.all(
    `SELECT o.user_id, i.product_id, o.placed_at FROM orders o JOIN order_items i ON i.order_id = o.id
     WHERE o.placed_at >= $1 AND ${STANDS}`,
    [since],
  );
}
