import type { Reader, Transaction } from "../storage/database";

/** What a caller wants to happen once: a key of theirs, and what it stands for. */
export interface Once {
  user_id: number;
  key: string;
  /** A hash of the request: the same key for another request is refused. */
  fingerprint: string;
  /** Set once it turns out that this had happened before, and its answer is given again. */
  replayed?: boolean;
}

/**
 * Takes the key for this request. False when it is taken since `forgottenBefore`; who took it is then finished, since
 * PostgreSQL waits here for a transaction that has taken the key and not ended, and SQLite has one writer.
 */
export async function takeKey(tx: Transaction, once: Once, now: string, forgottenBefore: string): Promise<boolean> {
  const changed = await tx.run(
    `INSERT INTO idempotency_keys (user_id, key, fingerprint, answer, created_at) VALUES ($1, $2, $3, '', $4)
     ON CONFLICT (user_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, answer = '', created_at = excluded.created_at
     WHERE idempotency_keys.created_at < $5`,
    [once.user_id, once.key, once.fingerprint, now, forgottenBefore],
  );
  return changed === 1;
}

export async function keepAnswer(tx: Transaction, { user_id, key }: Once, answer: string): Promise<void> {
  await tx.run("UPDATE idempotency_keys SET answer = $3 WHERE user_id = $1 AND key = $2", [user_id, key, answer]);
}

export function findAnswer(
  reader: Reader,
  { user_id, key }: Once,
): Promise<{ fingerprint: string; answer: string } | undefined> {
  return reader.first("SELECT fingerprint, answer FROM idempotency_keys WHERE user_id = $1 AND key = $2", [
    user_id,
    key,
  ]);
}

export function deleteKeysBefore(tx: Transaction, time: string): Promise<number> {
  return tx.run("DELETE FROM idempotency_keys WHERE created_at < $1", [time]);
}

/** What the key stood for was taken back: it may be used again. */
export async function deleteKey(tx: Transaction, { user_id, key }: Once): Promise<void> {
  await tx.run("DELETE FROM idempotency_keys WHERE user_id = $1 AND key = $2", [user_id, key]);
}
