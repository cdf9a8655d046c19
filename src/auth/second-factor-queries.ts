import { countOf } from "../storage/sql";
import type { Reader, Transaction } from "../storage/database";

export interface SecondFactor {
  user_id: number;
  /** Sealed: see sealed.ts. */
  secret: string;
  confirmed_at: string | null;
  last_step: number;
}

export function findSecondFactor(reader: Reader, userId: number): Promise<SecondFactor | undefined> {
  return reader.first<SecondFactor>(
    "SELECT user_id, secret, confirmed_at, last_step FROM second_factors WHERE user_id = $1",
    [userId],
  );
}

/** Begins anew, with another secret than one that was begun before. Callers see to it that none that counts is lost. */
export async function insertSecondFactor(tx: Transaction, userId: number, secret: string, now: string): Promise<void> {
  await tx.run("DELETE FROM second_factors WHERE user_id = $1", [userId]);
  await tx.run("INSERT INTO second_factors (user_id, secret, created_at, last_step) VALUES ($1, $2, $3, 0)", [
    userId,
    secret,
    now,
  ]);
}

export async function confirmSecondFactor(tx: Transaction, userId: number, now: string): Promise<void> {
  await tx.run("UPDATE second_factors SET confirmed_at = $2 WHERE user_id = $1", [userId, now]);
}

/** Uses a step up. False, and nothing changes, when it or a later one was used before. */
export async function takeStep(tx: Transaction, userId: number, step: number): Promise<boolean> {
  const sql = "UPDATE second_factors SET last_step = $2 WHERE user_id = $1 AND last_step < $2";
  return (await tx.run(sql, [userId, step])) === 1;
}

export async function deleteSecondFactor(tx: Transaction, userId: number): Promise<boolean> {
  return (await tx.run("DELETE FROM second_factors WHERE user_id = $1", [userId])) === 1;
}

export async function insertRecoveryCodes(tx: Transaction, userId: number, hashes: readonly string[]): Promise<void> {
  for (const hash of hashes) {
    await tx.run("INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)", [userId, hash]);
  }
}

/** Uses a recovery code up. False when there is none such, or not any more. */
export async function takeRecoveryCode(tx: Transaction, userId: number, hash: string): Promise<boolean> {
  return (await tx.run("DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2", [userId, hash])) === 1;
}

export async function hasRecoveryCode(reader: Reader, userId: number, hash: string): Promise<boolean> {
  const sql = "SELECT user_id FROM recovery_codes WHERE user_id = $1 AND code_hash = $2";
  return (await reader.first(sql, [userId, hash])) !== undefined;
}

export function countRecoveryCodes(reader: Reader, userId: number): Promise<number> {
  return countOf(reader, "SELECT COUNT(*) AS count FROM recovery_codes WHERE user_id = $1", [userId]);
}
