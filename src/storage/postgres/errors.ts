import { SQL } from "bun";
import { ShopError } from "../../base/errors";

/** https://www.postgresql.org/docs/15/errcodes-appendix.html */
const SERIALIZATION_FAILURE = "40001";
const DEADLOCK = "40P01";
const LOCK_NOT_AVAILABLE = "55P03";
const DISK_FULL = "53100";
const TOO_MANY_CONNECTIONS = "53300";
const READ_ONLY = "25006";
/** By `statement_timeout`, or by hand. */
const CANCELLED = "57014";
const LEFT_IDLE = "25P03";
/** An earlier statement failed, and its caller was told why. */
const IN_FAILED_TRANSACTION = "25P02";
/** What PgBouncer calls a startup parameter that it does not pass on, and others one that they don't know. */
const PROTOCOL_VIOLATION = "08P01";
const UNDEFINED_OBJECT = "42704";
/** Whole classes: out of memory, connections or something else, cut off or shut down. */
const OUT_OF_RESOURCES = /^53/;
const UNREACHABLE = /^(08|57P)/;

const BUSY = new Set([LOCK_NOT_AVAILABLE, CANCELLED, IN_FAILED_TRANSACTION]);

/** Whether the server asks for the whole transaction to be run again. */
export function asksForAnotherTry(error: unknown): boolean {
  const state = sqlState(error);
  return state === SERIALIZATION_FAILURE || state === DEADLOCK;
}

/** Whether the connection is of no more use. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof SQL.PostgresError)) return false;
  const state = sqlState(error);
  if (state === undefined) return error.code.startsWith("ERR_POSTGRES_CONNECTION");
  return UNREACHABLE.test(state) || state === LEFT_IDLE;
}

export const isTooManyConnections = (error: unknown): boolean => sqlState(error) === TOO_MANY_CONNECTIONS;

/** Whether the server takes no writes: a standby, or one that was told so. */
export const isReadOnly = (error: unknown): boolean => sqlState(error) === READ_ONLY;

export function refusesParameters(error: unknown): boolean {
  const state = sqlState(error);
  return state === PROTOCOL_VIOLATION || state === UNDEFINED_OBJECT;
}

/** What the server or the way to it did, in words; anything else stays what it is. */
export function explain(error: unknown): unknown {
  if (!(error instanceof SQL.PostgresError)) return error;
  const state = sqlState(error);
  if (state === DISK_FULL) {
    return new ShopError("database_full", "There is no space left to write to.", {}, { cause: error });
  }
  if (state === READ_ONLY) return readOnly(error);
  if (isLost(error) || state === undefined) {
    return new ShopError("database_failed", "The database can't be reached.", {}, { cause: error });
  }
  const isBusy = BUSY.has(state) || asksForAnotherTry(error);
  return isBusy || OUT_OF_RESOURCES.test(state) ? busy(error) : error;
}

export const busy = (cause?: unknown) =>
  new ShopError("database_busy", "The database is busy. Try again in a moment.", {}, { cause });

export const readOnly = (cause?: unknown) =>
  new ShopError("database_failed", "The database takes no writes at the moment.", {}, { cause });

/** Bun keeps the SQLSTATE in `errno`; its own connection errors have none. */
function sqlState(error: unknown): string | undefined {
  return error instanceof SQL.PostgresError && typeof error.errno === "string" ? error.errno : undefined;
}

export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
