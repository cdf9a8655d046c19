import { emailKey } from "../base/email";
import type { Origin } from "../base/origin";
import type { Shop } from "../shop/shop";
import { signingKey } from "../shop/signing-key";

const DIGITS = 16;

/**
 * Says in the log that a sign-in failed. Its e-mail is there as a digest with the shop's key: whoever reads the log sees that one
 * account is tried again and again, or many one after the other, and learns no address.
 */
export function tellOfFailure(shop: Shop, email: string, origin: Origin, reason: string): void {
  const { settings } = shop;
  const digest = new Bun.CryptoHasher("sha256", signingKey(settings)).update(`failed sign-in ${emailKey(email)}`);
  shop.log("info", "A sign-in failed.", {
    reason,
    email_digest: digest.digest("hex").slice(0, DIGITS),
    ...(settings.logRequests === "full" && { address: origin.address }),
    request_id: origin.request_id,
  });
}
