import { SQL } from "bun";
import { ShopError } from "../../base/errors";

/** https://www.postgresql.org/docs/15/errcodes-appendix.html */
const SERIALIZATION_FAILURE = "40001";
const DEADLOCK = "40P01";
const LOCK_NOT_AVAILABLE = "55P03";
const DISK_FULL = "53100";
/** Whole classes: out of memory, connections or something else, cut off or shut down. */
const OUT_OF_RESOURCES = /^53/;
const UNREACHABLE = /^(08|57P)/;

/** Whether the server asks for the whole transaction to be run again. */
export function asksForAnotherTry(error: unknown): boolean {
  const state = sqlState(error);
  return state === SERIALIZATION_FAILURE || state === DEADLOCK;
}

/** What the server or the way to it did, in words; anything else stays what it is. */
export function explain(error: unknown): unknown {
  if (!(error instanceof SQL.PostgresError)) return error;
  const state = sqlState(error);
  if (state === DISK_FULL) {
    return new ShopError("database_full", "There is no space left to write to.", {}, { cause: error });
  }
  if (state === undefined || UNREACHABLE.test(state)) {
    return new ShopError("database_failed", "The database can't be reached.", {}, { cause: error });
  }
  return state === LOCK_NOT_AVAILABLE || OUT_OF_RESOURCES.test(state) ? busy(error) : error;
}

export const busy = (cause?: unknown) =>
  new ShopError("database_busy", "The database is busy. Try again in a moment.", {}, { cause });

/** Bun keeps the SQLSTATE in `errno`; its own connection errors have none. */
function sqlState(error: unknown): string | undefined {
  return error instanceof SQL.PostgresError && typeof error.errno === "string" ? error.errno : undefined;
}

export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}

export function withoutPassword(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return "the given address";
  parsed.password = "";
  return parsed.href;
}
