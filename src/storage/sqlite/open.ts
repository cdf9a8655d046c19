import { Database as Connection } from "bun:sqlite";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ShopError } from "../../base/errors";
import { makeFileForFoldersOwner, makeFolder } from "../../base/owner";
import type { EngineDatabase } from "../database";
import { CommitQueue } from "../group-commit";
import { otherProgram } from "../tables";
import { DAMAGED, explain, explainOpening, isBusy, isDamage } from "./errors";
import { sharedSnapshot } from "./snapshot";
import { readerOn, StatementCache, transactionOn } from "./statements";

/** SQLite 3.51.3 mended a rare corruption of WAL files that older versions can still cause. */
const OLDEST_SQLITE = "3.51.3";

/** bun:sqlite waits inside the event loop, so a connection gives up at once and a caller that can wait does so asynchronously. */
const BUSY_TIMEOUT_MS = 2;

export interface SqliteOptions {
  /** How long to leave the file to other processes after each commit: for commands beside a serving shop. */
  gapMs?: number;
  /** How long a transaction waits, asynchronously, for another process to let go of the database. */
  patienceMs?: number;
  /** Whether to make the file, and its folder, where there is none: usually so. */
  create?: boolean;
  /** From which size of the log beside the file on something holds it. */
  logMostBytes?: number;
}

/** What a command hears that only looks, or works on a shop that should be there. */
export const noShopAt = (place: string) =>
  new ShopError(
    "unusable",
    `There is no shop at ${place}. Is DATABASE_URL right? sanset serve, seed, import and user create make one.`,
  );

/** Opens the database file. Throws ShopError `unusable` when it can't be used. */
export function openSqlite(
  path: string,
  { patienceMs = 5_000, create = true, gapMs = 0, logMostBytes = Infinity }: SqliteOptions = {},
): EngineDatabase {
  if (!create && !existsSync(path)) {
    throw noShopAt(path);
  }
  const [writer, reader] = connectTwice(path);
  const opened = statSync(path);
  const [write, read] = [new StatementCache(writer), new StatementCache(reader)];
  const snapshot = sharedSnapshot(reader, (sql) => read.prepare(sql));
  let isDamaged = false;
  const noticing = (error: unknown) => {
    const told = explain(error);
    isDamaged ||= isDamage(told);
    return told;
  };
  const queue = new CommitQueue(
    {
      run: (sql) => {
        write.prepare(sql).run();
        // Reads from here on see what was written, and no reader of ours keeps the WAL from starting over.
        snapshot.end();
      },
      inTransaction: () => writer.inTransaction,
      isBusy,
      explain: noticing,
    },
    transactionOn((sql) => write.prepare(sql)),
    patienceMs,
    gapMs,
  );
  return {
    ...readerOn((sql) => {
      snapshot.begin();
      return read.prepare(sql);
    }, noticing),
    isShared: false,
    version: () => {
      snapshot.begin();
      return (read.prepare("PRAGMA data_version").get() as { data_version: number }).data_version;
    },
    transaction: (work) => queue.transaction(work),
    watchCommits: (listener) => queue.watch(listener),
    statementsKept: async () => Math.max(read.size, write.size),
    reportDamage: () => {
      isDamaged = true;
    },
    problem: async () => {
      if (isDamaged) return DAMAGED;
      const named = await stat(path).catch(() => undefined);
      if (named?.ino === opened.ino && named.dev === opened.dev) return undefined;
      return "The database file was moved or deleted while it was open. Put it back, or start the shop again.";
    },
    warning: () => {
      const bytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
      if (bytes <= logMostBytes) return undefined;
      const megabytes = Math.round(bytes / 1_000_000);
      return `The log beside the database has grown to ${megabytes} MB: another program has the file open and reads on, such as a shell or a copy.`;
    },
    close: async () => {
      await queue.settled();
      snapshot.end();
      read.finalize();
      write.finalize();
      reader.close();
      writer.close();
    },
  };
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
    makeFolder(dirname(path));
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new ShopError("unusable", `${path}: this is a folder. DATABASE_URL must name a file in it or elsewhere.`);
    }
    // SQLite opens a file that it may only read without a word, and fails at the first write.
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
    else makeFileForFoldersOwner(path);
    const writer = connect();
    forgetStatistics(writer);
    const reader = connect();
    // The queue asks again by itself, without holding up the event loop.
    writer.run("PRAGMA busy_timeout = 0");
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
  connection.run("PRAGMA cache_size = -64000");
  connection.run("PRAGMA temp_store = MEMORY");
  connection.run("PRAGMA journal_size_limit = 67108864");
  connection.run(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
}

/**
 * Statistics of a young shop make plans for tables of five rows, and plans follow them for ever. Without any, plans are the
 * same for a shop of every size, and statements are written so that these are the right ones.
 */
function forgetStatistics(connection: Connection): void {
  try {
    connection.run("DROP TABLE IF EXISTS sqlite_stat1");
    connection.run("DROP TABLE IF EXISTS sqlite_stat4");
  } catch {
    // Another process is writing, or the disk is full: the next start does it.
  }
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
