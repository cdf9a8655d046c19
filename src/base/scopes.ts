/** What routes are about, as their tags say. A test compares it with the routes. */
const TAGS = [
  "admin",
  "users",
  "addresses",
  "products",
  "search",
  "recommend",
  "cart",
  "orders",
  "shipping",
  "tax",
  "payments",
  "coupons",
  "returns",
  "invoices",
  "webhooks",
  "stock",
  "audit",
] as const;

/** What no key may do: make or end keys and sessions, and change accounts and their roles. */
export const NEVER_BY_KEY: ReadonlySet<string> = new Set([
  "auth:read",
  "auth:write",
  "keys:read",
  "keys:write",
  "users:write",
]);

/** Every scope that a key can have: what a route is about, to read or to write. */
export const KEY_SCOPES: readonly string[] = TAGS.flatMap((tag) => [`${tag}:read`, `${tag}:write`]).filter(
  (scope) => !NEVER_BY_KEY.has(scope),
);
