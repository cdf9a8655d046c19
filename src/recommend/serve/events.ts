import { isInCatalog } from "../../catalog/queries";
import { ShopError } from "../../base/errors";
import type { Shop } from "../../shop/shop";
import { insertEvent } from "../evaluate/queries";
import type { NewEvent } from "../schema";

/** Writes down what a customer did with a product. One that they dismiss is not recommended to them again. Throws `not_found`. */
export async function recordEvent(shop: Shop, userId: number, { type, product_id }: NewEvent): Promise<void> {
  await shop.database.transaction(async (tx) => {
    if (!(await isInCatalog(tx, product_id))) throw new ShopError("not_found", "There is no such product.");
    await insertEvent(tx, { user_id: userId, product_id, type, created_at: shop.now().toISOString() });
  });
}
