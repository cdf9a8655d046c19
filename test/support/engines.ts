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
    await administer(server, async (admin) => {
      const [known] = await admin.unsafe(
        "SELECT current_setting('server_version_num')::int >= 150000 AS may_choose, current_setting('synchronous_commit') AS commits",
      );
      // A third of the work: the other way writes each page of every table into the log.
      const strategy = known.may_choose ? "STRATEGY FILE_COPY" : "";
      await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE ${template} ${strategy}`);
      // What a test wrote need not outlive a power cut.
      if (known.commits !== "off") await admin.unsafe(`ALTER DATABASE ${name} SET synchronous_commit = off`);
    });
    const url = new URL(server);
    url.pathname = `/${name}`;
    return {
      address: { engine: "postgres" as const, url: way(url.href) },
      url: way(url.href),
      remove: () =>
        administer(server, async (admin) => void (await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
    };
  };
  let template: Promise<string> | undefined;
  return {
    name: "postgres",
    newPlace: () => newPlace("template1"),
    newMigratedPlace: async () => newPlace(await (template ??= migratedDatabase(server))),
  };
}

/** The connection to the server that all tests share is kept: a new one for each database costs a sixth of making it. */
let kept: SQL | undefined;

async function administer(address: string, work: (admin: SQL) => Promise<void>): Promise<void> {
  if (address === server) {
    // It closes by itself where nothing more comes, so that it keeps no program alive.
    kept ??= new SQL(address, { max: 1, idleTimeout: 5 });
    return work(kept);
  }
  const admin = new SQL(address, { max: 1 });
  try {
    await work(admin);
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

/**
 * For what ends before the database (how a call, a file or a picture is read, what a terminal shows, what is logged): one engine at every
 * check, both where SANSET_TEST_ENGINES is `all`, as it is in CI.
 */
export const anyEngine: TestEngine[] = process.env["SANSET_TEST_ENGINES"] === "all" ? engines : engines.slice(0, 1);

export { server as postgresServer };
