import { insertEvent, markEvent } from "../payments/event-queries";
import { findGateway } from "../payments/gateways";
import type { News, PaymentEvent } from "../payments/gateway";
import {
  findPaymentByMoney,
  findPaymentByReference,
  flagPayment,
  markDisputed,
  type Payment,
} from "../payments/queries";
import { findRefundsOf } from "../payments/refund-queries";
import { recordEvent } from "../events/events";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { getHeldOrder } from "./orders";
import type { HeldOrder } from "./queries";
import { hearOfRefund, hearOfRefunds } from "./refund-news";
import { sendRefunds } from "./send-refunds";
import { type Settled, settle } from "./settle";

/**
 * Takes in what a gateway tells, each event once. What names none of our payments is kept and changes nothing; where it is
 * money under a reference, a person hears of it.
 */
export async function receiveEvent(shop: Shop, provider: string, event: PaymentEvent): Promise<Settled> {
  const reference = await referenceFor(shop, provider, event.news);
  const { settled, orderId } = await shop.database.transaction(async (tx) => {
    const isNew = await insertEvent(tx, provider, event, shop.now().toISOString());
    if (!isNew) return { settled: "nothing" as const, orderId: null };
    const payment = await findPaymentOf(tx, provider, event.news, reference);
    const order = payment && (await getHeldOrder(tx, payment.order_id));
    const settled = payment && order ? await hear(shop, tx, order, payment, event.news) : strange(event.news);
    await markEvent(tx, provider, event.id, { order_id: order?.id ?? null, outcome: settled });
    return { settled, orderId: order?.id ?? null };
  });
  if (settled === "flagged" && orderId === null) {
    shop.log("warn", "A gateway reports a payment that belongs to no order.", { provider, event_id: event.id });
  }
  if (settled === "refunded" && orderId !== null) await sendRefunds(shop, { orderId });
  return settled;
}

async function findPaymentOf(
  tx: Transaction,
  provider: string,
  news: News,
  reference: string | undefined,
): Promise<Payment | undefined> {
  const byMoney = "money" in news ? await findPaymentByMoney(tx, provider, news.money) : undefined;
  return byMoney ?? (reference === undefined ? undefined : findPaymentByReference(tx, provider, reference));
}

/** Our reference in the news, or what the gateway says whose the money is, where it was paid before we kept its name. */
async function referenceFor(shop: Shop, provider: string, news: News): Promise<string | undefined> {
  if (news.about === "payment") return news.reference;
  if (!("money" in news) || (await findPaymentByMoney(shop.database, provider, news.money))) return undefined;
  return findGateway(shop, provider)?.referenceOf(shop, news.money);
}

async function hear(shop: Shop, tx: Transaction, order: HeldOrder, payment: Payment, news: News): Promise<Settled> {
  const about = { shop, tx, order, payment };
  switch (news.about) {
    case "payment":
      return settle(shop, tx, order, payment, news.outcome);
    case "refund":
      return hearOfRefund(about, news.refund);
    case "refunds":
      return hearOfRefunds(about, news.refunded_minor);
    case "dispute":
      return hearOfDispute(about, news);
    default:
      return "nothing";
  }
}

/** The customer's bank takes the money back, for now or for good: a person must answer it at the gateway. */
async function hearOfDispute(
  about: { shop: Shop; tx: Transaction; order: HeldOrder; payment: Payment },
  { state, gateway_id, amount_minor, currency }: Extract<News, { about: "dispute" }>,
): Promise<Settled> {
  const { shop, tx, order, payment } = about;
  const now = shop.now().toISOString();
  if (state === "open") {
    if (payment.disputed_at !== null) return "nothing";
    // Events come in any order: the customer has won it already.
    const isLost = (await findRefundsOf(tx, payment.id)).some((refund) => refund.gateway_id === gateway_id);
    if (isLost) return "nothing";
    await markDisputed(tx, payment.id, now);
    await flagPayment(tx, payment.id, "The customer disputes this payment: answer it at the gateway.");
    await recordEvent(tx, "payment.flagged", { order_id: order.id }, now);
    return "disputed";
  }
  await markDisputed(tx, payment.id, null);
  return state === "lost" ? hearOfRefund(about, { gateway_id, amount_minor, currency, state: "done" }) : "nothing";
}

/** News without a reference are about what others sell through the same account. */
function strange(news: News): Settled {
  return news.about === "payment" && news.reference !== "" && news.outcome.is === "captured" ? "flagged" : "unknown";
}
