import { Elysia } from "elysia";
import { memoized } from "../base/memoized";
import type { Settings } from "../shop/settings";
import { arrivalOf } from "./arrival";
import type { RouteRule } from "./declared";

/** What is the same for everybody: catalog, search, what is popular, what the shop is. */
const PUBLIC = /^\/api\/v1\/(products|categories|search|recommend\/popular|shop|shipping-methods|tax-rates)(\/|$)/;
const FOR_ADMINS = /^\/api\/v1\/shipping-methods\/all$/;

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
  const isPublic = memoized(({ path }: RouteRule) => PUBLIC.test(path) && !FOR_ADMINS.test(path));
  return plugin.onRequest(({ request, set }) => {
    if (request.method !== "GET" && request.method !== "HEAD") return;
    const { rule } = arrivalOf(request);
    if (rule && isPublic(rule) && !request.headers.has("authorization")) set.headers["cache-control"] = kept;
  });
}
