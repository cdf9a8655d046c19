import { record } from "../audit/audit";
import { ShopError } from "../errors";
import { findPayment, unflagPayment } from "../payments/queries";
import type { Shop } from "../shop";
import { noOrder } from "./orders";
import { findOrder, holdOrder } from "./queries";
import type { NewResolution, Order } from "./schema";

/**
 * A person has looked at what a payment was flagged for, and says what came of it. The audit keeps who it was; the command
 * line is nobody. Throws `not_found`, and `conflict` when nothing waits for a person.
 */
export function resolvePayment(
  shop: Shop,
  id: number,
  { note }: NewResolution,
  by: { user_id: number } | "shop",
): Promise<Order> {
  return shop.database.transaction(async (tx) => {
    const held = await holdOrder(tx, id);
    if (!held) throw noOrder();
    const flag = (await findPayment(tx, id))?.flag;
    if (!flag) throw new ShopError("conflict", "Nothing about this order's payment waits for a person.");
    await unflagPayment(tx, id);
    await record(shop, tx, {
      action: "payment_resolved",
      user_id: by === "shop" ? null : by.user_id,
      subject: `order ${id}`,
      details: { flag, note },
    });
    const order = await findOrder(tx, id, shop.settings);
    if (!order) throw noOrder();
    return order;
  });
}
