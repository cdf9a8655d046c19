import { recordEvent } from "../events/events";
import { countOpenDisputes, type Dispute, findDispute, upsertDispute } from "../payments/dispute-queries";
import type { News } from "../payments/gateway";
import { flagPayment, markDisputed, unflagPayment } from "../payments/queries";
import { findRefundsOf } from "../payments/refund-queries";
import { type About, hearOfRefund, settleRefund } from "./refund-news";
import type { Settled } from "./settle";

type DisputeNews = Extract<News, { about: "dispute" }>;

const DISPUTED = "The customer disputes this payment: answer it at the gateway.";
const LOST = "A dispute of this payment was lost: the customer's bank has taken the money back.";
const LOST_MORE =
  "A dispute of this payment was lost, and the customer's bank has taken back more than was left of it: what was paid back before is paid twice.";
const LOST_AGAIN = "A dispute that was won is lost all the same: what the gateway has taken back is not known here.";

/**
 * The customer's bank takes money back, for now, for good, or not after all. A person hears of it, since it is answered at
 * the gateway. News come in any order, and a payment can be disputed more than once: it is disputed as long as one of its
 * disputes is open.
 */
export async function hearOfDispute(about: About, news: DisputeNews): Promise<Settled> {
  const { shop, tx, payment } = about;
  const { gateway_id, state } = news;
  const before = await findDispute(tx, payment.id, gateway_id);
  const refund = (await findRefundsOf(tx, payment.id)).find((one) => one.gateway_id === gateway_id);
  // Disputes of before they were written down each are known by what came of them.
  const known = before ?? (refund && { state: "lost" as const, told_at: null });
  if (known && !isNews(known, news)) return "nothing";
  await upsertDispute(tx, { payment_id: payment.id, gateway_id, state, told_at: news.at ?? null });
  const now = shop.now().toISOString();
  const isDisputed = (await countOpenDisputes(tx, payment.id)) > 0;
  await markDisputed(tx, payment.id, isDisputed ? (payment.disputed_at ?? now) : null);
  if (!isDisputed) await unflagPayment(tx, payment.id, DISPUTED);
  if (state === "open") {
    await tellPeople(about, DISPUTED, now);
    return "disputed";
  }
  if (state === "lost") return lose(about, news, refund?.state === "failed", now);
  // The money that was gone is the shop's again.
  if (refund) {
    const failure = "The dispute was won after all.";
    await settleRefund(about, refund, { state: "failed", gateway_id, failure, isExpected: true });
  }
  for (const flag of [LOST, LOST_MORE]) await unflagPayment(tx, payment.id, flag);
  return "nothing";
}

/** By the gateway's own time where it says one. Of two that say none, or the same, what is over stays over. */
function isNews(known: Pick<Dispute, "state" | "told_at">, { state, at }: DisputeNews): boolean {
  if (known.state === state) return false;
  if (known.told_at !== null && at !== undefined && known.told_at !== at) return at > known.told_at;
  return state !== "open";
}

async function lose(about: About, news: DisputeNews, wasWon: boolean, now: string): Promise<Settled> {
  if (wasWon) {
    await tellPeople(about, LOST_AGAIN, now);
    return "flagged";
  }
  const { gateway_id, amount_minor, currency } = news;
  const settled = await hearOfRefund(about, { gateway_id, amount_minor, currency, state: "done" }, LOST_MORE);
  if (settled !== "flagged") await tellPeople(about, LOST, now);
  return settled;
}

async function tellPeople({ tx, order, payment }: About, flag: string, now: string): Promise<void> {
  await flagPayment(tx, payment.id, flag);
  await recordEvent(tx, "payment.flagged", { order_id: order.id }, now);
}
