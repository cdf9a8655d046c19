import { Json, type Reader, type Transaction } from "../storage/database";
import { listOf, one } from "../storage/sql";
import { type Account, COLUMNS, toAccount, type UserRow } from "./queries";
import { emailKey } from "../base/email";

/**
 * A customer of whom nothing is known but what an order by phone says. `key` stands where an account has its e-mail: nobody can
 * sign in by it.
 */
export async function insertGuest(
  tx: Transaction,
  key: string,
  now: string,
  { full_name = "Guest", phone = "" }: { full_name?: string | undefined; phone?: string | undefined } = {},
): Promise<number> {
  const row = await tx.first<{ id: number }>(
    `INSERT INTO users (full_name, email, email_key, phone, is_guest, preferences, created_at, updated_at)
     VALUES ($4, '', $1, $5, 1, $2, $3, $3) RETURNING id`,
    [key, new Json({}), now, full_name, phone],
  );
  return one(row).id;
}

export interface Promotion {
  full_name: string;
  email: string;
  phone: string;
  password_hash: string;
}

/** Makes a guest an account of their own. Undefined, and nothing changes, for who is no guest (any more). */
export async function promoteGuest(
  tx: Transaction,
  id: number,
  { full_name, email, phone, password_hash }: Promotion,
  now: string,
): Promise<Account | undefined> {
  const row = await tx.first<UserRow>(
    `UPDATE users SET full_name = $2, email = $3, email_key = $4, phone = $5, password_hash = $6, is_guest = 0, updated_at = $7
     WHERE id = $1 AND is_guest = 1 AND is_active = 1 RETURNING ${COLUMNS}`,
    [id, full_name, email, emailKey(email), phone, password_hash, now],
  );
  return row && toAccount(row);
}

/** Ends a guest who has become an account. False, and nothing changes, for an account that is no guest (any more). */
export async function endGuest(tx: Transaction, id: number, now: string): Promise<boolean> {
  const changed = await tx.run(
    "UPDATE users SET is_active = 0, updated_at = $2 WHERE id = $1 AND is_guest = 1 AND is_active = 1",
    [id, now],
  );
  return changed === 1;
}

export async function isGuest(reader: Reader, id: number): Promise<boolean> {
  return (await reader.first("SELECT id FROM users WHERE id = $1 AND is_guest = 1", [id])) !== undefined;
}

export interface OldGuest {
  id: number;
  created_at: string;
  /** Whether they ordered something, or were seen since. */
  stays: number;
}

/**
 * Some of the guests who came before a moment, by when they came, going on after one of them; each with whether they stay.
 * Those who stay are answered too, so that no look goes through all of them to find a few others.
 */
export function findOldGuests(reader: Reader, before: string, most: number, after?: OldGuest): Promise<OldGuest[]> {
  return reader.all<OldGuest>(
    `SELECT several.id, several.created_at,
       CASE WHEN EXISTS (SELECT 1 FROM orders WHERE orders.user_id = several.id)
         OR EXISTS (SELECT 1 FROM sessions WHERE sessions.user_id = several.id AND sessions.last_used_at >= $1)
         THEN 1 ELSE 0 END AS stays
     FROM (SELECT id, created_at FROM users WHERE is_guest = 1 AND created_at < $1 AND (created_at, id) > ($3, $4)
       ORDER BY created_at, id LIMIT $2) AS several
     ORDER BY several.created_at, several.id`,
    [before, most, after?.created_at ?? "", after?.id ?? 0],
  );
}

/** Forgets guests with everything of theirs, unless they have ordered meanwhile. */
export async function deleteGuests(tx: Transaction, ids: readonly number[]): Promise<number> {
  const among = listOf(ids);
  return tx.run(
    `DELETE FROM users WHERE is_guest = 1 AND id IN ${among.sql}
     AND NOT EXISTS (SELECT 1 FROM orders WHERE orders.user_id = users.id)`,
    among.values,
  );
}
