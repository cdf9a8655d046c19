import { SQL } from "bun";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseAddress } from "../../src/storage/open";
import { postgresForTests } from "./postgres";

/** A place for one database, empty, that is removed again afterwards. */
export interface Place {
  address: DatabaseAddress;
  /** What DATABASE_URL would say. */
  url: string;
  remove(): Promise<void>;
}

export interface TestEngine {
  name: "sqlite" | "postgres";
  newPlace(): Promise<Place>;
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
};

const postgres = (server: string): TestEngine => ({
  name: "postgres",
  newPlace: async () => {
    const name = `sanset_test_${crypto.randomUUID().replaceAll("-", "")}`;
    await administer(server, `CREATE DATABASE ${name}`);
    // What a test wrote need not outlive a power cut.
    await administer(server, `ALTER DATABASE ${name} SET synchronous_commit = off`);
    const url = new URL(server);
    url.pathname = `/${name}`;
    return {
      address: { engine: "postgres", url: url.href },
      url: url.href,
      remove: () => administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
    };
  },
});

async function administer(server: string, statement: string): Promise<void> {
  const admin = new SQL(server, { max: 1 });
  try {
    await admin.unsafe(statement);
  } finally {
    await admin.close();
  }
}

const server = await postgresForTests();

/** Every engine that the shop must behave the same on: `describe.each(engines)("orders on $name", (engine) => …)`. */
export const engines: TestEngine[] = server ? [sqlite, postgres(server)] : [sqlite];
