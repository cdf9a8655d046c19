import type { Listed, Page } from "../base/page";
import { Json, objectFrom, type Reader, type Transaction, type Value } from "../storage/database";
import { readList } from "../storage/lists";
import { type AuditEntry, type AuditFilter, SUBJECT_LOOKED_UP } from "./schema";

export async function insertAuditEntry(tx: Transaction, entry: Omit<AuditEntry, "id">): Promise<void> {
  await tx.run(
    `INSERT INTO audit (at, user_id, action, subject, address, request_id, details)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [entry.at, entry.user_id, entry.action, entry.subject, entry.address, entry.request_id, new Json(entry.details)],
  );
}

/** Newest first, and how many there are in all. */
export async function listAuditEntries(
  reader: Reader,
  { user_id, action, subject }: AuditFilter,
  page: Page,
): Promise<Listed<AuditEntry>> {
  const values: Value[] = [];
  const parts: string[] = [];
  if (user_id !== undefined) parts.push(`user_id = $${values.push(user_id)}`);
  if (action !== undefined) parts.push(`action = $${values.push(action)}`);
  // An index has those alone that are no longer, since an engine refuses longer ones there.
  if (subject !== undefined)
    parts.push(`subject = $${values.push(subject)} AND length(subject) <= ${SUBJECT_LOOKED_UP}`);
  const { items, ...listed } = await readList<Omit<AuditEntry, "details"> & { details: unknown }>(
    reader,
    {
      sql: parts.join(" AND "),
      values,
      columns: "id, at, user_id, action, subject, address, request_id, details",
      from: "audit",
      order: [{ column: "id", part: "id" }],
      descending: true,
    },
    page,
  );
  return { ...listed, items: items.map((row): AuditEntry => ({ ...row, details: objectFrom(row.details) })) };
}

/** What the entries are called, found by jumping from one to the next along the index, however many entries there are. */
export async function listAuditActions(reader: Reader): Promise<string[]> {
  const rows = await reader.all<{ action: string }>(
    `WITH RECURSIVE names (action) AS (
       SELECT MIN(action) FROM audit
       UNION ALL
       SELECT (SELECT MIN(action) FROM audit WHERE action > names.action) FROM names WHERE names.action IS NOT NULL
     ) SELECT action FROM names WHERE action IS NOT NULL`,
  );
  return rows.map(({ action }) => action);
}

/** Lets this transaction delete entries from before a moment. It ends with `closePruning`. */
export async function openPruning(tx: Transaction, before: string): Promise<void> {
  await tx.run("INSERT INTO audit_pruning (id, before) VALUES (1, $1)", [before]);
}

export async function closePruning(tx: Transaction): Promise<void> {
  await tx.run("DELETE FROM audit_pruning");
}

/** So many entries after one of them: the last of them, and how many are from before a moment. None where there is none. */
export async function lookForOld(reader: Reader, before: string, after: number, most: number) {
  const row = await reader.first<{ last: number | null; old: number }>(
    `SELECT MAX(id) AS last, CAST(COUNT(CASE WHEN at < $1 THEN 1 END) AS INTEGER) AS old
     FROM (SELECT id, at FROM audit WHERE id > $2 ORDER BY id LIMIT $3) AS several`,
    [before, after, most],
  );
  return row && row.last !== null ? { last: row.last, old: row.old } : undefined;
}

/** Deletes the entries from before a moment that come after one and up to another, and returns how many they were. */
export function deleteEntriesBefore(tx: Transaction, before: string, after: number, last: number): Promise<number> {
  return tx.run("DELETE FROM audit WHERE at < $1 AND id > $2 AND id <= $3", [before, after, last]);
}
