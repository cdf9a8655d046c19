import { ShopError } from "../base/errors";
import { hasCurrencyDigits } from "../base/money";
import { fold } from "../base/text";
import type { Shop } from "../shop/shop";
import type { Reader } from "../storage/database";
import { listCategories, listCategoryNames } from "./category-queries";
import { detailOf, type DetailedProduct } from "./detail";
import { findNamed, findNames } from "./id-queries";
import { findProduct, findProductBySlug, findProducts, type VersionedProduct } from "./queries";
import type { Category } from "./category-schema";

/** A product with its variants, where it has any. Throws `not_found` for what is not, or not any more, in the catalog. */
export function getProduct(shop: Shop, id: number): Promise<DetailedProduct> {
  return getDetail(shop, shop.database, id);
}

/** The same within a transaction. */
export async function getDetail(shop: Shop, reader: Reader, id: number): Promise<DetailedProduct> {
  return detailOf(shop, reader, found(await findProduct(reader, id, shop.settings)));
}

export async function getProductBySlug(shop: Shop, slug: string): Promise<DetailedProduct> {
  return detailOf(shop, shop.database, found(await findProductBySlug(shop.database, slug, shop.settings)));
}

/** By id, slug, sku or barcode, as a shopkeeper would say it. Throws `not_found`. */
export async function getProductNamed(shop: Shop, name: string): Promise<DetailedProduct> {
  const named = await findNamed(shop.database, name);
  if (!named) throw noProduct();
  return getProduct(shop, named.id);
}

/** The id of what a person calls by its id, slug, sku or barcode. */
export async function findProductNamed({ database }: Shop, name: string): Promise<number | undefined> {
  return (await findNamed(database, name.trim()))?.id;
}

/** The products of these ids that are still in the catalog, in the order given. */
export function getProducts(shop: Shop, ids: readonly number[]): Promise<VersionedProduct[]> {
  return findProducts(shop.database, ids, shop.settings);
}

/** What these products are called, as far as they are still in the catalog, in the order given. */
export function productNames(shop: Shop, ids: readonly number[]): Promise<{ id: number; name: string }[]> {
  return findNames(shop.database, ids);
}

export function categories(shop: Shop): Promise<Category[]> {
  return listCategories(shop.database);
}

/** The names of the categories that have products. */
export function categoryNames(shop: Shop): Promise<string[]> {
  return listCategoryNames(shop.database);
}

/** Lets the writer go ahead, or throws `changed_meanwhile`. Returns the stock that the writer saw, where that is known. */
export type Precondition = (current: VersionedProduct) => number | undefined;

/** A name as it is sorted by. */
export const nameKey = (name: string) => fold(name).trim();

interface Prices {
  price?: number | undefined;
  compare_at_price?: number | null | undefined;
}

/** Throws `invalid` for a price of more digits than the currency has. */
export function checkPrices({ settings }: Pick<Shop, "settings">, { price, compare_at_price }: Prices): void {
  const message = `${settings.currency} has no amounts that small.`;
  const errors = Object.entries({ price, compare_at_price })
    .filter(([, amount]) => typeof amount === "number" && !hasCurrencyDigits(amount, settings))
    .map(([path]) => ({ path, message, code: "too_precise" }));
  if (errors.length > 0) throw new ShopError("invalid", "The price has too many digits.", { errors });
}

export function found<Product>(product: Product | undefined): Product {
  if (!product) throw noProduct();
  return product;
}

export const noProduct = () => new ShopError("not_found", "There is no such product.");
export const slugTaken = () => new ShopError("duplicate", "Another product goes by this slug.");
