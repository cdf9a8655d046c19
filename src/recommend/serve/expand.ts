import { getProducts } from "../../catalog/catalog";
import type { Shop } from "../../shop/shop";
import type { Recommendation } from "../schema";

/** The list with the products themselves in it, where they are asked for: one look at the catalog for all of them. */
export async function expanded(
  shop: Shop,
  { expand }: { expand?: "product" | undefined },
  list: Recommendation[],
): Promise<Recommendation[]> {
  if (expand === undefined || list.length === 0) return list;
  const products = await getProducts(
    shop,
    list.map(({ product_id }) => product_id),
  );
  const byId = new Map(products.map((product) => [product.id, product]));
  return list.map((recommendation) => {
    const product = byId.get(recommendation.product_id);
    return product ? { ...recommendation, product } : recommendation;
  });
}
