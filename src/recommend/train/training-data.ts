import { listLabels } from "../../catalog/for-sale";
import { largestOrderId, listNewestOrderMoments, listPurchases } from "../../orders/purchases";
import type { Reader } from "../../storage/database";
import { featuresOf } from "../model/features";
import type { Pairs } from "../model/purchases";
import { pairsFrom, type Purchases } from "../model/split";
import { DAY_MS } from "../../base/time";
import type { Baskets } from "../model/together";

/** The shop's orders as numbers. Rows and columns stand for the ids beside them. */
export interface TrainingData {
  /** Line by line, as they were bought. */
  readonly purchases: Purchases;
  readonly pairs: Pairs;
  readonly userIds: Int32Array;
  /** Rising: everything in the catalog, and everything ever bought. */
  readonly productIds: Int32Array;
  /** What each product is: `category:Tea`, `brand:Amber`. None for what has left the catalog. */
  readonly featuresOfProduct: readonly (readonly string[])[];
  /** The orders, a row each, and the products in them. */
  readonly orders: Baskets;
}

/** Orders that are read at once: a page of them is all that is held beside the numbers. */
const ORDERS_PER_PAGE = 2_000;
const PRODUCTS_PER_PAGE = 10_000;

/**
 * Reads every order of the shop that was placed by a moment, page by page, so that a million of them need little memory. What
 * claims to have been placed later can't be: one mistyped year must not make all the rest old.
 */
export async function readTrainingData(
  reader: Reader,
  progress: (done: number, total: number) => void | Promise<void>,
  asOf: string,
): Promise<TrainingData> {
  const customers = growingColumn(Int32Array);
  const products = growingColumn(Int32Array);
  const days = growingColumn(Float64Array);
  const orderStarts = growingColumn(Int32Array);
  let lastOrder = 0;
  let day = 0;
  const last = await largestOrderId(reader);
  for (let after = 0; after < last; after += ORDERS_PER_PAGE) {
    for (const line of await listPurchases(reader, { after, upTo: after + ORDERS_PER_PAGE })) {
      if (line.placed_at > asOf) continue;
      if (line.order_id !== lastOrder) {
        lastOrder = line.order_id;
        day = Date.parse(line.placed_at) / DAY_MS;
        orderStarts.add(customers.values().length);
      }
      customers.add(line.user_id);
      products.add(line.product_id);
      days.add(day);
    }
    await progress(Math.min(after + ORDERS_PER_PAGE, last), last);
  }
  const userIds = distinct([customers.values()]);
  const catalog = await readFeatures(reader);
  const productIds = distinct([products.values(), catalog.keys()]);
  const productRows = placesIn(productIds, products.values());
  const customerRows = placesIn(userIds, customers.values());
  const purchases = {
    customerCount: userIds.length,
    productCount: productIds.length,
    customers: customerRows,
    products: productRows,
    days: days.values(),
  };
  const orders = {
    rows: orderStarts.values().length,
    columns: productIds.length,
    starts: Uint32Array.from([...orderStarts.values(), productRows.length]),
    indices: productRows,
    weights: new Float32Array(productRows.length).fill(1),
    customers: orderStarts.values().map((start) => customerRows[start] ?? 0),
  };
  const featuresOfProduct = Array.from(productIds, (id) => catalog.get(id) ?? []);
  return { purchases, pairs: pairsFrom(purchases), userIds, productIds, featuresOfProduct, orders };
}

/** Of the newest orders so many are looked at, and so few may be mistaken. */
const MOMENTS_LOOKED_AT = 30;
const MISTAKEN_MOST = 9;
/** An order that comes so long after all others, and so many times longer than they take between them, has a mistyped date. */
const LONELY_DAYS = 60;
const LONELY_GAPS = 20;

/**
 * Up to when orders are believed: now, or the moment asked for; earlier where a few orders stand far behind all others, for
 * ages count back from the newest and one mistyped year would make all the rest old.
 */
export async function lastMoment(reader: Reader, now: string, asOf: string | undefined): Promise<string> {
  const upTo = asOf !== undefined && asOf < now ? asOf : now;
  const moments = await listNewestOrderMoments(reader, upTo, MOMENTS_LOOKED_AT);
  const days = moments.map((moment) => Date.parse(moment) / DAY_MS);
  const gaps = days.slice(1).map((day, at) => (days[at] ?? day) - day);
  for (let at = Math.min(MISTAKEN_MOST, gaps.length - 1) - 1; at >= 0; at--) {
    const usual = median(gaps.slice(at + 1));
    const gap = gaps[at] ?? 0;
    if (gap > LONELY_DAYS && gap > LONELY_GAPS * usual) return moments[at + 1] ?? upTo;
  }
  return upTo;
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

async function readFeatures(reader: Reader): Promise<Map<number, string[]>> {
  const features = new Map<number, string[]>();
  for (let after = 0; ;) {
    const page = await listLabels(reader, after, PRODUCTS_PER_PAGE);
    for (const product of page) features.set(product.id, featuresOf(product));
    const last = page.at(-1);
    if (last === undefined || page.length < PRODUCTS_PER_PAGE) return features;
    after = last.id;
  }
}

type Column = Int32Array | Float64Array;

/** Numbers without the sixteen bytes that each would cost in an array of anything. */
function growingColumn<Kind extends Column>(Kind: new (length: number) => Kind) {
  let values = new Kind(1_024);
  let length = 0;
  return {
    add(value: number): void {
      if (length === values.length) {
        const larger = new Kind(2 * length);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    // A part of an array is an array of the same kind.
    values: () => values.subarray(0, length) as Kind,
  };
}

/** Every id once, rising. */
function distinct(columns: readonly Iterable<number>[]): Int32Array {
  const ids = new Set<number>();
  for (const column of columns) for (const id of column) ids.add(id);
  return Int32Array.from(ids).sort();
}

function placesIn(ids: Int32Array, column: Int32Array): Uint32Array {
  const places = new Map(Array.from(ids, (id, place) => [id, place]));
  return Uint32Array.from(column, (id) => places.get(id) ?? 0);
}
