import { Elysia } from "elysia";
import { type ClientNetwork, networkOf, clientNetworks } from "../../base/client-network";
import { ShopError } from "../../base/errors";
import { type Payer, turns } from "../../base/turns";
import type { Shop } from "../../shop/shop";
import { type Arrival, arrivalOf } from "../arrival";
import type { Answered } from "../request-log";
import { Counter, type Left } from "./counter";

/** Made once: taking down where it was made costs as much as the rest of a refusal. */
const tooBusy = new ShopError("too_busy", "Too much is going on. Try again in a moment.");

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/** No route asks for a quarter of these; each is a string that is hashed. */
export const MOST_QUERY_FIELDS = 32;

/** A program that watches over this one is counted apart, and has its own lane. */
const WATCHING = "watching";

/**
 * Lets a call in, or refuses it before anything is spent on it: a query of too many fields, writes while too many wait, a
 * client who has called too much in this minute or kept the shop busy for too long. Each works in a turn of its own.
 */
export function createAdmission(shop: Shop) {
  const limits = shop.settings.rateLimit ? createLimits(shop) : undefined;
  const charges = limits !== undefined && shop.database.isShared;
  const charge = (arrival: Arrival, networks: readonly ClientNetwork[], ms: number) => {
    limits?.charge(networks, ms);
    shop.metrics.charged.add([arrival.rule?.path ?? "none"], ms);
  };
  const plugin = new Elysia({ name: "admission" }).onRequest(async ({ request, set }) => {
    const arrival = arrivalOf(request);
    if (fieldsIn(arrival.query) > MOST_QUERY_FIELDS) {
      throw new ShopError("invalid", `There are more than ${MOST_QUERY_FIELDS} fields in the query.`);
    }
    if (!READING.has(request.method) && shop.database.isOverloaded()) throw tooBusy;
    const networks = clientNetworks(arrival.address);
    limits?.count(request, arrival, networks, set.headers);
    const lane = isCounted(arrival) ? networkOf(arrival.address) : WATCHING;
    const pays = limits !== undefined && isCounted(arrival);
    const payer: Payer = pays ? { lane, charge: (ms) => charge(arrival, networks, ms) } : { lane };
    arrival.payer = payer;
    const turn = turns.take(payer);
    if (turn) await turn;
    if (charges) arrival.begunAt = performance.now();
    // Others of the same client may have used it up meanwhile.
    if (isCounted(arrival)) limits?.refuseSpent(networks);
  });
  /** PostgreSQL works elsewhere: a look at it is charged with all that it took. Whatever writes may wait for others. */
  const chargeLook = ({ request, arrival, ms }: Answered): void => {
    if (!READING.has(request.method) || arrival.begunAt === 0 || !isCounted(arrival)) return;
    charge(arrival, clientNetworks(arrival.address), ms - (arrival.begunAt - arrival.arrivedAt));
  };
  return { plugin, chargeLook: charges ? chargeLook : undefined };
}

/** How a call goes on in a turn of its own once it has waited for something: its body, say. */
export const nextTurn = (request: Request): Promise<void> | undefined =>
  turns.take(arrivalOf(request).payer ?? { lane: WATCHING });

const isCounted = ({ rule }: Arrival): boolean => rule?.weight !== 0;

/** How many fields a query has at most: what is empty counts too. */
function fieldsIn(query: string): number {
  if (query === "") return 0;
  let fields = 1;
  for (let at = query.indexOf("&"); at !== -1; at = query.indexOf("&", at + 1)) fields++;
  return fields;
}

function createLimits(shop: Shop) {
  const refused = (what: "calls" | "work", left: Left): ShopError => {
    shop.metrics.refused.add([what]);
    return tooMuch(what, left);
  };
  const { rateLimitPerMinute, rateLimitMsPerMinute } = shop.settings;
  const seconds = () => shop.now().getTime() / 1000;
  const counter = new Counter({ calls: rateLimitPerMinute, ms: rateLimitMsPerMinute }, seconds);
  // They ask the database too, so there is an end to it, but one that no other call brings nearer.
  const watchers = new Counter({ calls: rateLimitPerMinute, ms: Number.POSITIVE_INFINITY }, seconds);
  const warn = proxyWarnings(shop);
  const policy = `"client";q=${rateLimitPerMinute};w=60`;
  return {
    count(request: Request, arrival: Arrival, networks: readonly ClientNetwork[], headers: Record<string, unknown>) {
      warn(request, arrival);
      if (!isCounted(arrival)) {
        const left = watchers.count(networks);
        if (left.calls < 0) throw refused("calls", left);
        return;
      }
      const left = counter.count(networks, arrival.rule?.weight);
      // https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
      headers["ratelimit-policy"] = policy;
      headers["ratelimit"] = `"client";r=${left.ms < 0 ? 0 : Math.max(0, left.calls)};t=${left.resetsInSeconds}`;
      if (left.calls < 0 || left.ms < 0) throw refused(left.calls < 0 ? "calls" : "work", left);
    },
    charge: (networks: readonly ClientNetwork[], ms: number) => counter.charge(networks, ms),
    refuseSpent: (networks: readonly ClientNetwork[]) => {
      const left = counter.left(networks);
      if (left.ms < 0) throw refused("work", left);
    },
  };
}

function tooMuch(what: "calls" | "work", { resetsInSeconds }: Left): ShopError {
  const said = { calls: "Too many requests", work: "Your requests have kept the shop busy for too long" };
  return new ShopError("too_many_requests", `${said[what]}. Wait as long as Retry-After says.`, {
    retry_after_seconds: resetsInSeconds,
  });
}

/**
 * Behind a proxy that TRUSTED_PROXIES does not name, or that can't be read, all clients are one, and the first that asks much
 * stops all the others. Each is said once.
 */
function proxyWarnings({ settings, log }: Shop) {
  const said = new Set<string>();
  const once = (message: string, address: string) => {
    if (!said.has(message)) log("warn", message, { address });
    said.add(message);
  };
  return (request: Request, { peer, unreadableFrom }: Arrival) => {
    if (unreadableFrom !== undefined) {
      once("X-Forwarded-For has an entry that is no address: its client counts as the proxy.", unreadableFrom);
    }
    if (peer !== null && request.headers.has("x-forwarded-for") && !settings.trustedProxies.includes(peer)) {
      once("X-Forwarded-For is ignored: TRUSTED_PROXIES does not name its sender.", peer);
    }
  };
}
