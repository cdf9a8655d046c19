import { findGateway } from "../payments/gateways";
import type { Gateway, RefundNews } from "../payments/gateway";
import { findPaymentById, type Payment } from "../payments/queries";
import { findRefundsOf, findWaitingRefunds, type Refund } from "../payments/refund-queries";
import type { Shop } from "../shop/shop";
import { inBatches, logFailure } from "./batches";
import { getHeldOrder } from "./orders";
import { hearOfRefund, settleRefund } from "./refund-news";

/** What was sent so long ago may have been forgotten as ours, so it is asked for before it is sent again. */
const ASKED_FIRST_AFTER_MS = 60 * 60_000;

/** Tells the gateways about refunds that they have not finished: those of one order, or all. What fails is tried again. */
export async function sendRefunds(
  shop: Shop,
  { orderId, stopping }: { orderId?: number; stopping?: AbortSignal | undefined },
): Promise<void> {
  const said = "A refund could not be sent; the next sweep tries again.";
  await inBatches<Refund>(
    (most, after) => findWaitingRefunds(shop.database, orderId, most, after),
    async (refund, patience) => {
      await logFailure(shop, refund.order_id, () => sendRefund(shop, refund, patience), said);
    },
    stopping,
  );
}

async function sendRefund(shop: Shop, refund: Refund, patience: AbortSignal): Promise<void> {
  const payment = await findPaymentById(shop.database, refund.payment_id);
  const gateway = payment && findGateway(shop, payment.provider);
  if (!payment || !gateway) throw new Error("The gateway that took this payment is not set up here.");
  const isOld = shop.now().getTime() - Date.parse(refund.asked_at ?? refund.created_at) >= ASKED_FIRST_AFTER_MS;
  // What is on its way is only asked about, and no more often than that.
  if (refund.state === "sent" && !isOld) return;
  if (isOld) {
    const known = (await gateway.refundsOf(shop, payment, patience)).find((one) => isSame(one, refund));
    if (known) return writeNews(shop, payment, refund, { ...known, failure: null });
    if (refund.state === "sent") return;
  }
  const answer = await gateway.refund(shop, payment, refund, patience);
  if (answer.is === "already_refunded") return reconcile(shop, gateway, payment, refund, patience);
  const failure = answer.is === "failed" ? answer.why : null;
  await writeNews(shop, payment, refund, { state: answer.is, gateway_id: answer.gateway_id ?? null, failure });
}

const isSame = (news: RefundNews, refund: Refund): boolean =>
  news.reference === refund.reference || news.gateway_id === refund.gateway_id;

async function writeNews(
  shop: Shop,
  payment: Payment,
  refund: Refund,
  news: { state: "sent" | "done" | "failed"; gateway_id: string | null; failure: string | null },
): Promise<void> {
  await shop.database.transaction(async (tx) => {
    const order = await getHeldOrder(tx, refund.order_id);
    await settleRefund({ shop, tx, order, payment }, refund, news);
  });
  if (news.state === "failed") {
    shop.log("error", "A gateway refused a refund: see sanset doctor.", { order_id: refund.order_id });
  }
}

/**
 * The gateway has paid all of it back already, by other hands: what it has is taken over. Ours was one of those where the
 * sums are the same; otherwise it comes to nothing, and the customer has the money all the same.
 */
async function reconcile(
  shop: Shop,
  gateway: Gateway,
  payment: Payment,
  refund: Refund,
  patience: AbortSignal,
): Promise<void> {
  const theirs = await gateway.refundsOf(shop, payment, patience);
  await shop.database.transaction(async (tx) => {
    const order = await getHeldOrder(tx, refund.order_id);
    const about = { shop, tx, order, payment };
    const ours = await findRefundsOf(tx, payment.id);
    const unknown = theirs.filter(
      (news) => news.state !== "failed" && !ours.some((one) => one.id !== refund.id && isSame(news, one)),
    );
    const same = unknown.find((news) => isSame(news, refund) || news.amount_minor === refund.amount_minor);
    // A gateway that does not say what it has, has paid all of it.
    if (same || unknown.length === 0) {
      await settleRefund(about, refund, { state: "done", gateway_id: same?.gateway_id ?? null });
    } else {
      const failure = "It was paid back at the provider already.";
      await settleRefund(about, refund, { state: "failed", gateway_id: null, failure, isExpected: true });
    }
    for (const news of unknown) {
      if (news === same) continue;
      await hearOfRefund({ ...about, order: await getHeldOrder(tx, refund.order_id) }, news);
    }
  });
}
