import { addProducts } from "../catalog/create";
import { findIdsBySlug } from "../catalog/id-queries";
import type { Shop } from "../shop/shop";
import type { AssortmentItem } from "./assortment";
import { batches } from "../base/batches";
import { idsOf } from "./in-parts";
import { newProduct } from "./products";

interface ProductsToWrite {
  seed: number;
  items: readonly AssortmentItem[];
  /** First day of the demo year. */
  start: number;
  progress: (done: number) => void;
}

/** Some 60 ms of writing, so that a shop that is open sells on. */
const ROWS_PER_TRANSACTION = 150;

/** Puts the assortment into the catalog. Ids are by the number of the product. */
export async function writeDemoProducts(shop: Shop, { seed, items, start, progress }: ProductsToWrite) {
  let added = 0;
  let done = 0;
  const slugs: string[] = [];
  for (const batch of batches(items.entries(), ROWS_PER_TRANSACTION)) {
    const rows = batch.map(([product, item]) => newProduct(seed, product, item, start));
    added += (await shop.database.transaction((tx) => addProducts(shop, tx, rows))).size;
    slugs.push(...rows.map(({ slug }) => slug));
    progress((done += batch.length));
    await Bun.sleep(0);
  }
  const bySlug = await findIdsBySlug(shop.database);
  return { added, ids: idsOf(slugs, bySlug) };
}
