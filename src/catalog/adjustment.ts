import { type Once, transactOnce } from "../idempotency/idempotency";
import type { Shop } from "../shop/shop";
import { ShopError } from "../base/errors";
import { adjustShelf } from "../stock/stock";
import type { Adjustment, ShelfLevel } from "../stock/schema";
import { isInCatalog } from "./queries";
import { holdProduct, updateProduct } from "./write-queries";

/**
 * Adds what arrived to a product's shelf, or takes away what is broken or gone. Throws `not_found`, and `conflict` when
 * that would take what is reserved for orders or fill the shelf too full.
 */
export function adjustStock(shop: Shop, productId: number, adjustment: Adjustment, once?: Once): Promise<ShelfLevel> {
  return transactOnce(shop, once, async (tx) => {
    const now = shop.now().toISOString();
    await holdProduct(tx, productId);
    if (!(await isInCatalog(tx, productId))) throw new ShopError("not_found", "There is no such product.");
    const level = await adjustShelf(tx, productId, adjustment, { now, lowAt: shop.settings.stockLowAt });
    // Stock that is changed by hand makes another version of the product.
    await updateProduct(tx, productId, {}, now);
    return { ...level, stock: level.on_hand - level.reserved };
  });
}
