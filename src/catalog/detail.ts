import { toMajor } from "../base/money";
import type { Shop } from "../shop/shop";
import type { Reader } from "../storage/database";
import type { VersionedProduct } from "./queries";
import type { ProductDetail, Variant } from "./schema";
import { listImages } from "./image-queries";
import { presentImage } from "./present-image";
import { listVariants } from "./variant-queries";

/** A product by itself, with what its ETag is made of. */
export type DetailedProduct = ProductDetail & {
  version: number;
  /** Changes whenever one of the variants does; empty where there are none. */
  variants_version: string;
};

/** A product with what belongs to it and stands elsewhere. */
export async function detailOf(shop: Shop, reader: Reader, product: VersionedProduct): Promise<DetailedProduct> {
  // A product without a picture has no address of one, so that there is nothing to look for.
  const images = product.image_url === null ? [] : (await listImages(reader, product.id)).map(presentImage);
  // Added to what was just read: to take it apart and put it together again costs as much as reading it.
  if (product.option_names.length === 0) return Object.assign(product, { variants: [], images, variants_version: "" });
  const rows = await listVariants(reader, product.id);
  const seen = rows.map(({ id, version, stock }) => `${id}.${version}.${stock}`).join();
  return {
    ...product,
    images,
    variants: rows.map(({ id, sku, options, price_minor, compare_at_minor, stock, image_url }): Variant => ({
      id,
      sku,
      options,
      price: toMajor(price_minor, shop.settings),
      compare_at_price: compare_at_minor === null ? null : toMajor(compare_at_minor, shop.settings),
      stock,
      image_url,
    })),
    variants_version: Bun.hash(seen).toString(36),
  };
}
