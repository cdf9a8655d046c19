import type { Server } from "bun";
import { ShopError } from "../base/errors";
import type { Payer } from "../base/turns";
import type { Settings } from "../shop/settings";
import { clientAddress, peerAddress } from "./client-address";
import type { RouteRule } from "./declared";
import type { RouteIndex } from "./route-index";

/** A call as it came in: where it goes and where it comes from, worked out once, for all that ask. */
export interface Arrival {
  /** As the router takes it. */
  path: string;
  /** What stands before the path where customers reach us, by a proxy that takes it off: the path of PUBLIC_URL. */
  prefix: string;
  /** What stands after the `?`, if anything does. */
  query: string;
  /** Whether it came under another spelling of its address. */
  isRenamed: boolean;
  /** The route that answers; undefined where there is none. */
  rule: RouteRule | undefined;
  /** As how many calls it counts; with 0 it is counted apart. */
  weight: number;
  /** Who is connected to us; null where the app is called without a port. */
  peer: string | null;
  /** The client's, as far as the proxies can be believed. */
  address: string | null;
  /** The proxy whose X-Forwarded-For has an entry that is no address. */
  unreadableFrom: string | undefined;
  arrivedAt: number;
  /** Who calls, once it is known. */
  callerId: number | null;
  /** When it began to work, after others of its client and of other clients; 0 before. */
  begunAt: number;
  /** Who pays for its turns, once it was let in. */
  payer: Payer | undefined;
  /** What its client has left, as the answer says it. */
  limits: { policy: string; left: string } | undefined;
  /** Why it is not let in. */
  refusal: ShopError | undefined;
}

const ARRIVAL = Symbol("arrival");

/** It stands on the request itself: a WeakMap would cost as much as finding the route, at every request. */
interface Arrived {
  [ARRIVAL]?: Arrival;
}

export const noteArrival = (request: Request & Arrived, arrival: Arrival): void => {
  request[ARRIVAL] = arrival;
};

/** Where a request goes and comes from. */
export function arrivalOf(request: Request): Arrival {
  const arrival = findArrival(request);
  if (!arrival) throw new Error("This request did not come in through the app.");
  return arrival;
}

/** One of our own paths as the sender of the request must ask for it. */
export const ownPath = (request: Request, path: string): string => `${arrivalOf(request).prefix}${path}`;

/** The same for what may have been refused before it was read: undefined then. */
export const findArrival = (request: Request & Arrived): Arrival | undefined => request[ARRIVAL];

/**
 * Reads a request once, before all else. A host that is none is refused: Bun makes the address of it, and each reader of such
 * an address would find another path in it. Never throws: what is wrong is the `refusal`.
 */
export function readArrival(
  request: Request,
  server: Server<unknown> | null,
  routes: RouteIndex,
  settings: Pick<Settings, "trustedProxies" | "publicUrl">,
): Arrival {
  const target = readTarget(request);
  const path = target.path.includes("%") ? decodeUnreserved(target.path) : target.path;
  const rule = routes.find(request.method, path);
  const peer = peerAddress(request, server);
  const { address, unreadableFrom } = clientAddress(request, peer, settings);
  return {
    path,
    prefix: prefixOf(settings.publicUrl),
    query: target.query,
    isRenamed: path !== target.path || request.url.startsWith("/"),
    rule,
    // A browser asks before it calls: that is none of the calls that its page makes.
    weight: request.method === "OPTIONS" ? 0 : (rule?.weight ?? 1),
    peer,
    address,
    unreadableFrom,
    arrivedAt: performance.now(),
    callerId: null,
    begunAt: 0,
    payer: undefined,
    limits: undefined,
    refusal: target.isBad ? badHost() : undefined,
  };
}

/** The same request at the address that is meant, where plain letters were spelled as `%70`. */
export function renamed(request: Request, { path, query }: Arrival): Request {
  return new Request(`http://localhost${path}${query && `?${query}`}`, request);
}

let known = { publicUrl: "", prefix: "" };

/** What stands before our own paths in the address that customers use. */
export function prefixOf(publicUrl: string): string {
  // Every request asks for it, and a program has one.
  if (known.publicUrl !== publicUrl) known = { publicUrl, prefix: new URL(publicUrl).pathname.replace(/\/+$/, "") };
  return known.prefix;
}

/** A name or an address, and perhaps a port. */
const HOST = /^(?:[a-z0-9_](?:[a-z0-9._-]{0,253})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** `http://host/path?query` → path and query, a good deal faster than a URL. */
function readTarget({ url, headers }: Request): { path: string; query: string; isBad: boolean } {
  const host = headers.get("host");
  // HTTP/1.0 knows no host; and a request that was made in this process has none, but a whole address.
  const isBad = host === null ? !url.startsWith("/") && !url.startsWith("http") : !isHost(host) || url.startsWith("/");
  const start = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?", start);
  return end === -1
    ? { path: url.slice(start), query: "", isBad }
    : { path: url.slice(start, end), query: url.slice(end + 1), isBad };
}

/** Most callers name the same host as the one before. */
let lastHost = "";

function isHost(host: string): boolean {
  if (host === lastHost) return true;
  if (!HOST.test(host)) return false;
  lastHost = host;
  return true;
}

const badHost = () => new ShopError("bad_host", "The Host header is no name of a host, or there are several.");

/** RFC 3986, 6.2.2.2: what needs no encoding means the same with it. Everything else stays as it is written. */
function decodeUnreserved(path: string): string {
  return path.replaceAll(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : encoded;
  });
}
