import type { Reader, Transaction } from "../storage/database";
import type { Session } from "./schema";

export interface SessionRow extends Session {
  rotated_at: string;
  expires_at: string;
  ended_at: string | null;
  is_active: number;
  is_admin: number;
}

/** A session with the standing of its account, in one look: it is asked for at every signed-in call. */
export function findSession(reader: Reader, id: string): Promise<SessionRow | undefined> {
  return reader.first<SessionRow>(
    `SELECT s.id, s.user_id, s.generation, s.rotated_at, s.expires_at, s.ended_at, u.is_active, u.is_admin
     FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1`,
    [id],
  );
}

export async function insertSession(tx: Transaction, session: Session, now: string, expiresAt: string): Promise<void> {
  await tx.run(
    `INSERT INTO sessions (id, user_id, generation, created_at, rotated_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)`,
    [session.id, session.user_id, session.generation, now, expiresAt],
  );
}

/** Moves on to the next generation. False, and nothing changes, when somebody else was quicker. */
export async function rotateSession(
  tx: Transaction,
  session: Session,
  now: string,
  expiresAt: string,
): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE sessions SET generation = generation + 1, rotated_at = $3, expires_at = $4
     WHERE id = $1 AND generation = $2 AND ended_at IS NULL`,
    [session.id, session.generation, now, expiresAt],
  );
  return changed === 1;
}

export function endSession(tx: Transaction, id: string, now: string): Promise<number> {
  return tx.run("UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", [id, now]);
}

export function endSessionsOf(tx: Transaction, userId: number, now: string): Promise<number> {
  return tx.run("UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL", [userId, now]);
}
