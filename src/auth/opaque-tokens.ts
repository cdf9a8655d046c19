import { createHash, createHmac, randomBytes } from "node:crypto";

/** A secret that only its owner has: 256 random bits. The database keeps no more than its hash. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What stands in the database for a token. The token is random, so a plain hash is enough. */
export function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

/**
 * The token that follows this one. It needs both the token and the number kept beside its hash, so it can be made once
 * more for somebody whose answer was lost, but not by somebody who has only the database.
 */
export function nextToken(token: string, salt: string): string {
  return createHmac("sha256", token).update(salt).digest("base64url");
}
