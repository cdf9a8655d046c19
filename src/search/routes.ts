import { z } from "zod";
import { findAnswers } from "../catalog/answers";
import { categoryNames, getProducts } from "../catalog/catalog";
import { Product } from "../catalog/schema";
import { publicRoutes, type Web } from "../http/access";
import { failures } from "../http/problem";
import type { Shop } from "../shop";
import { fold } from "./fold";
import { SearchQuery, SuggestionQuery } from "./schema";
import { suggestCategories, suggestProducts } from "./suggest";

const DEFAULT_ANSWERS = 20;
const DEFAULT_SUGGESTIONS = 10;
/** Categories come first, but leave room for products. */
const MOST_CATEGORIES = 3;

export const searchRoutes = ({ shop }: Web) =>
  publicRoutes("search", "/search")
    .get(
      "",
      async ({ query }) => {
        const rows = { limit: query.limit ?? DEFAULT_ANSWERS, offset: 0 };
        const filter = query.category === undefined ? {} : { category: query.category };
        return (await findAnswers(shop, query.q, { filter, rows })).items;
      },
      {
        query: SearchQuery,
        response: { 200: z.array(Product), ...failures(422) },
        detail: { summary: "Search the catalog", description: "The best answers, the best first." },
      },
    )
    .get("/suggestions", ({ query }) => suggestions(shop, query.q, query.limit ?? DEFAULT_SUGGESTIONS), {
      query: SuggestionQuery,
      response: { 200: z.array(z.string()), ...failures(422) },
      detail: {
        summary: "Suggest while somebody types",
        description:
          "Categories and names of products for the words typed so far, the last of which may be unfinished.",
      },
    });

async function suggestions(shop: Shop, typed: string, limit: number): Promise<string[]> {
  const ids = await suggestProducts(shop.database, typed);
  const categories = suggestCategories(typed, await categoryNames(shop)).slice(0, MOST_CATEGORIES);
  // Some more than asked for, because products may share a name.
  const products = await getProducts(shop, ids.slice(0, limit * 2));
  return distinct([...categories, ...products.map((product) => product.name)]).slice(0, limit);
}

/** Without what differs only in case and accents. */
const distinct = (texts: readonly string[]) =>
  [...new Map(texts.toReversed().map((text) => [fold(text), text])).values()].toReversed();
