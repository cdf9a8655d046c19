import type { Reader, Transaction } from "../storage/database";
import { erasedColumns, exportedColumns, personalData } from "./personal-data";
import { placeIn } from "../storage/sql";

/** Everything that is one person's, table by table, without what is no person's business: keys and their hashes. */
export async function readPerson(reader: Reader, userId: number): Promise<Record<string, Record<string, unknown>[]>> {
  const tables: Record<string, Record<string, unknown>[]> = {};
  for (const [table, rule] of Object.entries(personalData)) {
    if (rule.whose === undefined) continue;
    const columns = exportedColumns(rule).join(", ");
    tables[table] = await reader.all(`SELECT ${columns} FROM ${table} WHERE ${rule.whose}`, [userId]);
  }
  return tables;
}

/** Erases a person as the list says, but for the audit, whose entries are found by more than a number. */
export async function erasePerson(tx: Transaction, userId: number): Promise<void> {
  for (const [table, rule] of Object.entries(personalData)) {
    if (rule.whose === undefined || table === "audit") continue;
    if (rule.goes) {
      await tx.run(`DELETE FROM ${table} WHERE ${rule.whose}`, [userId]);
      continue;
    }
    const changes = erasedColumns(rule, tx.engine).map(({ column, becomes }) => `${column} = ${becomes}`);
    if (changes.length > 0) await tx.run(`UPDATE ${table} SET ${changes.join(", ")} WHERE ${rule.whose}`, [userId]);
  }
}

/** Erases the entries of the audit that are by a person, or have one of these words of theirs in them. */
export async function eraseFromAudit(tx: Transaction, userId: number, words: readonly string[]): Promise<void> {
  const rule = personalData["audit"];
  if (!rule) throw new Error("The list of personal data has lost the audit.");
  const changes = erasedColumns(rule, tx.engine).map(({ column, becomes }) => `${column} = ${becomes}`);
  const text = `lower(COALESCE(subject, '') || ' ' || CAST(details AS TEXT))`;
  const found = words.map((_, index) => `${placeIn(tx.engine)}(${text}, $${index + 2}) > 0`);
  await tx.run(`UPDATE audit SET ${changes.join(", ")} WHERE ${["user_id = $1", ...found].join(" OR ")}`, [
    userId,
    ...words.map((word) => word.toLowerCase()),
  ]);
}

/** What must be over before a customer can be erased: goods under way, money that is still to go back, and what a person must look at. */
export function findOpenOrder(reader: Reader, userId: number): Promise<{ id: number } | undefined> {
  return reader.first<{ id: number }>(
    `SELECT o.id FROM orders o WHERE o.user_id = $1 AND (o.status IN ('placed', 'packed', 'shipped')
       OR (o.status <> 'returned' AND EXISTS (SELECT 1 FROM returns b WHERE b.order_id = o.id AND b.status IN ('requested', 'approved')))
       OR EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = o.id AND r.state NOT IN ('done', 'failed'))
       OR EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.is_current = 0 AND (p.flag IS NOT NULL OR p.disputed_at IS NOT NULL))
       OR EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.is_current = 1 AND (p.flag IS NOT NULL OR p.disputed_at IS NOT NULL)))
     ORDER BY o.id LIMIT 1`,
    [userId],
  );
}

/** Where a person lives, in the words that they gave. */
export async function findAddressWords(reader: Reader, userId: number): Promise<string[]> {
  const rows = await reader.all<{ address_line: string }>("SELECT address_line FROM addresses WHERE user_id = $1", [
    userId,
  ]);
  return rows.map(({ address_line }) => address_line);
}
