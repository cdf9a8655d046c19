import { addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import type { Once } from "../idempotency/idempotency";
import { CASH } from "../payments/gateways";
import { findPayment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import type { NewMoneyReceipt } from "./change-schema";
import { step } from "./fulfilment";
import type { Order } from "./schema";
import { settle } from "./settle";

/**
 * The money for an order came by other means than a provider: by a transfer, or over the counter. Throws `not_found`, and
 * `conflict` where nothing is to be paid, and where the customer may still pay at a provider.
 */
export function receiveMoney(shop: Shop, id: number, { note }: NewMoneyReceipt = {}, once?: Once): Promise<Order> {
  return step(shop, id, once, async (tx, order) => {
    const payment = await findPayment(tx, id);
    if (order.status === "cancelled" || order.payment_status !== "pending" || !payment) {
      throw new ShopError("conflict", "Nothing is to be paid for this order.");
    }
    if (payment.provider !== CASH) {
      throw new ShopError(
        "conflict",
        "The customer may still pay this order online, and would pay twice: let them choose cash for it, or cancel it and take a new one down.",
      );
    }
    const { amount_minor, currency } = payment;
    await settle(shop, tx, order, payment, { is: "captured", amount_minor, currency });
    if (note !== undefined) addDetails(tx, { note });
  });
}
