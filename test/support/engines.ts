import { SQL } from "bun";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseAddress } from "../../src/storage/open";
import { migratedDatabase, migratedFile } from "./migrated";
import { postgresForTests } from "./postgres";

/** A place for one database that is removed again afterwards. */
export interface Place {
  address: DatabaseAddress;
  /** What DATABASE_URL would say. */
  url: string;
  remove(): Promise<void>;
}

export interface TestEngine {
  name: "sqlite" | "postgres";
  /** With nothing in it. */
  newPlace(): Promise<Place>;
  /** With all tables of a shop. */
  newMigratedPlace(): Promise<Place>;
}

const sqlite: TestEngine = {
  name: "sqlite",
  newPlace: async () => {
    const folder = mkdtempSync(join(tmpdir(), "sanset-"));
    const path = join(folder, "shop.db");
    return {
      address: { engine: "sqlite", path },
      url: `sqlite:///${path}`,
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  newMigratedPlace: async () => {
    const place = await sqlite.newPlace();
    if (place.address.engine === "sqlite") copyFileSync(await migratedFile(), place.address.path);
    return place;
  },
};

/** PostgreSQL at this address. `way` turns an address into one that leads there otherwise, through a pooler for instance. */
export function postgresAt(server: string, way: (url: string) => string = (url) => url): TestEngine {
  const newPlace = async (template: string) => {
    const name = `sanset_test_${crypto.randomUUID().replaceAll("-", "")}`;
    await administer(server, [
      `CREATE DATABASE ${name} TEMPLATE ${template}`,
      // What a test wrote need not outlive a power cut.
      `ALTER DATABASE ${name} SET synchronous_commit = off`,
    ]);
    const url = new URL(server);
    url.pathname = `/${name}`;
    return {
      address: { engine: "postgres" as const, url: way(url.href) },
      url: way(url.href),
      remove: () => administer(server, [`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`]),
    };
  };
  let template: Promise<string> | undefined;
  return {
    name: "postgres",
    newPlace: () => newPlace("template1"),
    newMigratedPlace: async () => newPlace(await (template ??= migratedDatabase(server))),
  };
}

async function administer(server: string, statements: string[]): Promise<void> {
  const admin = new SQL(server, { max: 1 });
  try {
    for (const statement of statements) await admin.unsafe(statement);
  } finally {
    await admin.close();
  }
}

const server = await postgresForTests();

/** Where every PostgreSQL database of the tests is reached through PgBouncer: `SANSET_TEST_POOLED=on bun scripts/test.ts …`. */
const bouncer = process.env["SANSET_TEST_BOUNCER"];

const throughBouncer = (url: string): string => {
  const way = new URL(url);
  way.host = bouncer ?? way.host;
  return way.href;
};

/** Every engine that the shop must behave the same on: `describe.each(engines)("orders on $name", (engine) => …)`. */
export const engines: TestEngine[] = server ? [sqlite, postgresAt(server, throughBouncer)] : [sqlite];

export { server as postgresServer };
