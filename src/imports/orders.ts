import { insertAccounts, findAccountIds } from "../accounts/queries";
import { addProducts } from "../catalog/create";
import { findIdsByCode } from "../catalog/id-queries";
import { findProductBySlug } from "../catalog/queries";
import type { NewProduct } from "../catalog/schema";
import { toMinor } from "../base/money";
import { backfillOrders } from "../orders/backfill";
import { countBuyers } from "../recommend/train/popularity";
import type { Shop } from "../shop/shop";
import { type InvoicedOrder, type InvoicedProduct, type Invoices, readInvoices, type RowFate } from "./invoices";

/** What an import did. `rows` counts every row of the file by what became of it. */
export interface OrdersReport {
  rows: Record<RowFate, number>;
  products: Imported;
  customers: Imported;
  orders: Imported;
  unreadable: { line: number; problem: string }[];
}

interface Imported {
  added: number;
  already_there: number;
}

/** How far an import has come, for a bar. */
export type ImportProgress = (step: "reading" | "writing", done: number, total: number) => void;

export interface OrdersOptions {
  /** What each new product has in stock. */
  stock: number;
  category: string;
  progress?: ImportProgress;
}

/** Small enough that other writers get their turn, and that being killed loses little. */
const ORDERS_PER_TRANSACTION = 250;
const ROWS_PER_TRANSACTION = 1_000;

/**
 * Takes in a file of invoices: products, customers and orders with their real dates and prices. What is there already
 * (by code, e-mail and invoice number) is left as it is, so a run that was killed is completed by the next one.
 */
export async function importOrders(shop: Shop, path: string, options: OrdersOptions): Promise<OrdersReport> {
  const { progress = () => {} } = options;
  const invoices = await readInvoices(path, {
    minorPerMajor: shop.settings.minorPerMajor,
    now: shop.now(),
    progress: (done, total) => progress("reading", done, total),
  });
  const productIds = await importProductsOf(shop, invoices, options);
  const customerIds = await importCustomersOf(shop, invoices);
  let added = 0;
  let done = 0;
  const orders = [...invoices.orders.values()];
  for (const batch of batches(orders, ORDERS_PER_TRANSACTION)) {
    added += await writeOrders(shop, batch, productIds.ids, customerIds.ids);
    progress("writing", (done += batch.length), orders.length);
    // Others who share this process, or wait for the database, get their turn.
    await Bun.sleep(0);
  }
  if (added > 0) await countBuyers(shop);
  return {
    rows: invoices.rows,
    products: productIds.imported,
    customers: customerIds.imported,
    orders: { added, already_there: orders.length - added },
    unreadable: invoices.unreadable,
  };
}

interface Ids {
  ids: Map<string, number>;
  imported: Imported;
}

async function importProductsOf(shop: Shop, { products }: Invoices, { stock, category }: OrdersOptions): Promise<Ids> {
  const ids = await findIdsByCode(shop.database);
  const missing = [...products.values()].filter(({ code }) => !ids.has(code));
  let added = 0;
  for (const batch of batches(missing, ROWS_PER_TRANSACTION)) {
    const bySlug = await shop.database.transaction((tx) =>
      addProducts(
        shop,
        tx,
        batch.map((product) => newProduct(product, stock, category)),
      ),
    );
    added += bySlug.size;
    for (const product of batch) {
      // A slug that is taken is this product's too: it was imported before and has lost its code meanwhile.
      const id =
        bySlug.get(slugOf(product)) ?? (await findProductBySlug(shop.database, slugOf(product), shop.settings))?.id;
      if (id !== undefined) ids.set(product.code, id);
    }
  }
  return { ids, imported: { added, already_there: products.size - added } };
}

function newProduct(product: InvoicedProduct, stock: number, category: string): NewProduct & { created_at: string } {
  return {
    slug: slugOf(product),
    name: product.name.slice(0, 500).toWellFormed(),
    category,
    price: product.price,
    stock,
    attributes: { code: product.code },
    created_at: product.firstSoldAt,
  };
}

/** `white-hanging-heart-t-light-holder-85123a` */
function slugOf({ name, code }: InvoicedProduct): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  return `${words.slice(0, 150)}-${code.toLowerCase()}`.replace(/^-+/, "").replaceAll(/-{2,}/g, "-");
}

async function importCustomersOf(shop: Shop, { customers }: Invoices): Promise<Ids> {
  const emails = new Map([...customers.keys()].map((id) => [emailOf(id), id]));
  let added = 0;
  for (const batch of batches([...customers.values()], ROWS_PER_TRANSACTION)) {
    const accounts = batch.map(({ id, country, firstOrderAt }) => ({
      full_name: `Customer ${id}`,
      email: emailOf(id),
      phone: "-",
      // Without a password nobody can sign in as them until one is set.
      password_hash: null,
      is_admin: false,
      preferences: { country },
      created_at: firstOrderAt,
    }));
    added += (await shop.database.transaction((tx) => insertAccounts(tx, accounts))).size;
  }
  const ids = new Map<string, number>();
  for (const [email, id] of await findAccountIds(shop.database, "@imported.invalid")) {
    const customer = emails.get(email);
    if (customer !== undefined) ids.set(customer, id);
  }
  return { ids, imported: { added, already_there: customers.size - added } };
}

const emailOf = (customer: string): string => `${customer.toLowerCase()}@imported.invalid`;

/** Returns how many of the orders were new. */
async function writeOrders(
  shop: Shop,
  orders: readonly InvoicedOrder[],
  productIds: Map<string, number>,
  customerIds: Map<string, number>,
): Promise<number> {
  const records = orders.map(({ invoice, customer, placedAt, country, lines }) => ({
    source: `invoice:${invoice}`,
    user_id: idOf(customerIds, customer),
    placed_at: new Date(placedAt),
    lines: lines.map(({ code, qty, price }) => ({
      product_id: idOf(productIds, code),
      qty,
      price_minor: toMinor(price, shop.settings),
    })),
    payment_method: null,
    address: null,
    metadata: { invoice, country },
    standing: "delivered" as const,
    is_ours: false,
  }));
  return (await shop.database.transaction((tx) => backfillOrders(shop, tx, records))).size;
}

function idOf(ids: Map<string, number>, key: string): number {
  const id = ids.get(key);
  if (id === undefined) throw new Error("An order names something that was not imported before it.");
  return id;
}

function* batches<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
