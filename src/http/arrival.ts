import type { Server } from "bun";
import { Elysia } from "elysia";
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
  /** What stands after the `?`, if anything does. */
  query: string;
  /** The route that answers; undefined where there is none. */
  rule: RouteRule | undefined;
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
  /** Whether it was counted and logged. */
  isDone: boolean;
}

const ARRIVAL = Symbol("arrival");

/** It stands on the request itself: a WeakMap would cost as much as finding the route, at every request. */
interface Arrived {
  [ARRIVAL]?: Arrival;
}

const noteArrival = (request: Request & Arrived, arrival: Arrival): void => {
  request[ARRIVAL] = arrival;
};

/** Where a request goes and comes from. */
export function arrivalOf(request: Request): Arrival {
  const arrival = findArrival(request);
  if (!arrival) throw new Error("This request did not come in through the app.");
  return arrival;
}

/** The same for what may have been refused before it was read: undefined then. */
export const findArrival = (request: Request & Arrived): Arrival | undefined => request[ARRIVAL];

/** What the app gives: itself, to answer a request under the address that is meant, and the server that it listens with. */
interface Front {
  handle(request: Request): Promise<Response> | Response;
  server: Server<unknown> | null;
}

/**
 * Reads every request once, before all else. A host that is none is refused: Bun makes the address of it, and each reader of
 * such an address would find another path in it. A path that spells plain letters as `%70` is answered as the one that it
 * means.
 */
export const arriving = (front: () => Front, routes: RouteIndex, settings: Pick<Settings, "trustedProxies">) =>
  new Elysia({ name: "arriving" }).onRequest(({ request }) => {
    // It came in under another spelling, and was read then.
    if (findArrival(request)) return undefined;
    const { path, query } = readTarget(request);
    const meant = path.includes("%") ? decodeUnreserved(path) : path;
    const peer = peerAddress(request, front().server);
    const { address, unreadableFrom } = clientAddress(request, peer, settings);
    const arrival: Arrival = {
      path: meant,
      query,
      rule: routes.find(request.method, meant),
      peer,
      address,
      unreadableFrom,
      arrivedAt: performance.now(),
      callerId: null,
      begunAt: 0,
      payer: undefined,
      isDone: false,
    };
    noteArrival(request, arrival);
    if (meant === path && !request.url.startsWith("/")) return undefined;
    const renamed = new Request(`http://localhost${meant}${query && `?${query}`}`, request);
    noteArrival(renamed, arrival);
    return front().handle(renamed);
  });

/** A name or an address, and perhaps a port. */
const HOST = /^(?:[a-z0-9_](?:[a-z0-9._-]{0,253})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** `http://host/path?query` → path and query, a good deal faster than a URL. Throws `bad_host`. */
function readTarget({ url, headers }: Request): { path: string; query: string } {
  const host = headers.get("host");
  // HTTP/1.0 knows no host; and a request that was made in this process has none, but a whole address.
  if (host === null ? !url.startsWith("/") && !url.startsWith("http") : !HOST.test(host) || url.startsWith("/")) {
    throw new ShopError("bad_host", "The Host header is no name of a host, or there are several.");
  }
  const start = url.startsWith("/") ? 0 : url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?", start);
  return end === -1
    ? { path: url.slice(start), query: "" }
    : { path: url.slice(start, end), query: url.slice(end + 1) };
}

/** RFC 3986, 6.2.2.2: what needs no encoding means the same with it. Everything else stays as it is written. */
export function decodeUnreserved(path: string): string {
  return path.replaceAll(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : encoded;
  });
}
