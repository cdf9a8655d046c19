import type { Transaction } from "../storage/database";

/** The counters become the sums of the ledger. A ledger that sums to what can't be is left for a person to look at. */
export async function rebuildStock(tx: Transaction): Promise<void> {
  await tx.run(
    `UPDATE stock SET on_hand = m.on_hand, reserved = m.reserved
     FROM (SELECT product_id, CAST(SUM(on_hand_change) AS INTEGER) AS on_hand,
             CAST(SUM(reserved_change) AS INTEGER) AS reserved
           FROM stock_moves GROUP BY product_id) AS m
     WHERE m.product_id = stock.product_id AND (stock.on_hand <> m.on_hand OR stock.reserved <> m.reserved)
       AND m.reserved >= 0 AND m.on_hand >= m.reserved`,
  );
}

/** A coupon's counter becomes the number of orders that hold a use of it. */
export async function rebuildCouponUses(tx: Transaction): Promise<void> {
  await tx.run(
    `UPDATE coupons SET uses = (SELECT COUNT(*) FROM coupon_uses u WHERE u.code = coupons.code AND u.returned_at IS NULL)
     WHERE max_uses IS NULL
       OR max_uses >= (SELECT COUNT(*) FROM coupon_uses u WHERE u.code = coupons.code AND u.returned_at IS NULL)`,
  );
}
