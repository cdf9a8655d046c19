import { toMinor } from "../base/money";
import type { Settings } from "../shop/settings";
import type { Engine, Reader, Value } from "../storage/database";
import { type Condition, jsonText, unindexed, listHasAny } from "../storage/sql";
import { findCategoryFamily } from "./category-queries";
import type { ProductFilter } from "./filter-schema";
import { type Source, LONGEST_INDEXED_VALUE, sourcesOf, sourcesMiss, valuesIn } from "./filter-sources";

/** A condition on `products p`. */
export interface ProductCondition extends Condition {
  /** The same for a walk through the products in an order of their own, which looks nothing up by these columns. */
  walking: (looksUp: { category: boolean; price: boolean }) => string;
  /** Each finds all that fits one part of the condition by an index, and perhaps more. */
  sources: readonly Source[];
  /** What the category alone leaves, by name; undefined where any will do. */
  categories: readonly string[] | undefined;
  /** Whether the only question is what can be bought now. */
  isInStockAlone: boolean;
  /** Whether nothing is asked but the category, if even that. */
  isWhole: boolean;
  /** Whether it asks of a product nothing but what the index `products_listed` has. */
  isNarrow: boolean;
  /** Where products were also found by words: which, and the condition without them. */
  found?: { words: Source; condition: ProductCondition };
}

const LISTED = "p.deleted_at IS NULL AND p.parent_id IS NULL";

/** The filter that a query asks for, with its `attr.<name>`. */
export const filterOf = (query: Omit<ProductFilter, "attributes">): ProductFilter => ({
  ...query,
  attributes: attributeFilters(query),
});

/** What of a query's `attr.<name>` is asked for. */
function attributeFilters(query: object): Record<string, string> {
  const filters = Object.entries(query).filter(([key]) => key.startsWith("attr."));
  return Object.fromEntries(filters.map(([key, value]) => [key.slice("attr.".length), String(value)]));
}

/** Whether anything narrows the catalog down. */
export function isNarrow({ attributes = {}, ...filter }: ProductFilter): boolean {
  return (
    Object.keys(attributes).length > 0 ||
    [filter.category, filter.min_price, filter.max_price, filter.in_stock].some((value) => value !== undefined)
  );
}

/**
 * SQL for what fits: products of their own and products with variants, never variants themselves. Price, stock and
 * attributes hold for the product, or together for one of its variants.
 */
export async function conditionOf(
  reader: Reader,
  filter: ProductFilter,
  settings: Pick<Settings, "minorPerMajor">,
): Promise<ProductCondition> {
  const values: Value[] = [];
  const parameter = (value: Value) => `$${values.push(value)}`;
  const parts = [LISTED];
  let categories: string[] | undefined;
  if (filter.category !== undefined) {
    const families: string[][] = [];
    for (const name of valuesIn(filter.category)) families.push(await findCategoryFamily(reader, name));
    const names = [...new Set(families.flat())];
    categories = names;
    parts.push(
      names.length === 1
        ? `{category} = ${parameter(names[0] ?? "")}`
        : `{category} IN (${names.map(parameter).join()})`,
    );
  }
  const tests = testsOf(filter, settings, parameter);
  let isShared = false;
  if (tests.length > 0) {
    const own = tests.map((test) => test(OWN, reader.engine)).join(" AND ");
    isShared = await hasVariants(reader);
    parts.push(isShared ? orOneVariant(own, tests, reader.engine) : own);
  }
  const template = parts.join(" AND ");
  const sources = sourcesOf(filter, settings, { categories, isShared });
  const isExact = sources.length === 1 && !isShared && categories === undefined && filter.in_stock !== true;
  return {
    sql: spelled(template, "p.category", "p.price_minor"),
    walking: ({ category, price }) =>
      spelled(
        template,
        category ? "p.category" : unindexed(reader.engine, "p.category"),
        price ? "p.price_minor" : unindexed(reader.engine, "p.price_minor"),
      ),
    values,
    sources: sources.map((source) => ({ ...source, isExact })),
    categories,
    isInStockAlone: filter.in_stock === true && tests.length === 1 && categories === undefined,
    isWhole: tests.length === 0,
    isNarrow: !isShared && !sourcesMiss(filter),
  };
}

const spelled = (template: string, category: string, price: string): string =>
  template.replaceAll("{category}", category).replaceAll("{price}", price);

/** The same for what was also found by words. */
export function among(condition: ProductCondition, found: Pick<Source, "sql" | "values">): ProductCondition {
  const isAlone = condition.isWhole && condition.categories === undefined;
  const words: Source = { ...found, isExact: isAlone, repeats: false };
  const also = (sql: string) => `${sql} AND p.id IN (${words.sql(condition.values.length)})`;
  return {
    sql: also(condition.sql),
    walking: (looksUp) => also(condition.walking(looksUp)),
    values: [...condition.values, ...words.values],
    sources: [words, ...condition.sources.map((source) => ({ ...source, isExact: false }))],
    categories: condition.categories,
    isInStockAlone: false,
    isWhole: false,
    isNarrow: false,
    found: { words, condition },
  };
}

/** What a test is about: how the columns of one thing that can be bought are called. */
interface Bought {
  price: string;
  id: string;
  /** SQL: whether an attribute, or an element of it, is one of the wanted; `isIndexed` where product_attributes knows them. */
  has(engine: Engine, name: string, wanted: string, isIndexed: boolean): string;
}

const OWN: Bought = {
  price: "{price}",
  id: "p.id",
  has: (engine, name, wanted, isIndexed) =>
    isIndexed
      ? `EXISTS (SELECT 1 FROM product_attributes a WHERE a.name = ${name} AND a.value IN (${wanted}) AND a.product_id = p.id)`
      : hasAny(engine, jsonText(engine, "p.attributes", name), `p.attributes -> ${name}`, wanted),
};

/** A variant is what was chosen in it, then what it says itself, then what its parent says. */
const VARIANT: Bought = {
  price: "v.price_minor",
  id: "v.id",
  has(engine, name, wanted) {
    const columns = ["v.options", "v.attributes", "p.attributes"];
    const text = `COALESCE(${columns.map((column) => jsonText(engine, column, name)).join()})`;
    return hasAny(engine, text, `COALESCE(${columns.map((column) => `${column} -> ${name}`).join()})`, wanted);
  },
};

const hasAny = (engine: Engine, text: string, json: string, wanted: string): string =>
  `(${text} IN (${wanted}) OR ${listHasAny(engine, json, wanted)})`;

type Test = (bought: Bought, engine: Engine) => string;

function testsOf(
  { min_price, max_price, in_stock, attributes = {} }: ProductFilter,
  settings: Pick<Settings, "minorPerMajor">,
  parameter: (value: Value) => string,
): Test[] {
  const tests: Test[] = [];
  if (min_price !== undefined) {
    const least = parameter(toMinor(min_price, settings));
    tests.push(({ price }) => `${price} >= ${least}`);
  }
  if (max_price !== undefined) {
    const most = parameter(toMinor(max_price, settings));
    tests.push(({ price }) => `${price} <= ${most}`);
  }
  if (in_stock !== undefined) {
    tests.push(({ id }) => `${in_stock ? "NOT " : ""}EXISTS (SELECT 1 FROM sold_out WHERE product_id = ${id})`);
  }
  for (const [name, value] of Object.entries(attributes)) {
    const values = valuesIn(value);
    const isIndexed = values.every((text) => text.length <= LONGEST_INDEXED_VALUE);
    const wanted = values.map(parameter).join();
    const named = `CAST(${parameter(name)} AS TEXT)`;
    tests.push(({ has }, engine) => has(engine, named, wanted, isIndexed));
  }
  return tests;
}

/** The price and the stock of a parent are those of several variants, so it is asked for by its variants alone. */
function orOneVariant(own: string, tests: readonly Test[], engine: Engine): string {
  return `(p.option_names IS NULL AND ${own} OR p.option_names IS NOT NULL AND EXISTS (
    SELECT 1 FROM products v WHERE v.parent_id = p.id AND v.deleted_at IS NULL AND ${tests.map((test) => test(VARIANT, engine)).join(" AND ")}))`;
}

/** SQL over `products v JOIN stock vs JOIN products p` for the variants that pass the filter each by itself. */
export function conditionOnVariants(
  { engine }: Reader,
  filter: ProductFilter,
  settings: Pick<Settings, "minorPerMajor">,
): Condition {
  const values: Value[] = [];
  const tests = testsOf(filter, settings, (value) => `$${values.push(value)}`);
  const sql = tests.map((test) => test(VARIANT, engine)).join(" AND ");
  return { sql: sql === "" ? "v.parent_id IS NOT NULL" : sql, values };
}

/** Whether the shop has any product with variants: without, nothing need ask for them. */
export async function hasVariants(reader: Reader): Promise<boolean> {
  return (await reader.first("SELECT id FROM products WHERE parent_id IS NOT NULL LIMIT 1")) !== undefined;
}
