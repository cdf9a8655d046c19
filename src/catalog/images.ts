import { addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import { hashOf, mediaOf } from "../media/files";
import { readPicture, WIDTHS } from "../media/pictures";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { found } from "./catalog";
import {
  deleteImage,
  findVariantsShowing,
  type ImageRow,
  insertImage,
  listImageHashes,
  listImages,
  updateImage,
} from "./image-queries";
import { tellOfProducts } from "./news";
import { fileOf, imageUrl, presentImage } from "./present-image";
import { findProduct } from "./queries";
import type { Image, ImageChange } from "./schema";
import { followVariants } from "./variant-queries";
import { holdProduct, updateProduct } from "./write-queries";

const IMAGES_MOST = 50;
/**
 * Adds a picture to a product, after those that it has. Throws `not_found`, `conflict` for too many, and what `readPicture`
 * throws.
 */
export async function addImage(shop: Shop, productId: number, bytes: Uint8Array, alt = ""): Promise<Image> {
  found(await findProduct(shop.database, productId, shop.settings));
  const { hash, width, height, files } = await readPicture(bytes);
  // Before the row: a picture that is named is there. One that nobody names is tidied away.
  for (const most of WIDTHS) await mediaOf(shop).put(fileOf(hash, most), files[most]);
  return shop.database.transaction(async (tx) => {
    await holdProduct(tx, productId);
    found(await findProduct(tx, productId, shop.settings));
    const there = await listImages(tx, productId);
    if (there.length >= IMAGES_MOST) {
      throw new ShopError("conflict", `A product has at most ${IMAGES_MOST} pictures.`);
    }
    const now = shop.now().toISOString();
    const row = { product_id: productId, position: there.length, hash, width, height, alt };
    const id = await insertImage(tx, { ...row, created_at: now });
    await follow(shop, tx, productId, now);
    addDetails(tx, { image_id: id });
    return presentImage({ ...row, id });
  });
}

/** Gives several products that have none the same picture. For goods that are made up. */
export async function keepPicture(
  shop: Shop,
  products: readonly { id: number; name: string }[],
  bytes: Uint8Array,
): Promise<void> {
  const { hash, width, height, files } = await readPicture(bytes);
  for (const most of WIDTHS) await mediaOf(shop).put(fileOf(hash, most), files[most]);
  await shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    for (const { id, name } of products) {
      await insertImage(tx, { product_id: id, position: 0, hash, width, height, alt: name, created_at: now });
      await updateProduct(tx, id, { image_url: imageUrl(hash) }, now);
    }
  });
}

/** Changes what a picture says to those who can't see it, or its place among the others. Throws `not_found`. */
export function changeImage(shop: Shop, productId: number, imageId: number, change: ImageChange): Promise<Image> {
  return shop.database.transaction(async (tx) => {
    const { image, others } = await getHeldImage(tx, productId, imageId);
    const position = Math.min(change.position ?? image.position, others.length);
    const changed = { ...image, alt: change.alt ?? image.alt, position };
    await setOrder(tx, others.toSpliced(position, 0, changed));
    await follow(shop, tx, productId, shop.now().toISOString());
    return presentImage(changed);
  });
}

/** Throws `not_found`. */
export function removeImage(shop: Shop, productId: number, imageId: number): Promise<void> {
  return shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    const { others } = await getHeldImage(tx, productId, imageId);
    const variants = await findVariantsShowing(tx, imageId);
    for (const variant of variants) await updateProduct(tx, variant, { image_id: null, image_url: null }, now);
    await tellOfProducts(tx, "changed", variants, now);
    await deleteImage(tx, imageId);
    await setOrder(tx, others);
    await follow(shop, tx, productId, now);
  });
}

async function getHeldImage(tx: Transaction, productId: number, imageId: number) {
  await holdProduct(tx, productId);
  const images = await listImages(tx, productId);
  const image = images.find(({ id }) => id === imageId);
  if (!image) throw new ShopError("not_found", "There is no such picture.");
  return { image, others: images.filter((other) => other !== image) };
}

async function setOrder(tx: Transaction, images: readonly ImageRow[]): Promise<void> {
  for (const [position, { id, alt }] of images.entries()) await updateImage(tx, id, position, alt);
}

/** A product's picture is its first; others hear that it has changed. */
async function follow(shop: Shop, tx: Transaction, productId: number, now: string): Promise<void> {
  const [first] = await listImages(tx, productId);
  await updateProduct(tx, productId, { image_url: first ? imageUrl(first.hash) : null }, now);
  const product = await findProduct(tx, productId, shop.settings);
  if (product?.parent_id) await followVariants(tx, product.parent_id, now);
  await tellOfProducts(tx, "changed", [productId], now);
}

/** Files that came so many hours ago or more, and that no product names. */
export async function findUnnamedFiles(shop: Shop, hours: number): Promise<string[]> {
  // Files are as old as the machine says that wrote them. They are looked at first: what is named meanwhile is not among them.
  const files = await mediaOf(shop).list(new Date(Date.now() - hours * 3_600_000));
  if (files.length === 0) return [];
  const named = await listImageHashes(shop.database);
  return files.filter((file) => !named.has(hashOf(file)));
}

/** Pictures that some product names and whose files are not there. */
export async function findMissingFiles(shop: Shop): Promise<string[]> {
  const missing: string[] = [];
  for (const hash of await listImageHashes(shop.database)) {
    for (const most of WIDTHS) {
      if (!(await mediaOf(shop).has(fileOf(hash, most)))) missing.push(fileOf(hash, most));
    }
  }
  return missing;
}
