import { Database as Connection } from "bun:sqlite";
import { existsSync, renameSync } from "node:fs";
import { ShopError } from "../../base/errors";
import { giveToFoldersOwner } from "../../base/owner";
import { explainCopying } from "./errors";

/**
 * Writes a whole, consistent copy of a database that others go on writing to. It reads one moment of it and holds no lock
 * that a writer waits for; a process of its own should do it, since it takes as long as the file is large.
 */
export function copySqlite(path: string, target: string): void {
  if (!existsSync(path)) throw new ShopError("not_found", `There is no shop at ${path}. Is DATABASE_URL right?`);
  // Not read-only: where the shop does not run, the log beside the file has to be read in first.
  try {
    const source = new Connection(path, { create: false, readwrite: true });
    try {
      source.run("PRAGMA busy_timeout = 10000");
      source.query("VACUUM INTO $1").run(target);
    } finally {
      source.close();
    }
    giveToFoldersOwner(target);
  } catch (error) {
    throw explainCopying({ path, target }, error);
  }
}

/** What SQLite says of a file, in its words; none where it is sound. */
export function problemsOfSqlite(path: string): string[] {
  try {
    const file = new Connection(path, { readonly: true });
    try {
      const rows = file.query<{ integrity_check: string }, []>("PRAGMA integrity_check").all();
      return rows.map(({ integrity_check: said }) => said).filter((said) => said !== "ok");
    } finally {
      file.close();
    }
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Whether some program has the database open: only the last one may leave the mode that all of them share. */
export function isSqliteInUse(path: string): boolean {
  if (!existsSync(path)) return false;
  const connection = new Connection(path, { create: false, readwrite: true });
  try {
    connection.run("PRAGMA busy_timeout = 0");
    connection.query("PRAGMA journal_mode = DELETE").get();
    return false;
  } catch (error) {
    if (/locked|busy/i.test(String(error))) return true;
    // A damaged file is used by nobody any more, as far as can be told.
    return false;
  } finally {
    connection.close();
  }
}

/**
 * Puts a file in the place of the database and keeps what was there under another name, which it returns; undefined where
 * there was nothing. Throws `conflict` while a program has the database open.
 */
export function replaceSqlite(path: string, replacement: string, keptName: string): string | undefined {
  if (isSqliteInUse(path)) {
    throw new ShopError("conflict", `A program has ${path} open. Stop the shop, then restore.`);
  }
  const isThere = existsSync(path);
  const kept = `${path}.${keptName}`;
  for (const ending of ["", "-wal", "-shm"]) {
    if (existsSync(path + ending)) renameSync(path + ending, kept + ending);
  }
  renameSync(replacement, path);
  giveToFoldersOwner(path);
  return isThere ? kept : undefined;
}
