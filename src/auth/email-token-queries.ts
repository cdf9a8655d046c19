import type { Transaction } from "../storage/database";

export interface EmailToken {
  user_id: number;
  purpose: "verify" | "change";
  email: string;
  token_hash: string;
  expires_at: string;
}

/** Keeps a token in place of an earlier one for the same. */
export async function upsertEmailToken(tx: Transaction, token: EmailToken): Promise<void> {
  await tx.run(
    `INSERT INTO email_tokens (user_id, purpose, email, token_hash, expires_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (user_id, purpose) DO UPDATE SET email = excluded.email, token_hash = excluded.token_hash,
       expires_at = excluded.expires_at`,
    [token.user_id, token.purpose, token.email, token.token_hash, token.expires_at],
  );
}

/** Uses a token up; undefined when it is no good, or not any more. */
export function takeEmailToken(tx: Transaction, tokenHash: string, now: string): Promise<EmailToken | undefined> {
  return tx.first<EmailToken>(
    `DELETE FROM email_tokens WHERE token_hash = $1 AND expires_at > $2
     RETURNING user_id, purpose, email, token_hash, expires_at`,
    [tokenHash, now],
  );
}

export function deleteEmailTokens(tx: Transaction, userId: number): Promise<number> {
  return tx.run("DELETE FROM email_tokens WHERE user_id = $1", [userId]);
}

/** Gives an account another e-mail; `verified_at` says whether and when it was confirmed. */
export function updateEmail(
  tx: Transaction,
  id: number,
  email: string,
  key: string,
  { now, verified_at }: { now: string; verified_at: string | null },
): Promise<number> {
  return tx.run("UPDATE users SET email = $2, email_key = $3, email_verified_at = $4, updated_at = $5 WHERE id = $1", [
    id,
    email,
    key,
    verified_at,
    now,
  ]);
}

/** Says that an account's e-mail is its owner's, if it still is this one and was not said before. */
export function setEmailVerified(tx: Transaction, id: number, email: string, now: string): Promise<number> {
  return tx.run("UPDATE users SET email_verified_at = $3 WHERE id = $1 AND email = $2 AND email_verified_at IS NULL", [
    id,
    email,
    now,
  ]);
}
