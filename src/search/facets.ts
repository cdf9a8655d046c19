import { toMajor } from "../base/money";
import { COUNTED_MOST } from "../base/page";
import { turns } from "../base/turns";
import { conditionOf, type ProductCondition } from "../catalog/filters";
import type { ProductFilter } from "../catalog/filter-schema";
import { findFitting, type Fitting } from "../catalog/list-queries";
import type { Shop } from "../shop/shop";
import type { Reader } from "../storage/database";
import { countVariants, type FacetCounts, facetMemoryOf, noCounts } from "./facet-memory";
import { findFacetFacts, fittingVariants } from "./facet-queries";
import type { FacetValue, Facets } from "./schema";

/** So many are counted at once, so that other requests get their turn; of those that must be read first, fewer. */
const PRODUCTS_PER_TURN = 2_000;
const PRODUCTS_PER_READ = 500;
const ATTRIBUTES_MOST = 12;
const VALUES_MOST = 12;
const CATEGORIES_MOST = 100;

/** Narrows a filter's condition to what is being browsed. */
type Scope = (narrow: ProductCondition) => ProductCondition;

/**
 * What the answers have in common: how many are in each category, what they cost, and their attributes. Each is counted
 * without its own filter, so that its other values can be seen and chosen beside it. More products than COUNTED_MOST are
 * not gone through: then the newest of them are counted, and the facets say so.
 */
export async function facetsOf(
  shop: FacetShop,
  filter: ProductFilter,
  scope: Scope,
): Promise<{ facets: Facets; facets_estimated: boolean }> {
  const { database, settings } = shop;
  const passes = new Map<string, Promise<Pass>>();
  // Most filters leave most facets alone: what they are counted over is gone through once.
  const passOver = async (other: ProductFilter): Promise<Pass> => {
    const key = JSON.stringify(other);
    const pass = passes.get(key) ?? passThrough(shop, other, scope(await conditionOf(database, other, settings)));
    passes.set(key, pass);
    return pass;
  };
  const { category: _, ...withoutCategory } = filter;
  const { min_price: _least, max_price: _most, ...withoutPrice } = filter;
  const categories = await categoriesOf(database, await passOver(withoutCategory));
  const prices = await pricesOf(database, await passOver(withoutPrice));
  const all = await passOver(filter);
  const attributes = offered((await all.counts()).attributes);
  for (const name of Object.keys(filter.attributes ?? {})) {
    const { [name]: _chosen, ...others } = filter.attributes ?? {};
    const widened = await (await passOver({ ...filter, attributes: others })).counts();
    const values = widened.attributes.get(name);
    if (values) attributes[name] = commonest(values);
  }
  const facets: Facets = {
    category: categories.slice(0, CATEGORIES_MOST),
    price: {
      min: prices.least === null ? null : toMajor(prices.least, settings),
      max: prices.most === null ? null : toMajor(prices.most, settings),
    },
    attributes,
  };
  const counted = await Promise.all(passes.values());
  return { facets, facets_estimated: counted.some(({ isSample }) => isSample()) };
}

type FacetShop = Pick<Shop, "database" | "settings" | "state">;

/** The products that facets are counted over. */
interface Pass {
  condition: ProductCondition;
  /** Goes through them, at the first question. */
  counts(): Promise<FacetCounts>;
  /** Whether there were more than are gone through. */
  isSample(): boolean;
}

async function passThrough(shop: FacetShop, filter: ProductFilter, condition: ProductCondition): Promise<Pass> {
  let counts: Promise<FacetCounts> | undefined;
  let gone = 0;
  const go = async () => {
    const fitting = await findFitting(shop.database, condition);
    gone = fitting.ids.length;
    return countOver(shop, filter, fitting);
  };
  return { condition, counts: () => (counts ??= go()), isSample: () => gone >= COUNTED_MOST };
}

async function countOver(shop: FacetShop, filter: ProductFilter, { ids, versions }: Fitting): Promise<FacetCounts> {
  const { database, settings } = shop;
  const memory = facetMemoryOf(shop);
  const counts = noCounts();
  for (let at = 0; at < ids.length; at += PRODUCTS_PER_TURN) {
    if (at > 0) await turns.yield();
    memory.makeRoom();
    const end = Math.min(at + PRODUCTS_PER_TURN, ids.length);
    await read(shop, memory.unknownOf(ids, versions, at, end));
    const left = memory.count(ids.slice(at, end), counts);
    // Another search made room meanwhile.
    if (left.length === 0) continue;
    await read(shop, left);
    memory.count(left, counts);
  }
  for (let at = 0; at < counts.parents.length; at += PRODUCTS_PER_READ) {
    await turns.yield();
    const variants = await fittingVariants(
      database,
      counts.parents.slice(at, at + PRODUCTS_PER_READ),
      filter,
      settings,
    );
    for (const those of variants.values()) countVariants(counts, those);
  }
  return counts;
}

async function read(shop: FacetShop, ids: readonly number[]): Promise<void> {
  for (let from = 0; from < ids.length; from += PRODUCTS_PER_READ) {
    if (from > 0) await turns.yield();
    for (const facts of await findFacetFacts(shop.database, ids.slice(from, from + PRODUCTS_PER_READ)))
      facetMemoryOf(shop).remember(facts);
  }
}

async function categoriesOf(reader: Reader, { condition, counts }: Pass): Promise<FacetValue[]> {
  if (condition.isWhole && condition.categories === undefined) {
    return reader.all(
      "SELECT category AS value, products AS count FROM category_counts WHERE products > 0 ORDER BY count DESC, value",
    );
  }
  return ranked((await counts()).categories);
}

async function pricesOf(
  reader: Reader,
  { condition, counts }: Pass,
): Promise<{ least: number | null; most: number | null }> {
  if (!condition.isWhole) return counts();
  // Of the catalog, or of a category, each is the first of an index.
  const first = (aggregate: "MIN" | "MAX") =>
    `(SELECT ${aggregate}(p.price_minor) FROM products p WHERE ${condition.sql})`;
  const row = await reader.first<{ least: number | null; most: number | null }>(
    `SELECT ${first("MIN")} AS least, ${first("MAX")} AS most`,
    condition.values,
  );
  return { least: row?.least ?? null, most: row?.most ?? null };
}

/** The attributes that most products have first, each with its commonest values. */
function offered(counts: ReadonlyMap<string, ReadonlyMap<string, number>>): Record<string, FacetValue[]> {
  const attributes = [...counts]
    .map(([name, values]) => ({ name, values, products: sum(values.values()) }))
    // Where nearly every product has a value of its own (a model, a code), choosing one is no help.
    .filter(({ values, products }) => values.size * 2 <= products || values.size <= VALUES_MOST)
    .sort((a, b) => b.products - a.products || compare(a.name, b.name))
    .slice(0, ATTRIBUTES_MOST);
  return Object.fromEntries(attributes.map(({ name, values }) => [name, commonest(values)]));
}

const commonest = (values: ReadonlyMap<string, number>): FacetValue[] => ranked(values).slice(0, VALUES_MOST);

const ranked = (values: ReadonlyMap<string, number>): FacetValue[] =>
  [...values]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || compare(a.value, b.value));

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
