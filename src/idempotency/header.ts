import { ShopError } from "../base/errors";
import type { Answered, Once } from "./idempotency";

/** Printable ASCII, as header fields travel unharmed. */
const KEY = /^[\x20-\x7e]{1,255}$/;

/** What the caller's `Idempotency-Key` asks to happen once; undefined without one. Throws `bad_idempotency_key`. */
export function onceOf(request: Request, userId: number, body: unknown = null): Once | undefined {
  const key = request.headers.get("idempotency-key");
  if (key === null) return undefined;
  if (!KEY.test(key)) {
    throw new ShopError("bad_idempotency_key", "An Idempotency-Key has 1 to 255 printable ASCII characters.");
  }
  // The body as it was understood: spaces and the order of fields make no other request of it.
  const asked = `${request.method} ${pathOf(request)}\n${JSON.stringify(body)}`;
  return { user_id: userId, key, fingerprint: new Bun.CryptoHasher("sha256").update(asked).digest("hex") };
}

/** Tells the caller whether this answer was given before, and hands it over. */
export function told<Answer>(
  set: { headers: Record<string, string | number | string[] | undefined> },
  { answer, replayed }: Answered<Answer>,
): Answer {
  if (replayed) set.headers["idempotent-replayed"] = "true";
  return answer;
}

/** Path and query, whatever name the host was called by. */
function pathOf({ url }: Request): string {
  return url.slice(url.indexOf("/", url.indexOf("://") + 3));
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
