import { fromJson, Json, type Reader, type Transaction } from "../storage/database";
import { one } from "../storage/sql";
import type { ApiKey } from "./schema";

type KeyRow = Omit<ApiKey, "scopes"> & { scopes: unknown };

const COLUMNS = "id, name, prefix, scopes, made_by, created_at, expires_at, last_used_at, revoked_at";

// What lies there was checked when it was written.
const toKey = (row: KeyRow): ApiKey => ({ ...row, scopes: fromJson(row.scopes) as string[] });

export async function listKeyRows(reader: Reader): Promise<ApiKey[]> {
  return (await reader.all<KeyRow>(`SELECT ${COLUMNS} FROM api_keys ORDER BY id DESC`)).map(toKey);
}

export async function insertKey(
  tx: Transaction,
  key: Pick<ApiKey, "name" | "prefix" | "scopes" | "made_by" | "created_at" | "expires_at"> & { key_hash: string },
): Promise<ApiKey> {
  const row = await tx.first<KeyRow>(
    `INSERT INTO api_keys (name, prefix, key_hash, scopes, made_by, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
    [key.name, key.prefix, key.key_hash, new Json(key.scopes), key.made_by, key.created_at, key.expires_at],
  );
  return toKey(one(row));
}

/** The key with this hash, if the admin who made it still is one. */
export async function findWorkingKey(reader: Reader, keyHash: string): Promise<ApiKey | undefined> {
  const row = await reader.first<KeyRow>(
    `SELECT ${COLUMNS.split(", ")
      .map((column) => `k.${column}`)
      .join(", ")} FROM api_keys k JOIN users u ON u.id = k.made_by
     WHERE k.key_hash = $1 AND u.is_admin = 1 AND u.is_active = 1`,
    [keyHash],
  );
  return row && toKey(row);
}

/** Undefined where there is no such key, or it was revoked before. */
export async function revokeKeyRow(tx: Transaction, id: number, now: string): Promise<ApiKey | undefined> {
  const row = await tx.first<KeyRow>(
    `UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING ${COLUMNS}`,
    [id, now],
  );
  return row && toKey(row);
}

export async function markKeyUsed(tx: Transaction, id: number, now: string): Promise<void> {
  await tx.run("UPDATE api_keys SET last_used_at = $2 WHERE id = $1", [id, now]);
}
