import { ShopError } from "../base/errors";
import type { Database, Reader, Transaction } from "./database";
import { holdLock, otherProgram, statementsFor, tableNames } from "./dialect";
import shop from "./migrations/0001_shop.sql" with { type: "text" };
import search from "./migrations/0002_search.sql" with { type: "text" };
import recommend from "./migrations/0003_recommend.sql" with { type: "text" };
import checkout from "./migrations/0004_checkout.sql" with { type: "text" };
import security from "./migrations/0005_security.sql" with { type: "text" };
import places from "./migrations/0006_known_places.sql" with { type: "text" };
import audit from "./migrations/0007_audit.sql" with { type: "text" };
import leanOrders from "./migrations/0008_lean_orders.sql" with { type: "text" };
import variants from "./migrations/0140_variants.sql" with { type: "text" };
import outbox from "./migrations/0190_outbox.sql" with { type: "text" };

/** In the order they run. Imported, not read from disk, so that the single binary carries them. Released ones are never edited. */
const migrations: Record<string, string> = {
  "0001_shop": shop,
  "0002_search": search,
  "0003_recommend": recommend,
  "0004_checkout": checkout,
  "0005_security": security,
  "0006_known_places": places,
  "0007_audit": audit,
  "0008_lean_orders": leanOrders,
  "0140_variants": variants,
  "0190_outbox": outbox,
};

/** Named after us, because other programs have a table `migrations` of their own. */
export const MIGRATIONS = "sanset_migrations";

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

/** Every migration that this program knows, and when it ran here. Throws like `migrate`. */
export async function migrationStatus(reader: Reader): Promise<MigrationStatus[]> {
  const tables = await tableNames(reader);
  const applied = tables.includes(MIGRATIONS) ? await appliedMigrations(reader) : new Map<string, Applied>();
  if (applied.size === 0 && tables.some((table) => table !== MIGRATIONS)) {
    throw otherProgram();
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

/** False when another process was quicker. */
async function apply(tx: Transaction, name: string, now: Date): Promise<boolean> {
  await holdLock(tx, "migrations");
  await tx.run(
    "CREATE TABLE IF NOT EXISTS sanset_migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL)",
  );
  const script = migrations[name] ?? "";
  const claimed = await tx.run("INSERT INTO sanset_migrations VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
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
  const rows = await reader.all<Applied>("SELECT name, checksum, applied_at FROM sanset_migrations ORDER BY name");
  return new Map(rows.map((row) => [row.name, row]));
}

function checksumOf(script: string): string {
  return new Bun.CryptoHasher("sha256").update(script.replaceAll("\r\n", "\n")).digest("hex");
}
