import { type ClientNetwork, clientNetworks, lanesOf } from "../../base/client-network";
import { ShopError } from "../../base/errors";
import { type Payer, turns } from "../../base/turns";
import type { Shop } from "../../shop/shop";
import { type Arrival, arrivalOf } from "../arrival";
import { type RouteRule, USUAL_MS } from "../declared";
import type { Answered } from "../request-log";
import { Counter, type Left, type Window } from "./counter";

/** Made once: taking down where it was made costs as much as the rest of a refusal. */
const tooBusy = new ShopError("too_busy", "Too much is going on. Try again in a moment.");

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/** No route asks for a quarter of these; each is a string that is hashed. */
export const MOST_QUERY_FIELDS = 32;

/** A program that watches over this one is counted apart, and has its own lane. */
const WATCHING = ["watching"];

export type Admission = ReturnType<typeof createAdmission>;

/**
 * Lets a call in, or refuses it before anything is spent on it: a query of too many fields, writes while too many wait, a
 * client who has called too much in this minute or kept the shop busy for too long. Each works in a turn of its own.
 */
export function createAdmission(shop: Shop) {
  const limits = shop.settings.rateLimit ? createLimits(shop) : undefined;
  const charges = limits !== undefined && shop.database.isShared;

  /** Undefined where the call may begin at once, else resolves when it may. Throws or rejects where it may not. */
  const letIn = (request: Request, arrival: Arrival): Promise<void> | undefined => {
    if (arrival.query !== "" && fieldsIn(arrival.query) > MOST_QUERY_FIELDS) {
      throw new ShopError("invalid", `There are more than ${MOST_QUERY_FIELDS} fields in the query.`);
    }
    if (!READING.has(request.method) && shop.database.isOverloaded()) throw tooBusy;
    const payer = limits ? limits.count(request, arrival) : new Uncharged(arrival);
    arrival.payer = payer;
    const turn = turns.take(payer);
    if (turn) return turn.then(() => begin(arrival, payer));
    if (charges) arrival.begunAt = performance.now();
    return undefined;
  };
  const begin = (arrival: Arrival, payer: Payer): void => {
    if (charges) arrival.begunAt = performance.now();
    // Others of the same client may have used it up meanwhile.
    limits?.refuseSpent(payer);
  };
  return { letIn, chargeLook: charges ? chargeLook : undefined };
}

/**
 * PostgreSQL works elsewhere: a look at it is charged with all that it took, up to what such a call can cost, since beyond
 * that it has waited for others. Whatever writes may wait for others anyway.
 */
function chargeLook({ request, arrival, ms }: Answered): void {
  if (!READING.has(request.method) || arrival.begunAt === 0 || arrival.rule?.asks_database === false) return;
  const took = ms - (arrival.begunAt - arrival.arrivedAt);
  arrival.payer?.charge?.(Math.min(took, arrival.rule?.most_ms ?? USUAL_MS));
}

/** How a call goes on in a turn of its own once it has waited for something: its body, say. */
export const nextTurn = (request: Request): Promise<void> | undefined => {
  const arrival = arrivalOf(request);
  return turns.take(arrival.payer ?? new Uncharged(arrival));
};

/** A call whose time is counted by nobody. */
class Uncharged implements Payer {
  constructor(private readonly arrival: Pick<Arrival, "weight" | "address">) {}

  lanes(): readonly string[] {
    return this.arrival.weight === 0 ? WATCHING : lanesOf(clientNetworks(this.arrival.address));
  }
}

/** A call that its client pays for. */
class Charged implements Payer {
  windows: readonly Window[];

  constructor(
    private readonly counter: Counter,
    private readonly networks: readonly ClientNetwork[],
    private readonly route: { value: number },
  ) {
    this.windows = counter.windowsOf(networks);
  }

  lanes(): readonly string[] {
    return lanesOf(this.networks);
  }

  /** It may be another minute by now. */
  resume(): void {
    this.windows = this.counter.windowsOf(this.networks);
  }

  charge(ms: number): void {
    this.counter.charge(this.windows, ms);
    this.route.value += ms;
  }
}

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
  const byRoute = new Map<RouteRule | undefined, { value: number }>();
  const chargedTo = (rule: RouteRule | undefined): { value: number } => {
    const known = byRoute.get(rule);
    if (known) return known;
    const series = shop.metrics.charged.seriesOf([rule?.path ?? "none"]);
    byRoute.set(rule, series);
    return series;
  };
  return {
    /** Counts a call, and gives who pays for it. Throws `too_many_requests`. */
    count(request: Request, arrival: Arrival): Payer {
      warn(request, arrival);
      const networks = clientNetworks(arrival.address);
      if (arrival.weight === 0) {
        const left = watchers.count(watchers.windowsOf(networks));
        if (left.calls < 0) throw refused("calls", left);
        return new Uncharged(arrival);
      }
      const payer = new Charged(counter, networks, chargedTo(arrival.rule));
      const left = counter.count(payer.windows, arrival.weight);
      const calls = left.ms < 0 ? 0 : Math.max(0, left.calls);
      arrival.limits = { policy, left: `"client";r=${calls};t=${left.resetsInSeconds}` };
      if (left.calls < 0 || left.ms < 0) throw refused(left.calls < 0 ? "calls" : "work", left);
      return payer;
    },
    refuseSpent(payer: Payer): void {
      if (!(payer instanceof Charged)) return;
      const left = counter.left(payer.windows);
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
