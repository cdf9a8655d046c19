import { holdCoupon } from "../coupons/queries";
import { holdStock } from "../stock/queries";
import { MOST_UNITS } from "../stock/schema";
import type { Transaction } from "../storage/database";
import { insertRows } from "../storage/rows";
import { findUnnotedLines, findWrongStock, findWrongSums, findWrongUses } from "./counters";

/*
 * The shop goes on selling meanwhile. What is wrong is held first, in the order in which the shop takes it, and then
 * looked at again: a statement sees what was committed before it began, not what it had to wait for. Nothing else is
 * touched.
 */

/** The counters become the sums of the ledger. A ledger that sums to what can't be is left for a person to look at. */
export async function rebuildStock(tx: Transaction): Promise<void> {
  const held = new Set<number>();
  for (const { product_id } of await findWrongStock(tx)) {
    await holdStock(tx, product_id);
    held.add(product_id);
  }
  for (const { product_id, ledger_on_hand, ledger_reserved } of await findWrongStock(tx)) {
    const canBe = ledger_reserved >= 0 && ledger_on_hand >= ledger_reserved && ledger_on_hand <= 2 * MOST_UNITS;
    if (!held.has(product_id) || !canBe) continue;
    await tx.run("UPDATE stock SET on_hand = $2, reserved = $3 WHERE product_id = $1", [
      product_id,
      ledger_on_hand,
      ledger_reserved,
    ]);
  }
}

/** The shelf of a parent becomes the sum of its variants', which are right by then. */
export async function rebuildSums(tx: Transaction): Promise<void> {
  const held = new Set<number>();
  for (const { product_id } of await findWrongSums(tx)) {
    for (const part of await tx.all<{ product_id: number }>(
      "SELECT product_id FROM stock WHERE parent_id = $1 ORDER BY product_id",
      [product_id],
    )) {
      await holdStock(tx, part.product_id);
    }
    await holdStock(tx, product_id);
    held.add(product_id);
  }
  for (const { product_id, sum_on_hand, sum_reserved, sum_ordered } of await findWrongSums(tx)) {
    if (!held.has(product_id)) continue;
    await tx.run("UPDATE stock SET on_hand = $2, reserved = $3, ordered = $4 WHERE product_id = $1", [
      product_id,
      sum_on_hand,
      sum_reserved,
      sum_ordered,
    ]);
  }
}

/** A coupon's counter becomes the number of orders that hold a use of it. */
export async function rebuildCouponUses(tx: Transaction): Promise<void> {
  const held = new Set<string>();
  for (const { code } of await findWrongUses(tx)) {
    await holdCoupon(tx, code);
    held.add(code);
  }
  for (const { code, counted, max_uses } of await findWrongUses(tx)) {
    if (!held.has(code) || counted > (max_uses ?? counted)) continue;
    await tx.run("UPDATE coupons SET uses = $2 WHERE code = $1", [code, counted]);
  }
}

/** The products of an order are noted with it. */
export async function noteLines(tx: Transaction): Promise<void> {
  await insertRows(tx, "product_orders", await findUnnotedLines(tx), "ON CONFLICT DO NOTHING");
}
