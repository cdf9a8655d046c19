import { afterEach, describe, expect, test } from "bun:test";
import { Database as Connection } from "bun:sqlite";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { ShopError } from "../../src/base/errors";
import type { Database } from "../../src/storage/database";
import { migrate, migrationStatus } from "../../src/storage/migrate";
import { migrations } from "../../src/storage/migrations/index";
import { type DatabaseAddress, openDatabase } from "../../src/storage/open";
import { engines, type Place, type TestEngine } from "../support/engines";
import { START } from "../support/shop";

const [sqlite] = engines as [TestEngine];

const opened: { database: Database; place: Place }[] = [];

afterEach(async () => {
  for (const { database, place } of opened.splice(0)) {
    await database.close();
    await place.remove();
  }
});

async function newDatabase(engine: TestEngine) {
  const place = await engine.newPlace();
  const database = await openDatabase(place.address);
  opened.push({ database, place });
  return { database, place };
}

const run = (database: Database, ...statements: string[]) =>
  database.transaction(async (tx) => {
    for (const statement of statements) await tx.run(statement);
  });

const tables = async (database: Database) =>
  (
    await database.all<{ name: string }>(
      database.engine === "sqlite"
        ? "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        : "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY name",
    )
  ).map(({ name }) => name);

/** What it was refused with. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ShopError);
  expect(error).toMatchObject({ code: "unusable" });
  return error instanceof Error ? error.message : "";
}

const SESSIONS = `INSERT INTO sessions (id, user_id, address, created_at, last_used_at, expires_at) VALUES
  ('a', 1, '192.0.2.7', '2030-01-01', '2030-01-05', '2030-02-01'),
  ('b', 1, '192.0.2.7', '2030-01-03', '2030-01-05', '2030-02-01'),
  ('c', 1, NULL, '2030-01-04', '2030-01-05', '2030-02-01'),
  ('d', 1, '2001:db8::1', '2030-01-04', '2030-01-05', '2030-02-01')`;

/** Those before this were made before a shop could have servers of two versions at once. */
const ADDITIVE_FROM = "0180";

/**
 * What a server of the version before can't work with: something is gone, has another name, or must be given. A number that may
 * be longer is none of it: a statement prepared before is prepared anew.
 */
const TAKES_AWAY = [
  /\bDROP\s+(TABLE|COLUMN|VIEW)\b/i,
  /\bRENAME\s+(TO|COLUMN)\b/i,
  /\bALTER\s+COLUMN\s+\w+\s+(SET\s+NOT\s+NULL|TYPE\s+(?!BIGINT\b))/i,
  /\bADD\s+COLUMN\s+(?![^;,]*\bDEFAULT\b)[^;,]*\bNOT\s+NULL\b/i,
];

/** What of a script a server of the version before can't work with. */
const takenAway = (script: string): string[] =>
  script
    .replaceAll(/--.*$/gm, "")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => TAKES_AWAY.some((kind) => kind.test(statement)));

describe("a migration", () => {
  test("only adds: during a deploy servers of the version before go on beside it", () => {
    const later = Object.entries(migrations).filter(([name]) => name >= ADDITIVE_FROM);
    expect(later.length).toBeGreaterThan(5);
    for (const [name, script] of later) expect([name, takenAway(script)]).toEqual([name, []]);
  });

  test.each([
    "ALTER TABLE carts DROP COLUMN updated_at;",
    "DROP TABLE carts;",
    "ALTER TABLE orders RENAME COLUMN total_minor TO goods_minor;",
    "ALTER TABLE refunds ALTER COLUMN payment_id SET NOT NULL;",
    "ALTER TABLE orders ADD COLUMN tags {json} NOT NULL;",
    "ALTER TABLE orders ALTER COLUMN tags TYPE INTEGER;",
  ])("that says %s takes something away", (statement) => {
    expect(takenAway(statement)).toHaveLength(1);
    expect(takenAway("ALTER TABLE orders ADD COLUMN tags {text} NOT NULL DEFAULT '';")).toEqual([]);
  });
});

describe.each(engines)("migrations on $name", (engine) => {
  test("an empty database gets them all, in their order, once", async () => {
    const { database } = await newDatabase(engine);
    const pending = await migrationStatus(database);
    expect(pending.map(({ applied_at }) => applied_at)).toEqual(pending.map(() => null));
    expect(await tables(database)).toEqual([]);
    const ran = await migrate(database, START);
    expect(ran).toEqual(pending.map(({ name }) => name));
    expect(ran[0]).toBe("0001_shop");
    expect(ran).toEqual(ran.toSorted());
    expect(await migrationStatus(database)).toEqual(ran.map((name) => ({ name, applied_at: START.toISOString() })));
    expect(await migrate(database)).toEqual([]);
    expect(await tables(database)).toContain("orders");
  });

  test("two programs that start at once run each of them once", async () => {
    const { database, place } = await newDatabase(engine);
    const other = await openDatabase(place.address);
    const [one, two] = await Promise.all([migrate(database), migrate(other)]);
    await other.close();
    const all = (await migrationStatus(database)).map(({ name }) => name);
    expect([...one, ...two].toSorted()).toEqual(all);
  });

  test("a database of a newer program is refused, and nothing in it changes", async () => {
    const { database } = await newDatabase(engine);
    await migrate(database);
    await run(database, "INSERT INTO sanset_migrations VALUES ('9999_future', 'x', '2040-01-01T00:00:00.000Z')");
    const before = await tables(database);
    expect(await refusal(migrate(database))).toContain("newer Sanset (it has 9999_future)");
    expect(await refusal(migrationStatus(database))).toContain("9999_future");
    expect(await tables(database)).toEqual(before);
  });

  test("a database made by another edition of a migration is refused", async () => {
    const { database } = await newDatabase(engine);
    await migrate(database);
    await run(database, "UPDATE sanset_migrations SET checksum = 'other' WHERE name = '0001_shop'");
    expect(await refusal(migrate(database))).toContain("0001_shop");
  });

  test("each is kept with the checksum of its text, line ends aside", async () => {
    const { database } = await newDatabase(engine);
    await migrate(database);
    const rows = await database.all<{ name: string; checksum: string }>("SELECT name, checksum FROM sanset_migrations");
    for (const { name, checksum } of rows) {
      const script = readFileSync(`${import.meta.dir}/../../src/storage/migrations/${name}.sql`, "utf8");
      expect(checksum).toBe(createHash("sha256").update(script.replaceAll("\r\n", "\n")).digest("hex"));
    }
  });

  test("another program's database is refused, and nothing in it changes", async () => {
    const { database } = await newDatabase(engine);
    // Like ours by one name, as other programs' tables may be.
    await run(database, "CREATE TABLE migrations (id INTEGER)", "CREATE TABLE notes (body TEXT)");
    await run(database, "INSERT INTO notes VALUES ('mine')");
    expect(await refusal(migrate(database))).toContain("another program");
    expect(await tables(database)).toEqual(["migrations", "notes"]);
  });

  test("one that fails leaves nothing of itself, and the next run completes it", async () => {
    const { database } = await newDatabase(engine);
    await run(database, "CREATE VIEW order_items AS SELECT 'in the way' AS reason");
    const failed: unknown = await migrate(database).catch((error: unknown) => error);
    expect(String(failed)).toContain("order_items");
    expect(await tables(database)).toEqual([]);
    await run(database, "DROP VIEW order_items");
    expect((await migrate(database))[0]).toBe("0001_shop");
    expect(await tables(database)).toContain("order_items");
  });

  test("where somebody signed in before places were kept is known from their sessions", async () => {
    const { database } = await newDatabase(engine);
    await migrate(database);
    await run(
      database,
      "DROP TABLE known_places",
      "DELETE FROM sanset_migrations WHERE name = '0006_known_places'",
      `INSERT INTO users (id, full_name, email, email_key, phone, preferences, created_at, updated_at)
       VALUES (1, 'Asha', 'a@example.com', 'a@example.com', '-', '{}', '2030-01-01', '2030-01-01')`,
      SESSIONS,
    );
    expect(await migrate(database)).toEqual(["0006_known_places"]);
    expect(await database.all<object>("SELECT * FROM known_places")).toEqual([
      { user_id: 1, client: "192.0.2.7", last_seen_at: "2030-01-03" },
    ]);
  });

  test.each([2, 12, 30])("a run that is killed at its statement %d is completed by the next one", async (statement) => {
    const { database, place } = await newDatabase(engine);
    const child = Bun.spawn([process.execPath, "-e", KILLED, JSON.stringify(place.address), String(statement)], {
      cwd: `${import.meta.dir}/../..`,
      stderr: "inherit",
    });
    await child.exited;
    expect(child.signalCode).toBe("SIGKILL");
    const pending = (await migrationStatus(database)).filter(({ applied_at }) => applied_at === null);
    expect(await migrate(database)).toEqual(pending.map(({ name }) => name));
    expect(await tables(database)).toContain("orders");
    expect(await migrate(database)).toEqual([]);
  });
});

/** Runs so many statements of the migrations, and dies. */
const KILLED = `
  const { openDatabase } = await import("./src/storage/open.ts");
  const { migrate } = await import("./src/storage/migrate.ts");
  const database = await openDatabase(JSON.parse(process.argv[1]));
  let statements = 0;
  await migrate({
    ...database,
    transaction: (work) => database.transaction((tx) => work({
      ...tx,
      run: async (sql, values) => {
        if (++statements === Number(process.argv[2])) process.kill(process.pid, "SIGKILL");
        return tx.run(sql, values);
      },
    })),
  });
`;

/** A file that the work has left behind, closed. */
async function fileAfter(work: (database: Database) => Promise<unknown>) {
  const place = await sqlite.newPlace();
  const { address } = place;
  if (address.engine !== "sqlite") throw new Error("This engine has no files.");
  const database = await openDatabase(address);
  await migrate(database);
  await work(database);
  await database.close();
  return { place, address };
}

async function expectUntouched({ place, address }: Awaited<ReturnType<typeof fileAfter>>, reason: string) {
  const before = readFileSync(address.path);
  expect(await refusal(openAndMigrate(address))).toContain(reason);
  expect(readFileSync(address.path).equals(before)).toBe(true);
  expect(readdirSync(dirname(address.path))).toEqual([basename(address.path)]);
  await place.remove();
}

async function openAndMigrate(address: DatabaseAddress) {
  const database = await openDatabase(address);
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}

describe("the file of a database that is refused", () => {
  test("because it is of a newer program is left as it was", async () => {
    const future = "INSERT INTO sanset_migrations VALUES ('9999_future', 'x', '2040-01-01T00:00:00.000Z')";
    await expectUntouched(await fileAfter((database) => run(database, future)), "newer Sanset");
  });

  test("because it is of another program is left as it was", async () => {
    const file = await fileAfter(async () => {});
    rmSync(file.address.path);
    // Another program has its own way of keeping a journal; ours is written into the file.
    const other = new Connection(file.address.path);
    other.run("CREATE TABLE notes (body TEXT)");
    other.close();
    await expectUntouched(file, "another program");
  });
});
