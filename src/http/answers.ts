import { Elysia } from "elysia";

/** What every answer carries, errors too. The docs pages loosen the policy for themselves. */
const EVERYWHERE = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

/** An id that the caller gave is kept when it is one; anything else could forge a line of the log. */
const REQUEST_ID = /^[\w.:-]{8,100}$/;

export const answers = new Elysia({ name: "answers" }).onRequest(({ request, set }) => {
  const given = request.headers.get("x-request-id");
  Object.assign(set.headers, EVERYWHERE);
  set.headers["x-request-id"] = given !== null && REQUEST_ID.test(given) ? given : Bun.randomUUIDv7();
});
