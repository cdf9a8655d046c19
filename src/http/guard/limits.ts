import type { Server } from "bun";
import { Elysia } from "elysia";
import { BoundedMap } from "../../base/bounded-map";
import { clientKey } from "../../base/client-network";
import { ShopError } from "../../base/errors";
import type { Shop } from "../../shop/shop";
import type { RouteIndex } from "../route-index";
import { clientAddress, peerAddress } from "../client-address";

const WINDOW_SECONDS = 60;

/** About 10 MB. Beyond that the clients seen longest ago start afresh: memory counts for more than exactness. */
export const MOST_CLIENTS = 50_000;

/** Whoever watches over the program must hear that it lives, however much it is asked. */
const ALWAYS_ANSWERED = new Set(["/healthz", "/readyz", "/metrics"]);

/** Lets every client make so many calls a minute, and says in every answer how many are left. */
export function limits(shop: Shop, routes: RouteIndex, listener: () => Server<unknown> | null) {
  const plugin = new Elysia({ name: "limits" });
  if (!shop.settings.rateLimit) return plugin;
  const { requestsPerMinute } = shop.settings;
  const counter = createCounter(requestsPerMinute, () => shop.now().getTime() / 1000);
  const warnings = proxyWarnings(shop);
  const policy = `"client";q=${requestsPerMinute};w=${WINDOW_SECONDS}`;
  // The listener is asked for, not taken from the context: naming it there makes Elysia lay it out anew for every call.
  return plugin.onRequest(({ request, set }) => {
    const path = pathOf(request.url);
    if (ALWAYS_ANSWERED.has(path)) return;
    const peer = peerAddress(request, listener());
    warnings.look(request, peer);
    const client = clientKey(clientAddress(request, peer, shop.settings, warnings.unreadable));
    const { left, resetsIn } = counter(client, routes.find(request.method, path)?.weight);
    // https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
    set.headers["ratelimit-policy"] = policy;
    set.headers["ratelimit"] = `"client";r=${Math.max(0, left)};t=${resetsIn}`;
    if (left < 0) {
      throw new ShopError("too_many_requests", "Too many requests. Wait as long as Retry-After says.", {
        retry_after_seconds: resetsIn,
      });
    }
  });
}

interface Window {
  used: number;
  endsAt: number;
}

/** Counts calls by client and minute. `left` is negative for a call that is one too many. */
export function createCounter(perMinute: number, seconds: () => number, mostClients = MOST_CLIENTS) {
  const windows = new BoundedMap<string, Window>(mostClients);
  return (client: string, weight = 1): { left: number; resetsIn: number } => {
    const now = seconds();
    let window = windows.get(client);
    if (!window || window.endsAt <= now) {
      window = { used: 0, endsAt: now + WINDOW_SECONDS };
      windows.set(client, window);
    }
    window.used += weight;
    return { left: perMinute - window.used, resetsIn: Math.max(1, Math.ceil(window.endsAt - now)) };
  };
}

/**
 * Behind a proxy that nobody told us of, or that we can't read, all clients are one, and the first that asks much stops all
 * the others. Each is said once.
 */
function proxyWarnings({ settings, log }: Shop) {
  const once = (message: string) => {
    let warned = false;
    return (address: string) => {
      if (!warned) log("warn", message, { address });
      warned = true;
    };
  };
  const unknown = once("X-Forwarded-For is ignored: TRUSTED_PROXIES does not name who sent it.");
  return {
    unreadable: once("X-Forwarded-For has an entry that is no address: whoever stands behind it counts as the proxy."),
    look: (request: Request, peer: string | null) => {
      if (peer === null || !request.headers.has("x-forwarded-for") || settings.isTrustedProxy(peer)) return;
      unknown(peer);
    },
  };
}

/** `http://host/path?query` → `/path`, a good deal faster than a URL. */
function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?", start);
  return url.slice(start, end === -1 ? undefined : end);
}
