import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import type { Client } from "./client";
import { SECRET, type TestShop } from "./shop";

const encode = (part: unknown): string =>
  Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");

function signed(header: unknown, claims: unknown, { secret = SECRET, hash = "sha256" } = {}): string {
  const content = `${encode(header)}.${encode(claims)}`;
  return `${content}.${createHmac(hash, secret).update(content).digest("base64url")}`;
}

const HEADER = { alg: "HS256", typ: "at+jwt" };

/** A token made by the rules, for somebody who is signed in, that ends so many seconds from now. */
export async function expiringToken(shop: TestShop, client: Client, seconds: number): Promise<string> {
  const session = await shop.database.first<{ id: string }>(
    "SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL",
    [client.id],
  );
  const exp = Math.floor(shop.now().getTime() / 1000) + seconds;
  return signed(HEADER, { sub: String(client.id), sid: session?.id, iss: "sanset", aud: "sanset", exp });
}

/** Tokens that look like a good one and must not pass, by what is wrong with them. */
export async function forgedTokens(shop: TestShop, good: string): Promise<Record<string, string>> {
  const [header = "", body = "", signature = ""] = good.split(".");
  const claims: Record<string, unknown> = JSON.parse(Buffer.from(body, "base64url").toString());
  const now = Math.floor(shop.now().getTime() / 1000);
  const { exp: _exp, ...withoutExp } = claims;
  const { sub: _sub, ...withoutSub } = claims;
  const { sid: _sid, ...withoutSid } = claims;
  const { iss: _iss, ...withoutIss } = claims;
  const { aud: _aud, ...withoutAud } = claims;
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const withRsa = `${encode({ alg: "RS256", typ: "at+jwt" })}.${body}`;
  const flipped = Buffer.from(signature, "base64url");
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  return {
    "alg none": `${encode({ alg: "none", typ: "at+jwt" })}.${body}.`,
    "alg None": `${encode({ alg: "None", typ: "at+jwt" })}.${body}.`,
    "alg none, old signature": `${encode({ alg: "none", typ: "at+jwt" })}.${body}.${signature}`,
    "no alg": signed({ typ: "at+jwt" }, claims),
    HS512: signed({ alg: "HS512", typ: "at+jwt" }, claims, { hash: "sha512" }),
    HS384: signed({ alg: "HS384", typ: "at+jwt" }, claims, { hash: "sha384" }),
    "RS256, the secret as its key": signed({ alg: "RS256", typ: "at+jwt" }, claims),
    "RS256 by somebody": `${withRsa}.${sign("sha256", Buffer.from(withRsa), rsa.privateKey).toString("base64url")}`,
    jku: signed({ ...HEADER, jku: "https://evil.example/keys" }, claims, { secret: "theirs" }),
    jwk: signed({ ...HEADER, jwk: { kty: "oct", k: encode("theirs") } }, claims, { secret: "theirs" }),
    "kid into a file": signed({ ...HEADER, kid: "../../../../dev/null" }, claims, { secret: "\0" }),
    "kid into SQL": signed({ ...HEADER, kid: "x' UNION SELECT 'theirs" }, claims, { secret: "theirs" }),
    crit: signed({ ...HEADER, crit: ["exp"] }, claims),
    "crit unknown": signed({ ...HEADER, crit: ["x"], x: 1 }, claims),
    JWE: `${encode({ alg: "dir", enc: "A256GCM" })}..${encode("iv")}.${body}.${encode("tag")}`,
    "another secret": signed(HEADER, claims, { secret: `${SECRET}x` }),
    "no signature": `${header}.${body}.`,
    "two parts": `${header}.${body}`,
    "one part": header,
    "four parts": `${good}.${signature}`,
    "empty parts": "..",
    "a flipped bit": `${header}.${body}.${flipped.toString("base64url")}`,
    "another's id": `${header}.${encode({ ...claims, sub: "2" })}.${signature}`,
    "a cut signature": good.slice(0, -2),
    "no exp": signed(HEADER, withoutExp),
    "expired now": signed(HEADER, { ...claims, exp: now }),
    "expired long ago": signed(HEADER, { ...claims, exp: 1 }),
    "exp as text": signed(HEADER, { ...claims, exp: String(now + 60) }),
    "exp null": signed(HEADER, { ...claims, exp: null }),
    "not yet good": signed(HEADER, { ...claims, nbf: now + 60 }),
    "another issuer": signed(HEADER, { ...claims, iss: "other" }),
    "no issuer": signed(HEADER, withoutIss),
    "another audience": signed(HEADER, { ...claims, aud: "other" }),
    "no audience": signed(HEADER, withoutAud),
    "another typ": signed({ alg: "HS256", typ: "JWT" }, claims),
    "refresh typ": signed({ alg: "HS256", typ: "rt+jwt" }, claims),
    "no typ": signed({ alg: "HS256" }, claims),
    "no subject": signed(HEADER, withoutSub),
    "subject as a number": signed(HEADER, { ...claims, sub: 1 }),
    "somebody else's session": signed(HEADER, { ...claims, sub: "999" }),
    "no session": signed(HEADER, withoutSid),
    "no claims": signed(HEADER, "[]"),
    "not JSON": signed(HEADER, "{"),
  };
}
