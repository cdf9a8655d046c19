import { findAccount } from "../../accounts/queries";
import { getProducts } from "../../catalog/catalog";
import { ShopError } from "../../base/errors";
import { readPurchasesOf } from "../../orders/purchases";
import type { Shop } from "../../shop/shop";
import type { Explanation } from "../schema";
import { recommend } from "./recommend";

/** Sets what a customer has bought beside what is recommended to them, in words. Throws `not_found`. */
export async function explain(shop: Shop, userId: number, limit: number): Promise<Explanation> {
  const account = await findAccount(shop.database, userId);
  if (!account) throw new ShopError("not_found", "There is no such user.");
  const { bought } = await readPurchasesOf(shop.database, userId);
  const { recommendations } = await recommend(shop, userId, { limit });
  const ids = [...bought, ...recommendations].map(({ product_id }) => product_id);
  const products = new Map((await getProducts(shop, [...new Set(ids)])).map((product) => [product.id, product]));
  const named = (product_id: number) => {
    const product = products.get(product_id);
    return { product_id, name: product?.name ?? "(gone from the catalog)", category: product?.category ?? "" };
  };
  const all = bought.map((line) => ({ ...line, ...named(line.product_id) }));
  const categories = [...Map.groupBy(all, ({ category }) => category)]
    .map(([category, lines]) => ({ category, products: lines.length }))
    .toSorted((a, b) => b.products - a.products);
  return {
    customer: { id: account.id, full_name: account.full_name },
    bought: all.slice(0, limit),
    categories,
    recommendations: recommendations.map((line) => ({ ...line, ...named(line.product_id) })),
  };
}
