import { ShopError } from "../base/errors";
import type { Listed, Page } from "../base/page";
import type { Shop } from "../shop/shop";
import { moveToParent } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { found, getDetail, noProduct, type Precondition, slugTaken } from "./catalog";
import { tooManyVariants } from "./create";
import type { DetailedProduct } from "./detail";
import { indexListed } from "./indexing";
import { tellOfProducts } from "./news";
import { findProduct } from "./queries";
import { type DeletedProduct, findDeleted, listDeleted, listDeletedVariants } from "./deleted-queries";
import { type DeletedLine, VARIANTS_MOST } from "./schema";
import { countVariants, findParentId, followVariants, isCombinationTaken, listVariants } from "./variant-queries";
import { holdProduct, isCodeTaken, isSlugTaken, markDeleted, markRestored } from "./write-queries";

/** Takes a product out of the catalog, with its variants where it has any. Orders that name it keep it. */
export function removeProduct(shop: Shop, id: number, precondition: Precondition = () => undefined): Promise<void> {
  return shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    const parentId = await holdFamily(tx, id);
    precondition(found(await findProduct(tx, id, shop.settings)));
    const variants = await listVariants(tx, id);
    if (!(await markDeleted(tx, id, now))) throw noProduct();
    for (const variant of variants) await markDeleted(tx, variant.id, now);
    await tellOfProducts(tx, "deleted", [id, ...variants.map((variant) => variant.id)], now);
    await indexListed(shop, tx, [id]);
    if (parentId === null) return;
    await moveToParent(tx, id, null);
    await followVariants(tx, parentId, now);
    await indexListed(shop, tx, [parentId]);
  });
}

/** What was taken out of the catalog and can be taken back, the latest first. */
export const listRemoved = (shop: Shop, page: Page): Promise<Listed<DeletedLine>> => listDeleted(shop.database, page);

/**
 * Takes back a product that was taken out of the catalog, with the variants that went with it. Throws `not_found` for what
 * never was, `conflict` for what is there or whose parent is not, and `duplicate` where its slug, a code or its options are
 * another's by now.
 */
export function restoreProduct(shop: Shop, id: number, slug?: string): Promise<DetailedProduct> {
  return shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    const parentId = await holdFamily(tx, id);
    const product = await getDeleted(tx, id);
    await putBack(tx, product, now, slug);
    const variants = await listDeletedVariants(tx, id, product.deleted_at);
    for (const variant of variants) await putBack(tx, variant, now);
    await tellOfProducts(tx, "created", [id, ...variants.map((variant) => variant.id)], now);
    if (parentId !== null) await joinParent(shop, tx, product, parentId, now);
    await indexListed(shop, tx, [id]);
    return getDetail(shop, tx, id);
  });
}

/** Holds a product, after its parent where it is a variant, and says which that is. */
async function holdFamily(tx: Transaction, id: number): Promise<number | null> {
  const parentId = (await findParentId(tx, id))?.parent_id ?? null;
  if (parentId !== null) await holdProduct(tx, parentId);
  await holdProduct(tx, id);
  return parentId;
}

async function getDeleted(tx: Transaction, id: number): Promise<DeletedProduct> {
  const product = await findDeleted(tx, id);
  if (product) return product;
  if (await findParentId(tx, id)) throw new ShopError("conflict", "This product is in the catalog.");
  throw noProduct();
}

async function putBack(
  tx: Transaction,
  { id, slug, sku_key, barcode_key }: DeletedProduct,
  now: string,
  newSlug = slug.replace(/~\d+$/, ""),
): Promise<void> {
  if (await isSlugTaken(tx, newSlug, id)) throw slugTaken();
  const codes = { sku_key, barcode_key };
  for (const column of ["sku_key", "barcode_key"] as const) {
    const key = codes[column];
    if (key !== null && (await isCodeTaken(tx, column, key, id))) {
      throw new ShopError("duplicate", "Another product has its code by now.");
    }
  }
  await markRestored(tx, id, newSlug, now);
}

async function joinParent(
  shop: Shop,
  tx: Transaction,
  variant: DeletedProduct,
  parentId: number,
  now: string,
): Promise<void> {
  if (await findDeleted(tx, parentId)) {
    throw new ShopError("conflict", "Its parent is not in the catalog: take that back first.");
  }
  if (await isCombinationTaken(tx, parentId, variant.options_key ?? "", variant.id)) {
    throw new ShopError("duplicate", "There is a variant with these options by now.");
  }
  if ((await countVariants(tx, parentId)) > VARIANTS_MOST) throw tooManyVariants();
  await moveToParent(tx, variant.id, parentId);
  await followVariants(tx, parentId, now);
  await indexListed(shop, tx, [parentId]);
}
