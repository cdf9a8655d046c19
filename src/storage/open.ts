import { AsyncLocalStorage } from "node:async_hooks";
import { ShopError } from "../base/errors";
import type { Database, EngineDatabase } from "./database";
import { openPostgres, type PostgresOptions } from "./postgres/open";
import { PostgresReplica } from "./postgres/replica";
import { withoutReplica, withReplica } from "./replica";
import { openSqlite } from "./sqlite/open";

export { noShopAt } from "./sqlite/open";

/** Where a database is: a file for SQLite, the whole address for PostgreSQL. */
export type DatabaseAddress = { engine: "sqlite"; path: string } | { engine: "postgres"; url: string };

export interface OpenOptions extends PostgresOptions {
  /** How many transactions may wait at once. */
  writeQueue?: number;
  /** Whether to make an SQLite file where there is none: usually so. */
  create?: boolean;
  /** How long an SQLite file is left to other processes after each commit: for commands beside a serving shop. */
  gapMs?: number;
  /** From which size of the log beside an SQLite file on something holds it. */
  logMostBytes?: number;
  /** A PostgreSQL server that follows this one and answers what may lag so far behind. */
  replica?: { url: string; lagMostMs: number } | undefined;
}

const USUAL_WRITE_QUEUE = 2_048;

/** Opens the database that the settings name. Throws ShopError `unusable`, with what to do, when it can't. */
export async function openDatabase(
  address: DatabaseAddress,
  {
    writeQueue = USUAL_WRITE_QUEUE,
    create = true,
    gapMs = 0,
    logMostBytes = Infinity,
    replica,
    ...postgres
  }: OpenOptions = {},
): Promise<Database> {
  const database =
    address.engine === "sqlite"
      ? openSqlite(address.path, { create, gapMs, logMostBytes })
      : await openPostgres(address.url, postgres);
  return withBoundedQueue(refuseNesting(replicated(database, replica, postgres)), writeQueue);
}

function replicated(
  database: EngineDatabase,
  replica: OpenOptions["replica"],
  { connections = 10, pooled = false, deadlineMs, patienceMs = 5_000 }: PostgresOptions,
) {
  if (!replica) return withoutReplica(database);
  const options = { ...replica, connections, pooled, deadlineMs, lockMs: patienceMs };
  return withReplica(database, new PostgresReplica(database, options));
}

/** How long a disk counts as full after a write failed for that: until the next one at the latest. */
const FULL_FOR_MS = 5_000;

/** Callers who would wait too long hear so at once, while the others are served as fast as ever. */
function withBoundedQueue(database: Omit<Database, "isOverloaded" | "writesUnderWay">, most: number): Database {
  let underWay = 0;
  let fullAt = -Infinity;
  const isOverloaded = () => underWay >= most;
  return {
    ...database,
    isOverloaded,
    writesUnderWay: () => underWay,
    transaction: async (work) => {
      if (isOverloaded()) throw new ShopError("too_busy", "Too much is going on. Try again in a moment.");
      underWay++;
      try {
        const result = await database.transaction(work);
        fullAt = -Infinity;
        return result;
      } catch (error) {
        if (error instanceof ShopError && error.code === "database_full") fullAt = performance.now();
        throw error;
      } finally {
        underWay--;
      }
    },
    problem: async () =>
      performance.now() - fullAt < FULL_FOR_MS ? "There is no space left to write to." : database.problem(),
  };
}

/** A transaction inside a transaction would wait for itself, or escape the outer rollback. Say so instead. */
function refuseNesting<Engine extends EngineDatabase>(database: Engine): Engine {
  const open = new AsyncLocalStorage<true>();
  return {
    ...database,
    transaction: async (work) => {
      if (open.getStore()) throw new Error("A transaction is already open: pass its tx along instead.");
      return open.run(true, () => database.transaction(work));
    },
  };
}
