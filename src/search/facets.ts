import { toMajor } from "../base/money";
import { findFitting } from "../catalog/list-queries";
import { conditionOf, isNarrow, type ProductCondition, type ProductFilter } from "../catalog/filters";
import { fittingVariants } from "./facet-queries";
import { ATTRIBUTE_NAME } from "../catalog/schema";
import { turns } from "../base/turns";
import { COUNTED_MOST } from "../base/page";
import type { Shop } from "../shop/shop";
import { objectFrom, type Reader } from "../storage/database";
import type { FacetValue, Facets } from "./schema";

/** Attributes are counted over so many products at most, the newest. Of more the counts are an estimate, and say so. */
const PRODUCTS_COUNTED_MOST = 5_000;
/** So many are read at once, so that other requests get their turn. */
const PRODUCTS_PER_READ = 500;
const ATTRIBUTES_MOST = 12;
const VALUES_MOST = 12;
const CATEGORIES_MOST = 100;
const LONGEST_VALUE = 64;

/** Narrows a filter's condition to what is being browsed. */
type Scope = (narrow: ProductCondition) => ProductCondition;

/**
 * What the answers have in common: how many are in each category, what they cost, and their attributes. Each is counted
 * without its own filter, so that its other values can be seen and chosen beside it.
 */
export async function facetsOf(
  shop: Pick<Shop, "database" | "settings">,
  filter: ProductFilter,
  scope: Scope,
): Promise<{ facets: Facets; facets_estimated: boolean }> {
  const { database, settings } = shop;
  const { category: _, ...withoutCategory } = filter;
  const { min_price: _least, max_price: _most, ...withoutPrice } = filter;
  const conditionFor = async (other: ProductFilter) => scope(await conditionOf(database, other, settings));
  const categories = await categoriesOf(database, await conditionFor(withoutCategory));
  const prices = await pricesOf(database, await conditionFor(withoutPrice));
  const { attributes, isWhole } = await attributesOf(shop, await conditionFor(filter), filter);
  for (const name of Object.keys(filter.attributes ?? {})) {
    const { [name]: _chosen, ...others } = filter.attributes ?? {};
    const widened = { ...filter, attributes: others };
    await turns.yield();
    const own = await attributesOf(shop, await conditionFor(widened), widened, name);
    const values = own.attributes[name];
    if (values) attributes[name] = values;
  }
  const facets: Facets = {
    category: categories.slice(0, CATEGORIES_MOST),
    price: {
      min: prices.least === null ? null : toMajor(prices.least, settings),
      max: prices.most === null ? null : toMajor(prices.most, settings),
    },
    attributes,
  };
  const counted = facets.category.reduce((sum, { count }) => sum + count, 0);
  const isSample = counted >= COUNTED_MOST && isNarrow(withoutCategory);
  return { facets, facets_estimated: !isWhole || isSample };
}

async function categoriesOf(reader: Reader, condition: ProductCondition): Promise<FacetValue[]> {
  if (condition.isWhole && condition.categories === undefined) {
    return reader.all(
      "SELECT category AS value, products AS count FROM category_counts WHERE products > 0 ORDER BY count DESC, value",
    );
  }
  const { sql, values } = await findFitting(reader, condition, "p.category");
  return reader.all(
    `SELECT category AS value, COUNT(*) AS count FROM (${sql}) AS fitting GROUP BY category ORDER BY count DESC, value`,
    values,
  );
}

async function pricesOf(reader: Reader, condition: ProductCondition) {
  // Of the catalog, or of a category, each is the first of an index.
  const { sql, values } = condition.isWhole
    ? { sql: "", values: condition.values }
    : await findFitting(reader, condition, "p.price_minor");
  const first = (aggregate: "MIN" | "MAX") =>
    `(SELECT ${aggregate}(p.price_minor) FROM products p WHERE ${condition.sql})`;
  const row = await reader.first<{ least: number | null; most: number | null }>(
    condition.isWhole
      ? `SELECT ${first("MIN")} AS least, ${first("MAX")} AS most`
      : `SELECT MIN(price_minor) AS least, MAX(price_minor) AS most FROM (${sql}) AS fitting`,
    values,
  );
  return { least: row?.least ?? null, most: row?.most ?? null };
}

/** Which indexes give products by their ids. */
const BY_ID = { category: true, price: false };

/** How many products have each value of each attribute, or of one attribute; the attributes that tell products apart. */
async function attributesOf(
  { database, settings }: Pick<Shop, "database" | "settings">,
  condition: ProductCondition,
  filter: ProductFilter,
  only?: string,
): Promise<{ attributes: Record<string, FacetValue[]>; isWhole: boolean }> {
  const { walking, values } = condition;
  const counts = new Map<string, Map<string, number>>();
  let [read, last] = [0, Number.MAX_SAFE_INTEGER];
  while (read < PRODUCTS_COUNTED_MOST) {
    const rows = await database.all<{ id: number; attributes: unknown; option_names: unknown }>(
      `SELECT p.id, p.attributes, p.option_names FROM products p
       WHERE ${walking(BY_ID)} AND p.id < $${values.length + 1} ORDER BY p.id DESC LIMIT ${PRODUCTS_PER_READ}`,
      [...values, last],
    );
    const parents = rows.filter((row) => row.option_names !== null).map((row) => row.id);
    const variants = await fittingVariants(database, parents, filter, settings);
    for (const row of rows) {
      const own = objectFrom(row.attributes);
      const chosen = variants.get(row.id)?.map((attributes) => ({ ...own, ...attributes }));
      count(counts, chosen ?? [own], only);
    }
    read += rows.length;
    last = rows.at(-1)?.id ?? 0;
    if (rows.length < PRODUCTS_PER_READ) return { attributes: offered(counts, only), isWhole: true };
    await turns.yield();
  }
  return { attributes: offered(counts, only), isWhole: false };
}

/** Adds the values of one product, or of all its variants: each value once, of a list each of its elements. */
function count(
  counts: Map<string, Map<string, number>>,
  variants: readonly Record<string, unknown>[],
  only: string | undefined,
): void {
  const found = new Map<string, Set<string>>();
  for (const attributes of variants) {
    for (const [name, value] of Object.entries(attributes)) {
      if ((only !== undefined && name !== only) || !ATTRIBUTE_NAME.test(name)) continue;
      const texts = (Array.isArray(value) ? value : [value]).flatMap(textOf);
      found.set(name, new Set([...(found.get(name) ?? []), ...texts]));
    }
  }
  for (const [name, texts] of found) {
    const values = counts.get(name) ?? new Map<string, number>();
    for (const text of texts) counts.set(name, values.set(text, (values.get(text) ?? 0) + 1));
  }
}

function textOf(value: unknown): string[] {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return [];
  const text = String(value);
  return text.length > LONGEST_VALUE ? [] : [text];
}

/** The attributes that most products have first, each with its commonest values. */
function offered(
  counts: ReadonlyMap<string, ReadonlyMap<string, number>>,
  only?: string,
): Record<string, FacetValue[]> {
  const attributes = [...counts]
    .map(([name, values]) => ({ name, values, products: sum(values.values()) }))
    // Where nearly every product has a value of its own (a model, a code), choosing one is no help.
    .filter(({ name, values, products }) => name === only || values.size * 2 <= products || values.size <= VALUES_MOST)
    .sort((a, b) => b.products - a.products || compare(a.name, b.name))
    .slice(0, ATTRIBUTES_MOST);
  return Object.fromEntries(attributes.map(({ name, values }) => [name, commonest(values)]));
}

const commonest = (values: ReadonlyMap<string, number>): FacetValue[] =>
  [...values]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || compare(a.value, b.value))
    .slice(0, VALUES_MOST);

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
