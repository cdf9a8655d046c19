import { z } from "zod";
import { Elysia } from "elysia";
import { browse, browseWithFacets, findAnswers } from "./browse";
import { isKnownToCaller, listEtagOf } from "../catalog/etag";
import { categoryNames, getProducts } from "../catalog/catalog";
import { filterOf, isNarrow } from "../catalog/filters";
import { Product } from "../catalog/schema";
import { publicRoutes, type Web } from "../http/access";
import { answerPage } from "../http/lists";
import type { Shop } from "../shop/shop";
import { fold } from "../base/text";
import { noteMiss } from "./misses";
import { ProductPage, ProductQuery, ProductSearch, SearchQuery, SuggestionQuery } from "./schema";
import type { Found } from "./search";
import { suggestCategories, suggestProducts } from "./suggest";

const DEFAULT_SUGGESTIONS = 10;
/** Categories come first, but leave room for products. */
const MOST_CATEGORIES = 3;

export const searchRoutes = (web: Web) => new Elysia().use(listRoute(web)).use(findRoutes(web));

const listRoute = ({ shop }: Web) =>
  publicRoutes("products").get(
    "/products",
    async ({ query, request, set, status }) => {
      const found = await browse(shop, query);
      const etag = listEtagOf(found.total, found.items);
      set.headers["etag"] = etag;
      return isKnownToCaller(request, etag) ? status(304, undefined) : found;
    },
    {
      query: ProductQuery,
      response: { 200: ProductPage, 304: z.undefined() },
      detail: {
        summary: "Browse the catalog",
        description: "`attr.<name>=<value>` asks for products with that attribute, such as `attr.brand=Amber`.",
      },
    },
  );

const findRoutes = ({ shop }: Web) => {
  const suggesting = {
    query: SuggestionQuery,
    response: { 200: z.array(z.string()) },
    detail: {
      summary: "Suggest while somebody types",
      description: "Categories and names of products for the words typed so far, the last of which may be unfinished.",
    },
  };
  return publicRoutes("search", "/search")
    .get(
      "",
      ({ query, request, set }) =>
        answerPage({ query, request, set }, async (rows) => {
          const filter = query.category === undefined ? {} : { category: query.category };
          const { items, total, found } = await findAnswers(shop, query.q, { filter, rows });
          note(shop, found, rows.offset === 0 && !isNarrow(filter));
          return { items, total };
        }),
      {
        query: SearchQuery,
        response: { 200: z.array(Product) },
        detail: { summary: "Search the catalog", description: "The best answers, the best first." },
      },
    )
    .get(
      "/products",
      async ({ query }) => {
        const { answer, found } = await browseWithFacets(shop, query);
        note(shop, found, answer.page === 1 && !isNarrow(filterOf(query)));
        return answer;
      },
      {
        query: ProductQuery,
        response: { 200: ProductSearch },
        detail: {
          summary: "Search and narrow down",
          description:
            "By relevance unless there is a `sort`. The facets count what all the answers have, filters applied; the total and the pages agree with them.",
        },
      },
    )
    .get("/suggestions", ({ query }) => suggestions(shop, query.q, query.limit), suggesting)
    .get("/typeahead", ({ query }) => suggestions(shop, query.q, query.limit), suggesting);
};

/** Filters can leave nothing of what the shop does have, so only a search of the whole shop counts as a miss. */
function note(shop: Shop, found: Found | undefined, wholeShop: boolean): void {
  if (found) shop.metrics.searches.add([found.missed ? "missed" : "found"]);
  if (!wholeShop || !found?.missed) return;
  noteMiss(shop, found.missed);
}

async function suggestions(shop: Shop, typed: string, limit = DEFAULT_SUGGESTIONS): Promise<string[]> {
  const ids = await suggestProducts(shop.database, typed);
  const categories = suggestCategories(typed, await categoryNames(shop)).slice(0, MOST_CATEGORIES);
  // Some more than asked for, because products may share a name.
  const products = await getProducts(shop, ids.slice(0, limit * 2));
  return distinct([...categories, ...products.map((product) => product.name)]).slice(0, limit);
}

/** Without what differs only in case and accents. */
const distinct = (texts: readonly string[]) =>
  [...new Map(texts.toReversed().map((text) => [fold(text), text])).values()].toReversed();
