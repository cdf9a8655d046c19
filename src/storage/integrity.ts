import type { Reader } from "./database";

/** What is wrong with the file itself, and which rows name others that are not there. PostgreSQL looks after its own. */
export async function fileProblems(reader: Reader): Promise<string[]> {
  if (reader.engine === "postgres") return [];
  const damage = await pageProblems(reader);
  const strays = await reader.all<{ table: string; parent: string }>("PRAGMA foreign_key_check");
  return [...damage, ...strays.map((row) => `A row of ${row.table} names a row of ${row.parent} that is not there.`)];
}

/** Which pages of the file are damaged, and which indexes disagree with their table: reads all of it. */
export async function pageProblems(reader: Reader): Promise<string[]> {
  if (reader.engine === "postgres") return [];
  // FTS5 keeps what it saw at an earlier look, and integrity_check would call the index damaged for what was written since.
  const indexes = await reader.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE %USING fts5%'",
  );
  for (const { name } of indexes) await reader.first(`SELECT rowid FROM ${name} LIMIT 1`).catch(notMind);
  const damage = await reader.all<{ integrity_check: string }>("PRAGMA integrity_check(20)");
  return damage.map((row) => row.integrity_check).filter((text) => text !== "ok");
}

/** What is damaged is named by the look that follows. */
const notMind = (): void => {};
