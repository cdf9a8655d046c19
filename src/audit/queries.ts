import type { Page } from "../base/page";
import { Json, objectFrom, type Reader, type Transaction, type Value } from "../storage/database";
import { countOf } from "../storage/sql";
import type { AuditEntry, AuditFilter } from "./schema";

export async function insertAuditEntry(tx: Transaction, entry: Omit<AuditEntry, "id">): Promise<void> {
  await tx.run(
    `INSERT INTO audit (at, user_id, action, subject, address, request_id, details)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [entry.at, entry.user_id, entry.action, entry.subject, entry.address, entry.request_id, new Json(entry.details)],
  );
}

/** Newest first, and how many there are in all. */
export async function listAuditEntries(reader: Reader, { user_id, action }: AuditFilter, { limit, offset }: Page) {
  const values: Value[] = [];
  const parts: string[] = [];
  if (user_id !== undefined) parts.push(`user_id = $${values.push(user_id)}`);
  if (action !== undefined) parts.push(`action = $${values.push(action)}`);
  const where = parts.length > 0 ? `WHERE ${parts.join(" AND ")}` : "";
  const rows = await reader.all<Omit<AuditEntry, "details"> & { details: unknown }>(
    `SELECT id, at, user_id, action, subject, address, request_id, details FROM audit ${where}
     ORDER BY id DESC LIMIT $${values.length + 1} OFFSET $${values.length + 2}`,
    [...values, limit, offset],
  );
  const total = await countOf(reader, `SELECT COUNT(*) FROM audit ${where}`, values);
  const items = rows.map((row): AuditEntry => ({ ...row, details: objectFrom(row.details) }));
  return { items, total };
}

/** Lets this transaction delete entries from before a moment. It ends with `closePruning`. */
export async function openPruning(tx: Transaction, before: string): Promise<void> {
  await tx.run("INSERT INTO audit_pruning (id, before) VALUES (1, $1)", [before]);
}

export async function closePruning(tx: Transaction): Promise<void> {
  await tx.run("DELETE FROM audit_pruning");
}

/** Deletes some entries from before a moment, the oldest first, and returns how many they were. */
export function deleteEntriesBefore(tx: Transaction, before: string, most: number): Promise<number> {
  return tx.run("DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < $1 ORDER BY id LIMIT $2)", [
    before,
    most,
  ]);
}
