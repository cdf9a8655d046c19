import { isInCatalog } from "../../catalog/queries";
import { ShopError } from "../../base/errors";
import type { Shop } from "../../shop/shop";
import { insertEvent, isDismissed, keepNewestEvents } from "../evaluate/queries";
import type { NewEvent } from "../schema";

/** So many of each type are kept of a customer, who could send one every tenth of a second; the oldest go, some at a time. */
const KEPT = { most: 2_000, some: 100 };

/** Writes down what a customer did with a product. One that they dismiss is not recommended to them again. Throws `not_found`. */
export async function recordEvent(shop: Shop, userId: number, { type, product_id }: NewEvent): Promise<void> {
  await shop.database.transaction(async (tx) => {
    if (!(await isInCatalog(tx, product_id))) throw new ShopError("not_found", "There is no such product.");
    if (type === "dismiss" && (await isDismissed(tx, userId, product_id))) return;
    const event = { user_id: userId, product_id, type, created_at: shop.now().toISOString() };
    await insertEvent(tx, event);
    await keepNewestEvents(tx, event, KEPT);
  });
}
