import { ShopError } from "../src/base/errors";
import { findProductNamed } from "../src/catalog/catalog";
import { getOrder } from "../src/orders/orders";
import type { OrderItem } from "../src/orders/schema";
import type { Shop } from "../src/shop/shop";
import { amount } from "./arguments";

interface Units {
  product_id: number;
  qty: number;
}

/**
 * What is meant by each `product:quantity`: the product by its id, slug, sku or barcode, as everywhere. Throws `invalid` for what
 * is not written so, and `not_found` for a product that nobody knows.
 */
export async function unitsOf(shop: Shop, texts: readonly string[]): Promise<Units[]> {
  const units: Units[] = [];
  for (const text of texts) units.push(await unitsIn(shop, text, []));
  return units;
}

/** The same with a price of the shop's own after an `@`, where there is one: `TEA-250:2@99.5`. */
export async function pricedUnitsOf(shop: Shop, texts: readonly string[]): Promise<(Units & { price?: number })[]> {
  const priced: (Units & { price?: number })[] = [];
  for (const text of texts) {
    // A code may have an @ in it, but what comes after the quantity is no code.
    const [, line = text, price] = /^(.+:\d{1,7})@([^:@]*)$/.exec(text.trim()) ?? [];
    priced.push({ ...(await unitsIn(shop, line, [])), ...(price !== undefined && { price: amount(price) }) });
  }
  return priced;
}

/** The same of an order, whose products are also known by the code that they were sold under, should they be gone by now. */
export async function unitsOfOrder(shop: Shop, id: number, texts: readonly string[]): Promise<Units[]> {
  const { items } = await getOrder(shop.database, id);
  const units: Units[] = [];
  for (const text of texts) units.push(await unitsIn(shop, text, items));
  return units;
}

async function unitsIn(shop: Shop, text: string, sold: readonly OrderItem[]): Promise<Units> {
  // A code may have a colon in it.
  const [, name, count] = /^(.+):(\d{1,7})$/.exec(text.trim()) ?? [];
  const qty = Number(count);
  if (name === undefined || !(qty > 0)) {
    throw new ShopError("invalid", "Give a line as product:quantity, such as 12:2 or TEA-250:2.");
  }
  const known = sold.find(({ sku, slug, product_id }) => [sku, slug, String(product_id)].includes(name));
  const product_id = known?.product_id ?? (await findProductNamed(shop, name));
  if (product_id !== undefined) return { product_id, qty };
  if (/^\d{1,9}$/.test(name)) return { product_id: Number(name), qty };
  throw new ShopError("not_found", "There is no such product: give its id, slug, sku or barcode.");
}
