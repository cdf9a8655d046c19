import type { Shop } from "../shop/shop";
import { lookAtPayment } from "./asking";
import { getOwnOrder } from "./orders";
import { openPayment, payAnew } from "./payment-opening";
import type { NewPayment, PaymentStanding } from "./change-schema";

/**
 * The customer says that they have paid, or wants to, perhaps in another way: asks the gateway how it stands, and opens the
 * payment, or another one, where it is still to be paid. Throws `not_found`, `payment_unavailable`, `payment_refused`, and
 * `invalid` for a way to pay that the shop does not offer.
 */
export async function confirmPayment(
  shop: Shop,
  userId: number,
  orderId: number,
  { payment_method }: NewPayment = {},
): Promise<PaymentStanding> {
  const order = await getOwnOrder(shop.database, orderId, userId);
  let payment_url = order.status === "cancelled" ? null : await openPayment(shop, orderId);
  await lookAtPayment(shop, orderId);
  const asked = await getOwnOrder(shop.database, orderId, userId);
  if (asked.payment_status === "pending" && asked.status !== "cancelled") {
    const isAnother = await payAnew(shop, orderId, payment_method);
    if (isAnother) payment_url = await openPayment(shop, orderId);
  }
  const { status, payment_status } = await getOwnOrder(shop.database, orderId, userId);
  return { order_id: orderId, status, payment_status, payment_url: payment_status === "pending" ? payment_url : null };
}
