import { Elysia } from "elysia";
import { ShopError } from "../base/errors";
import type { Origin } from "../base/origin";
import { NEVER_BY_KEY } from "../base/scopes";
import type { AuditedShop, AuditEvent } from "../shop/audited-shop";
import type { Shop } from "../shop/shop";
import { arrivalOf } from "./arrival";
import { type Access, declare, type Takes } from "./declared";

/** What routes need of the shop. What stands above HTTP, accounts and the audit, is given by the app. */
export interface Web {
  shop: Shop;
  /** Who calls, by the access token of the request. Throws `not_signed_in` and `session_ended`. */
  identify(token: string): Promise<Caller>;
  /** The same shop, in which what is written goes into the audit too. */
  audited(shop: Shop, event: AuditEvent): AuditedShop;
}

/** The caller who is signed in. */
export interface Caller {
  id: number;
  is_admin: boolean;
  session_id: string;
  /** When they last showed who they are, in a session that is asked again before what can't be undone. */
  confirmed_at?: string;
  /** An admin who may do nothing as one before there is a second factor. */
  lacks_second_factor?: true;
  /** Where a program calls with a key of the shop: what it may do. */
  key?: { id: number; name: string; scopes: readonly string[] };
}

/** What is one person's is kept by no cache on its way. */
export const PRIVATE = "no-store";

/** Routes for every caller. `usual` is what they take, unless one says otherwise in its `detail`. */
export const publicRoutes = (tag: string, prefix = "", usual: Takes = {}) =>
  new Elysia({ prefix, detail: declare("public", tag, usual) });

/** Routes for customers who are signed in; handlers get `user`. */
export const userRoutes = (web: Web, tag: string, prefix = "", usual: Takes = {}) =>
  // A `derive`, not a `resolve`: a caller who is not signed in gets 401 before 422.
  new Elysia({ prefix, detail: declare("user", tag, usual) }).derive(async ({ request, set }) => {
    set.headers["cache-control"] = PRIVATE;
    return { user: await admit(web, request, "user") };
  });

/**
 * Routes for admins; handlers get `user`, and a `shop` of their own: what they write through it is in the audit, in the
 * same transaction. One that answers without having done so fails, so none can forget it.
 */
export const adminRoutes = (web: Web, tag: string, prefix = "", usual: Takes = {}) =>
  new Elysia({ prefix, detail: declare("admin", tag, usual) })
    .derive(async ({ request, set }) => {
      set.headers["cache-control"] = PRIVATE;
      return { user: await admit(web, request, "admin") };
    })
    // Resolved, so that it holds what was understood of the body.
    .resolve(({ user, request, route, body, set }) => ({
      shop: adminsShop(web, user, { request, route, body, set }),
    }))
    .onAfterHandle(({ request, route, shop }) => {
      if (READING.has(request.method) || shop.isRecorded()) return;
      throw new Error(`${request.method} ${route} wrote past the audit: a handler for admins writes through its shop.`);
    });

const READING = new Set(["GET", "HEAD"]);

/** The shop as an admin writes in it: with an entry in the audit. For routes that an admin shares with customers. */
export function adminsShop(
  web: Web,
  user: Pick<Caller, "id" | "key" | "confirmed_at">,
  call: Call & AdminCall,
): AuditedShop {
  const { request, route, body } = call;
  const shop = user.confirmed_at === undefined ? web.shop : { ...web.shop, confirmedAt: user.confirmed_at };
  return web.audited(shop, {
    action: `${request.method} ${route}`,
    user_id: user.id,
    subject: arrivalOf(request).path,
    origin: originOf(call),
    details: { ...detailsOf(body), ...(user.key && { by_key: `${user.key.id} ${user.key.name}` }) },
  });
}

interface AdminCall {
  route: string;
  body?: unknown;
}

/** Objects as they are; files and the like are not kept a second time. */
function detailsOf(body: unknown): Record<string, unknown> {
  const isPlain = typeof body === "object" && body !== null && Object.getPrototypeOf(body) === Object.prototype;
  return isPlain ? { ...body } : {};
}

/** For a `derive` of routes whose handlers ask for the `origin` of a call. */
export const withOrigin = ({ request, set }: Call): { origin: Origin } => ({ origin: originOf({ request, set }) });

function originOf({ request, set }: Call): Origin {
  const requestId = set.headers["x-request-id"];
  return {
    address: arrivalOf(request).address,
    user_agent: request.headers.get("user-agent")?.slice(0, LONGEST_USER_AGENT) ?? null,
    request_id: typeof requestId === "string" ? requestId : null,
  };
}

const LONGEST_USER_AGENT = 300;

interface Call {
  request: Request;
  set: { headers: Record<string, string | number | string[] | undefined> };
}

const callers = new WeakMap<Request, Promise<Caller>>();

/**
 * Who calls, where that may call a route of this access. Throws `not_signed_in` and `forbidden`. It is asked before the body
 * is read, and again by the handler: the answer is the same.
 */
export async function admit(web: Web, request: Request, access: Exclude<Access, "public">): Promise<Caller> {
  const known = callers.get(request) ?? identified(web, request);
  callers.set(request, known);
  const caller = await known;
  if (caller.key) checkScope(caller.key, request);
  if (access === "admin" && caller.lacks_second_factor) {
    throw new ShopError(
      "second_factor_needed",
      "Admins of this shop need a second factor: POST /auth/second-factor makes one.",
    );
  }
  if (access === "admin" && !caller.is_admin) {
    throw new ShopError("forbidden", "Only an admin of the shop may do this.");
  }
  return caller;
}

/** A key does what its scopes say: the tag of a route, to read or to write. */
function checkScope({ scopes }: NonNullable<Caller["key"]>, request: Request): void {
  const scope = `${arrivalOf(request).rule?.tag ?? ""}:${READING.has(request.method) ? "read" : "write"}`;
  if (NEVER_BY_KEY.has(scope)) throw new ShopError("forbidden", "No key may do this: sign in as an admin.");
  if (!scopes.includes(scope))
    throw new ShopError("forbidden", `This key may not do this: it needs the scope ${scope}.`);
}

async function identified({ identify }: Web, request: Request): Promise<Caller> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!token) throw new ShopError("not_signed_in", "Sign in first: send a token as Authorization: Bearer …");
  const caller = await identify(token);
  arrivalOf(request).callerId = caller.id;
  return caller;
}
