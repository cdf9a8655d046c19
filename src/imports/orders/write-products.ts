import { batches } from "../../base/batches";
import { wordKey } from "../../base/text";
import { nameKey } from "../../catalog/catalog";
import { addProducts, type AddedProduct } from "../../catalog/create";
import { findIdsByCode, findIdsByNames } from "../../catalog/id-queries";
import { findMatches } from "../../catalog/match-queries";
import { findProductBySlug } from "../../catalog/queries";
import type { Shop } from "../../shop/shop";
import { type Ids, ROWS_PER_TRANSACTION, type SoldProduct } from "./goods";

const PRODUCTS_PER_TRANSACTION = 150;

/** The products of orders: those that are there, and those that are added. A dry run adds none. */
export async function addMissingProducts(
  shop: Shop,
  products: ReadonlyMap<string, SoldProduct>,
  { stock, category }: { stock: number; category: string },
  dryRun: boolean,
): Promise<Ids> {
  const ids = await findProductIds(shop, [...products.values()]);
  const missing = [...products.values()].filter(({ key }) => !ids.has(key));
  let added = dryRun ? missing.length : 0;
  for (const batch of dryRun ? [] : batches(missing, PRODUCTS_PER_TRANSACTION)) {
    const rows = batch.map((product) => newProduct(product, stock, category));
    const bySlug = await shop.database.transaction((tx) => addProducts(shop, tx, rows));
    added += bySlug.size;
    for (const product of batch) {
      // A slug that is taken is this product's too: it was imported before and has lost its code meanwhile.
      const slug = slugOf(product);
      const id = bySlug.get(slug) ?? (await findProductBySlug(shop.database, slug, shop.settings))?.id;
      if (id !== undefined) ids.set(product.key, id);
    }
  }
  return { ids, added };
}

/** The products that lines name: by the shop's own code, by the code that an import wrote down, or by their name. */
async function findProductIds(shop: Shop, products: readonly SoldProduct[]): Promise<Map<string, number>> {
  const { database } = shop;
  const ids = new Map<string, number>();
  const coded = await findIdsByCode(database);
  for (const batch of batches(products, ROWS_PER_TRANSACTION)) {
    const skuKeys = batch.flatMap(({ code }) => (code === undefined ? [] : [wordKey(code)]));
    const bySku = new Map(
      (await findMatches(database, { slugs: [], skuKeys, barcodeKeys: [] })).map(({ sku_key, id }) => [sku_key, id]),
    );
    const named = batch.filter(({ code }) => code === undefined);
    const byName = await findIdsByNames(
      database,
      named.flatMap(({ name }) => namesOf(name).map(nameKey)),
    );
    for (const { key, code, name } of batch) {
      const id =
        code === undefined
          ? namesOf(name)
              .map((one) => byName.get(nameKey(one)))
              .find((one) => one !== undefined)
          : (bySku.get(wordKey(code)) ?? coded.get(code));
      if (id !== undefined) ids.set(key, id);
    }
  }
  return ids;
}

/** `Top - Small / Red` is what the shop itself calls `Top, Small, Red`. */
const namesOf = (name: string): string[] => [name, name.replace(/ - (?!.* - )/, ", ").replaceAll(" / ", ", ")];

function newProduct(product: SoldProduct, stock: number, category: string): AddedProduct {
  const { code, name, price, firstSoldAt } = product;
  return {
    slug: slugOf(product),
    name: name.slice(0, 500).toWellFormed().trim() || (code ?? "-"),
    category,
    price,
    stock,
    attributes: code === undefined ? {} : { code },
    ...(code !== undefined && code.length <= LONGEST_CODE && { sku: code }),
    created_at: firstSoldAt,
  };
}

const LONGEST_CODE = 100;

/** `white-hanging-heart-t-light-holder-85123a` */
function slugOf({ name, code = "" }: SoldProduct): string {
  const slug = `${plainWords(name).slice(0, 120)}-${plainWords(code).slice(0, 60)}`
    .replace(/^-+|-+$/g, "")
    .replaceAll(/-{2,}/g, "-");
  return slug === "" ? `product-${Bun.hash.crc32(name + code).toString(36)}` : slug;
}

const plainWords = (text: string): string =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
