import { copyFileSync, rmSync } from "node:fs";
import type { Database } from "../../../src/storage/database";
import { openDatabase } from "../../../src/storage/open";
import type { Place } from "../engines";

/** Fresh copies of one database, cheaply. The last one is closed before the next is opened. */
export interface Copies {
  open(): Promise<Database>;
  close(): Promise<void>;
}

/** Takes over the database: it is only to be looked at through its copies from here on. */
export async function copiesOf(database: Database, place: Place): Promise<Copies> {
  return place.address.engine === "sqlite" ? copiesOfFile(database, place.address.path) : copiesInPlace(database);
}

async function copiesOfFile(database: Database, path: string): Promise<Copies> {
  // All that was written is in the one file then.
  await database.close();
  let made = 0;
  return {
    open: async () => {
      const copy = `${path}-${++made}`;
      copyFileSync(path, copy);
      const opened = await openDatabase({ engine: "sqlite", path: copy });
      const close = async () => {
        await opened.close();
        for (const end of ["", "-wal", "-shm"]) rmSync(copy + end, { force: true });
      };
      return { ...opened, close };
    },
    close: async () => {},
  };
}

/** A PostgreSQL database takes a tenth of a second to make and as long to drop; bringing back its rows takes a few ms. */
async function copiesInPlace(database: Database): Promise<Copies> {
  await database.transaction(async (tx) => {
    const tables = await tx.all<{ name: string; columns: string }>(
      `SELECT table_name AS name, string_agg(quote_ident(column_name), ', ') AS columns FROM information_schema.columns
       WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY table_name`,
    );
    const counters = await tx.all<{ name: string; last: number | null }>(
      "SELECT sequencename AS name, last_value AS last FROM pg_sequences WHERE schemaname = 'public'",
    );
    await tx.run("CREATE SCHEMA original");
    for (const { name, columns } of tables)
      await tx.run(`CREATE TABLE original.${name} AS SELECT ${columns} FROM ${name}`);
    const rows = tables.map(
      ({ name, columns }) =>
        `DELETE FROM ${name}; INSERT INTO ${name} (${columns}) SELECT ${columns} FROM original.${name};`,
    );
    const numbers = counters.map(({ name, last }) => `PERFORM setval('${name}', ${last ?? 1}, ${last !== null});`);
    // As a replica no trigger and no foreign key has a say. A column may be called as a variable of the language is: found.
    await tx.run(
      `CREATE FUNCTION original.restore() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica
       AS $$\n#variable_conflict use_column\nBEGIN ${[...rows, ...numbers].join("\n")} END $$`,
    );
  });
  return {
    open: async () => {
      await database.transaction((tx) => tx.run("SELECT original.restore()"));
      return watched(database);
    },
    close: () => database.close(),
  };
}

/** Closes when nothing is under way any more: what the shop does after it has answered is not to land in the next copy. */
function watched({ all, first, transaction, ...database }: Database): Database {
  const underWay = new Set<Promise<unknown>>();
  const watch = <Result>(work: Promise<Result>): Promise<Result> => {
    const done = work.finally(() => underWay.delete(done));
    underWay.add(done);
    return done;
  };
  return {
    ...database,
    all: (...asked) => watch(all(...asked)),
    first: (...asked) => watch(first(...asked)),
    transaction: (work) => watch(transaction(work)),
    close: async () => {
      while (underWay.size > 0) {
        await Promise.allSettled(underWay);
        // Whoever waited for it may go on to the next.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
