import { shop, type Shapes } from "../kit/api";
import { accessToken } from "../kit/session";
import type { Shown } from "./shelf";

type Ranked = readonly { product_id: number; reason?: string }[];

/** Products by their ids, in this order; what is gone from the catalog is left out. */
async function withProducts(ranked: Ranked, signal: AbortSignal): Promise<Shown[]> {
  const ids = ranked.map(({ product_id }) => product_id);
  if (ids.length === 0) return [];
  const { items } = await shop("GET /products", { query: { ids: ids.join(","), size: ids.length }, signal });
  const byId = new Map(items.map((product) => [product.id, product]));
  return ranked.flatMap(({ product_id, reason }) => {
    const product = byId.get(product_id);
    return product ? [{ product, ...(reason !== undefined && { reason }) }] : [];
  });
}

const SHOWN = 8;

/** What is recommended to this visitor: their own list where they are known, else what is popular. */
export async function forVisitor(signal: AbortSignal): Promise<Shown[]> {
  if ((await accessToken()) === undefined) {
    const popular = await shop("GET /recommend/popular", { query: { limit: SHOWN }, signal });
    // The shelf says it already.
    return withProducts(
      popular.map(({ product_id }) => ({ product_id })),
      signal,
    );
  }
  const { recommendations } = await shop("GET /recommend/me", { query: { limit: SHOWN }, signal });
  return withProducts(recommendations, signal);
}

/** What they keep buying. */
export async function buyAgain(signal: AbortSignal): Promise<Shown[]> {
  if ((await accessToken()) === undefined) return [];
  return withProducts(await shop("GET /recommend/buy-again", { query: { limit: SHOWN }, signal }), signal);
}

export async function similarTo(id: number, signal: AbortSignal): Promise<Shown[]> {
  return withProducts(
    await shop("GET /products/{id}/similar", { path: { id }, query: { limit: SHOWN }, signal }),
    signal,
  );
}

export async function boughtWith(id: number, signal: AbortSignal): Promise<Shown[]> {
  const path = { id };
  return withProducts(
    await shop("GET /products/{id}/bought-together", { path, query: { limit: SHOWN }, signal }),
    signal,
  );
}

export type Product = Shapes["ProductDetail"];
