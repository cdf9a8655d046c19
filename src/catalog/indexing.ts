import { markReadOnly } from "../audit/recording";
import type { SearchDocument } from "../search-index/documents";
import {
  findOutOfStep,
  findStrangers,
  indexProducts,
  isIndexWhole,
  mergeIndex,
  rebuildIndex,
  unindexProduct,
} from "../search-index/write";
import type { Shop } from "../shop/shop";
import { CATALOG_IDS, countProducts, listDocumentsAfter, findDocumentsOf } from "./indexing-queries";
import type { ProductChange } from "./schema";
import type { Transaction } from "../storage/database";

/** What search is told of a product that has no variants yet. */
export function searchDocumentOf(
  product: Omit<SearchDocument, "product_id" | "description"> & Searched,
): SearchDocument {
  const { id, name, category, description, attributes, sku, barcode } = product;
  const codes = [sku, barcode].filter((code) => typeof code === "string");
  return { product_id: id, name, category, description: description ?? null, attributes, codes };
}

interface Searched extends Pick<ProductChange, "description" | "sku" | "barcode"> {
  id: number;
}

/** Makes those of these products that are listed findable as they are now, and the others not. */
export async function indexListed(
  { settings }: Pick<Shop, "settings">,
  tx: Transaction,
  ids: readonly number[],
): Promise<void> {
  const documents = await findDocumentsOf(tx, ids);
  const listed = new Set(documents.map(({ product_id }) => product_id));
  for (const id of ids) if (!listed.has(id)) await unindexProduct(tx, id);
  await indexProducts(tx, documents, settings.searchLanguages);
}

/** Whether the change is to something that is searched: a price and a stock are not. */
export const changesIndex = ({ price: _, compare_at_price: _was, stock: _none, ...searched }: ProductChange): boolean =>
  Object.values(searched).some((field) => field !== undefined);

/** Small enough that other writers get their turn. */
const PRODUCTS_PER_TRANSACTION = 200;

/**
 * Makes the search index anew from the catalog, in short transactions beside whatever else goes on. Returns how many
 * products there are to find. `mend` makes the engine's own index anew too, in one go and for as long as that takes: for one
 * that is damaged.
 */
export async function reindex(
  shop: Shop,
  progress: (done: number, total: number) => void = () => {},
  { mend } = { mend: false },
): Promise<number> {
  const { database } = shop;
  const total = await countProducts(database);
  let [done, last] = [0, 0];
  for (;;) {
    // Read within the transaction, so that no change can come between reading a product and indexing it.
    const products = await database.transaction(async (tx) => {
      const some = await listDocumentsAfter(tx, last, PRODUCTS_PER_TRANSACTION);
      await indexProducts(tx, some, shop.settings.searchLanguages);
      return some;
    });
    if (products.length === 0) break;
    last = products.at(-1)?.product_id ?? last;
    done += products.length;
    progress(done, Math.max(total, done));
  }
  // Looked for before, so that the transaction is short; only what is one still goes.
  const strangers = await findStrangers(database, CATALOG_IDS);
  for (let at = 0; at < strangers.length; at += PRODUCTS_PER_TRANSACTION) {
    const some = strangers.slice(at, at + PRODUCTS_PER_TRANSACTION);
    await database.transaction(async (tx) => {
      for (const id of await findStrangers(tx, CATALOG_IDS, some)) await unindexProduct(tx, id);
    });
  }
  if (mend) await database.transaction(rebuildIndex);
  // What lies about of the old one is put together bit by bit.
  if (!mend) while (await database.transaction(mergeIndex));
  return done;
}

export interface IndexReport {
  /** Whether the index itself is sound. */
  whole: boolean;
  /** The products of which it says something else than the catalog, or that are not in the catalog. */
  out_of_step: number[];
}

/** Whether every product is found by what the catalog says of it. */
export async function checkIndex({ database, settings }: Shop): Promise<IndexReport> {
  const suspects = await findStrangers(database, CATALOG_IDS);
  let products = await listDocumentsAfter(database, 0, PRODUCTS_PER_TRANSACTION);
  while (products.length > 0) {
    suspects.push(...(await findOutOfStep(database, products, settings.searchLanguages)));
    products = await listDocumentsAfter(database, products.at(-1)?.product_id ?? 0, PRODUCTS_PER_TRANSACTION);
  }
  const whole = await isIndexWhole(database);
  if (suspects.length === 0) return { whole, out_of_step: [] };
  return database.transaction(async (tx) => {
    markReadOnly(tx);
    // Another process may have written between the two reads above; none can now.
    const strangers = await findStrangers(tx, CATALOG_IDS, suspects);
    const outOfStep = await findOutOfStep(tx, await findDocumentsOf(tx, suspects), settings.searchLanguages);
    return { whole, out_of_step: [...strangers, ...outOfStep].sort((a, b) => a - b) };
  });
}
