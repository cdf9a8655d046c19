import { toMinor } from "../base/money";
import type { Settings } from "../shop/settings";
import type { Engine, Value } from "../storage/database";
import { type Condition, jsonText } from "../storage/sql";
import { FREE } from "../stock/queries";
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

export function conditionOf(
  engine: Engine,
  filter: ProductFilter,
  settings: Pick<Settings, "minorPerMajor">,
): ProductCondition {
  const values: Value[] = [];
  const parameter = (value: Value) => `$${values.push(value)}`;
  const parts = ["p.deleted_at IS NULL"];
  if (filter.category !== undefined) parts.push(`p.category = ${parameter(filter.category)}`);
  if (filter.min_price !== undefined) parts.push(`p.price_minor >= ${parameter(toMinor(filter.min_price, settings))}`);
  if (filter.max_price !== undefined) parts.push(`p.price_minor <= ${parameter(toMinor(filter.max_price, settings))}`);
  if (filter.in_stock !== undefined) parts.push(`${FREE} ${filter.in_stock ? ">" : "<="} 0`);
  for (const [name, value] of Object.entries(filter.attributes ?? {})) {
    const has = INDEXED_ATTRIBUTES.has(name)
      ? `p.attributes ->> '${name}'`
      : jsonText(engine, "p.attributes", `CAST(${parameter(name)} AS TEXT)`);
    parts.push(`${has} = ${parameter(value)}`);
  }
  return { sql: parts.join(" AND "), values, needsStock: filter.in_stock !== undefined };
}

/** The orders that a list may be asked for in. Each ends with the id, so that pages never overlap. */
export const ordering: Record<(typeof sorts)[number] | "default", string> = {
  default: "p.id",
  newest: "p.created_at DESC, p.id DESC",
  name: "p.name_key, p.id",
  price_asc: "p.price_minor, p.id",
  price_desc: "p.price_minor DESC, p.id",
  popular: "s.ordered DESC, p.id",
};
