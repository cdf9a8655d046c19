import { timingSafeEqual } from "node:crypto";
import { ShopError } from "../../base/errors";

/** How far a webhook's time may be from ours, before or after. */
const TOLERANCE_SECONDS = 300;

/**
 * Checks `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, Stripe's scheme, which the mock gateway speaks too
 * (https://docs.stripe.com/webhooks#verify-manually). There may be several v1, while a secret is being replaced.
 * Throws `bad_signature`, without saying what is wrong with it.
 */
export function checkSignature(header: string | null, body: string, secret: string, now: Date): void {
  const parts = (header ?? "").split(",").map((part) => part.trim().split("="));
  const time = parts.find(([name]) => name === "t")?.[1] ?? "";
  const given = parts.flatMap(([name, value]) => (name === "v1" && value ? [value] : []));
  const expected = Buffer.from(hmac(secret, `${time}.${body}`));
  const genuine = given.some((signature) => isSame(Buffer.from(signature), expected));
  const age = now.getTime() / 1000 - (/^\d{1,12}$/.test(time) ? Number(time) : Number.NaN);
  if (!genuine || !(Math.abs(age) <= TOLERANCE_SECONDS)) {
    throw new ShopError("bad_signature", "The signature of this webhook is missing, wrong or out of date.");
  }
}

/** A header that `checkSignature` takes. */
export function signatureOf(body: string, secret: string, now: Date): string {
  const time = Math.floor(now.getTime() / 1000);
  return `t=${time},v1=${hmac(secret, `${time}.${body}`)}`;
}

function hmac(secret: string, text: string): string {
  return new Bun.CryptoHasher("sha256", secret).update(text).digest("hex");
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
