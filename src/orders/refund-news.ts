import { recordEvent } from "../events/events";
import type { RefundNews } from "../payments/gateway";
import { findPayment, findPaymentById, flagPayment, type Payment } from "../payments/queries";
import {
  endRefund,
  findRefundsOf,
  giveBackToPayment,
  insertRefund,
  markSent,
  nameRefund,
  type Refund,
  takeFromPayment,
} from "../payments/refund-queries";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { advance } from "./history";
import { tellOfRefund } from "./owed-refunds";
import type { HeldOrder } from "./queries";
import type { Cause, States } from "./states";

/** What news are about: an order that is held, and one of its payments. */
export interface About {
  shop: Shop;
  tx: Transaction;
  order: HeldOrder;
  payment: Payment;
}

/** What a payment is flagged for whose refund failed. */
export const REFUND_FAILED = "A refund failed at the gateway: send it again, or pay it back by other means.";

const MORE_THAN_LEFT = "The gateway has paid back more than this payment has left.";

/** The gateway has taken a refund on, paid it, or says that it came to nothing: then the shop owes it again. */
export async function settleRefund(
  { shop, tx, order, payment }: About,
  refund: Refund,
  news: { state: "sent" | "done" | "failed"; gateway_id: string | null; failure?: string | null; isExpected?: boolean },
): Promise<void> {
  const now = shop.now().toISOString();
  if (news.state === "sent") {
    if (news.gateway_id !== null) await markSent(tx, refund.id, news.gateway_id, now);
    return;
  }
  if (!(await endRefund(tx, refund.id, { ...news, state: news.state }, now))) return;
  if (news.state === "done") return;
  await giveBackToPayment(tx, payment.id, refund.amount_minor);
  if (!news.isExpected) {
    await flagPayment(tx, payment.id, REFUND_FAILED);
    await recordEvent(tx, "payment.flagged", { order_id: order.id }, now);
  }
  await followPayment(tx, order, "refund_failed", now);
}

/**
 * A refund as its gateway tells of it. It is one of ours by our reference or by the gateway's own name for it; otherwise
 * somebody paid it back at the gateway, and it counts all the same. `ifMore` is what the payment is flagged for where it is more
 * than was left.
 */
export async function hearOfRefund(
  about: About,
  news: RefundNews,
  ifMore = MORE_THAN_LEFT,
): Promise<"refunded" | "nothing" | "flagged"> {
  const refunds = await findRefundsOf(about.tx, about.payment.id);
  const known =
    refunds.find((one) => one.gateway_id === news.gateway_id) ??
    refunds.find((one) => one.reference === news.reference);
  if (known) {
    await settleRefund(about, known, { state: news.state, gateway_id: news.gateway_id });
    return news.state === "failed" ? "flagged" : "refunded";
  }
  if (news.state === "failed") return "nothing";
  // Its sum was heard of before its name was.
  const nameless = refunds.find((one) => isNameless(one) && one.amount_minor === news.amount_minor);
  if (nameless) {
    await nameRefund(about.tx, nameless.id, news.gateway_id);
    return "nothing";
  }
  return payBackElsewhere(about, news, ifMore);
}

const isNameless = ({ source, gateway_id, state }: Refund) =>
  source === "provider" && gateway_id === null && state !== "failed";

/** How much of a payment the gateway has paid back in all. What we neither did nor are about to do, others did there. */
export async function hearOfRefunds(about: About, refundedMinor: number): Promise<"refunded" | "nothing" | "flagged"> {
  const refunds = await findRefundsOf(about.tx, about.payment.id);
  const known = refunds.reduce((sum, { state, source, amount_minor }) => {
    return state === "failed" || source === "hand" ? sum : sum + amount_minor;
  }, 0);
  if (refundedMinor <= known) return "nothing";
  return payBackElsewhere(about, { gateway_id: null, amount_minor: refundedMinor - known, state: "done" });
}

async function payBackElsewhere(
  { shop, tx, order, payment }: About,
  news: Pick<RefundNews, "amount_minor" | "state"> & { gateway_id: string | null },
  ifMore = MORE_THAN_LEFT,
): Promise<"refunded" | "flagged"> {
  const now = shop.now().toISOString();
  const there = await findPaymentById(tx, payment.id);
  // What is gone is gone: as much of it as was left counts, and the rest is for a person.
  const amount_minor = Math.min(news.amount_minor, there ? there.captured_minor - there.refunded_minor : 0);
  const isMore = amount_minor < news.amount_minor;
  if (isMore) {
    await flagPayment(tx, payment.id, ifMore);
    await recordEvent(tx, "payment.flagged", { order_id: order.id }, now);
  }
  if (!there || amount_minor <= 0 || !(await takeFromPayment(tx, payment.id, amount_minor))) return "flagged";
  const id = await insertRefund(tx, {
    order_id: order.id,
    payment_id: payment.id,
    reference: shop.newId(),
    amount_minor,
    state: news.state,
    source: "provider",
    gateway_id: news.gateway_id,
    reason: "Paid back at the provider.",
    is_shipping: 0,
    created_at: now,
    ended_at: news.state === "done" ? now : null,
  });
  await tellOfRefund(tx, order, there, { id, amount_minor }, now);
  await followPayment(tx, order, "refunded_at_provider", now);
  return isMore ? "flagged" : "refunded";
}

/** Takes the order's payment status to what its payment says. */
export async function followPayment(tx: Transaction, order: HeldOrder, cause: Cause, now: string): Promise<HeldOrder> {
  const payment = await findPayment(tx, order.id);
  if (!payment || payment.state !== "captured") return order;
  const { captured_minor, refunded_minor } = payment;
  const payment_status: States["payment_status"] =
    refunded_minor === 0 ? "paid" : refunded_minor < captured_minor ? "partially_refunded" : "refunded";
  const stays = payment_status === order.payment_status && payment_status !== "partially_refunded";
  return stays ? order : advance(tx, order, { payment_status }, cause, now);
}
