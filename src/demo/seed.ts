import { listFirstAddresses } from "../accounts/addresses";
import { listAccounts } from "../accounts/queries";
import { listCategories } from "../catalog/category-queries";
import { ShopError } from "../base/errors";
import { countBuyers } from "../recommend/train/popularity";
import type { Shop } from "../shop/shop";
import { assortment, HAND_WRITTEN } from "./assortment";
import { firstDay } from "./calendar";
import { ordersOfTheYear } from "./orders";
import { writeDemoAccounts } from "./write-accounts";
import { writeDemoOrders } from "./write-orders";
import { writeDemoProducts } from "./write-products";
import { writeDemoVariants } from "./write-variants";
import { writeDemoSynonyms } from "./write-synonyms";

export const demoSize = { seed: 1, products: HAND_WRITTEN, customers: 800, orders: 10_000 };

type Step = "products" | "customers" | "orders";

export interface SeedOptions {
  seed: number;
  products: number;
  customers: number;
  orders: number;
  /** Also into a shop that is not empty. */
  yes: boolean;
  /** Whether packs are variants of one product, in some kinds of things. */
  variants?: boolean;
  progress?: (step: Step, done: number, total: number) => void;
}

interface Seeded {
  added: number;
  already_there: number;
}

export interface SeedReport {
  products: Seeded;
  customers: Seeded;
  orders: Seeded;
  /** Lines of the orders that were added. */
  order_lines: number;
}

/**
 * Fills the shop with a demo assortment, customers and the orders of the year that ends now. The same seed makes the
 * same shop on the same day. What is there already (products by slug, customers by e-mail, orders by number and seed) is left as it is, so
 * seeding twice doubles nothing and a run that was killed is completed by the next one.
 * Throws `forbidden` in production, and `conflict` when the shop is not empty and `yes` was not given.
 */
export async function seedShop(shop: Shop, options: SeedOptions): Promise<SeedReport> {
  refuseProduction(shop);
  if (!options.yes && !(await isEmpty(shop))) {
    throw new ShopError("conflict", "The shop is not empty. With --yes the demo data is added to what is there.");
  }
  const { seed, customers } = options;
  const until = shop.now();
  const start = firstDay(until);
  const items = assortment(options.products);
  const progress = (step: Step, total: number) => (done: number) => options.progress?.(step, done, total);
  const products = await writeDemoProducts(shop, { seed, items, start, progress: progress("products", items.length) });
  if (options.variants) await writeDemoVariants(shop, { items, ids: products.ids });
  await writeDemoSynonyms(shop);
  const accounts = await writeDemoAccounts(shop, {
    seed,
    customers,
    start,
    progress: progress("customers", customers),
  });
  const written = await writeDemoOrders(shop, {
    orders: ordersOfTheYear({ seed, items, customers, orders: options.orders, until }),
    seed,
    prices: items.map((item) => item.price),
    productIds: products.ids,
    customerIds: accounts.ids,
    addresses: await listFirstAddresses(shop),
    progress: progress("orders", options.orders),
  });
  if (written.orders > 0) await countBuyers(shop);
  return {
    products: counted(products.added, options.products),
    customers: counted(accounts.added, customers),
    orders: counted(written.orders, options.orders),
    order_lines: written.lines,
  };
}

/** Throws `forbidden` in production: everybody knows the passwords of the demo. */
export function refuseProduction({ settings }: Shop): void {
  if (!settings.production) return;
  throw new ShopError(
    "forbidden",
    "This is a production shop: it takes no demo data, whose passwords everybody knows.",
  );
}

/** Whether there is nothing in the shop that seeding could mix with. */
export async function isEmpty({ database }: Shop): Promise<boolean> {
  const { total } = await listAccounts(database, { limit: 1, offset: 0 });
  return total === 0 && (await listCategories(database)).length === 0;
}

function counted(added: number, all: number): Seeded {
  return { added, already_there: all - added };
}
