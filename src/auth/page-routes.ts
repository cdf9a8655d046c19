import { z } from "zod";
import { ShopError } from "../base/errors";
import type { Origin } from "../base/origin";
import { PRIVATE, publicRoutes, type Web, withOrigin } from "../http/access";
import { failures } from "../http/problem";
import type { Door } from "./door";
import { checkOurPage, type Page, pageCookies } from "./page-cookie";
import { joiningGuest } from "./guest-door";
import { Credentials, PageTokens } from "./schema";
import { getSignedIn, type Renewal, refreshSession, signOut } from "./sessions";
import { signIn } from "./sign-in";

const PagePath = z.strictObject({ page: z.enum(["admin", "shop"]) });

/**
 * Signing in from the pages that this server serves. The access token lives in the page's memory; the refresh token lives in
 * a cookie that no script reads, that goes nowhere but here, and that only our own pages can use.
 */
export const pageSessionRoutes = (web: Web, { tokens, guard, mergeGuest }: Door) => {
  const { shop } = web;
  const cookies = pageCookies(shop.settings);
  const answer = async (set: Set, page: Page, renewal: Renewal) => {
    set.headers["set-cookie"] = cookies.keep(page, renewal.refreshToken);
    const { refresh_token: _, ...rest } = await tokens.tokensFor(renewal);
    return rest;
  };

  return publicRoutes("auth", "/auth/pages/:page")
    .derive(withOrigin)
    .onBeforeHandle(({ request, set }) => {
      set.headers["cache-control"] = PRIVATE;
      checkOurPage(request);
    })
    .post(
      "",
      async ({ params, body, request, origin, set }) => {
        const joining = await joiningGuest(web, request, mergeGuest);
        const renewal = await signIn(shop, guard, body, origin, {
          joining,
          life: params.page === "admin" ? ADMIN_PAGE_LIFE : {},
        });
        if (params.page === "admin") await checkIsAdmin(shop, renewal, origin);
        return answer(set, params.page, renewal);
      },
      {
        params: PagePath,
        body: Credentials,
        response: { 200: PageTokens, ...failures(401, 403, 503) },
        detail: {
          summary: "Sign in from a page of this server",
          description:
            "The refresh token comes as a cookie that only these three calls get. `admin` refuses customers.",
          "x-weight": 10,
        },
      },
    )
    .post(
      "/renewal",
      async ({ params, request, origin, set }) => {
        try {
          return await answer(set, params.page, await refreshSession(shop, cookies.tokenIn(request), origin));
        } catch (error) {
          if (error instanceof ShopError && error.code === "session_ended") {
            set.headers["set-cookie"] = cookies.forget(params.page);
          }
          throw error;
        }
      },
      {
        params: PagePath,
        response: { 200: PageTokens, ...failures(401, 403) },
        detail: { summary: "Renew the session of a page with its cookie" },
      },
    )
    .delete(
      "",
      async ({ params, request, origin, set, status }) => {
        const renewal = await refreshSession(shop, cookies.tokenIn(request), origin).catch(ended);
        if (renewal) await signOut(shop, renewal.session, origin);
        set.headers["set-cookie"] = cookies.forget(params.page);
        return status(204, undefined);
      },
      {
        params: PagePath,
        response: { 204: z.undefined(), ...failures(403) },
        detail: { summary: "End the session of a page" },
      },
    );
};

/** On a machine that others use too, a page that nobody uses is signed out over night. */
const ADMIN_PAGE_LIFE = { idleMinutes: 12 * 60, days: 7, isConfirmed: true };

interface Set {
  headers: Record<string, string | number | string[] | undefined>;
}

async function checkIsAdmin(shop: Web["shop"], { session }: Renewal, origin: Origin): Promise<void> {
  const user = await getSignedIn(shop, session.id);
  if (user.is_admin) return;
  await signOut(shop, session, origin);
  throw new ShopError("forbidden", "This account is not an admin of the shop.");
}

/** A session that is over already need not be ended. */
function ended(error: unknown): undefined {
  if (error instanceof ShopError && error.code === "session_ended") return undefined;
  throw error;
}
