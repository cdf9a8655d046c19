import { addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import { resolveStray } from "../payments/event-queries";
import { findPaymentsOf, unflagPayments } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { getHeldOrder, getOrder } from "./orders";
import type { Order } from "./schema";
import type { NewResolution } from "./change-schema";

/**
 * A person has looked at what a payment was flagged for, and says what came of it, for the audit. Throws `not_found`, and
 * `conflict` when nothing waits for a person.
 */
export function resolvePayment(shop: Shop, id: number, { note }: NewResolution): Promise<Order> {
  return shop.database.transaction(async (tx) => {
    await getHeldOrder(tx, id);
    const flag = (await findPaymentsOf(tx, id)).find((payment) => payment.flag !== null)?.flag;
    if (!flag) throw new ShopError("conflict", "Nothing about this order's payment waits for a person.");
    await unflagPayments(tx, id);
    addDetails(tx, { flag, note });
    return getOrder(tx, id);
  });
}

/** The same for an event about money that no order knows of. Throws `not_found` when none such waits. */
export function resolveEvent(
  shop: Shop,
  event: { provider: string; event_id: string },
  { note }: NewResolution,
): Promise<{ provider: string; event_id: string }> {
  return shop.database.transaction(async (tx) => {
    if (!(await resolveStray(tx, event))) throw new ShopError("not_found", "No such event waits for a person.");
    addDetails(tx, { note });
    return event;
  });
}
