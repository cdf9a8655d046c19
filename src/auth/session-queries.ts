import type { Reader, Transaction } from "../storage/database";
import type { Origin } from "../base/origin";
import type { OpenSession, Session } from "./schema";

export interface SessionRow extends Session {
  created_at: string;
  expires_at: string;
  ended_at: string | null;
  /** When it ends however much it is used; null in sessions from before there was such an end. */
  ends_at: string | null;
  /** How long it lasts unused; null where that is as the settings say. */
  idle_minutes: number | null;
  /** When it was last shown whose it is; null in sessions that are not asked. */
  confirmed_at: string | null;
  is_active: number;
  is_admin: number;
}

/** A session with the standing of its account, in one look: it is asked for at every signed-in call. */
export function findSession(reader: Reader, id: string): Promise<SessionRow | undefined> {
  return reader.first<SessionRow>(
    `SELECT s.id, s.user_id, s.created_at, s.expires_at, s.ended_at, s.ends_at, s.idle_minutes, s.confirmed_at, u.is_active, u.is_admin
     FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1`,
    [id],
  );
}

/** The sessions of an account that go on, newest first. */
export function listOpenSessions(reader: Reader, userId: number, now: string): Promise<Omit<OpenSession, "current">[]> {
  return reader.all(
    `SELECT id, address, user_agent, created_at, last_used_at, expires_at FROM sessions
     WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at DESC, id DESC`,
    [userId, now],
  );
}

export async function insertSession(
  tx: Transaction,
  { id, user_id }: Session,
  { address, user_agent }: Origin,
  life: { now: string; expires_at: string; ends_at: string; idle_minutes: number | null; confirmed_at: string | null },
): Promise<void> {
  await tx.run(
    `INSERT INTO sessions (id, user_id, address, user_agent, created_at, last_used_at, expires_at, ends_at, idle_minutes, confirmed_at)
     VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9)`,
    [id, user_id, address, user_agent, life.now, life.expires_at, life.ends_at, life.idle_minutes, life.confirmed_at],
  );
}

/** Forgets what is long over, with its tokens. */
export function deleteSessionsBefore(tx: Transaction, userId: number, moment: string): Promise<number> {
  return tx.run("DELETE FROM sessions WHERE user_id = $1 AND expires_at < $2", [userId, moment]);
}

/** Deletes the sessions of an account but for the newest of them, open or over. */
export function deleteSessionsBeyond(tx: Transaction, userId: number, most: number): Promise<number> {
  return tx.run(
    `DELETE FROM sessions WHERE user_id = $1 AND id NOT IN
       (SELECT id FROM sessions WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2)`,
    [userId, most],
  );
}

export function extendSession(tx: Transaction, id: string, now: string, expiresAt: string): Promise<number> {
  return tx.run("UPDATE sessions SET last_used_at = $2, expires_at = $3 WHERE id = $1", [id, now, expiresAt]);
}

/** Writes down that its owner has just shown that it is theirs, where that is asked of it at all. */
export function confirmSession(tx: Transaction, id: string, now: string): Promise<number> {
  return tx.run("UPDATE sessions SET confirmed_at = $2 WHERE id = $1 AND confirmed_at IS NOT NULL", [id, now]);
}

/** Ends one session of this account. False when it has no such session, or it is over. */
export async function endSession(tx: Transaction, { id, user_id }: Session, now: string): Promise<boolean> {
  const changed = await tx.run(
    "UPDATE sessions SET ended_at = $3 WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > $3",
    [id, user_id, now],
  );
  return changed === 1;
}

/** Ends all open sessions of an account but so many of those that were used last. */
export function endSessionsBeyond(tx: Transaction, userId: number, most: number, now: string): Promise<number> {
  return tx.run(
    `UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND id NOT IN
       (SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2
        ORDER BY last_used_at DESC, id DESC LIMIT $3)`,
    [userId, now, most],
  );
}

export function endSessionsOf(tx: Transaction, userId: number, now: string): Promise<number> {
  return tx.run("UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL", [userId, now]);
}

export interface RefreshToken {
  token_hash: string;
  session_id: string;
  salt: string;
  used_at: string | null;
}

export function findRefreshToken(reader: Reader, hash: string): Promise<RefreshToken | undefined> {
  return reader.first<RefreshToken>(
    "SELECT token_hash, session_id, salt, used_at FROM refresh_tokens WHERE token_hash = $1",
    [hash],
  );
}

export async function insertRefreshToken(tx: Transaction, token: Omit<RefreshToken, "used_at">): Promise<void> {
  await tx.run("INSERT INTO refresh_tokens (token_hash, session_id, salt) VALUES ($1, $2, $3)", [
    token.token_hash,
    token.session_id,
    token.salt,
  ]);
}

/** Deletes the tokens of a session that were used longest ago. */
export function deleteUsedTokensBeyond(tx: Transaction, sessionId: string, most: number): Promise<number> {
  return tx.run(
    `DELETE FROM refresh_tokens WHERE session_id = $1 AND used_at IS NOT NULL AND token_hash NOT IN
       (SELECT token_hash FROM refresh_tokens WHERE session_id = $1 AND used_at IS NOT NULL
        ORDER BY used_at DESC, token_hash LIMIT $2)`,
    [sessionId, most],
  );
}

/** False, and nothing changes, when it was used before. */
export async function useRefreshToken(tx: Transaction, hash: string, now: string): Promise<boolean> {
  const changed = await tx.run("UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL", [
    hash,
    now,
  ]);
  return changed === 1;
}
