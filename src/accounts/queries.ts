import { insertReturning } from "../storage/rows";
import { readList } from "../storage/lists";
import { countOf, isForeign, listOf } from "../storage/sql";
import { Json, objectFrom, type Reader, type Transaction } from "../storage/database";
import { emailKey, emailKeys } from "../base/email";
import type { Listed, Page } from "../base/page";
import type { User } from "./schema";

export interface UserRow {
  id: number;
  full_name: string;
  email: string;
  phone: string;
  password_hash: string | null;
  is_active: number;
  is_admin: number;
  is_guest: number;
  preferences: unknown;
  email_verified_at: string | null;
  created_at: string;
}

export const COLUMNS =
  "id, full_name, email, phone, password_hash, is_active, is_admin, is_guest, preferences, email_verified_at, created_at";

/** An account with what only signing in may look at. */
export type Account = User & { password_hash: string | null };

export interface NewAccount {
  full_name: string;
  email: string;
  phone: string;
  password_hash: string | null;
  is_admin: boolean;
  /** Absent where nobody has confirmed it. */
  email_verified_at?: string;
  created_at: string;
}

export async function findAccount(reader: Reader, id: number): Promise<Account | undefined> {
  const row = await reader.first<UserRow>(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [id]);
  return row && toAccount(row);
}

export async function findAccountByEmail(reader: Reader, email: string): Promise<Account | undefined> {
  const keys = emailKeys(email);
  const among = listOf(keys);
  const rows = await reader.all<UserRow & { email_key: string }>(
    `SELECT ${COLUMNS}, email_key FROM users WHERE email_key IN ${among.sql}`,
    among.values,
  );
  const [first] = rows.toSorted((one, other) => keys.indexOf(one.email_key) - keys.indexOf(other.email_key));
  if (!first) return undefined;
  const { email_key: _, ...row } = first;
  return toAccount(row);
}

/** Whether the e-mail is an account's already: another one's than `besides`, where that is named. */
export async function isEmailTaken(reader: Reader, email: string, besides?: number): Promise<boolean> {
  const owner = await findAccountByEmail(reader, email);
  return owner !== undefined && owner.id !== besides;
}

/** One page of all accounts, or of all guests, and how many there are. */
export async function listAccounts(reader: Reader, page: Page, guests = false): Promise<Listed<Account>> {
  const { items, ...listed } = await readList<UserRow>(
    reader,
    {
      sql: guests ? "is_guest = 1" : "is_guest = 0",
      values: [],
      columns: COLUMNS,
      from: "users",
      order: [{ column: "id", part: "id" }],
      descending: false,
    },
    page,
  );
  return { ...listed, items: items.map(toAccount) };
}

/** The id so many accounts after this one, or that of the last; undefined after the last. Guests are none. */
export async function findAccountAfter(reader: Reader, id: number, accounts: number): Promise<number | undefined> {
  const row = await reader.first<{ last: number | null }>(
    `SELECT MAX(id) AS last FROM
       (SELECT id FROM users WHERE is_guest = 0 AND id > $1 ORDER BY id LIMIT ${accounts}) AS several`,
    [id],
  );
  return row?.last ?? undefined;
}

/** The accounts between two ids whose name or e-mail may have this folded text in it, by id. Guests are none. */
export async function findAccountsLike(
  reader: Reader,
  { after, upTo }: { after: number; upTo: number },
  folded: string,
): Promise<Account[]> {
  const like = `%${folded.replaceAll(/[!%_]/g, "!$&")}%`;
  // What folding does beyond ASCII no engine knows: where there is any, the text is read.
  const may = PLAIN.test(folded)
    ? ["full_name", "email"].map((name) => `LOWER(${name}) LIKE $3 ESCAPE '!' OR ${isForeign(reader.engine, name)}`)
    : ["$3 <> ''"];
  const rows = await reader.all<UserRow>(
    `SELECT ${COLUMNS} FROM users WHERE is_guest = 0 AND id > $1 AND id <= $2 AND (${may.join(" OR ")}) ORDER BY id`,
    [after, upTo, like],
  );
  return rows.map(toAccount);
}

const PLAIN = /^[ -~]*$/;

/** Undefined, and nothing changes, when the e-mail is taken. */
export async function insertAccount(tx: Transaction, account: NewAccount): Promise<Account | undefined> {
  if (emailKeys(account.email).length > 1 && (await findAccountByEmail(tx, account.email))) return undefined;
  const row = await tx.first<UserRow>(
    `INSERT INTO users
       (full_name, email, email_key, phone, password_hash, is_admin, preferences, created_at, updated_at, email_verified_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) ON CONFLICT (email_key) DO NOTHING RETURNING ${COLUMNS}`,
    [
      account.full_name,
      account.email,
      emailKey(account.email),
      account.phone,
      account.password_hash,
      account.is_admin ? 1 : 0,
      new Json({}),
      account.created_at,
      account.email_verified_at ?? null,
    ],
  );
  return row && toAccount(row);
}

/** Opens many accounts and returns the ids of the new ones by e-mail key. Those whose e-mail is taken are left as they are. */
export async function insertAccounts(
  tx: Transaction,
  accounts: readonly (NewAccount & { preferences: object })[],
): Promise<Map<string, number>> {
  const inserted = await insertReturning<{ id: number; email_key: string }>(
    tx,
    "users",
    accounts.map((account) => ({
      full_name: account.full_name,
      email: account.email,
      email_key: emailKey(account.email),
      phone: account.phone,
      password_hash: account.password_hash,
      is_admin: Number(account.is_admin),
      preferences: new Json(account.preferences),
      created_at: account.created_at,
      updated_at: account.created_at,
    })),
    "ON CONFLICT (email_key) DO NOTHING RETURNING id, email_key",
  );
  return new Map(inserted.map(({ id, email_key }) => [email_key, id]));
}

/** The next customers after this id: no guests, and nobody who runs the shop. */
export async function findCustomersAfter(reader: Reader, id: number, limit: number): Promise<Account[]> {
  const rows = await reader.all<UserRow>(
    `SELECT ${COLUMNS} FROM users WHERE is_guest = 0 AND is_admin = 0 AND id > $1 ORDER BY id LIMIT $2`,
    [id, limit],
  );
  return rows.map(toAccount);
}

/** Accounts by e-mail key that have one of these e-mails, however they are spelled. */
export async function findAccountsByEmail(reader: Reader, emails: readonly string[]): Promise<Map<string, Account>> {
  const among = listOf([...new Set(emails.map(emailKey))]);
  const rows = await reader.all<UserRow & { email_key: string }>(
    `SELECT ${COLUMNS}, email_key FROM users WHERE email_key IN ${among.sql}`,
    among.values,
  );
  return new Map(rows.map((row) => [row.email_key, toAccount(row)]));
}

/** Ids by e-mail key of the accounts that have one of these e-mails, however they are spelled. */
export async function findIdsOfEmails(reader: Reader, emails: readonly string[]): Promise<Map<string, number>> {
  const among = listOf([...new Set(emails.map(emailKey))]);
  const rows = await reader.all<{ email_key: string; id: number }>(
    `SELECT email_key, id FROM users WHERE email_key IN ${among.sql}`,
    among.values,
  );
  return new Map(rows.map(({ email_key, id }) => [email_key, id]));
}

/** Ids by e-mail key of the accounts whose e-mail ends so. */
export async function findAccountIds(reader: Reader, ending: string): Promise<Map<string, number>> {
  const rows = await reader.all<{ email_key: string; id: number }>(
    "SELECT email_key, id FROM users WHERE email_key LIKE '%' || CAST($1 AS TEXT)",
    [ending],
  );
  return new Map(rows.map(({ email_key, id }) => [email_key, id]));
}

export interface AccountChange {
  full_name?: string | undefined;
  phone?: string | undefined;
  preferences?: object | undefined;
  password_hash?: string | undefined;
  is_active?: boolean | undefined;
  is_admin?: boolean | undefined;
}

/** Writes what is given and leaves the rest. Undefined when there is no such account. */
export async function updateAccount(tx: Transaction, id: number, change: AccountChange, now: string) {
  const { preferences, is_active, is_admin } = change;
  const row = await tx.first<UserRow>(
    `UPDATE users SET full_name = COALESCE($2, full_name), phone = COALESCE($3, phone), preferences = COALESCE($4, preferences),
       password_hash = COALESCE($5, password_hash), is_active = COALESCE($6, is_active), is_admin = COALESCE($7, is_admin), updated_at = $8
     WHERE id = $1 RETURNING ${COLUMNS}`,
    [
      id,
      change.full_name ?? null,
      change.phone ?? null,
      preferences ? new Json(preferences) : null,
      change.password_hash ?? null,
      is_active === undefined ? null : Number(is_active),
      is_admin === undefined ? null : Number(is_admin),
      now,
    ],
  );
  return row && toAccount(row);
}

/** Puts another hash in the place of the one before. 0, and nothing changes, when that is not the account's any more. */
export function replacePasswordHash(tx: Transaction, id: number, before: string, after: string): Promise<number> {
  return tx.run("UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2", [id, before, after]);
}

/** How many people could still run the shop: whoever has no password, as an imported customer has none, can't sign in. */
export function countWorkingAdmins(reader: Reader): Promise<number> {
  return countOf(
    reader,
    "SELECT COUNT(*) FROM users WHERE is_admin = 1 AND is_active = 1 AND password_hash IS NOT NULL",
  );
}

export function toAccount(row: UserRow): Account {
  return {
    ...row,
    is_active: row.is_active === 1,
    is_admin: row.is_admin === 1,
    is_guest: row.is_guest === 1,
    preferences: objectFrom(row.preferences),
  };
}
