import { AsyncLocalStorage } from "node:async_hooks";
import type { Database } from "./database";
import { openPostgres, type PostgresOptions } from "./postgres";
import { openSqlite } from "./sqlite";

/** Where a database is: a file for SQLite, the whole address for PostgreSQL. */
export type DatabaseAddress = { engine: "sqlite"; path: string } | { engine: "postgres"; url: string };

/** Opens the database that the settings name. Throws ShopError `unusable`, with what to do, when it can't. */
export async function openDatabase(address: DatabaseAddress, options: PostgresOptions = {}): Promise<Database> {
  return refuseNesting(
    address.engine === "sqlite" ? openSqlite(address.path) : await openPostgres(address.url, options),
  );
}

/** A transaction inside a transaction would wait for itself, or escape the outer rollback. Say so instead. */
function refuseNesting(database: Database): Database {
  const open = new AsyncLocalStorage<true>();
  return {
    ...database,
    transaction: async (work) => {
      if (open.getStore()) throw new Error("A transaction is already open: pass its tx along instead.");
      return open.run(true, () => database.transaction(work));
    },
  };
}
