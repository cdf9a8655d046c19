import { turns } from "../base/turns";
import { findUnnamedFiles } from "../catalog/images";
import { hashOf, mediaOf } from "../media/files";
import type { Shop } from "../shop/shop";
import { findPicturesSold } from "./line-queries";
import { largestOrderId } from "./purchases";

/** So long a file that nothing shows is left alone: whoever is uploading has not named theirs yet. */
const IDLE_HOURS = 24;

/** Takes away files that neither a product nor an order shows, but for those that came within the last day. Returns how many. */
export async function tidyPictures(shop: Shop): Promise<number> {
  const idle = await findIdlePictures(shop, IDLE_HOURS);
  for (const file of idle) await mediaOf(shop).remove(file);
  return idle.length;
}

/** So many orders are looked at at once, so that others are served meanwhile. */
const ORDERS_AT_ONCE = 5_000;

/** Files that came so many hours ago or more, and that neither a product nor an order shows: an order shows what was bought as it was. */
export async function findIdlePictures(shop: Shop, hours: number): Promise<string[]> {
  const files = await findUnnamedFiles(shop, hours);
  if (files.length === 0) return [];
  const idle = new Set(files.map(hashOf));
  const last = await largestOrderId(shop.database);
  for (let after = 0; after < last && idle.size > 0; after += ORDERS_AT_ONCE) {
    for (const url of await findPicturesSold(shop.database, { after, upTo: after + ORDERS_AT_ONCE }))
      idle.delete(hashOf(url.split("/").at(-1) ?? ""));
    await turns.yield();
  }
  return files.filter((file) => idle.has(hashOf(file)));
}
