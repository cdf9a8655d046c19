import type { Reader, Transaction } from "../storage/database";

/** Keeps a token by which its owner may set a new password, in place of any earlier one. */
export async function upsertPasswordReset(
  tx: Transaction,
  reset: { user_id: number; token_hash: string; expires_at: string },
): Promise<void> {
  await tx.run(
    `INSERT INTO password_resets (user_id, token_hash, expires_at) VALUES ($1, $2, $3)
     ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at`,
    [reset.user_id, reset.token_hash, reset.expires_at],
  );
}

export async function hasPasswordReset(reader: Reader, tokenHash: string, now: string): Promise<boolean> {
  const sql = "SELECT user_id FROM password_resets WHERE token_hash = $1 AND expires_at > $2";
  return (await reader.first(sql, [tokenHash, now])) !== undefined;
}

/** Uses a token up and returns whose it was; undefined when it is no good, or not any more. */
export async function takePasswordReset(tx: Transaction, tokenHash: string, now: string): Promise<number | undefined> {
  const row = await tx.first<{ user_id: number }>(
    "DELETE FROM password_resets WHERE token_hash = $1 AND expires_at > $2 RETURNING user_id",
    [tokenHash, now],
  );
  return row?.user_id;
}

export function deletePasswordReset(tx: Transaction, userId: number): Promise<number> {
  return tx.run("DELETE FROM password_resets WHERE user_id = $1", [userId]);
}
