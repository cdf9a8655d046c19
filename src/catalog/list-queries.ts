import { COUNTED_MOST, type Listed, type Page, placeIn } from "../base/page";
import type { Reader, Value } from "../storage/database";
import { after, type Condition, countOf, countUpTo, listOf } from "../storage/sql";
import type { ProductCondition, Source } from "./filters";
import { COLUMNS, type Currency, type ProductRow, toProduct, type VersionedProduct } from "./queries";
import type { sorts } from "./schema";

/** An order that a list may be asked for in. Rows that are alike in it follow by id, in the same direction: an index has both. */
interface Order {
  /** What it goes by, and what that is; undefined for the id alone. */
  key?: { sql: string; part: "text" | "amount" };
  descending?: boolean;
  /** Whether an index by category, and one by price, gives this order too. */
  looksUp: { category: boolean; price: boolean };
}

const orders: Record<(typeof sorts)[number] | "default", Order> = {
  default: { looksUp: { category: true, price: false } },
  newest: { key: { sql: "p.created_at", part: "text" }, descending: true, looksUp: { category: false, price: false } },
  name: { key: { sql: "p.name_key", part: "text" }, looksUp: { category: false, price: false } },
  price_asc: { key: { sql: "p.price_minor", part: "amount" }, looksUp: { category: true, price: true } },
  price_desc: {
    key: { sql: "p.price_minor", part: "amount" },
    descending: true,
    looksUp: { category: true, price: true },
  },
  popular: {
    key: { sql: "s.popularity", part: "amount" },
    descending: true,
    looksUp: { category: false, price: false },
  },
};

/** SQL for the same order over `products p JOIN stock s`. */
export function orderBy(sort: (typeof sorts)[number] | undefined): string {
  const { key, descending = false } = orders[sort ?? "default"];
  return [...(key ? [key.sql] : []), "p.id"].map((column) => `${column}${descending ? " DESC" : ""}`).join();
}

/** So few are all looked at; of more, a list is walked through in its order until a page is full. */
const FEW = 1_000;

/** One page of the products that fit, and how many fit in all. */
export async function listProducts(
  reader: Reader,
  condition: ProductCondition,
  sort: (typeof sorts)[number] | undefined,
  page: Page,
  currency: Currency,
): Promise<Listed<VersionedProduct>> {
  const order = orders[sort ?? "default"];
  placeIn(page, order.key ? [order.key.part, "id"] : ["id"]);
  const narrowest = await findNarrowest(reader, condition);
  const rows = await findPage(reader, condition, order, page, narrowest);
  const last = rows.length === page.limit ? rows.at(-1) : undefined;
  return {
    items: rows.map((row) => toProduct(row, currency)),
    ...(await countListed(reader, condition, narrowest)),
    ...(last && { next: last.sort_key === undefined ? [last.id] : [last.sort_key, last.id] }),
  };
}

/** The source that finds least, and how much that is, as far as totals are counted. */
interface Narrowest {
  source: Source;
  found: Total;
}

async function findNarrowest(reader: Reader, { sources }: ProductCondition): Promise<Narrowest | undefined> {
  let narrowest: Narrowest | undefined;
  for (const source of sources) {
    const found = await countUpTo(reader, source.sql(0), source.values);
    if (!narrowest || found.total < narrowest.found.total) narrowest = { source, found };
  }
  return narrowest;
}

async function findPage(
  reader: Reader,
  condition: ProductCondition,
  { key, descending = false, looksUp }: Order,
  { limit, offset, after: place }: Page,
  narrowest: Narrowest | undefined,
): Promise<(ProductRow & { sort_key?: string | number })[]> {
  const values: Value[] = [...condition.values];
  const parameter = (value: Value) => `$${values.push(value)}`;
  const byStock = key?.sql.startsWith("s.") ?? false;
  // The order of the tables is the order in which SQLite goes through them.
  const tables: string[] = [];
  const parts: string[] = [];
  let id = "p.id";
  if (narrowest && narrowest.found.total <= FEW) {
    tables.push(`(SELECT DISTINCT id FROM (${narrowest.source.sql(values.length)}) AS found) AS few`, "products p");
    values.push(...narrowest.source.values);
    parts.push("p.id = few.id", condition.sql);
    if (byStock) {
      tables.push("stock s");
      parts.push("s.product_id = p.id");
    }
  } else if (byStock) {
    tables.push("stock s", "products p");
    parts.push("p.id = s.product_id", condition.walking(looksUp));
    id = "s.product_id";
  } else {
    tables.push("products p");
    parts.push(condition.walking(looksUp));
  }
  if (place) parts.push(after(key ? [key.sql, id] : [id], place.map(parameter), descending));
  const direction = descending ? "DESC" : "ASC";
  const page = `SELECT p.id${key ? `, ${key.sql} AS sort_key` : ""} FROM ${tables.join(" CROSS JOIN ")}
    WHERE ${parts.join(" AND ")} ORDER BY ${key ? `${key.sql} ${direction}, ` : ""}${id} ${direction}
    LIMIT ${parameter(limit)} OFFSET ${parameter(offset)}`;
  return reader.all(
    `SELECT ${COLUMNS}${key ? ", page.sort_key" : ""} FROM (${page}) AS page CROSS JOIN products p CROSS JOIN stock s
     WHERE p.id = page.id AND s.product_id = p.id ORDER BY ${key ? `page.sort_key ${direction}, ` : ""}page.id ${direction}`,
    values,
  );
}

/**
 * SQL for columns of what fits, as far as totals are counted: all of it where an index narrows it down so far, and
 * otherwise the newest.
 */
export async function findFitting(reader: Reader, condition: ProductCondition, columns: string): Promise<Condition> {
  const { values } = condition;
  const narrowest = await findNarrowest(reader, condition);
  if (narrowest && !narrowest.found.total_is_at_least) {
    const few = `(SELECT DISTINCT id FROM (${narrowest.source.sql(values.length)}) AS found) AS few`;
    return {
      sql: `SELECT ${columns} FROM ${few} CROSS JOIN products p WHERE p.id = few.id AND ${condition.sql}`,
      values: [...values, ...narrowest.source.values],
    };
  }
  const walking = condition.walking(orders.default.looksUp);
  return { sql: `SELECT ${columns} FROM products p WHERE ${walking} ORDER BY p.id DESC LIMIT ${COUNTED_MOST}`, values };
}

type Total = Pick<Listed<unknown>, "total" | "total_is_at_least">;

/** How many fit: exactly where that is known or soon counted, and otherwise up to a bound. */
async function countListed(
  reader: Reader,
  condition: ProductCondition,
  narrowest: Narrowest | undefined,
): Promise<Total> {
  const { values, categories, isInStockAlone, isWhole } = condition;
  if (isWhole) return { total: await countCatalog(reader, categories) };
  if (isInStockAlone) {
    const soldOut = await countUpTo(reader, LISTED_SOLD_OUT);
    if (!soldOut.total_is_at_least) return { total: (await countCatalog(reader)) - soldOut.total };
  }
  if (narrowest?.source.isExact) return narrowest.found;
  if (!narrowest || narrowest.found.total_is_at_least) {
    return countUpTo(reader, `SELECT p.id FROM products p WHERE ${condition.sql}`, values);
  }
  const few = `SELECT DISTINCT id FROM (${narrowest.source.sql(values.length)}) AS found`;
  return countUpTo(
    reader,
    `SELECT p.id FROM (${few}) AS few CROSS JOIN products p WHERE p.id = few.id AND ${condition.sql}`,
    [...values, ...narrowest.source.values],
  );
}

const LISTED_SOLD_OUT = `SELECT p.id FROM sold_out o CROSS JOIN products p
  WHERE p.id = o.product_id AND p.deleted_at IS NULL AND p.parent_id IS NULL`;

/** How many products are listed, in these categories or in all. */
export async function countCatalog(reader: Reader, categories?: readonly string[]): Promise<number> {
  const counts = "SELECT COALESCE(SUM(products), 0) FROM category_counts";
  if (!categories) return countOf(reader, counts);
  const among = listOf([...new Set(categories)]);
  return countOf(reader, `${counts} WHERE category IN ${among.sql}`, among.values);
}
