import { createProduct } from "../../src/catalog/create";
import type { NamedProduct } from "../../src/catalog/schema";
import { numberOf } from "./every-test";
import type { TestShop } from "./shop";

/** Puts something on the shelf and returns it. */
export async function stockShelf(shop: TestShop, product: Partial<NamedProduct> = {}) {
  const slug = product.slug ?? `mug-${numberOf("goods")}`;
  return createProduct(shop, {
    slug,
    name: slug,
    category: "Kitchen",
    price: 120,
    stock: 10,
    attributes: {},
    ...product,
  });
}
