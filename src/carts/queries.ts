import { optionNamesFrom, optionsFrom, PICTURE } from "../catalog/queries";
import { FREE } from "../stock/queries";
import type { Reader, Transaction } from "../storage/database";
import { countOf, orHold } from "../storage/sql";

/** One line of a cart, at today's price. */
export interface CartLine {
  product_id: number;
  parent_id: number | null;
  name: string;
  category: string;
  sku: string | null;
  slug: string;
  options: Record<string, string>;
  image_url: string | null;
  tax_class: string;
  weight_grams: number;
  qty: number;
  price_minor: number;
  /** What it cost when the customer last saw it; null where that was never written down. */
  shown_minor: number | null;
  stock: number;
  /** What is to be chosen first: it can't be bought as it is. */
  option_names: string[];
}

interface LineRow extends Omit<CartLine, "options" | "option_names"> {
  options: unknown;
  option_names: unknown;
  deleted_at: string | null;
}

const LINES = `SELECT i.product_id, p.parent_id, p.name, p.category, p.sku, p.slug, p.options, p.tax_class, p.weight_grams,
    ${PICTURE} AS image_url,
    i.qty, p.price_minor, i.shown_minor, ${FREE} AS stock, p.option_names, p.deleted_at
  FROM cart_items i JOIN products p ON p.id = i.product_id JOIN stock s ON s.product_id = i.product_id
  WHERE i.user_id = $1 ORDER BY i.product_id`;

/** A cart as it is kept: what can be bought, and what has left the catalog since it was put in. Both by product id. */
export interface KeptCart {
  lines: CartLine[];
  gone: CartLine[];
}

export async function findCart(reader: Reader, userId: number): Promise<KeptCart> {
  const rows = await reader.all<LineRow>(LINES, [userId]);
  const cart: KeptCart = { lines: [], gone: [] };
  for (const { deleted_at, ...row } of rows) {
    const line = {
      ...row,
      options: row.options === null ? {} : optionsFrom(row.options),
      option_names: row.option_names === null ? [] : optionNamesFrom(row.option_names),
    };
    (deleted_at === null ? cart.lines : cart.gone).push(line);
  }
  return cart;
}

/** What a customer sees in their cart: products that have left the catalog meanwhile are not in it. By product id. */
export async function findCartLines(reader: Reader, userId: number): Promise<CartLine[]> {
  return (await findCart(reader, userId)).lines;
}

/** The customer has seen what the cart costs now. */
export async function markShown(tx: Transaction, userId: number): Promise<void> {
  await tx.run(
    `UPDATE cart_items SET shown_minor = (SELECT price_minor FROM products WHERE id = cart_items.product_id)
     WHERE user_id = $1`,
    [userId],
  );
}

/** What has left the catalog takes no place in the cart. */
export async function deleteGone(tx: Transaction, userId: number): Promise<void> {
  await tx.run(
    `DELETE FROM cart_items WHERE user_id = $1
     AND product_id IN (SELECT id FROM products WHERE id = cart_items.product_id AND deleted_at IS NOT NULL)`,
    [userId],
  );
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
    `INSERT INTO cart_items (user_id, product_id, qty, added_at, shown_minor)
     VALUES ($1, $2, $3, $4, (SELECT price_minor FROM products WHERE id = $2))
     ON CONFLICT (user_id, product_id) DO UPDATE SET qty = cart_items.qty + excluded.qty, shown_minor = excluded.shown_minor
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
    `INSERT INTO cart_items (user_id, product_id, qty, added_at, shown_minor)
     VALUES ($1, $2, $3, $4, (SELECT price_minor FROM products WHERE id = $2))
     ON CONFLICT (user_id, product_id) DO UPDATE SET qty = excluded.qty, shown_minor = excluded.shown_minor`,
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

/** A line as it lies in a cart: what it cost when the customer last saw it, and whether it has left the catalog. */
export interface KeptItem {
  product_id: number;
  qty: number;
  shown_minor: number | null;
  is_gone: number;
}

/** Puts so many of a product into another cart, as it was seen in its own. */
export async function moveItem(
  tx: Transaction,
  userId: number,
  { product_id, qty, shown_minor }: KeptItem,
  now: string,
): Promise<void> {
  await tx.run(
    `INSERT INTO cart_items (user_id, product_id, qty, added_at, shown_minor) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (user_id, product_id) DO UPDATE SET qty = excluded.qty, shown_minor = excluded.shown_minor`,
    [userId, product_id, qty, now, shown_minor],
  );
}

/**
 * Puts lines back that an order took and came to nothing with, beside what is in the cart by now, as far as it goes. They were
 * seen at the order's prices: what costs more since, or has left the catalog, the customer is told.
 */
export async function returnItems(
  tx: Transaction,
  userId: number,
  { lines, currency }: { lines: readonly { product_id: number; qty: number; price_minor: number }[]; currency: string },
  { most, now }: { most: { qty: number; lines: number }; now: string },
): Promise<void> {
  for (const { product_id, qty, price_minor } of lines) {
    await tx.run(
      `INSERT INTO cart_items (user_id, product_id, qty, added_at, shown_minor)
       SELECT CAST($1 AS INTEGER), id, CAST($3 AS INTEGER), CAST($4 AS TEXT),
         CASE WHEN COALESCE((SELECT currency FROM shop_currency WHERE id = 1), $8) = $8 THEN CAST($7 AS BIGINT) END FROM products
       WHERE id = $2 AND (SELECT COUNT(*) FROM cart_items WHERE user_id = $1 AND product_id <> $2) < CAST($6 AS INTEGER)
       ON CONFLICT (user_id, product_id) DO UPDATE
         SET qty = CASE WHEN cart_items.qty + excluded.qty > $5 THEN $5 ELSE cart_items.qty + excluded.qty END`,
      [userId, product_id, qty, now, most.qty, most.lines, price_minor, currency],
    );
  }
}

/** What is in a cart, without what it costs now. */
export function findItems(reader: Reader, userId: number): Promise<KeptItem[]> {
  return reader.all(
    `SELECT i.product_id, i.qty, i.shown_minor, CASE WHEN p.deleted_at IS NULL THEN 0 ELSE 1 END AS is_gone
     FROM cart_items i JOIN products p ON p.id = i.product_id WHERE i.user_id = $1 ORDER BY i.product_id`,
    [userId],
  );
}
