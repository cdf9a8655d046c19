import { emailKey, isEmail, plainEmail } from "../../base/email";
import { toMinor } from "../../base/money";
import { wordKey } from "../../base/text";
import { ShopError } from "../../base/errors";
import { NewAddress } from "../../accounts/schema";
import { wholeAddress } from "../../orders/care";
import { findIdsOfEmails, insertAccounts } from "../../accounts/queries";
import { nameKey } from "../../catalog/catalog";
import { addProducts } from "../../catalog/create";
import { findIdsByCode, findIdsByNames } from "../../catalog/id-queries";
import { findMatches } from "../../catalog/match-queries";
import { findProductBySlug } from "../../catalog/queries";
import type { AddedProduct } from "../../catalog/create";
import { backfillOrders, findSources } from "../../orders/backfill";
import { countBuyers } from "../../recommend/train/popularity";
import type { Shop } from "../../shop/shop";
import { fileSource, type Source } from "../source";
import { customersOf, joined, keyOfLine, productsOf, type SoldCustomer, type SoldProduct } from "./goods";
import { extrasOf } from "./price";
import { type Reading, readOrders } from "./read";
import type { SoldOrder } from "./sold";
import type { RowFate } from "./fates";
import type { DateOrder } from "./dates";

/** What an import did. `rows` counts every row of the file by what became of it. */
export interface OrdersReport {
  /** Whose export it is; null where it is a table like any. */
  program: string | null;
  /** In which order its dates were read; null where none needed to be. */
  dates: DateOrder | null;
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

export interface OrdersOptions extends Partial<
  Pick<Reading, "timeZone" | "dates" | "decimal" | "encoding" | "map" | "codes">
> {
  /** What each new product has in stock. */
  stock: number;
  category: string;
  /** Says what would be done, and does nothing. */
  dryRun?: boolean;
  progress?: ImportProgress;
}

/** Small enough that other writers get their turn, and that being killed loses little. */
const ORDERS_PER_TRANSACTION = 250;
const ROWS_PER_TRANSACTION = 1_000;
const PRODUCTS_PER_TRANSACTION = 150;

/**
 * Takes in a table of orders with a row for each line: products, customers and orders with their real dates and prices. What
 * is there already (by code, e-mail and order number) is left as it is, so a run that was killed is completed by the next one.
 * Throws `invalid` for what is no such file, and for one of which nothing is an order.
 */
export async function importOrders(shop: Shop, from: string | Source, options: OrdersOptions): Promise<OrdersReport> {
  const source = typeof from === "string" ? await fileSource(from) : from;
  const { progress = () => {}, stock: _, category: _none, dryRun = false, ...reading } = options;
  const read = await readOrders(source, {
    ...reading,
    timeZone: options.timeZone ?? shop.settings.timeZone,
    minorPerMajor: shop.settings.minorPerMajor,
    now: shop.now(),
    progress: (done, total) => progress("reading", done, total),
  });
  if (read.orders.size === 0) throw nothingTaken(source.name, read.rows);
  // What belongs to orders that are there is left alone with them.
  const fresh = await withoutKnown(shop, read.orders);
  const products = await productsIn(shop, productsOf(fresh), options, dryRun);
  const customers = await customersIn(shop, customersOf(fresh), dryRun);
  let added = dryRun ? fresh.size : 0;
  let done = 0;
  for (const batch of dryRun ? [] : batches([...fresh.values()], ORDERS_PER_TRANSACTION)) {
    added += await writeOrders(shop, batch, products.ids, customers.ids);
    progress("writing", (done += batch.length), fresh.size);
    // Others who share this process, or wait for the database, get their turn.
    await Bun.sleep(0);
  }
  if (added > 0 && !dryRun) await countBuyers(shop);
  return {
    program: read.program ?? null,
    dates: read.dates === "ymd" ? null : (read.dates ?? null),
    rows: read.rows,
    products: countsOf(productsOf(read.orders).size, products.added),
    customers: countsOf(customersOf(read.orders).size, customers.added),
    orders: countsOf(read.orders.size, added),
    unreadable: read.unreadable,
  };
}

/** A run that adds nothing of a whole file has not done what was asked of it. */
function nothingTaken(name: string, rows: Record<RowFate, number>): ShopError {
  const counts = Object.entries(rows).filter(([, count]) => count > 0);
  return new ShopError("invalid", `Not one order of ${name} can be taken in. Nothing was changed.`, {
    errors: counts.map(([fate, count]) => ({ path: `${count} rows`, message: fate.replaceAll("_", " "), code: fate })),
  });
}

const countsOf = (all: number, added: number): Imported => ({ added, already_there: all - added });

interface Ids {
  ids: Map<string, number>;
  added: number;
}

async function withoutKnown(shop: Shop, orders: ReadonlyMap<string, SoldOrder>): Promise<Map<string, SoldOrder>> {
  const fresh = new Map(orders);
  for (const batch of batches([...orders], ROWS_PER_TRANSACTION)) {
    const known = await findSources(
      shop.database,
      batch.map(([, order]) => sourceOf(order)),
    );
    for (const [number, order] of batch) if (known.has(sourceOf(order))) fresh.delete(number);
  }
  return fresh;
}

async function productsIn(
  shop: Shop,
  products: ReadonlyMap<string, SoldProduct>,
  { stock, category }: OrdersOptions,
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

async function customersIn(shop: Shop, customers: ReadonlyMap<string, SoldCustomer>, dryRun: boolean): Promise<Ids> {
  const ids = new Map<string, number>();
  let added = 0;
  for (const batch of batches([...customers.values()], ROWS_PER_TRANSACTION)) {
    const accounts = batch.map((customer) => ({
      full_name: shortened(customer.name, 200) ?? (isEmail(customer.id) ? customer.id : `Customer ${customer.id}`),
      email: emailOf(customer.id),
      phone: shortened(customer.phone, 40) ?? "-",
      // Without a password a customer can't sign in until one is set.
      password_hash: null,
      is_admin: false,
      preferences: customer.country === "" ? {} : { country: customer.country },
      created_at: customer.firstOrderAt,
    }));
    const inserted = dryRun ? undefined : await shop.database.transaction((tx) => insertAccounts(tx, accounts));
    const known = await findIdsOfEmails(
      shop.database,
      accounts.map(({ email }) => email),
    );
    added += inserted?.size ?? batch.length - known.size;
    for (const { id } of batch) {
      const account = known.get(emailKey(emailOf(id)));
      if (account !== undefined) ids.set(id, account);
    }
  }
  return { ids, added };
}

const shortened = (text: string | undefined, longest: number) => text?.slice(0, longest).toWellFormed();

/** The account of an e-mail is whose it is. A customer who is only a number there gets an address that no mail reaches. */
const emailOf = (customer: string): string =>
  isEmail(customer) ? plainEmail(customer) : `${customer.toLowerCase()}@imported.invalid`;

const sourceOf = ({ order, about }: SoldOrder) => about.source ?? `invoice:${order}`;

/** Returns how many of the orders were new. */
async function writeOrders(
  shop: Shop,
  orders: readonly SoldOrder[],
  productIds: Map<string, number>,
  customerIds: Map<string, number>,
): Promise<number> {
  const { settings } = shop;
  const records = orders.map((order) => {
    const { customer, placedAt, lines, about } = order;
    const user_id = idOf(customerIds, customer);
    return {
      source: sourceOf(order),
      user_id,
      placed_at: new Date(placedAt),
      lines: lines.map((line) => ({
        product_id: idOf(productIds, keyOfLine(line)),
        qty: line.qty,
        price_minor: toMinor(line.price, settings),
      })),
      ...extrasOf(order, settings.minorPerMajor),
      payment_method: null,
      address: addressOf(shop, user_id, about),
      metadata: metadataOf(order),
      customer_note: about.note?.slice(0, 1_000).toWellFormed() ?? null,
      standing: "delivered" as const,
      is_ours: false,
    };
  });
  return (await shop.database.transaction((tx) => backfillOrders(shop, tx, records))).size;
}

function metadataOf({ order, about: { country, payment_method, coupon, currency } }: SoldOrder): object {
  const said = { invoice: order, country: country ?? "", payment_method, coupon, currency };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

/** Where it went, as far as the shop can write that down. */
function addressOf({ settings }: Shop, userId: number, about: SoldOrder["about"]) {
  const read = NewAddress.safeParse({
    label: "Delivery",
    address_line: joined(about.address_line, about.address_line_2),
    city: about.city,
    state: about.state,
    pincode: about.pincode?.replace(/^'/, ""),
    country: about.country,
    full_name: about.recipient ?? joined(about.recipient_first, about.recipient_last),
    phone: about.phone?.replace(/^'/, ""),
  });
  return read.success ? wholeAddress(settings, userId, read.data) : null;
}

function idOf(ids: Map<string, number>, key: string): number {
  const id = ids.get(key);
  if (id === undefined) throw new Error("An order names something that was not imported before it.");
  return id;
}

function* batches<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
