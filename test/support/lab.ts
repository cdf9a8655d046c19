import { addProducts } from "../../src/catalog/create";
import type { NamedProduct } from "../../src/catalog/schema";
import { clientOf } from "./client";
import type { TestEngine } from "./engines";
import { freshShop, type TestShop } from "./shop";

/** A product of a small shop: its name, or more of it. */
export type Line = string | (Partial<NamedProduct> & { name: string });

/** What `GET /search/products` answers, as far as tests of search look at it. */
export interface SearchAnswer {
  total: number;
  total_exact: number;
  relaxed_from: number | null;
  matched_words: string[];
  ignored_words: string[];
  corrected_query: string | null;
  did_you_mean: string | null;
  asked_price: { min: number | null; max: number | null } | null;
  items: { id: number; name: string; price: number; category: string; relaxed?: true; matched_words?: string[] }[];
  facets: {
    category: { value: string; count: number }[];
    price: { min: number | null; max: number | null };
    attributes: Record<string, { value: string; count: number }[]>;
  };
  facets_estimated: boolean;
}

/** A shop with these products and nothing else, the first the oldest. */
export async function labOf(engine: TestEngine, lines: readonly Line[], environment: Record<string, string> = {}) {
  const shop = await freshShop(engine, environment);
  await fill(shop, lines);
  return labIn(shop);
}

/** What can be asked of a shop that is there. */
export function labIn(shop: TestShop) {
  const visitor = clientOf(shop);
  const ask = async (q: string, more = ""): Promise<SearchAnswer> => {
    const { status, body } = await visitor.get(`/search/products?size=100&q=${encodeURIComponent(q)}${more}`);
    if (status !== 200) throw new Error(`${status} for ${q}${more}: ${JSON.stringify(body)}`);
    return body;
  };
  return {
    shop,
    ask,
    /** The names found, the best first. */
    find: async (q: string, more = "") => (await ask(q, more)).items.map(({ name }) => name),
    /** The names of what answers the whole search. */
    full: async (q: string, more = "") => {
      const { items, total_exact } = await ask(q, more);
      return items.slice(0, total_exact).map(({ name }) => name);
    },
    suggest: async (q: string): Promise<string[]> =>
      (await visitor.get(`/search/suggestions?q=${encodeURIComponent(q)}`)).body,
  };
}

async function fill(shop: TestShop, lines: readonly Line[]): Promise<void> {
  const products = lines.map((line, at) => ({
    slug: `product-${at}`,
    category: "Things",
    price: 10,
    stock: 5,
    attributes: {},
    ...(typeof line === "string" ? { name: line } : line),
  }));
  await shop.database.transaction((tx) => addProducts(shop, tx, products));
}
