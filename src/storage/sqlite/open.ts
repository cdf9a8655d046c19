import { Database as Connection, type SQLQueryBindings, SQLiteError, type Statement } from "bun:sqlite";
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ShopError } from "../../base/errors";
import { type EngineDatabase, Json, type Reader, type Transaction, type Value } from "../database";
import { otherProgram } from "../dialect";
import { groupCommit } from "../group-commit";

/** SQLite 3.51.3 mended a rare corruption of WAL files that older versions can still cause. */
const OLDEST_SQLITE = "3.51.3";

/** bun:sqlite waits inside the event loop, so a connection gives up at once and whoever can wait does so asynchronously. */
const BUSY_TIMEOUT_MS = 2;

export interface SqliteOptions {
  /** How long a transaction waits, asynchronously, for another process to let go of the database. */
  patienceMs?: number;
  /** Whether to make the file, and its folder, where there is none: usually so. */
  create?: boolean;
}

/** Opens the database file. Throws ShopError `unusable` when it can't be used. */
export function openSqlite(path: string, { patienceMs = 5_000, create = true }: SqliteOptions = {}): EngineDatabase {
  if (!create && !existsSync(path)) {
    throw new ShopError("unusable", `${path}: there is no such file. sanset migrate up makes it.`);
  }
  const [writer, reader] = connectTwice(path);
  const opened = statSync(path);
  const write = statements(writer);
  const read = statements(reader);
  const snapshot = sharedSnapshot(reader, read.prepare);
  const beginOrEnd = (sql: string) => {
    write.prepare(sql).run();
    // Whoever reads from here on sees what was written, and no reader of ours keeps the WAL from starting over.
    snapshot.end();
  };
  const writes = groupCommit(
    { run: beginOrEnd, inTransaction: () => writer.inTransaction, isBusy, explain },
    transactionOn(write.prepare),
    patienceMs,
  );
  return {
    ...readerOn((sql) => {
      snapshot.begin();
      return read.prepare(sql);
    }),
    transaction: writes.transaction,
    isInPlace: async () => {
      const named = await stat(path).catch(() => undefined);
      return named?.ino === opened.ino && named.dev === opened.dev;
    },
    close: async () => {
      await writes.settled();
      snapshot.end();
      optimize(writer);
      // A connection with statements left stays half open, and the WAL file beside the database with it.
      read.finalize();
      write.finalize();
      reader.close();
      writer.close();
    },
  };
}

/** Refreshes the planner's statistics, which is worth nobody's waiting. */
function optimize(connection: Connection): void {
  try {
    connection.run("PRAGMA optimize");
  } catch {
    // Another process is writing, or the disk is full.
  }
}

/** One connection writes and another reads, so that nobody sees a transaction before it ends. */
function connectTwice(path: string): [writer: Connection, reader: Connection] {
  const opened: Connection[] = [];
  const connect = () => {
    const connection = new Connection(path, { create: true, readwrite: true });
    opened.push(connection);
    prepareConnection(connection);
    return connection;
  };
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new ShopError("unusable", `${path}: this is a folder. DATABASE_URL must name a file in it or elsewhere.`);
    }
    // SQLite opens a file that it may only read without a word, and fails at the first write.
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
    const writer = connect();
    const reader = connect();
    reader.run("PRAGMA query_only = ON");
    return [writer, reader];
  } catch (error) {
    for (const connection of opened) connection.close();
    throw explainOpening(path, error);
  }
}

function prepareConnection(connection: Connection): void {
  // First, because the switch to WAL may itself have to wait for another process.
  connection.run("PRAGMA busy_timeout = 5000");
  refuseOldSqlite(connection);
  // The switch to WAL writes to the file, so it has to be ours before.
  refuseForeign(connection);
  connection.run("PRAGMA journal_mode = WAL");
  connection.run("PRAGMA synchronous = FULL");
  connection.run("PRAGMA foreign_keys = ON");
  connection.run("PRAGMA cache_size = -16000");
  connection.run("PRAGMA temp_store = MEMORY");
  connection.run("PRAGMA journal_size_limit = 67108864");
  connection.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
}

/** Reads the whole schema, which also finds a damaged file now rather than at the first request. */
function refuseForeign(connection: Connection): void {
  const tables = connection.query<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'table'").values();
  if (tables.length > 0 && !tables.flat().includes("sanset_migrations")) throw otherProgram();
}

function refuseOldSqlite(connection: Connection): void {
  const { version } = connection.query<{ version: string }, []>("SELECT sqlite_version() AS version").get() ?? {};
  if (!version || Bun.semver.order(version, OLDEST_SQLITE) < 0) {
    throw new ShopError("unusable", `SQLite ${version} is too old: Sanset needs ${OLDEST_SQLITE} or newer.`);
  }
}

type Prepare = (sql: string) => Statement;

interface Statements {
  prepare: Prepare;
  finalize(): void;
}

/** Preparing costs four times as much as running, so every statement is kept, under the text that it was asked for. */
function statements(connection: Connection): Statements {
  const kept = new Map<string, Statement>();
  return {
    prepare: (sql) => {
      let statement = kept.get(sql);
      if (!statement) {
        // SQLite numbers `$1` by where it first stands, `?1` by its number.
        statement = connection.prepare(sql.replaceAll(/\$(\d+)/g, "?$1"));
        kept.set(sql, statement);
      }
      return statement;
    },
    finalize: () => {
      for (const statement of kept.values()) statement.finalize();
      kept.clear();
    },
  };
}

/**
 * One look at the database for all that is read in one turn of the event loop. A read by itself takes a lock and gives it
 * back, which costs three times what finding a row does. Nobody sees less for it: what is read in this turn was asked
 * for before it began, and our own writes end it.
 */
function sharedSnapshot(connection: Connection, prepare: Prepare): { begin(): void; end(): void } {
  let open = false;
  const end = () => {
    if (!open) return;
    open = false;
    // A failed read may have ended it already.
    if (connection.inTransaction) prepare("COMMIT").run();
  };
  const begin = () => {
    if (open) return;
    prepare("BEGIN").run();
    open = true;
    setImmediate(end);
  };
  return { begin, end };
}

function readerOn(prepare: Prepare): Reader {
  return {
    engine: "sqlite",
    all: async <Row>(sql: string, values: readonly Value[] = []) =>
      explained(() => prepare(sql).all(...encoded(values)) as Row[]),
    first: async <Row>(sql: string, values: readonly Value[] = []) =>
      explained(() => (prepare(sql).get(...encoded(values)) as Row | null) ?? undefined),
  };
}

function transactionOn(prepare: Prepare): Transaction {
  return {
    ...readerOn(prepare),
    run: async (sql, values = []) => prepare(sql).run(...encoded(values)).changes,
  };
}

/** Most statements have no JSON among their values, and then there is nothing to do. */
function encoded(values: readonly Value[]): readonly SQLQueryBindings[] {
  return values.some((value) => value instanceof Json) ? values.map(encode) : (values as readonly SQLQueryBindings[]);
}

function encode(value: Value): SQLQueryBindings {
  return value instanceof Json ? JSON.stringify(value.content) : value;
}

function isBusy(error: unknown): boolean {
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

function explained<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw explain(error);
  }
}

/** What the disk or the file did, in words; anything else stays what it is. */
function explain(error: unknown): unknown {
  if (!(error instanceof SQLiteError)) return error;
  const options = { cause: error };
  switch (resultCode(error)) {
    case SQLITE_BUSY:
      return new ShopError("database_busy", "The database is busy. Try again in a moment.", {}, options);
    case SQLITE_FULL:
      return new ShopError("database_full", "There is no space left to write to.", {}, options);
    case SQLITE_IOERR:
    case SQLITE_READONLY:
      return new ShopError("database_failed", "The database could not be written.", {}, options);
    default:
      return error;
  }
}

/** Opening is where a person can still do something about it, so say what. */
function explainOpening(path: string, error: unknown): unknown {
  if (error instanceof ShopError) return error;
  return new ShopError("unusable", `${path}: ${reasonOf(error)}.`, {}, { cause: error });
}

const READ_ONLY = "Sanset may not write to the file or its folder, and needs to read and write both";

function reasonOf(error: unknown): string {
  const because: Record<number, string> = {
    [SQLITE_READONLY]: READ_ONLY,
    [SQLITE_CANTOPEN]: "the file can't be opened. Does its folder exist, and may Sanset read and write there?",
    [SQLITE_NOTADB]: "this is not an SQLite database. Nothing was changed; look at DATABASE_URL",
    [SQLITE_CORRUPT]: "the file is damaged. Nothing was changed; restore it from a backup",
    [SQLITE_BUSY]: "another process holds the database. Try again when it is done",
  };
  if (error instanceof SQLiteError) return because[resultCode(error)] ?? error.message;
  if (error instanceof Error && "code" in error && (error.code === "EACCES" || error.code === "EROFS"))
    return READ_ONLY;
  return error instanceof Error ? error.message : String(error);
}
