import { ShopError } from "../base/errors";
import { recordEvent } from "../events/events";
import { findGateway } from "../payments/gateways";
import type { Gateway, Outcome, PaymentEvent } from "../payments/gateway";
import { insertEvent, markEvent } from "../payments/event-queries";
import {
  findPayment,
  findPaymentByReference,
  flagPayment,
  markCaptured,
  markClosed,
  markOpened,
  type Payment,
} from "../payments/queries";
import type { Shop } from "../shop/shop";
import { sellLines } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { advance } from "./history";
import { findLines } from "./line-queries";
import { getOrder } from "./orders";
import { type HeldOrder, holdOrder } from "./queries";
import { oweRefund, sendRefunds } from "./refunds";
import { quietly } from "./batches";
import type { PaymentStanding } from "./schema";
import type { Cause } from "./states";
import { undoOrder } from "./undo";

/** What came of hearing how a payment stands. */
export type Settled = "paid" | "refunded" | "cancelled" | "flagged" | "unknown" | "nothing";

/**
 * The one way in which news of a payment reach its order, wherever they come from: webhook, the customer's confirmation,
 * or our own asking. Any number of times and in any order: only the first capture counts, and one that comes when the
 * goods are promised to nobody any more is paid back. The order is held by this transaction already.
 */
export async function settle(
  shop: Shop,
  tx: Transaction,
  order: HeldOrder,
  outcome: Outcome,
  cause: Cause = "paid",
): Promise<Settled> {
  const payment = await findPayment(tx, order.id);
  if (!payment || outcome.is === "open") return "nothing";
  // Before anything else: a second report that differs from the first is for a person too.
  if (outcome.is === "captured" && !isItsPrice(payment, outcome)) {
    await recordEvent(tx, "payment.flagged", { order_id: order.id }, shop.now().toISOString());
    await flagPayment(tx, payment.id, "The gateway reported another amount or currency than the order has.");
    shop.log("warn", "A payment is not what its order costs: see sanset doctor.", { order_id: order.id });
    return "flagged";
  }
  if (payment.state === "captured") return "nothing";
  const now = shop.now().toISOString();
  if (outcome.is !== "captured") {
    await markClosed(tx, payment.id);
    if (order.payment_status !== "pending" || order.status === "cancelled") return "nothing";
    await undoOrder(tx, order, outcome.is === "declined" ? "payment_declined" : "payment_expired", now);
    return "cancelled";
  }
  await markCaptured(tx, payment.id, now, outcome.gateway_id);
  if (order.status === "cancelled") {
    const paid = await advance(tx, order, { payment_status: "paid" }, "paid_too_late", now);
    await oweRefund(shop, tx, paid, payment.amount_minor, "Paid after the order was cancelled.", now);
    await advance(tx, paid, { payment_status: "refunded" }, "refunded", now);
    return "refunded";
  }
  await advance(tx, order, { payment_status: "paid" }, cause, now);
  await sellLines(tx, order.id, await findLines(tx, order.id), now);
  return "paid";
}

const isItsPrice = (payment: Payment, captured: { amount_minor: number; currency: string }) =>
  captured.amount_minor === payment.amount_minor && captured.currency === payment.currency;

/**
 * Opens the payment of an order at its gateway, if that is not done, and says where to pay. One whose order was cancelled
 * meanwhile is closed again. Throws `payment_unavailable`.
 */
export async function openPayment(shop: Shop, orderId: number): Promise<string | null> {
  const payment = await findPayment(shop.database, orderId);
  const gateway = payment && findGateway(shop, payment.provider);
  if (!payment || !gateway || payment.state !== "new") return payment?.payment_url ?? null;
  try {
    const opened = await gateway.open(shop, payment);
    const order = await shop.database.transaction(async (tx) => {
      // Held, so that a cancellation comes before and is seen here, or after and sees what is open.
      const held = await holdOrder(tx, orderId);
      await markOpened(tx, payment.id, opened);
      return held;
    });
    if (order?.status !== "cancelled") return opened.payment_url;
    await quietly(shop, orderId, () => closePayment(shop, orderId));
    return null;
  } catch (error) {
    if (!(error instanceof ShopError)) throw error;
    throw new ShopError(
      "payment_unavailable",
      "Your order is placed, but the payment could not be opened. Ask again: POST /orders/{id}/payment.",
      { order_id: orderId },
      { cause: error.cause ?? error },
    );
  }
}

/** The customer says that they have paid, or wants to: asks the gateway how it stands. Throws `not_found`. */
export async function confirmPayment(shop: Shop, userId: number, orderId: number): Promise<PaymentStanding> {
  const order = await getOrder(shop.database, orderId, userId);
  const payment_url = order.status === "cancelled" ? null : await openPayment(shop, orderId);
  await askGateway(shop, orderId, (gateway, payment) => gateway.look(shop, payment));
  const { status, payment_status } = await getOrder(shop.database, orderId);
  return { order_id: orderId, status, payment_status, payment_url };
}

/** Sees to it that an order which came to nothing can't be paid any more, or that what was paid is paid back. */
export function closePayment(shop: Shop, orderId: number, patience?: AbortSignal): Promise<Settled> {
  return askGateway(shop, orderId, (gateway, payment) => gateway.close(shop, payment, patience));
}

/** Asks about a payment that is open at a gateway, and settles what it says. */
async function askGateway(
  shop: Shop,
  orderId: number,
  ask: (gateway: Gateway, payment: Payment) => Promise<Outcome>,
): Promise<Settled> {
  const payment = await findPayment(shop.database, orderId);
  const gateway = payment && findGateway(shop, payment.provider);
  if (!payment || !gateway || payment.state !== "open") return "nothing";
  const outcome = await ask(gateway, payment);
  const settled = await shop.database.transaction(async (tx) => {
    const order = await holdOrder(tx, orderId);
    const settled = order ? await settle(shop, tx, order, outcome) : "nothing";
    // The gateway itself says that money was taken, if not what the order costs: it can't be taken again.
    if (settled === "flagged") await markClosed(tx, payment.id);
    return settled;
  });
  if (settled === "refunded") await sendRefunds(shop, { orderId });
  return settled;
}

/**
 * Takes in what a gateway tells, each event once. What names none of our payments is kept and changes nothing; where it is
 * money under a reference, a person hears of it.
 */
export async function receiveEvent(shop: Shop, provider: string, event: PaymentEvent): Promise<Settled> {
  const { settled, orderId } = await shop.database.transaction(async (tx) => {
    const isNew = await insertEvent(tx, provider, event, shop.now().toISOString());
    if (!isNew) return { settled: "nothing" as const, orderId: null };
    const payment = event.reference ? await findPaymentByReference(tx, provider, event.reference) : undefined;
    const order = payment && (await holdOrder(tx, payment.order_id));
    const settled = order ? await settle(shop, tx, order, event.outcome) : strange(event);
    await markEvent(tx, provider, event.id, { order_id: order?.id ?? null, outcome: settled });
    return { settled, orderId: order?.id ?? null };
  });
  if (settled === "flagged" && orderId === null) {
    shop.log("warn", "A gateway reports a payment that belongs to no order.", { provider, event_id: event.id });
  }
  if (settled === "refunded" && orderId !== null) await sendRefunds(shop, { orderId });
  return settled;
}

/** Events without a reference are about what others sell through the same account. */
function strange({ reference, outcome }: PaymentEvent): Settled {
  return reference !== undefined && outcome.is === "captured" ? "flagged" : "unknown";
}
