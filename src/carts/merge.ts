import type { Transaction } from "../storage/database";
import { deleteItems, findItems, holdCart, setItem } from "./queries";
import { MOST_LINES } from "./schema";

/**
 * Puts what lies in one cart into another: of equal products the larger quantity, so that doing it twice changes nothing.
 * What finds no place in a full cart is left out. Both carts are held, the lower customer's first, so that two who merge
 * the same carts never wait for each other.
 */
export async function mergeCarts(tx: Transaction, from: number, to: number, now: string): Promise<void> {
  for (const userId of [from, to].sort((a, b) => a - b)) await holdCart(tx, userId);
  const there = new Map((await findItems(tx, to)).map(({ product_id, qty }) => [product_id, qty]));
  for (const item of await findItems(tx, from)) {
    const qty = there.get(item.product_id) ?? 0;
    if (qty === 0 && there.size >= MOST_LINES) continue;
    if (item.qty > qty) await setItem(tx, to, item, now);
    there.set(item.product_id, Math.max(qty, item.qty));
  }
  await deleteItems(tx, from);
}
