import type { Stripe } from "stripe";
import { z } from "zod";
import { ShopError } from "../../base/errors";
import { setting } from "../../shop/setting";
import { secret, webAddress, webhookSecret } from "../../shop/setting-kinds";
import type { Gateway, Outcome, PaymentEvent } from "../gateway";
import type { Payment } from "../queries";
import { paymentProvider } from "../provider";
import { checkSignature } from "./signature";
import { fromStripe, isTakenByStripe, toStripe } from "../../base/currency";

interface StripeSettings {
  secretKey: string;
  webhookSecret: string | undefined;
  apiUrl: string;
}

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

const TIMEOUT_MS = 10_000;

/**
 * Stripe Checkout: the customer pays on Stripe's page, one session an order. A session lives a day; we close it ourselves
 * when the order's hold runs out, since Stripe knows no time shorter than half an hour.
 */
function stripeGateway(settings: StripeSettings, returnUrl: string): Gateway {
  const shared = lazily(() => connect(settings));
  // Stripe's package takes no signal with a call, so a call that may be given up has a client of its own.
  const client = (patience?: AbortSignal) => (patience ? connect(settings, patience) : shared());
  return {
    open: (_, payment) =>
      asking(async () => {
        const session = await (
          await client()
        ).checkout.sessions.create(
          {
            mode: "payment",
            client_reference_id: payment.reference,
            metadata: { order_id: String(payment.order_id) },
            line_items: [
              {
                quantity: 1,
                price_data: {
                  currency: payment.currency.toLowerCase(),
                  unit_amount: toStripe(payment.amount_minor, payment.currency),
                  product_data: { name: `Order ${payment.order_id}` },
                },
              },
            ],
            success_url: `${returnUrl}?order_id=${payment.order_id}`,
            cancel_url: `${returnUrl}?order_id=${payment.order_id}`,
          },
          { idempotencyKey: payment.reference },
        );
        return { gateway_id: session.id, payment_url: session.url };
      }),
    look: (_, payment) =>
      asking(async () => outcomeOf(await (await client()).checkout.sessions.retrieve(sessionOf(payment)))),
    close: (_, payment, patience) =>
      asking(async () => outcomeOf(await expire(await client(patience), sessionOf(payment)))),
    refund: (_, payment, { reference, amount_minor }, patience) =>
      asking(async () => {
        const stripe = await client(patience);
        const { payment_intent } = await stripe.checkout.sessions.retrieve(sessionOf(payment));
        const intent = typeof payment_intent === "string" ? payment_intent : payment_intent?.id;
        if (intent === undefined) return undefined;
        const refund = await stripe.refunds
          .create(
            { payment_intent: intent, amount: toStripe(amount_minor, payment.currency) },
            { idempotencyKey: reference },
          )
          .catch(refusedForGood);
        return refund && refund.status !== "failed" ? { gateway_id: refund.id } : undefined;
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

/** The package is loaded at the first payment, so that a shop without Stripe does not carry it. */
async function connect({ secretKey, apiUrl }: StripeSettings, patience?: AbortSignal): Promise<Stripe> {
  const { Stripe } = await import("stripe");
  const { hostname, port, protocol } = new URL(apiUrl);
  const scheme = protocol === "http:" ? "http" : "https";
  return new Stripe(secretKey, {
    host: hostname,
    port: port === "" ? (scheme === "http" ? 80 : 443) : Number(port),
    protocol: scheme,
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 1,
    telemetry: false,
    ...(patience && { httpClient: Stripe.createFetchHttpClient(fetchWithin(patience)) }),
  });
}

/** Stripe's package gives each request a signal of its own, for its time-out. */
function fetchWithin(patience: AbortSignal): typeof fetch {
  const within = (url: string | URL | Request, request: RequestInit = {}) =>
    fetch(url, { ...request, signal: AbortSignal.any([patience, ...(request.signal ? [request.signal] : [])]) });
  return Object.assign(within, { preconnect: fetch.preconnect });
}

/** A session that is no longer open can't be expired; then it is as it is. */
async function expire(stripe: Stripe, id: string): Promise<Stripe.Checkout.Session> {
  try {
    return await stripe.checkout.sessions.expire(id);
  } catch (error) {
    if (typeOf(error) !== "StripeInvalidRequestError") throw error;
    return stripe.checkout.sessions.retrieve(id);
  }
}

const StripeEvent = z.object({
  id: z.string().min(1).max(255),
  type: z.string().max(255),
  data: z.object({ object: z.looseObject({ object: z.string().optional() }) }),
});

/** The fields of a session that decide how a payment stands. */
const Session = z.object({
  id: z.string().max(255),
  client_reference_id: z.string().nullish(),
  status: z.string().nullish(),
  payment_status: z.string(),
  amount_total: z.number().nullish(),
  currency: z.string().nullish(),
});

function readStripeEvent(body: string): PaymentEvent {
  const read = StripeEvent.safeParse(jsonFrom(body));
  if (!read.success) throw new ShopError("unreadable", "This is no event of Stripe.");
  const { id, type, data } = read.data;
  const session = type.startsWith("checkout.session.") ? Session.safeParse(data.object) : undefined;
  if (!session?.success) return { id, kind: type, reference: undefined, outcome: { is: "open" } };
  const outcome =
    type === "checkout.session.async_payment_failed" ? ({ is: "declined" } as const) : outcomeOf(session.data);
  return { id, kind: type, reference: session.data.client_reference_id ?? undefined, outcome };
}

function outcomeOf(session: z.infer<typeof Session>): Outcome {
  if (session.payment_status === "paid") {
    const currency = (session.currency ?? "").toUpperCase();
    const amount_minor = fromStripe(session.amount_total ?? Number.NaN, currency);
    return { is: "captured", amount_minor, currency, gateway_id: session.id };
  }
  return { is: session.status === "expired" ? "expired" : "open" };
}

function sessionOf({ gateway_id }: Payment): string {
  if (gateway_id === null) throw new Error("This payment was never opened at Stripe.");
  return gateway_id;
}

/** Whatever Stripe refuses or can't do now, the caller's order stands and can be paid later. The log has the cause. */
async function asking<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (!typeOf(error).startsWith("Stripe")) throw error;
    throw new ShopError(
      "payment_unavailable",
      "The payment provider can't be reached. Try again in a moment.",
      {},
      { cause: error },
    );
  }
}

function refusedForGood(error: unknown): undefined {
  if (typeOf(error) === "StripeInvalidRequestError") return undefined;
  throw error;
}

function typeOf(error: unknown): string {
  const type: unknown = error instanceof Error ? Reflect.get(error, "type") : undefined;
  return typeof type === "string" ? type : "";
}

function jsonFrom(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function lazily<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
