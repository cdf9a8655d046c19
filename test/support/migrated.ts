import { SQL } from "bun";
import { existsSync, mkdtempSync, renameSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Engine } from "../../src/storage/database";
import { migrate } from "../../src/storage/migrate";
import { migrations } from "../../src/storage/migrations/index";
import { statementsFor } from "../../src/storage/migrations/spelling";
import { openDatabase, type DatabaseAddress } from "../../src/storage/open";

/*
 * An empty shop with all its tables, made once for the migrations as they are and copied from then on: every test has a
 * database of its own, and the migrations take ten times as long as the copy. They are tried in test/storage/migrate.test.ts.
 */

let file: Promise<string> | undefined;

/** A SQLite file to copy. */
export const migratedFile = (): Promise<string> => (file ??= makeFile());

async function makeFile(): Promise<string> {
  const file = join(tmpdir(), `sanset-template-${userInfo().uid}-${hashOf("sqlite")}.db`);
  if (existsSync(file)) return file;
  const made = join(mkdtempSync(join(tmpdir(), "sanset-template-")), "shop.db");
  await make({ engine: "sqlite", path: made });
  renameSync(made, file);
  return file;
}

/** The name of a database of this PostgreSQL server to take as TEMPLATE. */
export async function migratedDatabase(server: string): Promise<string> {
  const name = `sanset_template_${hashOf("postgres")}`;
  const admin = new SQL(server, { max: 1 });
  try {
    // Two processes that want it at once: one makes it. It gets its name when it is whole.
    await admin.unsafe(`SELECT pg_advisory_lock(hashtext('${name}'))`);
    const [known] = await admin`SELECT 1 FROM pg_database WHERE datname = ${name}`;
    if (known) return name;
    const unfinished = `${name}_unfinished`;
    await admin.unsafe(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await admin.unsafe(`CREATE DATABASE ${unfinished}`);
    const url = new URL(server);
    url.pathname = `/${unfinished}`;
    await make({ engine: "postgres", url: url.href });
    await admin.unsafe(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
    return name;
  } finally {
    await admin.close();
  }
}

async function make(address: DatabaseAddress): Promise<void> {
  const database = await openDatabase(address, { connections: 2, readers: 1 });
  await migrate(database);
  await database.close();
}

function hashOf(engine: Engine): string {
  const hasher = new Bun.CryptoHasher("sha256");
  for (const [name, script] of Object.entries(migrations)) {
    hasher.update(JSON.stringify([name, script, statementsFor(engine, script)]));
  }
  return hasher.digest("hex").slice(0, 16);
}
