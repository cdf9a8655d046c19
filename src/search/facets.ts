import { toMajor } from "../base/money";
import type { Settings } from "../shop/settings";
import { objectFrom, type Reader } from "../storage/database";
import type { ProductCondition } from "../catalog/filters";
import { fromFor } from "../catalog/queries";
import { ATTRIBUTE_NAME } from "../catalog/schema";
import type { FacetValue, Facets } from "./schema";

/** Attributes are read of so many products at most, the newest: of more their counts are a sample. */
const LOOKED_AT = 500;
const MOST_ATTRIBUTES = 12;
const MOST_VALUES = 12;
const MOST_CATEGORIES = 100;
const LONGEST_VALUE = 64;

/** What the products that fit have in common: how many are in each category, what they cost, and their attributes. */
export async function facetsOf(
  reader: Reader,
  condition: ProductCondition,
  currency: Pick<Settings, "minorPerMajor">,
): Promise<Facets> {
  const { sql, values } = condition;
  const categories = await reader.all<{ value: string; count: number; least: number; most: number }>(
    `SELECT p.category AS value, COUNT(*) AS count, MIN(p.price_minor) AS least, MAX(p.price_minor) AS most
     ${fromFor(condition)} WHERE ${sql} GROUP BY p.category ORDER BY count DESC, value`,
    values,
  );
  const products = await reader.all<{ attributes: unknown }>(
    `SELECT p.attributes ${fromFor(condition)} WHERE ${sql} ORDER BY p.id DESC LIMIT ${LOOKED_AT}`,
    values,
  );
  const some = categories.length > 0;
  return {
    category: categories.slice(0, MOST_CATEGORIES).map(({ value, count }) => ({ value, count })),
    price: {
      min: some ? toMajor(Math.min(...categories.map(({ least }) => least)), currency) : null,
      max: some ? toMajor(Math.max(...categories.map(({ most }) => most)), currency) : null,
    },
    attributes: attributesOf(products.map(({ attributes }) => objectFrom(attributes))),
  };
}

/** The attributes that tell products apart, those that most products have first, each with its commonest values. */
function attributesOf(products: readonly Record<string, unknown>[]): Record<string, FacetValue[]> {
  const counts = new Map<string, Map<string, number>>();
  for (const attributes of products) {
    for (const [name, value] of Object.entries(attributes)) {
      if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") continue;
      const text = String(value);
      if (text.length > LONGEST_VALUE || !ATTRIBUTE_NAME.test(name)) continue;
      const values = counts.get(name) ?? new Map<string, number>();
      counts.set(name, values.set(text, (values.get(text) ?? 0) + 1));
    }
  }
  const offered = [...counts]
    .map(([name, values]) => ({ name, values, products: sum(values.values()) }))
    // Where nearly every product has a value of its own (a model, a code), choosing one is no help.
    .filter(({ values, products }) => values.size * 2 <= products || values.size <= MOST_VALUES)
    .sort((a, b) => b.products - a.products || compare(a.name, b.name))
    .slice(0, MOST_ATTRIBUTES);
  return Object.fromEntries(offered.map(({ name, values }) => [name, commonest(values)]));
}

const commonest = (values: ReadonlyMap<string, number>): FacetValue[] =>
  [...values]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || compare(a.value, b.value))
    .slice(0, MOST_VALUES);

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
