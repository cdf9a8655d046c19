import { isIP } from "node:net";
import type { Attempt } from "../events/channel";
import type { ShopEvent } from "../events/schema";
import type { Shop } from "../shop/shop";
import { addressFor, checkUrl, hostOf, type Resolve } from "./address";
import type { StoredWebhook } from "./queries";
import { signatureOf } from "./signing";

/** How long a receiver may take to answer. */
const PATIENCE_MS = 15_000;

/** Sends one event. Only the status of what comes back is looked at, and no redirect is followed. */
export async function sendEvent(
  shop: Shop,
  webhook: StoredWebhook,
  event: ShopEvent,
  { resolve, stopping, patienceMs = PATIENCE_MS }: { resolve: Resolve; stopping: AbortSignal; patienceMs?: number },
): Promise<Attempt> {
  const patience = AbortSignal.any([stopping, AbortSignal.timeout(patienceMs)]);
  try {
    const url = checkUrl(shop.settings, webhook.url);
    const address = await within(patience, addressFor(shop.settings, url, resolve));
    if (address === undefined) return { is: "failed", failure: "The name leads to an address that may not be called." };
    const response = await fetch(urlAt(url, address), {
      ...requestOf(shop, webhook, event, url),
      redirect: "manual",
      signal: patience,
      keepalive: false,
    });
    // What it says is the receiver's own; a connection that goes on talking is cut.
    void response.body?.cancel().catch(() => {});
    return attemptOf(response, shop.now());
  } catch (error) {
    return { is: "failed", failure: reasonOf(error, patience) };
  }
}

function requestOf(shop: Shop, webhook: StoredWebhook, event: ShopEvent, url: URL): RequestInit {
  const body = JSON.stringify({ type: event.type, timestamp: event.created_at, data: event.data });
  const timestamp = Math.floor(shop.now().getTime() / 1000);
  return {
    method: "POST",
    body,
    headers: {
      host: url.host,
      "content-type": "application/json",
      "user-agent": "Sanset",
      "webhook-id": event.event_id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signatureOf(shop.settings, webhook, { id: event.event_id, timestamp, body }),
    },
    // The connection goes to an address; the certificate must be of the name.
    ...(isIP(hostOf(url)) === 0 && { tls: { serverName: url.hostname } }),
  };
}

function urlAt(url: URL, address: string): string {
  const at = new URL(url);
  at.hostname = isIP(address) === 6 ? `[${address}]` : address;
  return at.href;
}

/** A look-up can't be stopped, but need not be waited for. */
function within<Result>(patience: AbortSignal, work: Promise<Result>): Promise<Result> {
  const over = Promise.withResolvers<never>();
  const giveUp = () => over.reject(patience.reason);
  patience.addEventListener("abort", giveUp, { once: true });
  return Promise.race([work, over.promise]).finally(() => patience.removeEventListener("abort", giveUp));
}

function attemptOf({ status, headers }: Response, now: Date): Attempt {
  if (status >= 200 && status < 300) return { is: "sent", status };
  const after_seconds = secondsOf(headers.get("retry-after"), now);
  const failure = status >= 300 && status < 400 ? "It leads elsewhere; redirects are not followed." : "It refused.";
  return { is: "failed", status, failure, ...(after_seconds !== undefined && { after_seconds }) };
}

/** `Retry-After` in seconds or as a date. */
function secondsOf(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now.getTime()) / 1000));
}

/** In our words: what came back, or where it came from, is not ours to keep. */
function reasonOf(error: unknown, patience: AbortSignal): string {
  if (patience.aborted) return "It took too long.";
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
  return code === undefined ? "It could not be reached." : `It could not be reached (${code}).`;
}
