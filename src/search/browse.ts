import { type Page, pageOf } from "../base/page";
import { everythingFound, type Found, pageOfFound, search } from "./search";
import type { Shop } from "../shop/shop";
import { facetsOf } from "./facets";
import { conditionOf, filterOf, isNarrow, type ProductCondition, type ProductFilter } from "../catalog/filters";
import { findProducts, idsOf, listProducts, type VersionedProduct } from "../catalog/queries";
import type { Selection } from "../search-index/write";
import type { ProductQuery } from "./schema";

/** One page of what fits the query: in its order, or by relevance where something is searched for. */
export async function browse(shop: Shop, query: ProductQuery) {
  const { page, size, total, items } = await pageOfAnswers(shop, query);
  return { total, page, size, items };
}

/** The same with what all the answers have in common, and what was understood. */
export async function browseWithFacets(shop: Shop, query: ProductQuery) {
  const { page, size, total, items, condition, found } = await pageOfAnswers(shop, query);
  const facets = await facetsOf(shop.database, condition, shop.settings);
  const answer = { total, page, size, items, facets, corrected_query: found?.corrected_query ?? null };
  return { answer, found };
}

async function pageOfAnswers(shop: Shop, query: ProductQuery) {
  const { page, size, ...rows } = pageOf(query);
  return { page, size, ...(await findAnswers(shop, query.q, { filter: filterOf(query), sort: query.sort, rows })) };
}

/** Which part of the answers is wanted, and in which order: by relevance unless there is a `sort`. */
interface Wanted {
  filter?: ProductFilter;
  sort?: ProductQuery["sort"];
  rows: Page;
}

export interface Answers {
  total: number;
  items: VersionedProduct[];
  /** What all the answers have in common, for counting them. */
  condition: ProductCondition;
  /** Absent where nothing was searched for. */
  found?: Found;
}

/** The products that answer what somebody typed; without that, all that pass the filter. */
export async function findAnswers(
  shop: Shop,
  text: string | undefined,
  { filter = {}, sort, rows }: Wanted,
): Promise<Answers> {
  const { database, settings } = shop;
  const narrow = await conditionOf(database, filter, settings);
  if (text === undefined) {
    return { condition: narrow, ...(await listProducts(database, narrow, sort, rows, settings)) };
  }
  const within: Selection | undefined = isNarrow(filter) ? idsOf(narrow) : undefined;
  const found = await search(database, text, within);
  const condition = both(narrow, everythingFound(database, found, narrow.values.length));
  if (sort !== undefined) {
    return { found, condition, ...(await listProducts(database, condition, sort, rows, settings)) };
  }
  const { ids, total } = await pageOfFound(database, found, rows, within);
  return { found, condition, total, items: await findProducts(database, ids, settings) };
}

const both = (narrow: ProductCondition, found: Selection): ProductCondition => ({
  ...narrow,
  sql: `${narrow.sql} AND p.id IN (${found.sql})`,
  values: [...narrow.values, ...found.values],
  needsStock: narrow.needsStock,
});
