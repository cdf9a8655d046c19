import { ShopError } from "../base/errors";
import type { Database, Reader, Transaction } from "./database";
import { holdLock } from "./locks";
import { migrations } from "./migrations/index";
import { statementsFor } from "./migrations/spelling";
import { otherProgram, tableNames } from "./tables";

/** Named after us, because other programs have a table `migrations` of their own. */
const MIGRATIONS = "sanset_migrations";

export interface MigrationStatus {
  name: string;
  applied_at: string | null;
}

/**
 * Brings the database up to this program's schema and returns the names of what it ran. Each migration happens wholly or
 * not at all, so a run that was killed is completed by the next one.
 * Throws ShopError `unusable` when the database is of a newer program, or of another one.
 */
export async function migrate(database: Database, now = new Date()): Promise<string[]> {
  const pending = (await migrationStatus(database)).filter((migration) => migration.applied_at === null);
  const ran: string[] = [];
  for (const { name } of pending) {
    if (await database.transaction((tx) => apply(tx, name, now))) ran.push(name);
  }
  return ran;
}

/** What `migrate` would run, and whether the database is new: nothing ever ran there. Throws like `migrate`. */
export async function pendingMigrations(reader: Reader): Promise<{ pending: string[]; isNew: boolean }> {
  const migrations = await migrationStatus(reader);
  const pending = migrations.filter(({ applied_at }) => applied_at === null).map(({ name }) => name);
  return { pending, isNew: pending.length === migrations.length };
}

/** Every migration that this program knows, and when it ran here. Throws like `migrate`. */
export async function migrationStatus(reader: Reader): Promise<MigrationStatus[]> {
  const tables = await tableNames(reader);
  const applied = tables.includes(MIGRATIONS) ? await appliedMigrations(reader) : new Map<string, Applied>();
  if (applied.size === 0 && tables.some((table) => table !== MIGRATIONS)) {
    throw otherProgram();
  }
  if (tables.includes("sanset_transfer")) {
    throw new ShopError(
      "unusable",
      "A copy into this database has not come to its end: run sanset database copy again, it goes on where it stopped.",
    );
  }
  for (const { name, checksum } of applied.values()) {
    const script = migrations[name];
    if (script === undefined) {
      throw new ShopError(
        "unusable",
        `The database was written by a newer Sanset (it has ${name}). Use that version or a newer one.`,
      );
    }
    if (checksum !== checksumOf(script)) {
      throw new ShopError(
        "unusable",
        `Migration ${name} is not the one that made this database. Use the Sanset that made it.`,
      );
    }
  }
  return Object.keys(migrations).map((name) => ({ name, applied_at: applied.get(name)?.applied_at ?? null }));
}

/**
 * Whether every migration that this program needs has run here. Those of a newer program may have too: a server that is
 * being replaced serves on beside them, since a migration only adds.
 */
export async function isUpToDate(reader: Reader): Promise<boolean> {
  const isNew = !(await tableNames(reader)).includes(MIGRATIONS);
  const rows = isNew ? [] : await reader.all<{ name: string }>(`SELECT name FROM ${MIGRATIONS}`);
  const applied = new Set(rows.map(({ name }) => name));
  return Object.keys(migrations).every((name) => applied.has(name));
}

/** False when another process was quicker. */
async function apply(tx: Transaction, name: string, now: Date): Promise<boolean> {
  await holdLock(tx, "migrations");
  await tx.run(
    `CREATE TABLE IF NOT EXISTS ${MIGRATIONS} (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL)`,
  );
  const script = migrations[name] ?? "";
  const claimed = await tx.run(`INSERT INTO ${MIGRATIONS} VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, [
    name,
    checksumOf(script),
    now.toISOString(),
  ]);
  if (claimed === 0) return false;
  for (const statement of statementsFor(tx.engine, script)) await tx.run(statement);
  return true;
}

interface Applied {
  name: string;
  checksum: string;
  applied_at: string;
}

async function appliedMigrations(reader: Reader): Promise<Map<string, Applied>> {
  const rows = await reader.all<Applied>(`SELECT name, checksum, applied_at FROM ${MIGRATIONS} ORDER BY name`);
  return new Map(rows.map((row) => [row.name, row]));
}

function checksumOf(script: string): string {
  return new Bun.CryptoHasher("sha256").update(script.replaceAll("\r\n", "\n")).digest("hex");
}
