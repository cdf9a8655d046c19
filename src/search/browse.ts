import { type Listed, type Page, pageOf, placeIn, writeCursor } from "../base/page";
import { among, conditionOf, filterOf, isNarrow, type ProductCondition } from "../catalog/filters";
import type { ProductFilter } from "../catalog/filter-schema";
import { findFew, listProducts } from "../catalog/list-queries";
import { findProducts, type VersionedProduct } from "../catalog/queries";
import type { Shop } from "../shop/shop";
import { facetsOf } from "./facets";
import { highlighter } from "./highlight";
import { findSorted } from "./queries";
import type { FoundProduct, ProductQuery } from "./schema";
import { everythingFound, type Found, pageOfFound, search } from "./search";

/** One page of what fits the query: in its order, or by relevance where something is searched for. */
export async function browse(shop: Shop, query: ProductQuery) {
  if (query.ids !== undefined) return browseIds(shop, query.ids);
  const { page, size, ...rows } = pageOf(query);
  const { found, items, ...listed } = await findAnswers(shop, query.q, {
    filter: filterOf(query),
    sort: query.sort,
    rows,
  });
  const shown = query.highlight ? items.map(highlighter(shop, found)) : items;
  return { answer: { ...countAndNext(listed), page, size, items: shown }, next: listed.next };
}

/** Those of these products that are in the catalog: for lists of ids that something else gave. */
async function browseIds(shop: Shop, ids: readonly number[]) {
  const items = await findProducts(shop.database, ids, shop.settings);
  const answer = { ...countAndNext({ total: items.length }), page: 1, size: ids.length, items };
  return { answer, next: undefined };
}

/** How many there are, and where a walk goes on, as it is answered. */
const countAndNext = ({ total, total_is_at_least = false, next }: Omit<Listed<unknown>, "items">) => ({
  total,
  total_is_at_least,
  next_cursor: next ? writeCursor(next) : null,
});

/** The same with what the answers have in common, and what was understood. */
export async function browseWithFacets(shop: Shop, query: ProductQuery) {
  const { page, size, ...rows } = pageOf(query);
  const given = filterOf(query);
  const { found, total_exact, items, ...listed } = await findAnswers(shop, query.q, {
    filter: given,
    sort: query.sort,
    rows,
  });
  const filter = withPrice(given, found);
  const { total } = listed;
  const counted = await facetsOf(shop, filter, (narrow) => (found ? within(shop, narrow, found) : narrow));
  const relaxedFrom = found && !isNarrow(filter) && total > total_exact ? total_exact : null;
  const answer = {
    ...countAndNext(listed),
    page,
    size,
    items: query.highlight ? items.map(highlighter(shop, found)) : items,
    ...counted,
    total_exact,
    relaxed_from: found?.answer?.full === false ? 0 : relaxedFrom,
    matched_words: found?.matched_words ?? [],
    ignored_words: found?.ignored_words ?? [],
    corrected_query: found?.corrected_query ?? null,
    did_you_mean: found?.did_you_mean ?? null,
    asked_price: found?.asked_price ?? null,
  };
  return { answer, found, next: listed.next };
}

/** Which part of the answers is wanted, and in which order: by relevance unless there is a `sort`. */
interface Wanted {
  filter?: ProductFilter;
  sort?: ProductQuery["sort"];
  rows: Page;
}

/** Listed are those that answer the search, and the looser ones that follow. */
export interface Answers extends Listed<VersionedProduct & FoundProduct> {
  /** How many answer the whole search. */
  total_exact: number;
  /** Absent where nothing was searched for. */
  found?: Found;
}

/**
 * The products that answer what was typed; without that, all that pass the filter. Filters only take away: what answers is
 * decided over the whole catalog. Looser answers follow the others in every order, and only where nothing is filtered, so that
 * a facet's count is what choosing it shows.
 */
export async function findAnswers(
  shop: Shop,
  text: string | undefined,
  { filter: given = {}, sort, rows }: Wanted,
): Promise<Answers> {
  const { database, settings } = shop;
  const found = text === undefined ? undefined : await search(shop, text);
  const filter = withPrice(given, found);
  const narrow = await conditionOf(database, filter, settings);
  if (found === undefined) {
    const listed = await listProducts(database, narrow, sort, rows, settings);
    return { ...listed, total_exact: listed.total };
  }
  // What is found has no place of its own to go on from: looser answers follow it.
  placeIn(rows, []);
  const {
    items,
    total,
    total_is_at_least = false,
  } = await pageOfAnswers(shop, found, {
    narrow: isNarrow(filter) ? narrow : undefined,
    sort,
    rows,
  });
  const following = isNarrow(filter) ? [] : found.following;
  const offset = Math.max(0, rows.offset - total);
  const left = following.length > 0 && items.length < rows.limit ? rows.limit - items.length : 0;
  const order = left > 0 && sort !== undefined ? await findSorted(database, idsIn(following), sort) : idsIn(following);
  const looser = await findProducts(database, order.slice(offset, offset + left), settings);
  const wordsOf = new Map(following.map(({ id, matched_words }) => [id, matched_words]));
  const isFull = found.answer?.full === true;
  return {
    found,
    total: total + following.length,
    total_is_at_least,
    total_exact: isFull ? total : 0,
    items: [
      ...(isFull ? items : items.map((item) => relaxed(item, found.matched.get(item.id) ?? found.matched_words))),
      ...looser.map((item) => relaxed(item, wordsOf.get(item.id))),
    ],
  };
}

/** The filter, narrowed down to the price that the words ask for. */
function withPrice(filter: ProductFilter, { within = {} }: Partial<Found> = {}): ProductFilter {
  const [least, most] = [
    [filter.min_price, within.min_price],
    [filter.max_price, within.max_price],
  ].map((prices) => prices.filter((price) => price !== undefined));
  return {
    ...filter,
    ...(least && least.length > 0 && { min_price: Math.max(...least) }),
    ...(most && most.length > 0 && { max_price: Math.min(...most) }),
  };
}

const relaxed = (product: VersionedProduct, matched_words: string[] = []) => ({
  ...product,
  relaxed: true as const,
  matched_words,
});
const idsIn = (following: Found["following"]) => following.map(({ id }) => id);

async function pageOfAnswers(
  shop: Shop,
  found: Found,
  { narrow, sort, rows }: { narrow: ProductCondition | undefined; sort: ProductQuery["sort"]; rows: Page },
): Promise<Listed<VersionedProduct>> {
  const { database, settings } = shop;
  if (found.answer === undefined) return { items: [], total: 0 };
  if (sort === undefined) {
    const few = narrow && (await findFew(database, narrow));
    const within = narrow && { ...narrow, ...(few && { few: few.sql, values: few.values }) };
    const listed = await pageOfFound(database, found, rows, within);
    return { ...listed, items: await findProducts(database, listed.items, settings) };
  }
  return listProducts(
    database,
    within(shop, narrow ?? (await conditionOf(database, {}, settings)), found),
    sort,
    rows,
    settings,
  );
}

/** The condition, for the answers alone. */
const within = ({ database }: Pick<Shop, "database">, narrow: ProductCondition, found: Found): ProductCondition =>
  among(narrow, everythingFound(database, found));
