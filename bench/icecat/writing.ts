import { addProducts } from "../../src/catalog/create";
import { findProduct } from "../../src/catalog/queries";
import { insertProducts } from "../../src/catalog/write-queries";
import { isNamed, type NamedProduct, NewProduct } from "../../src/catalog/schema";
import { readLines } from "../../src/imports/files";
import { toMinor } from "../../src/base/money";
import { fold } from "../../src/base/text";
import { loadSettings } from "../../test/support/settings";
import { openShop, type Shop } from "../../src/shop/shop";
import { openStock } from "../../src/stock/stock";
import type { Transaction } from "../../src/storage/database";
import { openDatabase } from "../../src/storage/open";
import { type Figure, median } from "../harness";
import { environmentIn } from "../servers";
import { PRODUCTS } from "./quality";

const WRITES = 300;

/** What writing one product takes, a transaction each, beside the same without the index, in a catalog that is full already. */
export async function costOfWriting(folder: string): Promise<Figure[]> {
  const settings = loadSettings(environmentIn(folder));
  const shop = openShop(await openDatabase(settings.databaseUrl), settings);
  const products = await someProducts();
  const times: { indexed: number[]; bare: number[] } = { indexed: [], bare: [] };
  // In turn, so that what else the machine does falls on both.
  for (const [at, product] of products.entries()) {
    times.indexed.push(await timed(shop, { ...product, slug: `indexed-${at}` }, addProducts));
    times.bare.push(await timed(shop, { ...product, slug: `bare-${at}` }, withoutIndex));
  }
  await shop.database.close();
  return [
    {
      name: "writing a product",
      measured: median(times.indexed),
      unit: "ms",
      rival: { name: "without the index", measured: median(times.bare) },
      limit: { atMost: 2 },
    },
  ];
}

async function timed(
  shop: Shop,
  product: NamedProduct,
  add: (shop: Shop, tx: Transaction, products: NamedProduct[]) => Promise<Map<string, number>>,
): Promise<number> {
  const startedAt = performance.now();
  await shop.database.transaction(async (tx) => {
    const id = (await add(shop, tx, [product])).get(product.slug) ?? 0;
    await findProduct(tx, id, shop.settings);
  });
  return performance.now() - startedAt;
}

/** What adding a product was before there was search. */
async function withoutIndex(shop: Shop, tx: Transaction, products: NamedProduct[]): Promise<Map<string, number>> {
  const now = shop.now().toISOString();
  const records = products.map(({ price = 0, stock: _, options: _none, ...product }) => ({
    ...product,
    created_at: now,
    name_key: fold(product.name),
    price_minor: toMinor(price, shop.settings),
  }));
  const ids = await insertProducts(tx, records);
  await openStock(
    tx,
    [...ids.values()].map((id) => ({ id, stock: 100 })),
    now,
  );
  return ids;
}

async function someProducts(): Promise<NamedProduct[]> {
  const products: NamedProduct[] = [];
  for await (const line of readLines(PRODUCTS)) {
    if (products.length === WRITES) break;
    const product = line.trim() === "" ? undefined : NewProduct.parse(JSON.parse(line));
    if (product && isNamed(product)) products.push(product);
  }
  return products;
}
