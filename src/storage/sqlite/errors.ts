import { SQLiteError } from "bun:sqlite";
import { dirname } from "node:path";
import { ShopError } from "../../base/errors";

export function isBusy(error: unknown): boolean {
  return error instanceof SQLiteError && resultCode(error) === SQLITE_BUSY;
}

// https://www.sqlite.org/rescode.html: the low byte is the kind, the rest the detail.
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

const resultCode = (error: SQLiteError): number => error.errno & 0xff;

/** Whether an explained error tells of pages that can't be read. */
export function isDamage(error: unknown): boolean {
  return error instanceof ShopError && error.message === DAMAGED;
}

export const DAMAGED = "The file of the database is damaged. Stop the shop and restore a backup.";

/** What the disk or the file did, in words; anything else stays what it is. */
export function explain(error: unknown): unknown {
  if (!(error instanceof SQLiteError)) return error;
  const options = { cause: error };
  switch (resultCode(error)) {
    case SQLITE_BUSY:
      return new ShopError("database_busy", "The database is busy. Try again in a moment.", {}, options);
    case SQLITE_FULL:
      return new ShopError("database_full", "There is no space left to write to.", {}, options);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return new ShopError("database_failed", DAMAGED, {}, options);
    case SQLITE_IOERR:
    case SQLITE_READONLY:
      return new ShopError("database_failed", "The database could not be written.", {}, options);
    default:
      return error;
  }
}

/** Opening is where a person can still do something about it, so say what. */
export function explainOpening(path: string, error: unknown): unknown {
  if (error instanceof ShopError) return error;
  return new ShopError("unusable", `${path}: ${reasonOf(error)}.`, {}, { cause: error });
}

/** A copy that can't be made leaves the copies of before as they are. */
export function explainCopying({ path, target }: { path: string; target: string }, error: unknown): unknown {
  if (error instanceof SQLiteError && resultCode(error) === SQLITE_FULL) {
    const options = { cause: error };
    return new ShopError("database_full", `There is no space left in ${dirname(target)} for a copy.`, {}, options);
  }
  return explainOpening(path, error);
}

const READ_ONLY = "Sanset may not write to the file or its folder, and needs to read and write both";

function reasonOf(error: unknown): string {
  const because: Record<number, string> = {
    [SQLITE_READONLY]: READ_ONLY,
    [SQLITE_CANTOPEN]:
      "the file can't be opened. Its folder must exist, and Sanset must be allowed to read and write there",
    [SQLITE_NOTADB]: "this is not an SQLite database. Nothing was changed; look at DATABASE_URL",
    [SQLITE_CORRUPT]: "the file is damaged. Nothing was changed; restore it from a backup",
    [SQLITE_BUSY]: "another process holds the database. Try again when it is done",
  };
  if (error instanceof SQLiteError) return because[resultCode(error)] ?? error.message;
  if (error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EROFS"))
    return READ_ONLY;
  return error instanceof Error ? error.message : String(error);
}
