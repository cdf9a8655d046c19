import { SQL } from "bun";
import { afterEach, describe, expect, test } from "bun:test";
import { ShopError } from "../../src/base/errors";
import type { Database } from "../../src/storage/database";
import { openDatabase, type OpenOptions } from "../../src/storage/open";
import { engines, type Place, type TestEngine } from "../support/engines";
import { type Way, wayTo } from "../support/way";

const postgres = engines.find(({ name }) => name === "postgres");

const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const { close } of opened.splice(0).toReversed()) await close();
});

/** A place with one table, for a while. */
async function newPlace(engine: TestEngine): Promise<Place> {
  const place = await engine.newPlace();
  opened.push({ close: () => place.remove() });
  await administer(place.url, "CREATE TABLE shelf (id INTEGER PRIMARY KEY, units INTEGER NOT NULL)");
  await administer(place.url, "INSERT INTO shelf VALUES (1, 0), (2, 0)");
  return place;
}

async function administer(url: string, statement: string): Promise<void> {
  const admin = new SQL(url, { max: 1 });
  await admin.unsafe(statement);
  await admin.close();
}

async function open(url: string, options: OpenOptions = {}): Promise<Database> {
  const database = await openDatabase({ engine: "postgres", url }, { connections: 3, readers: 2, ...options });
  opened.push(database);
  return database;
}

function newWay(url: string, delayMs = 0): Way {
  const way = wayTo(url, delayMs);
  opened.push(way);
  return way;
}

const add = (database: Database, id = 1) =>
  database.transaction((tx) => tx.run("UPDATE shelf SET units = units + 1 WHERE id = $1", [id]));

const look = (database: Database) => database.first<{ units: number }>("SELECT units FROM shelf WHERE id = $1", [1]);

/** The code that work is refused with; "done" when it is not. */
const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: unknown) => (error instanceof ShopError ? error.code : String(error)),
  );

/** Asks again until it is done, for as long as recovering may take. */
async function untilDone(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await outcome(work())) === "done") return;
    await Bun.sleep(100);
  }
  throw new Error("It never recovered.");
}

describe.skipIf(!postgres)("a PostgreSQL server", () => {
  const engine = postgres as TestEngine;

  test("whose connections fall silent keeps no caller waiting, and is used again once it is there", async () => {
    const place = await newPlace(engine);
    const way = newWay(place.url);
    const database = await open(way.url, { deadlineMs: 600, patienceMs: 600 });
    await Promise.all([add(database), look(database), look(database)]);
    way.fallSilent();
    const codes = await Promise.all([look, add, look, add, add, add].map((work) => outcome(work(database))));
    for (const code of codes) expect(["database_failed", "database_busy"]).toContain(code);
    expect(await database.problem()).toBeString();
    way.open();
    await untilDone(() => look(database));
    await untilDone(() => add(database));
    expect(await look(database)).toEqual({ units: 2 });
    expect(await database.problem()).toBeUndefined();
  }, 30_000);

  test("whose columns a migration makes longer is asked on, and numbers stay numbers", async () => {
    const place = await newPlace(engine);
    const database = await open(place.url);
    await Promise.all([add(database), look(database), look(database), look(database)]);
    await administer(place.url, "ALTER TABLE shelf ALTER COLUMN units TYPE BIGINT");
    for (let turn = 0; turn < 8; turn++) expect(await look(database)).toEqual({ units: 1 });
    await add(database);
    expect(await look(database)).toEqual({ units: 2 });
  });

  test("closes its pools though a connection is silent", async () => {
    const place = await newPlace(engine);
    const way = newWay(place.url);
    const database = await open(way.url, { deadlineMs: 500, patienceMs: 500 });
    await look(database);
    way.fallSilent();
    const waiting = outcome(look(database));
    await database.close();
    expect(await waiting).toBe("database_failed");
  }, 20_000);

  test("whose connections are cut is used again at once, and nothing that was answered is lost", async () => {
    const place = await newPlace(engine);
    const database = await open(place.url, { deadlineMs: 2_000 });
    let done = 0;
    for (let round = 0; round < 10; round++) {
      const adding = Array.from({ length: 5 }, async () => {
        if ((await outcome(add(database))) === "done") done++;
      });
      const name = new URL(place.url).pathname.slice(1);
      await administer(
        place.url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
      );
      await Promise.all(adding);
    }
    await untilDone(() => look(database));
    expect((await look(database))?.units).toBeGreaterThanOrEqual(done);
    expect(await outcome(add(database))).toBe("done");
  }, 30_000);

  test("that takes no writes says so, goes on reading, and writes again by itself", async () => {
    const place = await newPlace(engine);
    const database = await open(place.url, { deadlineMs: 2_000 });
    await add(database);
    const name = new URL(place.url).pathname.slice(1);
    const readOnly = (set: string) =>
      administer(place.url, `ALTER DATABASE ${name} ${set} default_transaction_read_only`);
    await readOnly("SET").catch(() =>
      administer(place.url, `ALTER DATABASE ${name} SET default_transaction_read_only = on`),
    );
    await administer(
      place.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
    );
    await untilDone(() => look(database));
    expect(await outcome(add(database))).toBe("database_failed");
    expect(await database.problem()).toContain("no writes");
    expect(await look(database)).toEqual({ units: 1 });
    await administer(
      `${place.url}?default_transaction_read_only=off`,
      `ALTER DATABASE ${name} RESET default_transaction_read_only`,
    );
    await untilDone(() => add(database));
    expect(await database.problem()).toBeUndefined();
  }, 30_000);

  test("takes back the rows of one that stands still in the middle of a transaction", async () => {
    const place = await newPlace(engine);
    const frozen = await open(place.url, { deadlineMs: 5_000, idleInTransactionMs: 500 });
    const other = await open(place.url, { deadlineMs: 5_000 });
    const thawed = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const standing = outcome(
      frozen.transaction(async (tx) => {
        await tx.run("UPDATE shelf SET units = 100 WHERE id = 1");
        held.resolve();
        await thawed.promise;
        await tx.run("UPDATE shelf SET units = 200 WHERE id = 1");
      }),
    );
    await held.promise;
    expect(await outcome(add(other))).toBe("done");
    thawed.resolve();
    expect(await standing).toBe("database_failed");
    expect(await look(other)).toEqual({ units: 1 });
    expect(await outcome(add(frozen))).toBe("done");
  }, 30_000);

  test("that has no more connections to give is served by those there are", async () => {
    const place = await newPlace(engine);
    const role = `few_${crypto.randomUUID().slice(0, 8)}`;
    await administer(place.url, `CREATE ROLE ${role} LOGIN CONNECTION LIMIT 3; GRANT ALL ON shelf TO ${role}`);
    const url = new URL(place.url);
    url.username = role;
    const database = await open(url.href, { connections: 10, readers: 4, deadlineMs: 5_000 });
    await look(database);
    const codes = await Promise.all(
      Array.from({ length: 20 }, (_, at) => outcome(at % 2 ? look(database) : add(database))),
    );
    expect(codes).toEqual(codes.map(() => "done"));
    await database.close();
    await administer(place.url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }, 30_000);

  test("is found behind several addresses, the one that takes writes", async () => {
    const place = await newPlace(engine);
    const { username, host, pathname } = new URL(place.url);
    const gone = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
    gone.stop(true);
    const hosts = `127.0.0.1:${gone.port},${host}`;
    const database = await open(`postgres://${username}@${hosts}${pathname}?target_session_attrs=read-write`);
    expect(await outcome(add(database))).toBe("done");
    expect(await look(database)).toEqual({ units: 1 });
  }, 30_000);

  test("is found beside those that say nothing, and its connections outlive those that were not chosen", async () => {
    const place = await newPlace(engine);
    const ways = [newWay(place.url), newWay(place.url), newWay(place.url)];
    for (const way of ways) way.fallSilent();
    const { username, host, pathname } = new URL(place.url);
    const hosts = [...ways.map(({ url }) => new URL(url).host), host].join();
    const url = `postgres://${username}@${hosts}${pathname}?target_session_attrs=read-write`;
    const database = await open(url, { deadlineMs: 2_000, patienceMs: 4_000 });
    const codes = await Promise.all([add, look, add, look, add].map((work) => outcome(work(database))));
    expect(codes).toEqual(codes.map(() => "done"));
    // Until the silent ones are given up.
    await Bun.sleep(2_500);
    expect(await outcome(add(database))).toBe("done");
    expect(await look(database)).toEqual({ units: 4 });
  }, 30_000);

  test("knows our connections by name, and ends by itself what takes too long or stands still", async () => {
    const place = await newPlace(engine);
    const database = await open(place.url, { deadlineMs: 4_000, patienceMs: 3_000, idleInTransactionMs: 2_000 });
    const names = ["application_name", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];
    const asked = `SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join(", ")}`;
    const limits = {
      application_name: "sanset",
      statement_timeout: "3600ms",
      lock_timeout: "3s",
      idle_in_transaction_session_timeout: "2s",
    };
    expect(await database.transaction((tx) => tx.first<object>(asked))).toEqual(limits);
    expect(await database.first<object>(asked)).toEqual(limits);
    expect(await outcome(database.all("SELECT pg_sleep(5)"))).toBe("database_busy");
    // A command has the time that it needs.
    const unhurried = await open(place.url);
    expect(await unhurried.first<object>(asked)).toEqual({
      ...limits,
      statement_timeout: "0",
      lock_timeout: "5s",
      idle_in_transaction_session_timeout: "2min",
    });
  }, 30_000);
});
