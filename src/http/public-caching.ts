import { Elysia } from "elysia";
import { API } from "../base/api";
import type { Settings } from "../shop/settings";
import { arrivalOf } from "./arrival";

/** What is the same for everybody: catalog, search, what is popular, what the shop is. */
const PUBLIC = /^\/(products|categories|search|recommend\/popular|shop|shipping-methods|tax-rates)(\/|$)/;
const FOR_ADMINS = /^\/shipping-methods\/all$/;

/**
 * Lets caches on the way keep the public catalog for a moment, and browsers ask each time whether it is still the same: a
 * shopkeeper sees at once what they changed. Failures and what needs a token say otherwise for themselves.
 */
export function publicCaching({ catalogCacheSeconds }: Pick<Settings, "catalogCacheSeconds">): Elysia {
  const plugin = new Elysia({ name: "public-caching" });
  const kept =
    catalogCacheSeconds === 0
      ? "no-cache"
      : `public, max-age=0, s-maxage=${catalogCacheSeconds}, stale-while-revalidate=${catalogCacheSeconds}`;
  return plugin.onRequest(({ request, set }) => {
    if (request.method !== "GET" && request.method !== "HEAD") return;
    const { path } = arrivalOf(request);
    if (!path.startsWith(API)) return;
    const below = path.slice(API.length);
    if (PUBLIC.test(below) && !FOR_ADMINS.test(below) && !request.headers.has("authorization")) {
      set.headers["cache-control"] = kept;
    }
  });
}
