import { ShopError } from "../base/errors";
import { arrivalOf } from "../http/arrival";
import type { Once } from "./idempotency";

/** Printable ASCII, as header fields travel unharmed. */
const KEY = /^[\x20-\x7e]{1,255}$/;

interface RepeatableCall {
  request: Request;
  user: { id: number };
  /** As it was understood: spaces and the order of fields make no other request of it. */
  body?: unknown;
  set: { headers: Record<string, string | number | string[] | undefined> };
}

/**
 * Runs `work` so that the caller may send the request again: with an `Idempotency-Key` it happens once, and the header of
 * the answer says when it was given before. Throws `bad_idempotency_key`.
 */
export async function repeatable<Answer>(
  { request, user, body = null, set }: RepeatableCall,
  work: (once: Once | undefined) => Promise<Answer>,
): Promise<Answer> {
  const once = onceOf(request, user.id, body);
  const answer = await work(once);
  if (once?.replayed) set.headers["idempotent-replayed"] = "true";
  return answer;
}

/** What the caller's `Idempotency-Key` asks to happen once; undefined without one. */
function onceOf(request: Request, userId: number, body: unknown): Once | undefined {
  const key = request.headers.get("idempotency-key");
  if (key === null) return undefined;
  if (!KEY.test(key)) {
    throw new ShopError("bad_idempotency_key", "An Idempotency-Key has 1 to 255 printable ASCII characters.");
  }
  const asked = `${request.method} ${addressOf(request)}\n${JSON.stringify(body)}`;
  return { user_id: userId, key, fingerprint: new Bun.CryptoHasher("sha256").update(asked).digest("hex") };
}

/** Path and query, whatever name the host was called by. */
function addressOf(request: Request): string {
  const { path, query } = arrivalOf(request);
  return query === "" ? path : `${path}?${query}`;
}

/** How a route that takes the header documents it. */
export const idempotencyKey = {
  parameters: [
    {
      name: "Idempotency-Key",
      in: "header" as const,
      required: false,
      description:
        "1 to 255 printable characters of your choice. The same request with the same key happens once: repeated within 24 hours it gets the same answer, with Idempotent-Replayed: true. A request that failed may be sent again with its key.",
      schema: { type: "string" as const, minLength: 1, maxLength: 255 },
    },
  ],
};
