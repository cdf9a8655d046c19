import { hasVariants } from "../catalog/filters";
import type { Reader } from "../storage/database";
import { countOf, listOf } from "../storage/sql";

/** One line of an order that stands: what recommendations learn from. A variant was bought as its parent. */
export interface Purchase {
  order_id: number;
  user_id: number;
  product_id: number;
  placed_at: string;
}

/** What was given back, or paid back in full, was no purchase. */
const STANDS = "o.status NOT IN ('cancelled', 'returned') AND o.payment_status <> 'refunded'";

/** The plus keeps SQLite from looking up the order of every line there is: it goes from orders to their lines. */
const LINES = "orders o JOIN order_items i ON i.order_id = +o.id JOIN products p ON p.id = i.product_id";
/** What shops call a product: the parent where a variant was bought. */
const PRODUCT = "COALESCE(p.parent_id, p.id)";

/** The same of one customer: where no product has variants, half the work is looking up the products of the lines. */
const linesOfOne = async (reader: Reader): Promise<{ lines: string; product: string }> =>
  (await hasVariants(reader))
    ? { lines: LINES, product: PRODUCT }
    : { lines: "orders o JOIN order_items i ON i.order_id = +o.id", product: "i.product_id" };

/** The lines of the orders whose ids are above `after`, up to `upTo`, oldest id first. */
export function listPurchases(reader: Reader, { after, upTo }: { after: number; upTo: number }): Promise<Purchase[]> {
  return reader.all<Purchase>(
    `SELECT o.id AS order_id, o.user_id, ${PRODUCT} AS product_id, o.placed_at
     FROM ${LINES}
     WHERE o.id > $1 AND o.id <= $2 AND ${STANDS} ORDER BY o.id, i.line`,
    [after, upTo],
  );
}

/** 0 where there are no orders. */
export function largestOrderId(reader: Reader): Promise<number> {
  return countOf(reader, "SELECT MAX(id) FROM orders");
}

/** When the newest orders that stand were placed, up to a moment, newest first. */
export async function listNewestOrderMoments(reader: Reader, upTo: string, limit: number): Promise<string[]> {
  const rows = await reader.all<{ placed_at: string }>(
    `SELECT o.placed_at FROM orders o WHERE o.placed_at <= $1 AND ${STANDS} ORDER BY o.placed_at DESC LIMIT $2`,
    [upTo, limit],
  );
  return rows.map(({ placed_at }) => placed_at);
}

/** A product that a customer has bought, on how many lines of orders, and when last. */
export interface Bought {
  product_id: number;
  times: number;
  last_placed_at: string;
}

/** Everything that a customer has bought, latest first, and what they sent back and have not bought again since. */
export async function readPurchasesOf(
  reader: Reader,
  userId: number,
): Promise<{ bought: Bought[]; returned: number[] }> {
  const { lines, product } = await linesOfOne(reader);
  // One walk over the customer's lines tells both.
  const rows = await reader.all<
    Omit<Bought, "last_placed_at"> & { last_placed_at: string | null; sent_back: string | null }
  >(
    `SELECT ${product} AS product_id, CAST(SUM(CASE WHEN ${STANDS} THEN 1 ELSE 0 END) AS INTEGER) AS times,
       MAX(CASE WHEN ${STANDS} THEN o.placed_at END) AS last_placed_at,
       MAX(CASE WHEN o.status = 'returned' THEN o.placed_at END) AS sent_back
     FROM ${lines}
     WHERE o.user_id = $1 GROUP BY 1 ORDER BY last_placed_at DESC, product_id`,
    [userId],
  );
  return {
    bought: rows.flatMap(({ product_id, times, last_placed_at }) =>
      last_placed_at === null ? [] : [{ product_id, times, last_placed_at }],
    ),
    returned: rows
      .filter(({ last_placed_at, sent_back }) => sent_back !== null && sent_back > (last_placed_at ?? ""))
      .map(({ product_id }) => product_id),
  };
}

/** The newest lines of what a customer has bought, latest first. */
export async function listOrderLines(
  reader: Reader,
  userId: number,
  limit: number,
): Promise<Omit<Purchase, "user_id">[]> {
  const { lines, product } = await linesOfOne(reader);
  return reader.all(
    `SELECT o.id AS order_id, ${product} AS product_id, o.placed_at
     FROM ${lines}
     WHERE o.user_id = $1 AND ${STANDS} ORDER BY o.placed_at DESC, o.id DESC, i.line LIMIT $2`,
    [userId, limit],
  );
}

/** The lines of what some customers ordered in a period. */
export function listPurchasesOf(
  reader: Reader,
  userIds: readonly number[],
  { since, until }: { since: string; until: string },
): Promise<{ user_id: number; product_id: number; created_at: string }[]> {
  const users = listOf(userIds, 2);
  return reader.all(
    `SELECT o.user_id, ${PRODUCT} AS product_id, o.placed_at AS created_at FROM ${LINES}
     WHERE o.user_id IN ${users.sql} AND o.placed_at >= $1 AND o.placed_at <= $2 AND ${STANDS}`,
    [since, until, ...users.values],
  );
}
