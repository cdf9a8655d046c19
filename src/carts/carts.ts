import { isInCatalog } from "../catalog/queries";
import { ShopError } from "../errors";
import { toMajor } from "../money";
import type { Shop } from "../shop";
import type { Reader, Transaction } from "../storage/database";
import {
  addItem,
  type CartLine,
  countItems,
  deleteItem,
  deleteItems,
  findCartLines,
  holdCart,
  setItem,
} from "./queries";
import { type Cart, LARGEST_QTY, MOST_LINES } from "./schema";

export function getCart(shop: Shop, userId: number): Promise<Cart> {
  return cartOf(shop, shop.database, userId);
}

/** Adds to what is there. Throws `not_found` for an unknown product, `invalid` when the cart would grow too large. */
export function addToCart(shop: Shop, userId: number, item: { product_id: number; qty: number }): Promise<Cart> {
  return editCart(shop, userId, async (tx, now) => {
    await checkProduct(tx, item.product_id);
    if (!(await addItem(tx, userId, item, LARGEST_QTY, now)))
      throw tooLarge("qty", `A cart holds at most ${LARGEST_QTY} of one product.`);
    await checkLines(tx, userId);
  });
}

/** Puts so many of a product into the cart, whatever was there. Throws like `addToCart`. */
export function setInCart(shop: Shop, userId: number, item: { product_id: number; qty: number }): Promise<Cart> {
  return editCart(shop, userId, async (tx, now) => {
    await checkProduct(tx, item.product_id);
    await setItem(tx, userId, item, now);
    await checkLines(tx, userId);
  });
}

/** Taking out what is not there is no error. */
export function removeFromCart(shop: Shop, userId: number, productId: number): Promise<Cart> {
  return editCart(shop, userId, (tx) => deleteItem(tx, userId, productId));
}

export function emptyCart(shop: Shop, userId: number): Promise<Cart> {
  return editCart(shop, userId, (tx) => deleteItems(tx, userId));
}

/** What the lines cost together, in minor units. */
export function subtotalOf(lines: readonly Pick<CartLine, "qty" | "price_minor">[]): number {
  return lines.reduce((sum, { qty, price_minor }) => sum + qty * price_minor, 0);
}

function editCart(shop: Shop, userId: number, edit: (tx: Transaction, now: string) => Promise<void>): Promise<Cart> {
  return shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    await holdCart(tx, userId);
    await edit(tx, now);
    return cartOf(shop, tx, userId);
  });
}

async function cartOf({ settings }: Shop, reader: Reader, userId: number): Promise<Cart> {
  const lines = await findCartLines(reader, userId);
  const items = lines.map(({ price_minor, ...line }) => ({ ...line, price: toMajor(price_minor, settings) }));
  return { user_id: userId, items, total: toMajor(subtotalOf(lines), settings) };
}

async function checkProduct(reader: Reader, productId: number): Promise<void> {
  if (!(await isInCatalog(reader, productId))) throw new ShopError("not_found", "There is no such product.");
}

async function checkLines(reader: Reader, userId: number): Promise<void> {
  if ((await countItems(reader, userId)) > MOST_LINES) {
    throw tooLarge("product_id", `A cart holds at most ${MOST_LINES} different products.`);
  }
}

function tooLarge(path: string, message: string): ShopError {
  return new ShopError("invalid", message, { errors: [{ path, message, code: "too_big" }] });
}
