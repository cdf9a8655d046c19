import type { Stripe } from "stripe";
import { isTakenByStripe, toStripe } from "../../base/currency";
import { ShopError } from "../../base/errors";
import { setting } from "../../shop/setting";
import { secret, webAddress, webhookSecret } from "../../shop/setting-kinds";
import type { Gateway, Opened, RefundAnswer, RefundNews } from "../gateway";
import { paymentProvider } from "../provider";
import type { Payment } from "../queries";
import type { Refund } from "../refund-queries";
import { checkSignature } from "./signature";
import { asking, connect, isRefusal, orUndefined, refusalCode, type StripeSettings } from "./stripe-client";
import { outcomeOf, readStripeEvent, refundNewsOf } from "./stripe-events";
import { LEAST_AMOUNTS } from "./stripe-least-amounts";

export const stripe = paymentProvider({
  name: "stripe",
  settings: {
    title: "Payments: Stripe",
    settings: {
      STRIPE_SECRET_KEY: setting(secret(16), {
        about:
          "Stripe's key, sk_live_… or sk_test_…. Not with a CURRENCY of which Stripe takes fewer digits: see docs/orders.md.",
      }),
      STRIPE_WEBHOOK_SECRET: setting(webhookSecret(), {
        about: "Signs Stripe's events (whsec_…); without it none are taken.",
      }),
      STRIPE_API_URL: setting(webAddress(), { usual: "https://api.stripe.com", about: "Where Stripe is asked." }),
    },
  },
  isUsual: ({ stripeSecretKey }) => stripeSecretKey !== undefined,
  isReal: ({ stripeSecretKey }) => /^[sr]k_live_/.test(stripeSecretKey ?? ""),
  objections({ stripeSecretKey }, { currency, paymentProviders }) {
    if (stripeSecretKey === undefined && paymentProviders.includes("stripe"))
      return ["PAYMENT_PROVIDERS names stripe, which needs STRIPE_SECRET_KEY"];
    if (stripeSecretKey !== undefined && !isTakenByStripe(currency)) {
      const way = "leave STRIPE_SECRET_KEY out, or sell in another";
      return [`CURRENCY ${currency} has more digits than Stripe takes: ${way}`];
    }
    return [];
  },
  createGateway: ({ stripeSecretKey, stripeWebhookSecret, stripeApiUrl }, { paymentReturnUrl }) =>
    stripeSecretKey === undefined
      ? undefined
      : stripeGateway(
          { secretKey: stripeSecretKey, webhookSecret: stripeWebhookSecret, apiUrl: stripeApiUrl },
          paymentReturnUrl,
        ),
});

/** How many sessions are looked through for one whose making was never confirmed. */
const SESSIONS_LOOKED_THROUGH = 1_000;

/**
 * Stripe Checkout: the customer pays on Stripe's page, one session a try. A session lives a day; we close it ourselves
 * when the order's hold runs out, since Stripe knows no time shorter than half an hour.
 */
function stripeGateway(settings: StripeSettings, returnUrl: string): Gateway {
  const shared = once(() => connect(settings));
  // Stripe's package takes no signal with a call, so a call that may be given up has a client of its own.
  const client = (patience?: AbortSignal) => (patience ? connect(settings, patience) : shared());
  return {
    leastAmount: (currency) => LEAST_AMOUNTS[currency],
    open: (_, payment) => asking(async () => open(await client(), payment, returnUrl)),
    find: (_, payment) => asking(async () => find(await client(), payment)),
    look: (_, payment) =>
      asking(async () => outcomeOf(await (await client()).checkout.sessions.retrieve(sessionOf(payment)))),
    close: (_, payment, patience) =>
      asking(async () => outcomeOf(await expire(await client(patience), sessionOf(payment)))),
    refund: (_, payment, refund, patience) => asking(async () => payBack(await client(patience), payment, refund)),
    refundsOf: (_, payment, patience) => asking(async () => refundsOf(await client(patience), payment)),
    referenceOf: (_, money) =>
      asking(async () => {
        const found = await orUndefined((await client()).checkout.sessions.list({ payment_intent: money, limit: 1 }));
        return found?.data[0]?.client_reference_id ?? undefined;
      }),
    readEvent:
      settings.webhookSecret === undefined
        ? undefined
        : (shop, headers, body) => {
            checkSignature(headers.get("stripe-signature"), body, settings.webhookSecret ?? "", shop.now());
            return readStripeEvent(body);
          },
  };
}

async function open(stripe: Stripe, payment: Payment, returnUrl: string): Promise<Opened> {
  const metadata = { order_id: String(payment.order_id), reference: payment.reference };
  const back = `${returnUrl}?order_id=${payment.order_id}`;
  const price_data = {
    currency: payment.currency.toLowerCase(),
    unit_amount: toStripe(payment.amount_minor, payment.currency),
    product_data: { name: `Order ${payment.order_id}` },
  };
  const made = stripe.checkout.sessions.create(
    {
      mode: "payment",
      client_reference_id: payment.reference,
      metadata,
      // So that the money itself carries our reference too.
      payment_intent_data: { metadata },
      line_items: [{ quantity: 1, price_data }],
      success_url: back,
      cancel_url: back,
    },
    { idempotencyKey: payment.reference },
  );
  const session = await made.catch((error: unknown) => {
    if (isRefusal(error)) throw refused(payment, error);
    throw error;
  });
  return { gateway_id: session.id, payment_url: session.url };
}

/** Asking again will not help: the customer is told, and the log has Stripe's reason. */
function refused({ currency }: Payment, error: unknown): ShopError {
  const tooSmall = refusalCode(error) === "amount_too_small";
  const message = tooSmall
    ? `The payment provider takes no amount this small in ${currency}.`
    : "The payment provider does not take this payment.";
  return new ShopError("payment_refused", message, {}, { cause: error });
}

/** Stripe finds no session by our reference, so those made since are looked through. */
async function find(stripe: Stripe, { reference, created_at }: Payment): Promise<Opened | undefined> {
  const since = Math.floor(Date.parse(created_at) / 1000) - 60;
  const listed = stripe.checkout.sessions.list({ created: { gte: since }, limit: 100 });
  const sessions = (await orUndefined(listed.autoPagingToArray({ limit: SESSIONS_LOOKED_THROUGH }))) ?? [];
  const session = sessions.find((one) => one.client_reference_id === reference);
  return session && { gateway_id: session.id, payment_url: session.url };
}

/** A session that is no longer open can't be expired; then it is as it is. */
async function expire(stripe: Stripe, id: string): Promise<Stripe.Checkout.Session> {
  const expired = await orUndefined(stripe.checkout.sessions.expire(id));
  return expired ?? stripe.checkout.sessions.retrieve(id);
}

async function payBack(stripe: Stripe, payment: Payment, refund: Refund): Promise<RefundAnswer> {
  const payment_intent = await moneyOf(stripe, payment);
  if (payment_intent === undefined) return { is: "failed", why: "Stripe knows of no money that came for it." };
  const { reference, amount_minor } = refund;
  try {
    const made = await stripe.refunds.create(
      {
        payment_intent,
        amount: toStripe(amount_minor, payment.currency),
        metadata: { order_id: String(refund.order_id), reference },
      },
      { idempotencyKey: reference },
    );
    const { state, gateway_id } = refundNewsOf(made);
    return state === "failed"
      ? { is: "failed", why: `Stripe says ${made.status}.`, gateway_id }
      : { is: state, gateway_id };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const code = refusalCode(error);
    if (code === "charge_already_refunded") return { is: "already_refunded" };
    return { is: "failed", why: code ? `Stripe refused it (${code}).` : "Stripe refused it." };
  }
}

async function refundsOf(stripe: Stripe, payment: Payment): Promise<RefundNews[]> {
  const payment_intent = await moneyOf(stripe, payment);
  if (payment_intent === undefined) return [];
  const listed = await orUndefined(stripe.refunds.list({ payment_intent, limit: 100 }));
  return (listed?.data ?? []).map(refundNewsOf);
}

async function moneyOf(stripe: Stripe, payment: Payment): Promise<string | undefined> {
  if (payment.gateway_money !== null) return payment.gateway_money;
  const { payment_intent } = await stripe.checkout.sessions.retrieve(sessionOf(payment));
  return typeof payment_intent === "string" ? payment_intent : payment_intent?.id;
}

function sessionOf({ gateway_id }: Payment): string {
  if (gateway_id === null) throw new Error("This payment was never opened at Stripe.");
  return gateway_id;
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
