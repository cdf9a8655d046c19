import type { Reader } from "../storage/database";

/** A shelf whose counters are not the sums of its ledger, or could not be true. */
export interface WrongStock {
  product_id: number;
  on_hand: number;
  reserved: number;
  ledger_on_hand: number;
  ledger_reserved: number;
}

/** By product id, the order in which the shop takes stock. */
export function findWrongStock(reader: Reader): Promise<WrongStock[]> {
  return reader.all(
    `SELECT s.product_id, s.on_hand, s.reserved, COALESCE(m.on_hand, 0) AS ledger_on_hand, COALESCE(m.reserved, 0) AS ledger_reserved
     FROM stock s LEFT JOIN (
       SELECT product_id, CAST(SUM(on_hand_change) AS DOUBLE PRECISION) AS on_hand,
         CAST(SUM(reserved_change) AS DOUBLE PRECISION) AS reserved
       FROM stock_moves GROUP BY product_id) m ON m.product_id = s.product_id
     WHERE s.is_sum = 0 AND (s.on_hand <> COALESCE(m.on_hand, 0) OR s.reserved <> COALESCE(m.reserved, 0) OR s.on_hand < 0
       OR s.reserved < 0 OR s.reserved > s.on_hand)
     ORDER BY s.product_id`,
  );
}

/** A parent that says something else than its variants make of it. */
export interface WrongSum {
  product_id: number;
  on_hand: number;
  reserved: number;
  ordered: number;
  sum_on_hand: number;
  sum_reserved: number;
  sum_ordered: number;
}

/** By product id. */
export function findWrongSums(reader: Reader): Promise<WrongSum[]> {
  return reader.all(
    `SELECT s.product_id, s.on_hand, s.reserved, s.ordered, COALESCE(v.on_hand, 0) AS sum_on_hand,
       COALESCE(v.reserved, 0) AS sum_reserved, COALESCE(v.ordered, 0) AS sum_ordered
     FROM stock s LEFT JOIN (
       SELECT parent_id, CAST(SUM(on_hand) AS DOUBLE PRECISION) AS on_hand,
         CAST(SUM(reserved) AS DOUBLE PRECISION) AS reserved, CAST(SUM(ordered) AS DOUBLE PRECISION) AS ordered
       FROM stock WHERE parent_id IS NOT NULL GROUP BY parent_id) v ON v.parent_id = s.product_id
     WHERE s.is_sum = 1 AND (s.on_hand <> COALESCE(v.on_hand, 0) OR s.reserved <> COALESCE(v.reserved, 0)
       OR s.ordered <> COALESCE(v.ordered, 0))
     ORDER BY s.product_id`,
  );
}

/** Parents that cost something else than the cheapest and the dearest of their variants. */
export function findWrongParentPrices(reader: Reader): Promise<{ id: number }[]> {
  return reader.all(
    `SELECT p.id FROM products p JOIN (
       SELECT parent_id, MIN(price_minor) AS least, MAX(price_minor) AS most FROM products
       WHERE parent_id IS NOT NULL AND deleted_at IS NULL GROUP BY parent_id) v ON v.parent_id = p.id
     WHERE p.deleted_at IS NULL AND (p.price_minor <> v.least OR p.highest_minor IS NULL OR p.highest_minor <> v.most)
     ORDER BY p.id`,
  );
}

/** A coupon that says another number of uses than orders hold, or has more than it may. */
export interface WrongUses {
  code: string;
  uses: number;
  max_uses: number | null;
  counted: number;
}

/** By code. */
export function findWrongUses(reader: Reader): Promise<WrongUses[]> {
  return reader.all(
    `SELECT c.code, c.uses, c.max_uses, COALESCE(u.counted, 0) AS counted
     FROM coupons c LEFT JOIN (SELECT code, COUNT(*) AS counted FROM coupon_uses WHERE returned_at IS NULL GROUP BY code) u
       ON u.code = c.code
     WHERE c.uses <> COALESCE(u.counted, 0) OR c.uses > c.max_uses ORDER BY c.code`,
  );
}

/** Products of orders that were noted, and not with that order. */
export function findUnnotedLines(reader: Reader): Promise<{ product_id: number; order_id: number }[]> {
  return reader.all(
    `SELECT DISTINCT i.product_id, i.order_id FROM order_items i
     LEFT JOIN product_orders n ON n.product_id = i.product_id AND n.order_id = i.order_id
     WHERE i.order_id <= (SELECT last_id FROM noted_orders WHERE id = 1) AND n.order_id IS NULL ORDER BY i.order_id, i.product_id`,
  );
}
