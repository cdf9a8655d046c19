import { olderThan } from "../http/openapi/alias";
import { z } from "zod";
import { Elysia } from "elysia";
import { browse, browseWithFacets, findAnswers } from "./browse";
import { isKnownToCaller, listEtagOf } from "../catalog/etag";
import { filterOf, isNarrow } from "../catalog/filters";
import { networkOf } from "../base/client-network";
import { publicRoutes, type Web } from "../http/access";
import { clientAddress, peerAddress } from "../http/client-address";
import { answerPage, linkWalk } from "../http/lists";
import type { Shop } from "../shop/shop";
import { highlighter } from "./highlight";
import { noteSearch } from "./followups";
import { noteMiss } from "./misses";
import {
  FoundProduct,
  ProductPage,
  ProductQuery,
  ProductSearch,
  SearchQuery,
  Suggestion,
  Suggestions,
  SuggestionQuery,
} from "./schema";
import type { Found } from "./search";
import { suggest } from "./suggestions";

export const searchRoutes = (web: Web) => new Elysia().use(listRoute(web)).use(findRoutes(web));

const listRoute = ({ shop }: Web) =>
  publicRoutes("products").get(
    "/products",
    async ({ query, request, set, status }) => {
      const { answer, next } = await browse(shop, query);
      const etag = listEtagOf(answer.total, answer.items);
      set.headers["etag"] = etag;
      linkWalk({ query, request, set }, next);
      return isKnownToCaller(request, etag) ? status(304, undefined) : answer;
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
    response: { 200: Suggestions },
    detail: {
      summary: "Suggest what may be meant while it is being typed",
      description:
        "Categories, brands and names of products for the words typed so far, the last of which may be unfinished. With `detail=true` each says what it is.",
    },
  };
  return publicRoutes("search", "/search", { most_ms: 300 })
    .get(
      "",
      ({ query, request, set, server }) =>
        answerPage({ query, request, set }, async (rows) => {
          const filter = query.category === undefined ? {} : { category: query.category };
          const { items, total, total_is_at_least = false, found } = await findAnswers(shop, query.q, { filter, rows });
          note(shop, found, rows.offset === 0 && !isNarrow(filter), clientOf(shop, request, server));
          return { items: query.highlight ? items.map(highlighter(shop, found)) : items, total, total_is_at_least };
        }),
      {
        query: SearchQuery,
        response: { 200: z.array(FoundProduct) },
        detail: {
          summary: "Search the catalog",
          description:
            "The best answers, the best first. Where few answer the whole search, looser ones follow and say so. Words in quotes have to stand side by side; a word with a minus before it must not be there.",
        },
      },
    )
    .get(
      "/products",
      async ({ query, request, set, server }) => {
        const { answer, found, next } = await browseWithFacets(shop, query);
        linkWalk({ query, request, set }, next);
        note(shop, found, answer.page === 1 && !isNarrow(filterOf(query)), clientOf(shop, request, server));
        return answer;
      },
      {
        query: ProductQuery,
        response: { 200: ProductSearch },
        detail: {
          summary: "Search and narrow down",
          description:
            "By relevance unless there is a `sort`. `total_exact` products answer the whole search; they come first in every order, and facets count them alone. Where they are few, looser answers follow and are marked `relaxed`; where there are none, these are the answers. Filters only take away.",
        },
      },
    )
    .get("/suggestions", ({ query }) => suggestions(shop, query), suggesting)
    .get("/typeahead", ({ query }) => suggestions(shop, query), {
      ...suggesting,
      detail: { summary: suggesting.detail.summary, ...olderThan("GET /search/suggestions") },
    });
};

/** Filters can leave nothing of what the shop does have, so only a search of the whole shop counts as a miss. */
function note(shop: Shop, found: Found | undefined, wholeShop: boolean, client: string): void {
  if (!found || found.asked === "") return;
  shop.metrics.searches.add([found.missed === null ? "found" : "missed"]);
  if (!wholeShop) return;
  if (found.missed !== null) noteMiss(shop, found.missed);
  if (found.missed !== null || found.answer?.full === true)
    noteSearch(shop, client, found.asked, found.missed !== null);
}

/** Only kept in memory, for two minutes, to tell whose next search this is. */
function clientOf(shop: Shop, request: Request, server: Parameters<typeof peerAddress>[1]): string {
  const { address } = clientAddress(request, peerAddress(request, server), shop.settings);
  return `${networkOf(address)} ${Bun.hash(request.headers.get("user-agent") ?? "")}`;
}

async function suggestions(
  shop: Shop,
  { q, limit, detail }: z.infer<typeof SuggestionQuery>,
): Promise<string[] | Suggestion[]> {
  const suggested = await suggest(shop, q, limit);
  return detail ? suggested : suggested.map(({ text }) => text);
}
