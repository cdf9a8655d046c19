import { findStanding } from "../catalog/queries";
import { variantRequired } from "../catalog/variants";
import { ShopError } from "../base/errors";
import { costOf, type Line, toMajor } from "../base/money";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import {
  addItem,
  type CartLine,
  countItems,
  deleteItem,
  deleteItems,
  findCart,
  findCartLines,
  holdCart,
  setItem,
} from "./queries";
import { cartVersion, noticesOf, takeNotices } from "./notices";
import { type Cart, type CartNotice, LARGEST_QTY, MOST_LINES } from "./schema";

/** A cart, and once what has changed in it since its customer last saw it. */
export async function getCart(shop: Shop, userId: number): Promise<Cart> {
  const kept = await findCart(shop.database, userId);
  if (noticesOf(kept, shop.settings).length > 0) return editCart(shop, userId, async () => {});
  return cartOf(shop, userId, kept.lines, []);
}

/** Adds to what is there. Throws `not_found` for an unknown product, `invalid` when the cart would grow too large. */
export function addToCart(shop: Shop, userId: number, item: { product_id: number; qty: number }): Promise<Cart> {
  return fillCart(shop, userId, async (tx, now) => {
    await checkProduct(tx, item.product_id);
    if (!(await addItem(tx, userId, item, LARGEST_QTY, now)))
      throw tooLarge("qty", `A cart holds at most ${LARGEST_QTY} of one product.`);
    await checkLines(tx, userId);
  });
}

/** Puts so many of a product into the cart, whatever was there. Throws like `addToCart`. */
export function setInCart(shop: Shop, userId: number, item: { product_id: number; qty: number }): Promise<Cart> {
  return fillCart(shop, userId, async (tx, now) => {
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

/**
 * Throws `invalid` when lines cost too much together to be counted exactly: 2^53 minor units, which a full cart stays
 * below where the currency has two digits, but not where it has three.
 */
export function checkCountable(lines: readonly Pick<Line, "qty" | "price_minor">[]): void {
  if (costOf(lines) > Number.MAX_SAFE_INTEGER) throw tooLarge("qty", "This is more than one order can come to.");
}

/** An edit that puts something in. A customer who takes something out, or only looks, may have a cart that prices made too dear. */
function fillCart(shop: Shop, userId: number, edit: Edit): Promise<Cart> {
  return editCart(shop, userId, edit, checkCountable);
}

type Edit = (tx: Transaction, now: string) => Promise<void>;

function editCart(
  shop: Shop,
  userId: number,
  edit: Edit,
  check: (lines: CartLine[]) => void = () => {},
): Promise<Cart> {
  return shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    await holdCart(tx, userId);
    const notices = await takeNotices(tx, userId, shop.settings);
    await edit(tx, now);
    const lines = await findCartLines(tx, userId);
    check(lines);
    return cartOf(shop, userId, lines, notices);
  });
}

function cartOf({ settings }: Shop, userId: number, lines: readonly CartLine[], notices: CartNotice[]): Cart {
  const items = lines.map(({ product_id, parent_id, name, options, image_url, qty, price_minor, stock }) => ({
    product_id,
    name,
    qty,
    price: toMajor(price_minor, settings),
    stock,
    parent_id,
    options,
    image_url,
  }));
  const version = cartVersion({ lines: [...lines] });
  return { user_id: userId, items, total: toMajor(costOf(lines), settings), version, notices };
}

/** Throws `not_found` for what is not in the catalog, and `variant_required` where something is to be chosen first. */
async function checkProduct(reader: Reader, productId: number): Promise<void> {
  const standing = await findStanding(reader, productId);
  if (!standing) throw new ShopError("not_found", "There is no such product.");
  if (standing.option_names !== null) throw variantRequired({ ...standing, option_names: standing.option_names });
}

async function checkLines(reader: Reader, userId: number): Promise<void> {
  if ((await countItems(reader, userId)) > MOST_LINES) {
    throw tooLarge("product_id", `A cart holds at most ${MOST_LINES} different products.`);
  }
}

function tooLarge(path: string, message: string): ShopError {
  return new ShopError("invalid", message, { errors: [{ path, message, code: "too_big" }] });
}
