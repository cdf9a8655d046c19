import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Time-based one-time passwords: RFC 6238 with SHA-1, 30 seconds and six digits, which every authenticator knows. */

const STEP_SECONDS = 30;
const DIGITS = 6;
/** A clock may be one step off either way. */
const STEPS_OFF_MOST = 1;
const SECRET_BYTES = 20;

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A new secret, in base 32 as authenticators take it. */
export function newTotpSecret(): string {
  return base32(randomBytes(SECRET_BYTES));
}

/** RFC 4648 without padding. */
export function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(value >> bits) & 31] ?? "";
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + (BASE32[(value << (5 - bits)) & 31] ?? "") : text;
}

function fromBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    value = (value << 5) | BASE32.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 255);
    value &= (1 << bits) - 1;
  }
  return Uint8Array.from(bytes);
}

export function stepAt(now: Date): number {
  return Math.floor(now.getTime() / 1000 / STEP_SECONDS);
}

/** RFC 4226: the code of one step. */
export function codeAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fff_ffff) % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** The step that a code is of, about now; undefined where it is of none. */
export function stepOf(secret: string, code: string, now: Date): number | undefined {
  const given = Buffer.from(code.replaceAll(" ", ""));
  for (let step = stepAt(now) - STEPS_OFF_MOST; step <= stepAt(now) + STEPS_OFF_MOST; step++) {
    const expected = Buffer.from(codeAt(secret, step));
    if (given.length === expected.length && timingSafeEqual(given, expected)) return step;
  }
  return undefined;
}

/** What an authenticator reads from a QR code. */
export function otpauthUrl(secret: string, shopName: string, email: string): string {
  const label = `${encodeURIComponent(shopName)}:${encodeURIComponent(email)}`;
  return `otpauth://totp/${label}?${new URLSearchParams({ secret, issuer: shopName }).toString()}`;
}
