import { Elysia } from "elysia";
import type { Server } from "bun";
import type { Doorkeeper } from "../auth/sign-in-guard";
import type { Origin } from "../accounts/schema";
import { getSignedIn } from "../auth/sessions";
import { onRecord, type ShopOnRecord } from "../audit/recording";
import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import { clientAddress, peerAddress } from "./client-address";
import { noteCaller } from "./request-log";
import type { Tokens } from "../auth/tokens";

/** What routes need beside the shop: how tokens are made and read. */
export interface Web {
  shop: Shop;
  tokens: Tokens;
  /** Slows down who guesses passwords. */
  doorkeeper: Doorkeeper;
}

/** Who may call a route. Every route is made by one of the three functions below, so none is open by accident. */
export type Access = "public" | "user" | "admin";

const declared = (access: Access, tag: string) => ({
  tags: [tag],
  "x-access": access,
  security: access === "public" ? [] : [{ bearer: [] }, { oauth2: [] }],
});

/** A route, who may call it, and what it does. */
export interface RouteRule {
  method: string;
  path: string;
  access: Access;
  summary: string;
}

interface Route {
  method: string;
  path: string;
  // What Elysia keeps of a route's options, which it does not type.
  hooks?: { detail?: { "x-access"?: Access; summary?: string } };
}

/**
 * Every route with who may call it. Throws where a route does not say: then the shop does not start, since nobody can have
 * thought about who may call it. Answers to a browser's preflight are none of ours.
 */
export function accessTable(routes: readonly Route[]): RouteRule[] {
  const own = routes.filter(({ method }) => method !== "OPTIONS");
  return own.map(({ method, path, hooks }) => {
    const { "x-access": access, summary = "" } = hooks?.detail ?? {};
    if (access === undefined) throw new Error(`${method} ${path} does not say who may call it: see http/access.ts.`);
    return { method, path, access, summary };
  });
}

/** What is one person's is kept by no cache on its way. */
export const PRIVATE = "no-store";

/** Routes that anybody may call. */
export const publicRoutes = (tag: string, prefix = "") => new Elysia({ prefix, detail: declared("public", tag) });

/** Routes for whoever is signed in; handlers get `user`. */
export const userRoutes = (web: Web, tag: string, prefix = "") =>
  // Derived, not resolved: who is not signed in hears that before what is wrong with their input.
  new Elysia({ prefix, detail: declared("user", tag) }).derive(async ({ request, set }) => {
    set.headers["cache-control"] = PRIVATE;
    return { user: await signedIn(web, request) };
  });

/**
 * Routes for admins; handlers get `user`, and a `shop` of their own: what they write through it is in the audit, in the
 * same transaction. One that answers without having done so fails, so none can forget it.
 */
export const adminRoutes = (web: Web, tag: string, prefix = "") =>
  new Elysia({ prefix, detail: declared("admin", tag) })
    .derive(async ({ request, set }) => {
      set.headers["cache-control"] = PRIVATE;
      const user = await signedIn(web, request);
      if (!user.is_admin) throw new ShopError("forbidden", "Only an admin of the shop may do this.");
      return { user };
    })
    // Resolved, so that it holds what was understood of the body.
    .resolve(({ user, request, route, path, body, server, set }) => ({
      shop: adminsShop(web, user, { request, route, path, body, server, set }),
    }))
    .onAfterHandle(({ request, route, shop }) => {
      if (READING.has(request.method) || shop.isRecorded()) return;
      throw new Error(`${request.method} ${route} wrote past the audit: a handler for admins writes through its shop.`);
    });

const READING = new Set(["GET", "HEAD"]);

/** The shop as an admin writes in it: with an entry in the audit. For routes that an admin shares with customers. */
export function adminsShop(web: Web, user: { id: number }, call: Call & AdminCall): ShopOnRecord {
  const { request, route, path, body } = call;
  return onRecord(web.shop, {
    action: `${request.method} ${route}`,
    user_id: user.id,
    subject: path,
    origin: originOf(web, call),
    details: detailsOf(body),
  });
}

interface AdminCall {
  route: string;
  path: string;
  body?: unknown;
}

/** Objects as they are; files and the like are not kept a second time. */
function detailsOf(body: unknown): Record<string, unknown> {
  const isPlain = typeof body === "object" && body !== null && Object.getPrototypeOf(body) === Object.prototype;
  return isPlain ? { ...body } : {};
}

/** Where a call comes from, as far as we can know. */
export function originOf({ shop }: Web, { request, server, set }: Call): Origin {
  const requestId = set.headers["x-request-id"];
  return {
    address: clientAddress(request, peerAddress(request, server), shop.settings),
    user_agent: request.headers.get("user-agent")?.slice(0, LONGEST_USER_AGENT) ?? null,
    request_id: typeof requestId === "string" ? requestId : null,
  };
}

const LONGEST_USER_AGENT = 300;

interface Call {
  request: Request;
  server: Server<unknown> | null;
  set: { headers: Record<string, string | number | string[] | undefined> };
}

async function signedIn({ shop, tokens }: Web, request: Request) {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (!token) throw new ShopError("not_signed_in", "Sign in first: send a token as Authorization: Bearer …");
  const { userId, sessionId } = await tokens.readAccess(token);
  const user = await getSignedIn(shop, sessionId);
  noteCaller(request, userId);
  if (user.id !== userId) throw new ShopError("not_signed_in", "Sign in first: the token is wrong.");
  return user;
}
