import { Elysia } from "elysia";

/** What every answer carries, errors too. The docs pages loosen the policy for themselves. */
const EVERYWHERE = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

/** An id that the caller gave is kept when it is one; anything else could forge a line of the log. */
const REQUEST_ID = /^[\w.:-]{8,100}$/;

/** Different from start to start, and counting from there: a request id has to be found in a log, not to be hard to guess. */
const start = Bun.randomUUIDv7().replaceAll("-", "").slice(0, 20);
let requests = 0;
const newRequestId = () => `${start}-${(++requests).toString(36)}`;

/** The id of a request: the caller's own, or a new one at each look. */
export function requestIdFor({ headers }: Request): string {
  const given = headers.get("x-request-id");
  return given !== null && REQUEST_ID.test(given) ? given : newRequestId();
}

export const responseHeaders = new Elysia({ name: "response-headers" })
  .headers(EVERYWHERE)
  .onRequest(({ request, set }) => {
    set.headers["x-request-id"] = requestIdFor(request);
  });
