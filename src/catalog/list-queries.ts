import { COUNTED_MOST, type Listed, type Page, placeIn } from "../base/page";
import type { Reader, Value } from "../storage/database";
import { after, byIndex, type Condition, countOf, countUpTo, jsonList, listOf } from "../storage/sql";
import type { ProductCondition } from "./filters";
import type { Source } from "./filter-sources";
import { COLUMNS, type Currency, type ProductRow, toProduct, type VersionedProduct } from "./queries";
import type { sorts } from "./filter-schema";

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
  const isFew = narrowest !== undefined && narrowest.found.total <= FEW;
  const tested = isFew ? besides(condition, narrowest.source) : condition;
  const values: Value[] = [...tested.values];
  const parameter = (value: Value) => `$${values.push(value)}`;
  const byStock = key?.sql.startsWith("s.") ?? false;
  // The order of the tables is the order in which SQLite goes through them.
  const tables: string[] = [];
  const parts: string[] = [];
  let id = "p.id";
  if (isFew) {
    tables.push(`(${eachOnce(narrowest.source, values.length)}) AS few`, "products p");
    values.push(...narrowest.source.values);
    parts.push("p.id = few.id", tested.sql);
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

/** What is still to be tested of what a source finds. */
const besides = (condition: ProductCondition, source: Source): ProductCondition =>
  condition.found?.words === source ? condition.found.condition : condition;

const eachOnce = ({ sql, repeats }: Source, before: number): string =>
  repeats ? `SELECT DISTINCT id FROM (${sql(before)}) AS found` : sql(before);

/** SQL for columns, which `products_listed` has, of what of a condition's products a source leads to. */
function from(reader: Reader, source: Source, condition: ProductCondition, columns: string): Condition {
  if (source.isImplied && !condition.found) return listed(condition, columns);
  const tested = besides(condition, source);
  const index = tested.isNarrow ? byIndex(reader.engine, "products_listed") : "";
  return {
    sql: `SELECT ${columns} FROM (${eachOnce(source, tested.values.length)}) AS few CROSS JOIN products p ${index}
      WHERE p.id = few.id AND ${tested.sql}`,
    values: [...tested.values, ...source.values],
  };
}

/** SQL for the ids of what fits, where an index finds that it is few. */
export async function findFew(reader: Reader, condition: ProductCondition): Promise<Condition | undefined> {
  const narrowest = await findNarrowest(reader, condition);
  return narrowest && narrowest.found.total <= FEW ? from(reader, narrowest.source, condition, "p.id") : undefined;
}

/** Products that fit, and which version of each, place by place. */
export interface Fitting {
  ids: number[];
  versions: number[];
}

/** The products that fit, as far as totals are counted: all where there are no more, and otherwise the newest. */
export async function findFitting(reader: Reader, condition: ProductCondition): Promise<Fitting> {
  const { sql, values } = await fittingQuery(reader, condition);
  // As two texts: a row for each would cost several times as much.
  const list = (column: string) => `${jsonList(reader.engine, column)} AS ${column}s`;
  const row = await reader.first<{ ids: string | null; versions: string | null }>(
    `SELECT ${list("id")}, ${list("version")} FROM (${sql}) AS fitting`,
    values,
  );
  return { ids: numbers(row?.ids), versions: numbers(row?.versions) };
}

// The database made the text of numbers alone.
const numbers = (text: string | null | undefined) => (text ? (JSON.parse(text) as number[]) : []);

async function fittingQuery(reader: Reader, condition: ProductCondition): Promise<Condition> {
  const columns = "p.id, p.version";
  // Of words alone the newest are the answer, however many they are: counting them first would be a look more.
  const isFoundAlone = condition.found?.words.isExact === true;
  const narrowest = isFoundAlone ? undefined : await findNarrowest(reader, condition);
  if (narrowest && !narrowest.found.total_is_at_least) return from(reader, narrowest.source, condition, columns);
  const { found } = condition;
  const { walking, values } = found?.condition ?? condition;
  const where = walking(orders.default.looksUp);
  if (!found)
    return {
      sql: `SELECT ${columns} FROM products p WHERE ${where} ORDER BY p.id DESC LIMIT ${COUNTED_MOST}`,
      values,
    };
  // Of words, the index gives the products in the order of their ids.
  const index = found.condition.isNarrow ? byIndex(reader.engine, "products_listed") : "";
  return {
    sql: `SELECT ${columns} FROM (${found.words.sql(values.length)}) AS few CROSS JOIN products p ${index}
      WHERE p.id = few.id AND ${where} ORDER BY few.id DESC LIMIT ${COUNTED_MOST}`,
    values: [...values, ...found.words.values],
  };
}

type Total = Pick<Listed<unknown>, "total" | "total_is_at_least">;

/** How many fit: exactly where that is known or soon counted, and otherwise up to a bound. */
async function countListed(
  reader: Reader,
  condition: ProductCondition,
  narrowest: Narrowest | undefined,
): Promise<Total> {
  const { categories, isInStockAlone, isWhole } = condition;
  if (isWhole) return { total: await countCatalog(reader, categories) };
  if (isInStockAlone) {
    const soldOut = await countUpTo(reader, LISTED_SOLD_OUT);
    if (!soldOut.total_is_at_least) return { total: (await countCatalog(reader)) - soldOut.total };
  }
  if (narrowest?.source.isExact) return narrowest.found;
  const leading =
    narrowest && (narrowest.found.total_is_at_least !== true || narrowest.source.isAttribute)
      ? narrowest.source
      : condition.found?.words;
  const { sql, values } = leading ? from(reader, leading, condition, "p.id") : listed(condition, "p.id");
  return countUpTo(reader, sql, values);
}

const listed = ({ sql, values }: ProductCondition, columns: string): Condition => ({
  sql: `SELECT ${columns} FROM products p WHERE ${sql}`,
  values,
});

const LISTED_SOLD_OUT = `SELECT p.id FROM sold_out o CROSS JOIN products p
  WHERE p.id = o.product_id AND p.deleted_at IS NULL AND p.parent_id IS NULL`;

/** How many products are listed, in these categories or in all. */
export async function countCatalog(reader: Reader, categories?: readonly string[]): Promise<number> {
  const counts = "SELECT COALESCE(SUM(products), 0) FROM category_counts";
  if (!categories) return countOf(reader, counts);
  const among = listOf([...new Set(categories)]);
  return countOf(reader, `${counts} WHERE category IN ${among.sql}`, among.values);
}
