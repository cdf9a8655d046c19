import { findGateway } from "../payments/gateways";
import type { Gateway, Outcome } from "../payments/gateway";
import { findPayment, findPaymentById, markAsked, markClosed, type Payment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import { getHeldOrder } from "./orders";
import { sendRefunds } from "./send-refunds";
import { type Settled, settle } from "./settle";

/** Asks how the payment of an order stands that counts. */
export function lookAtPayment(shop: Shop, orderId: number): Promise<Settled> {
  return askGateway(shop, orderId, (gateway, payment) => gateway.look(shop, payment));
}

/** Sees to it that an order which came to nothing can't be paid any more, or that what was paid is paid back. */
export function closePayment(shop: Shop, orderId: number, patience?: AbortSignal): Promise<Settled> {
  return askGateway(shop, orderId, (gateway, payment) => gateway.close(shop, payment, patience));
}

/** The same for one of several payments of an order. */
export async function closeOne(shop: Shop, paymentId: number, patience?: AbortSignal): Promise<Settled> {
  const payment = await findPaymentById(shop.database, paymentId);
  return payment ? ask(shop, payment, (gateway) => gateway.close(shop, payment, patience)) : "nothing";
}

/** Asks how one payment stands that is on its way. */
export async function askHowItStands(shop: Shop, paymentId: number): Promise<Settled> {
  const payment = await findPaymentById(shop.database, paymentId);
  if (!payment) return "nothing";
  await shop.database.transaction((tx) => markAsked(tx, paymentId, shop.now().toISOString()));
  return ask(shop, payment, (gateway) => gateway.look(shop, payment));
}

/** Asks about the payment of an order that counts. */
async function askGateway(
  shop: Shop,
  orderId: number,
  question: (gateway: Gateway, payment: Payment) => Promise<Outcome>,
): Promise<Settled> {
  const payment = await findPayment(shop.database, orderId);
  return payment ? ask(shop, payment, (gateway) => question(gateway, payment)) : "nothing";
}

/** Asks about a payment that is open at a gateway, or on its way, and settles what it says. */
async function ask(shop: Shop, payment: Payment, question: (gateway: Gateway) => Promise<Outcome>): Promise<Settled> {
  const gateway = findGateway(shop, payment.provider);
  if (!gateway || (payment.state !== "open" && payment.state !== "under_way") || payment.gateway_id === null)
    return "nothing";
  const outcome = await question(gateway);
  const settled = await shop.database.transaction(async (tx) => {
    const order = await getHeldOrder(tx, payment.order_id);
    const now = await findPaymentById(tx, payment.id);
    const settled = now ? await settle(shop, tx, order, now, outcome) : "nothing";
    // The gateway itself says that money was taken, if not what the order costs: it can't be taken again.
    if (settled === "flagged") await markClosed(tx, payment.id);
    return settled;
  });
  if (settled === "refunded") await sendRefunds(shop, { orderId: payment.order_id });
  return settled;
}
