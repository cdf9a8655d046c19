import { FREE } from "../stock/queries";
import type { Reader, Transaction } from "../storage/database";
import { countOf, orHold } from "../storage/sql";

/** One line of a cart, at today's price. */
export interface CartLine {
  product_id: number;
  name: string;
  qty: number;
  price_minor: number;
  stock: number;
}

const LINES = `SELECT i.product_id, p.name, i.qty, p.price_minor, ${FREE} AS stock
  FROM cart_items i JOIN products p ON p.id = i.product_id JOIN stock s ON s.product_id = i.product_id
  WHERE i.user_id = $1 AND p.deleted_at IS NULL ORDER BY i.product_id`;

/** What a customer sees in their cart: products that have left the catalog meanwhile are not in it. By product id. */
export function findCartLines(reader: Reader, userId: number): Promise<CartLine[]> {
  return reader.all<CartLine>(LINES, [userId]);
}

/** Keeps others from changing this cart until the transaction ends. Every write to a cart starts with this. */
export async function holdCart(tx: Transaction, userId: number): Promise<void> {
  await tx.run(`INSERT INTO carts (user_id) VALUES ($1) ${orHold(tx.engine, "user_id")}`, [userId]);
}

/** Adds to what is in the cart already. False, and nothing changes, when that would be more than `most`. */
export async function addItem(
  tx: Transaction,
  userId: number,
  { product_id, qty }: { product_id: number; qty: number },
  most: number,
  now: string,
): Promise<boolean> {
  const changed = await tx.run(
    `INSERT INTO cart_items (user_id, product_id, qty, added_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id, product_id) DO UPDATE SET qty = cart_items.qty + excluded.qty
     WHERE cart_items.qty + excluded.qty <= $5`,
    [userId, product_id, qty, now, most],
  );
  return changed === 1;
}

export async function setItem(
  tx: Transaction,
  userId: number,
  { product_id, qty }: { product_id: number; qty: number },
  now: string,
): Promise<void> {
  await tx.run(
    `INSERT INTO cart_items (user_id, product_id, qty, added_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id, product_id) DO UPDATE SET qty = excluded.qty`,
    [userId, product_id, qty, now],
  );
}

export function countItems(reader: Reader, userId: number): Promise<number> {
  return countOf(reader, "SELECT COUNT(*) FROM cart_items WHERE user_id = $1", [userId]);
}

export async function deleteItem(tx: Transaction, userId: number, productId: number): Promise<void> {
  await tx.run("DELETE FROM cart_items WHERE user_id = $1 AND product_id = $2", [userId, productId]);
}

export async function deleteItems(tx: Transaction, userId: number): Promise<void> {
  await tx.run("DELETE FROM cart_items WHERE user_id = $1", [userId]);
}
