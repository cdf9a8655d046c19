import { copyPostgres, otherConnections, replacePostgres } from "./postgres/copy";
import type { DatabaseAddress } from "./open";
import { copySqlite, isSqliteInUse, problemsOfSqlite, replaceSqlite } from "./sqlite/copy";

/** Whether a program has the database open. */
export async function isInUse(address: DatabaseAddress): Promise<boolean> {
  return address.engine === "sqlite" ? isSqliteInUse(address.path) : (await otherConnections(address.url)) > 0;
}

/** What a copy of a database is called: by the engine that made it. */
export const copyName = ({ engine }: DatabaseAddress): string => (engine === "sqlite" ? "shop.db" : "shop.pgdump");

/** Writes a consistent copy into a new file, while the shop goes on selling. Throws `unusable` where that can't be. */
export async function copyDatabase(address: DatabaseAddress, target: string): Promise<void> {
  if (address.engine === "postgres") return copyPostgres(address.url, target);
  return copySqlite(address.path, target);
}

/** A copy as a database of its own; undefined where only a server reads it. */
export const asDatabase = (engine: DatabaseAddress["engine"], path: string): DatabaseAddress | undefined =>
  engine === "sqlite" ? { engine, path } : undefined;

/** What is wrong with a copy by itself, in the engine's words; none where it is sound. */
export async function problemsOfCopy(engine: DatabaseAddress["engine"], file: string): Promise<string[]> {
  return engine === "sqlite" ? problemsOfSqlite(file) : [];
}

/**
 * Puts a copy in the place of the database. Returns where what was there is kept. Throws `conflict` while the database is in
 * use, and on PostgreSQL where it is not empty.
 */
export async function replaceDatabase(
  address: DatabaseAddress,
  file: string,
  keptName: string,
): Promise<string | undefined> {
  if (address.engine === "sqlite") return replaceSqlite(address.path, file, keptName);
  await replacePostgres(address.url, file);
  return undefined;
}
