import { addChange } from "../audit/recording";
import { ShopError } from "../base/errors";
import { type Once, transactOnce } from "../idempotency/idempotency";
import { hasCurrencyDigits, toMinor } from "../base/money";
import { fold } from "../base/text";
import { indexProducts, unindexProduct } from "../search-index/write";
import type { Shop } from "../shop/shop";
import { holdStock } from "../stock/queries";
import { openStock, setFreeStock } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { searchDocumentOf, changesIndex } from "./indexing";
import { listCategories, listCategoryNames } from "./category-queries";
import { findProduct, findProductBySlug, findProducts, type VersionedProduct } from "./queries";
import {
  holdProduct,
  insertProducts,
  isSlugTaken,
  markDeleted,
  type ProductRecord,
  updateProduct,
} from "./write-queries";
import type { Category, NewProduct, ProductChange } from "./schema";

/** Throws `not_found` for what is not, or not any more, in the catalog. */
export function getProduct(shop: Shop, id: number): Promise<VersionedProduct> {
  return findProduct(shop.database, id, shop.settings).then(found);
}

export async function getProductBySlug(shop: Shop, slug: string): Promise<VersionedProduct> {
  return found(await findProductBySlug(shop.database, slug, shop.settings));
}

/** The products of these ids that are still in the catalog, in the order given. */
export function getProducts(shop: Shop, ids: readonly number[]): Promise<VersionedProduct[]> {
  return findProducts(shop.database, ids, shop.settings);
}

export function categories(shop: Shop): Promise<Category[]> {
  return listCategories(shop.database);
}

/** The names of the categories that have products. */
export function categoryNames(shop: Shop): Promise<string[]> {
  return listCategoryNames(shop.database);
}

/** Throws `duplicate` when the slug is taken. */
export function createProduct(shop: Shop, product: NewProduct, once?: Once): Promise<VersionedProduct> {
  checkPrice(shop, product.price);
  return transactOnce(shop, once, async (tx) => {
    const id = (await addProducts(shop, tx, [product])).get(product.slug);
    if (id === undefined) throw slugTaken();
    return found(await findProduct(tx, id, shop.settings));
  });
}

/** Adds products with what they have in stock, and returns their ids by slug. Those whose slug is taken are left out. */
export async function addProducts(
  shop: Shop,
  tx: Transaction,
  products: readonly (NewProduct & { created_at?: string })[],
): Promise<Map<string, number>> {
  const now = shop.now().toISOString();
  const ids = await insertProducts(
    tx,
    products.map(({ price, stock: _, ...product }) => ({
      created_at: now,
      ...product,
      name_key: nameKey(product.name),
      price_minor: toMinor(price, shop.settings),
    })),
  );
  // Of two with one slug the first was put in, so it is the one to keep here too.
  const bySlug = new Map(products.toReversed().map((product) => [product.slug, product]));
  const added = [...ids].flatMap(([slug, id]) => {
    const product = bySlug.get(slug);
    return product ? [{ ...product, id }] : [];
  });
  await openStock(tx, added, now);
  await indexProducts(tx, added.map(searchDocumentOf));
  return ids;
}

/** Lets the writer go ahead, or throws `changed_meanwhile`: what they saw is not what is there any more. */
export type Precondition = (current: VersionedProduct) => void;

/** Changes what is given and leaves the rest. Throws `not_found`, `duplicate`, or what the precondition throws. */
export function changeProduct(
  shop: Shop,
  id: number,
  change: ProductChange,
  precondition: Precondition,
): Promise<VersionedProduct> {
  if (change.price !== undefined) checkPrice(shop, change.price);
  return shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    const { stock, price, ...plain } = change;
    const before = await getHeldProduct(shop, tx, id);
    precondition(before);
    if (change.slug !== undefined && (await isSlugTaken(tx, change.slug, id))) throw slugTaken();
    const record: Partial<ProductRecord> = {
      ...withoutUndefined(plain),
      ...(change.name !== undefined && { name_key: nameKey(change.name) }),
      ...(price !== undefined && { price_minor: toMinor(price, shop.settings) }),
    };
    if (!(await updateProduct(tx, id, record, now))) throw noProduct();
    if (stock !== undefined) await setFreeStock(tx, id, stock, now);
    const changed = found(await findProduct(tx, id, shop.settings));
    addChange(tx, change, before, changed);
    if (changesIndex(change)) await indexProducts(tx, [searchDocumentOf(changed)]);
    return changed;
  });
}

/** Takes a product out of the catalog. Orders that name it keep it. */
export function removeProduct(shop: Shop, id: number, precondition: Precondition): Promise<void> {
  return shop.database.transaction(async (tx) => {
    precondition(await getHeldProduct(shop, tx, id));
    if (!(await markDeleted(tx, id, shop.now().toISOString()))) throw noProduct();
    await unindexProduct(tx, id);
  });
}

/** A name as it is sorted by. */
const nameKey = (name: string) => fold(name).trim();

/** A product that nobody else changes or sells until this transaction ends. */
async function getHeldProduct(shop: Shop, tx: Transaction, id: number): Promise<VersionedProduct> {
  await holdProduct(tx, id);
  await holdStock(tx, id);
  return found(await findProduct(tx, id, shop.settings));
}

function checkPrice({ settings }: Shop, price: number): void {
  if (hasCurrencyDigits(price, settings)) return;
  const message = `${settings.currency} has no amounts that small.`;
  throw new ShopError("invalid", "The price has too many digits.", {
    errors: [{ path: "price", message, code: "too_precise" }],
  });
}

function found(product: VersionedProduct | undefined): VersionedProduct {
  if (!product) throw noProduct();
  return product;
}

const noProduct = () => new ShopError("not_found", "There is no such product.");
const slugTaken = () => new ShopError("duplicate", "Another product goes by this slug.");

/** Without the fields that are there only in name. */
function withoutUndefined<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  // The type says what the filter does.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
