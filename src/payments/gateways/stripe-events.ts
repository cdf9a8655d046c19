import { z } from "zod";
import { fromStripe } from "../../base/currency";
import { ShopError } from "../../base/errors";
import type { News, Outcome, PaymentEvent, RefundNews } from "../gateway";

const StripeEvent = z.object({
  id: z.string().min(1).max(255),
  type: z.string().max(255),
  created: z.number().int().min(0).max(99_999_999_999).nullish(),
  data: z.object({ object: z.looseObject({ object: z.string().optional() }) }),
});

/** What Stripe names is an id, or the whole object where it was asked to expand it. */
const Named = z.union([z.string(), z.object({ id: z.string() })]).nullish();

/** The fields of a session that decide how a payment stands. */
const Session = z.object({
  id: z.string().max(255),
  client_reference_id: z.string().nullish(),
  status: z.string().nullish(),
  payment_status: z.string(),
  amount_total: z.number().nullish(),
  currency: z.string().nullish(),
  payment_intent: Named,
});

const Refund = z.object({
  id: z.string().max(255),
  amount: z.number(),
  currency: z.string().nullish(),
  status: z.string().nullish(),
  payment_intent: Named,
  metadata: z.record(z.string(), z.string()).nullish(),
});

const Charge = z.object({ payment_intent: Named, amount_refunded: z.number(), currency: z.string() });

const Dispute = z.object({
  id: z.string().max(255),
  payment_intent: Named,
  amount: z.number(),
  currency: z.string(),
  status: z.string(),
});

/** Throws ShopError `unreadable`. What is about something else says nothing. */
export function readStripeEvent(body: string): PaymentEvent {
  const read = StripeEvent.safeParse(jsonFrom(body));
  if (!read.success) throw new ShopError("unreadable", "This is no event of Stripe.");
  const { id, type, created, data } = read.data;
  const at = typeof created === "number" ? new Date(created * 1_000).toISOString() : undefined;
  return { id, kind: type, news: newsOf(type, data.object, at) ?? { about: "nothing" } };
}

function newsOf(type: string, object: unknown, at: string | undefined): News | undefined {
  if (type.startsWith("checkout.session.")) return sessionNews(type, Session.safeParse(object).data);
  if (type.startsWith("refund.") || type === "charge.refund.updated")
    return refundNews(type, Refund.safeParse(object).data);
  if (type === "charge.refunded") return chargeNews(Charge.safeParse(object).data);
  if (type.startsWith("charge.dispute.")) return disputeNews(Dispute.safeParse(object).data, at);
  return undefined;
}

function sessionNews(type: string, session: z.infer<typeof Session> | undefined): News | undefined {
  if (!session?.client_reference_id) return undefined;
  const outcome: Outcome = type === "checkout.session.async_payment_failed" ? { is: "failed" } : outcomeOf(session);
  return { about: "payment", reference: session.client_reference_id, outcome };
}

function refundNews(type: string, refund: z.infer<typeof Refund> | undefined): News | undefined {
  const money = nameOf(refund?.payment_intent);
  if (!refund || money === undefined) return undefined;
  const news = refundNewsOf(refund);
  return { about: "refund", money, refund: type === "refund.failed" ? { ...news, state: "failed" } : news };
}

function chargeNews(charge: z.infer<typeof Charge> | undefined): News | undefined {
  const money = nameOf(charge?.payment_intent);
  if (!charge || money === undefined) return undefined;
  const currency = charge.currency.toUpperCase();
  return { about: "refunds", money, refunded_minor: fromStripe(charge.amount_refunded, currency), currency };
}

/** Where the money was paid back meanwhile, the dispute takes none: the refund counts by itself. */
const OVER: Record<string, "won" | "lost"> = {
  won: "won",
  warning_closed: "won",
  prevented: "won",
  charge_refunded: "won",
  lost: "lost",
};

function disputeNews(dispute: z.infer<typeof Dispute> | undefined, at: string | undefined): News | undefined {
  const money = nameOf(dispute?.payment_intent);
  if (!dispute || money === undefined) return undefined;
  const currency = dispute.currency.toUpperCase();
  return {
    about: "dispute",
    money,
    state: OVER[dispute.status] ?? "open",
    gateway_id: dispute.id,
    amount_minor: fromStripe(dispute.amount, currency),
    currency,
    at,
  };
}

/** A session as it stands. One that is complete and unpaid is paid by a way that takes hours or days. */
export function outcomeOf(session: z.infer<typeof Session>): Outcome {
  const money = nameOf(session.payment_intent);
  // What was made free of charge at Stripe is over, too: its amount says that it is not what the order costs.
  const isFree = session.payment_status === "no_payment_required" && session.status === "complete";
  if (session.payment_status === "paid" || isFree) {
    const currency = (session.currency ?? "").toUpperCase();
    const amount_minor = fromStripe(session.amount_total ?? Number.NaN, currency);
    return { is: "captured", amount_minor, currency, gateway_id: session.id, money };
  }
  if (session.status === "complete") return { is: "under_way", money };
  return { is: session.status === "expired" ? "expired" : "open" };
}

export function refundNewsOf({ id, amount, currency, status, metadata }: z.infer<typeof Refund>): RefundNews {
  const code = (currency ?? "").toUpperCase();
  const failed = status === "failed" || status === "canceled";
  const done = status === "succeeded" || !status;
  return {
    gateway_id: id,
    reference: metadata?.["reference"],
    amount_minor: code === "" ? amount : fromStripe(amount, code),
    currency: code,
    state: failed ? "failed" : done ? "done" : "sent",
  };
}

const nameOf = (named: z.infer<typeof Named>): string | undefined =>
  typeof named === "string" ? named : (named?.id ?? undefined);

function jsonFrom(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
