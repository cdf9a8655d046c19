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
