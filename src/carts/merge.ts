import type { Transaction } from "../storage/database";
import { deleteItems, findItems, holdCart, moveItem } from "./queries";
import { MOST_LINES } from "./schema";

/**
 * Puts what lies in one cart into another: of equal products the larger quantity, so that doing it twice changes nothing.
 * What finds no place in a full cart is left out, and nothing counts as seen at another price than it was. Both carts are held, the lower customer's first, so that two who merge
 * the same carts never wait for each other.
 */
export async function mergeCarts(tx: Transaction, from: number, to: number, now: string): Promise<void> {
  for (const userId of [from, to].sort((a, b) => a - b)) await holdCart(tx, userId);
  const own = await findItems(tx, to);
  const there = new Map(own.map(({ product_id, qty }) => [product_id, qty]));
  // What has left the catalog takes no place.
  let lines = own.filter(({ is_gone }) => is_gone === 0).length;
  for (const item of await findItems(tx, from)) {
    const qty = there.get(item.product_id) ?? 0;
    const isNew = qty === 0 && item.is_gone === 0;
    if (isNew && lines >= MOST_LINES) continue;
    if (item.qty > qty) await moveItem(tx, to, item, now);
    if (isNew) lines++;
  }
  await deleteItems(tx, from);
}
