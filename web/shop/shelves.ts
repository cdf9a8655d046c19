import { shop, type Shapes } from "../kit/api";
import { accessToken } from "../kit/session";
import type { Shown } from "./shelf";

type Ranked = readonly Shapes["Recommendation"][];

/** What is recommended, in its order; what has just left the catalog is left out. */
const onShelf = (ranked: Ranked): Shown[] =>
  ranked.flatMap(({ product, reason }) => (product ? [{ product, reason }] : []));

const SHOWN = { limit: 8, expand: "product" } as const;

/** What is recommended to this visitor: their own list where they are known, else what is popular. */
export async function forVisitor(signal: AbortSignal): Promise<Shown[]> {
  if ((await accessToken()) === undefined) {
    const popular = await shop("GET /recommend/popular", { query: SHOWN, signal });
    // Why they are shown the shelf says already.
    return onShelf(popular).map(({ product }) => ({ product }));
  }
  const { recommendations } = await shop("GET /recommend/me", { query: SHOWN, signal });
  return onShelf(recommendations);
}

/** What they keep buying. */
export async function buyAgain(signal: AbortSignal): Promise<Shown[]> {
  if ((await accessToken()) === undefined) return [];
  return onShelf(await shop("GET /recommend/buy-again", { query: SHOWN, signal }));
}

export async function similarTo(id: number, signal: AbortSignal): Promise<Shown[]> {
  return onShelf(await shop("GET /products/{id}/similar", { path: { id }, query: SHOWN, signal }));
}

export async function boughtWith(id: number, signal: AbortSignal): Promise<Shown[]> {
  return onShelf(await shop("GET /products/{id}/bought-together", { path: { id }, query: SHOWN, signal }));
}

export type Product = Shapes["ProductDetail"];
