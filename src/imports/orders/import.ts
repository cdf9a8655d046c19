import { batches } from "../../base/batches";
import { ShopError } from "../../base/errors";
import { findSources } from "../../orders/backfill";
import { countBuyers } from "../../recommend/train/popularity";
import type { Shop } from "../../shop/shop";
import { fileSource, type Source } from "../source";
import { customersOf, productsOf, ROWS_PER_TRANSACTION } from "./goods";
import { firstProblems } from "../unreadable";
import { readOrders } from "./read";
import type { Reading } from "./order-reader";
import type { SoldOrder } from "./sold";
import type { RowFate } from "./fates";
import type { DateOrder } from "./dates";
import { addMissingProducts } from "./write-products";
import { addMissingCustomers } from "./write-customers";
import { ORDERS_PER_TRANSACTION, sourceOf, writeOrders } from "./write-orders";

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
  if (read.orders.size === 0) throw nothingTaken(source.name, read);
  // What belongs to orders that are there is left alone with them.
  const fresh = await withoutKnown(shop, read.orders);
  const products = await addMissingProducts(shop, productsOf(fresh), options, dryRun);
  const customers = await addMissingCustomers(shop, customersOf(fresh), dryRun);
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
function nothingTaken(
  name: string,
  { rows, unreadable }: { rows: Record<RowFate, number>; unreadable: readonly { line: number; problem: string }[] },
): ShopError {
  const counts = Object.entries(rows).filter(([, count]) => count > 0);
  return new ShopError("invalid", `Not one order of ${name} can be taken in. Nothing was changed.`, {
    errors: [
      ...counts.map(([fate, count]) => ({ path: `${count} rows`, message: fate.replaceAll("_", " "), code: fate })),
      ...firstProblems(unreadable),
    ],
  });
}

const countsOf = (all: number, added: number): Imported => ({ added, already_there: all - added });

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
