import { turns } from "../base/turns";
import type { Engine, Reader, Transaction } from "../storage/database";
import { type Condition, listOf, placeIn } from "../storage/sql";
import { erasedColumns, exportedColumns, personalData } from "./personal-data";

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

/** The entries of the audit that have one of some words in them, up to an entry. */
export interface Mentions {
  words: readonly string[];
  ids: readonly number[];
  /** Later entries were not looked at. */
  upTo: number;
}

const ENTRIES_AT_ONCE = 1_000;

/** On PostgreSQL an entry may be committed after others with higher ids: as many as this are looked at once more. */
const LATE_ENTRIES = 1_000;

/**
 * Looks through the whole audit, some entries at a time: at once it would take seconds in a shop of some years, and on SQLite
 * keep everybody else waiting.
 */
export async function findMentions(reader: Reader, words: readonly string[]): Promise<Mentions> {
  const ends = await reader.first<{ least: number | null; most: number | null }>(
    "SELECT (SELECT MIN(id) FROM audit) AS least, (SELECT MAX(id) FROM audit) AS most",
  );
  const [least, most] = [ends?.least ?? 1, ends?.most ?? 0];
  const ids: number[] = [];
  if (words.length > 0) {
    for (let after = least - 1; after < most; after += ENTRIES_AT_ONCE) {
      const { sql, values } = mention(reader.engine, words, 2);
      const rows = await reader.all<{ id: number }>(`SELECT id FROM audit WHERE id > $1 AND id <= $2 AND (${sql})`, [
        after,
        after + ENTRIES_AT_ONCE,
        ...values,
      ]);
      ids.push(...rows.map(({ id }) => id));
      await turns.yield();
    }
  }
  return { words, ids, upTo: Math.max(0, most - LATE_ENTRIES) };
}

/** Erases the entries of the audit that are by a person, that were found to mention them, or that do so and came later. */
export async function eraseFromAudit(tx: Transaction, userId: number, { words, ids, upTo }: Mentions): Promise<void> {
  const rule = personalData["audit"];
  if (!rule) throw new Error("The list of personal data has lost the audit.");
  const changes = erasedColumns(rule, tx.engine).map(({ column, becomes }) => `${column} = ${becomes}`);
  const erasing = `UPDATE audit SET ${changes.join(", ")} WHERE`;
  await tx.run(`${erasing} user_id = $1`, [userId]);
  for (let at = 0; at < ids.length; at += ENTRIES_AT_ONCE) {
    const among = listOf(ids.slice(at, at + ENTRIES_AT_ONCE));
    await tx.run(`${erasing} id IN ${among.sql}`, among.values);
  }
  if (words.length === 0) return;
  const { sql, values } = mention(tx.engine, words, 1);
  await tx.run(`${erasing} id > $1 AND (${sql})`, [upTo, ...values]);
}

/** Whether an entry has one of some words in it; parameters are numbered on from `before`. */
function mention(engine: Engine, words: readonly string[], before: number): Condition {
  const text = `lower(COALESCE(subject, '') || ' ' || CAST(details AS TEXT))`;
  return {
    sql: words.map((_, at) => `${placeIn(engine)}(${text}, $${before + at + 1}) > 0`).join(" OR "),
    values: words.map((word) => word.toLowerCase()),
  };
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
