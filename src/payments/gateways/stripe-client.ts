import type { Stripe } from "stripe";
import { ShopError } from "../../base/errors";
/** What reaches Stripe. */
export interface StripeSettings {
  secretKey: string;
  webhookSecret: string | undefined;
  apiUrl: string;
}

const TIMEOUT_MS = 10_000;

/** The package is loaded at the first payment, so that a shop without Stripe does not carry it. */
export async function connect({ secretKey, apiUrl }: StripeSettings, patience?: AbortSignal): Promise<Stripe> {
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

/** What Stripe can't do now may be asked again later. The log has the cause. */
export async function asking<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (!textOf(error, "type").startsWith("Stripe")) throw error;
    throw new ShopError(
      "payment_unavailable",
      "The payment provider can't be reached. Try again in a moment.",
      {},
      { cause: error },
    );
  }
}

/** Whether Stripe refuses what it was asked, whenever it is asked again. */
export const isRefusal = (error: unknown): boolean => textOf(error, "type") === "StripeInvalidRequestError";

/** Stripe's own word for why, such as `amount_too_small`; empty where it gives none. */
export const refusalCode = (error: unknown): string => textOf(error, "code");

/** The answer, or nothing where Stripe refuses to give one. */
export async function orUndefined<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

function textOf(error: unknown, field: string): string {
  const value: unknown = error instanceof Error ? Reflect.get(error, field) : undefined;
  return typeof value === "string" ? value : "";
}
