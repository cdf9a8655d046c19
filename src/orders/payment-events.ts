import { insertEvent, markEvent } from "../payments/event-queries";
import { findGateway } from "../payments/gateways";
import type { News, PaymentEvent } from "../payments/gateway";
import { findPaymentByMoney, findPaymentByReference, type Payment } from "../payments/queries";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import { askHowItStands } from "./asking";
import { logFailure } from "./batches";
import { hearOfDispute } from "./disputes";
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
  await hearOfItsCapture(shop, provider, event.news, reference);
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

/** What is told of money comes before it is told that the money came: the gateway is asked, so that there is something to pay back. */
async function hearOfItsCapture(
  shop: Shop,
  provider: string,
  news: News,
  reference: string | undefined,
): Promise<void> {
  if (!("money" in news)) return;
  const payment = await findPaymentOf(shop.database, provider, news, reference);
  if (!payment || payment.state === "captured" || payment.state === "surplus") return;
  await logFailure(shop, payment.order_id, () => askHowItStands(shop, payment.id));
}

async function findPaymentOf(
  tx: Reader,
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

/** News without a reference are about what others sell through the same account. */
function strange(news: News): Settled {
  return news.about === "payment" && news.reference !== "" && news.outcome.is === "captured" ? "flagged" : "unknown";
}
