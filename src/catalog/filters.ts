import { toMinor } from "../base/money";
import type { Settings } from "../shop/settings";
import type { Engine, Reader, Value } from "../storage/database";
import { type Condition, jsonText } from "../storage/sql";
import { FREE } from "../stock/queries";
import { findCategoryFamily } from "./category-queries";
import type { ProductFilter, sorts } from "./schema";

/** A condition on `products p JOIN stock s`. */
export interface ProductCondition extends Condition {
  /** Whether it speaks of `stock s`: without that, counting needs no join. */
  needsStock: boolean;
}

/** Attributes that have an index of their own: their names stand in the SQL, as the index wants it. */
const INDEXED_ATTRIBUTES = new Set(["code", "brand"]);

export type { ProductFilter } from "./schema";

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
  const parts = ["p.deleted_at IS NULL AND p.parent_id IS NULL"];
  if (filter.category !== undefined) {
    const families: string[][] = [];
    for (const name of valuesIn(filter.category)) families.push(await findCategoryFamily(reader, name));
    const names = [...new Set(families.flat())];
    parts.push(
      names.length === 1
        ? `p.category = ${parameter(names[0] ?? "")}`
        : `p.category IN (${names.map(parameter).join()})`,
    );
  }
  const tests = testsOf(filter, settings, parameter);
  if (tests.length > 0) {
    const own = tests.map((test) => test(OWN, reader.engine)).join(" AND ");
    parts.push((await hasVariants(reader)) ? orOneVariant(own, tests, reader.engine) : own);
  }
  return { sql: parts.join(" AND "), values, needsStock: filter.in_stock !== undefined };
}

/** What a test is about: how the columns of one thing that can be bought are called. */
interface Bought {
  price: string;
  free: string;
  /** SQL for an attribute as text. */
  attribute(engine: Engine, name: string, parameter: () => string): string;
  /** SQL for the same as JSON. */
  json(name: string, parameter: () => string): string;
}

const OWN: Bought = {
  price: "p.price_minor",
  free: FREE,
  attribute: (engine, name, parameter) => attributeIn(engine, "p.attributes", name, parameter),
  json: (name, parameter) => `p.attributes -> ${INDEXED_ATTRIBUTES.has(name) ? `'${name}'` : parameter()}`,
};

/** A variant is what was chosen in it, then what it says itself, then what its parent says. */
const VARIANT: Bought = {
  price: "v.price_minor",
  free: "(vs.on_hand - vs.reserved)",
  attribute: (engine, _, parameter) =>
    `COALESCE(${["v.options", "v.attributes", "p.attributes"].map((column) => jsonText(engine, column, parameter())).join()})`,
  json: (_, parameter) =>
    `COALESCE(${["v.options", "v.attributes", "p.attributes"].map((column) => `${column} -> ${parameter()}`).join()})`,
};

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
  if (in_stock !== undefined) tests.push(({ free }) => `${free} ${in_stock ? ">" : "<="} 0`);
  for (const [name, value] of Object.entries(attributes)) {
    const wanted = valuesIn(value).map(parameter).join();
    let named: string | undefined;
    const asked = () => (named ??= `CAST(${parameter(name)} AS TEXT)`);
    tests.push(
      ({ attribute, json }, engine) =>
        `(${attribute(engine, name, asked)} IN (${wanted}) OR ${listHasAny(engine, json(name, asked), wanted)})`,
    );
  }
  return tests;
}

function attributeIn(engine: Engine, column: string, name: string, parameter: () => string): string {
  return INDEXED_ATTRIBUTES.has(name) ? `${column} ->> '${name}'` : jsonText(engine, column, parameter());
}

/** The price and the stock of a parent are those of several variants, so it is asked for by its variants alone. */
function orOneVariant(own: string, tests: readonly Test[], engine: Engine): string {
  return `(p.option_names IS NULL AND ${own} OR p.option_names IS NOT NULL AND EXISTS (
    SELECT 1 FROM products v JOIN stock vs ON vs.product_id = v.id
    WHERE v.parent_id = p.id AND v.deleted_at IS NULL AND ${tests.map((test) => test(VARIANT, engine)).join(" AND ")}))`;
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
async function hasVariants(reader: Reader): Promise<boolean> {
  return (await reader.first("SELECT id FROM products WHERE parent_id IS NOT NULL LIMIT 1")) !== undefined;
}

/** `red,blue` asks for either; a value that has a comma of its own is also taken whole. */
function valuesIn(text: string): string[] {
  const several = text.split(",").map((value) => value.trim());
  return [...new Set([text, ...several.filter((value) => value !== "")])].slice(0, VALUES_MOST);
}
const VALUES_MOST = 50;

/** SQL: whether a JSON value is a list that has any of the texts in it. */
const listHasAny = (engine: Engine, json: string, wanted: string): string =>
  engine === "sqlite"
    ? `(json_type(${json}) = 'array' AND EXISTS (SELECT 1 FROM json_each(${json}) AS element WHERE CAST(element.value AS TEXT) IN (${wanted})))`
    : `EXISTS (SELECT 1 FROM jsonb_array_elements_text(CASE jsonb_typeof(${json}) WHEN 'array' THEN ${json} ELSE '[]'::jsonb END) AS element WHERE element IN (${wanted}))`;

/** The orders that a list may be asked for in. Each ends with the id, so that pages never overlap. */
export const ordering: Record<(typeof sorts)[number] | "default", string> = {
  default: "p.id",
  newest: "p.created_at DESC, p.id DESC",
  name: "p.name_key, p.id",
  price_asc: "p.price_minor, p.id",
  price_desc: "p.price_minor DESC, p.id",
  popular: "s.ordered DESC, p.id",
};
