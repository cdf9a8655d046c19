import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { signingKeys } from "../shop/signing-key";
import type { Shop } from "../shop/shop";

/** What the shop must be able to read again, encrypted with its key, so that a copy of the database alone gives it to nobody. */

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const keyOf = (signingKey: string) => createHash("sha256").update(`sealed\0${signingKey}`).digest();

export function seal({ settings }: Pick<Shop, "settings">, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyOf(signingKeys(settings)[0] ?? ""), nonce);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
}

/** Also what was sealed with the key before, while that is known. Undefined where no key opens it. */
export function unseal({ settings }: Pick<Shop, "settings">, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, "base64");
  for (const key of signingKeys(settings)) {
    try {
      const decipher = createDecipheriv(ALGORITHM, keyOf(key), bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
    } catch {
      // Another key sealed it.
    }
  }
  return undefined;
}
