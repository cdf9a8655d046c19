import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ShopError } from "../../src/base/errors";
import { insertReturning, insertRows } from "../../src/storage/rows";
import { type Database, fromJson, Json, type Transaction } from "../../src/storage/database";
import { statementsFor } from "../../src/storage/migrations/spelling";
import { CommitQueue } from "../../src/storage/group-commit";
import { openDatabase } from "../../src/storage/open";
import { openSqlite } from "../../src/storage/sqlite/open";
import { engines, type Place, postgresAt, postgresServer, type TestEngine } from "../support/engines";
import { pgbouncerProgram, startBouncer } from "../support/pgbouncer";

const [sqlite, postgres] = engines as [TestEngine, TestEngine?];

const bouncer = postgresServer !== undefined && pgbouncerProgram() ? await startBouncer(postgresServer) : undefined;
const pooled = bouncer && postgresServer ? postgresAt(postgresServer, (url) => bouncer.urlOf(url)) : undefined;
afterAll(() => bouncer?.stop());

/** Holds the database until its stdin ends. */
const HOLDER = `
  const { Database } = require("bun:sqlite");
  const database = new Database(process.argv[1]);
  database.run("BEGIN IMMEDIATE");
  console.log("holding");
  process.stdin.on("end", () => { database.run("ROLLBACK"); process.exit(); }).resume();
`;

const nothing = async (): Promise<never> => {
  throw new Error("There is nothing here.");
};

const SCHEMA = `
CREATE TABLE shelf (
  id {id},
  name {text} NOT NULL UNIQUE,
  units {bigint} NOT NULL DEFAULT 0 CHECK (units >= 0),
  about {json},
  picture {bytes},
  weight {real}
);
CREATE TABLE sanset_migrations (name TEXT);
CREATE TABLE labels (shelf_id INTEGER NOT NULL REFERENCES shelf (id), label TEXT NOT NULL);
`;

/** A database with tables of its own, to see what the port does and not what the shop does with it. */
async function newDatabase(engine: TestEngine): Promise<{ database: Database; place: Place }> {
  const place = await engine.newPlace();
  const database = await openDatabase(place.address, { connections: 6, readers: 2 });
  await database.transaction(async (tx) => {
    for (const statement of statementsFor(tx.engine, SCHEMA)) await tx.run(statement);
  });
  return { database, place };
}

const put = (tx: Transaction, name: string, units = 0) =>
  tx.run("INSERT INTO shelf (name, units) VALUES ($1, $2)", [name, units]);

const add = (tx: Transaction, name: string) => tx.run("UPDATE shelf SET units = units + 1 WHERE name = $1", [name]);

const failing = (message: string) => async (tx: Transaction) => {
  await put(tx, `of ${message}`);
  throw new Error(message);
};

/** Opened by one and waited for by others. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

/** Why something was refused; empty when it was not. */
const refusalOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe.each([
  ...engines.map((engine) => ({ way: engine.name, engine })),
  ...(pooled ? [{ way: "postgres through PgBouncer", engine: pooled }] : []),
])("storage on $way", ({ engine }) => {
  let database: Database;
  let place: Place;

  beforeAll(async () => {
    ({ database, place } = await newDatabase(engine));
  });

  afterAll(async () => {
    await database.close();
    await place.remove();
  });

  const names = async (like = "%") =>
    (await database.all<{ name: string }>("SELECT name FROM shelf WHERE name LIKE $1 ORDER BY name", [like])).map(
      ({ name }) => name,
    );

  describe("a transaction", () => {
    test("gives back what its work gives, and keeps what it wrote", async () => {
      expect(await database.transaction(async (tx) => (await put(tx, "kept"), "done"))).toBe("done");
      expect(await names("kept")).toEqual(["kept"]);
    });

    test("that throws leaves nothing behind", async () => {
      expect(await refusalOf(database.transaction(failing("a slip")))).toBe("a slip");
      await database.transaction(async (tx) => put(tx, "after the slip"));
      expect(await names("%slip")).toEqual(["after the slip"]);
    });

    test("that breaks a rule of the tables leaves nothing behind either", async () => {
      for (const wrong of [
        "INSERT INTO shelf (name, units) VALUES ('below', -1)",
        "INSERT INTO labels VALUES (999, 'x')",
      ]) {
        const work = database.transaction(async (tx) => {
          await put(tx, "before the rule");
          await tx.run(wrong);
        });
        expect(await refusalOf(work)).toMatch(/constraint/i);
      }
      expect(await names("before the rule")).toEqual([]);
    });

    test("sees what it wrote itself, and nobody else does before it ends", async () => {
      const [written, seen] = [gate(), gate()];
      const writing = database.transaction(async (tx) => {
        await put(tx, "half way");
        expect(await tx.first("SELECT name FROM shelf WHERE name = 'half way'")).toBeDefined();
        written.open();
        await seen.opened;
      });
      await written.opened;
      expect(await names("half way")).toEqual([]);
      seen.open();
      await writing;
      expect(await names("half way")).toEqual(["half way"]);
    });

    test("is seen at once by whoever has just looked", async () => {
      const look = () => database.first("SELECT units FROM shelf WHERE name = 'looked for'");
      expect(await look()).toBeUndefined();
      await database.transaction((tx) => put(tx, "looked for", 1));
      expect(await look()).toEqual({ units: 1 });
    });

    test("inside a transaction is refused, and undoes the outer one", async () => {
      const nested = database.transaction(async (tx) => {
        await put(tx, "outer");
        await database.transaction((inner) => put(inner, "inner"));
      });
      expect(await refusalOf(nested)).toContain("already open");
      expect(await names("%er")).toEqual([]);
    });

    test("after a transaction is no nesting", async () => {
      const first = await database.transaction(async () => 1);
      expect(await database.transaction(async () => first + 1)).toBe(2);
    });

    test("tells how many rows each write changed", async () => {
      const counts = await database.transaction(async (tx) => {
        await put(tx, "count 1", 5);
        await put(tx, "count 2", 5);
        return [
          await tx.run("UPDATE shelf SET units = units + 1 WHERE name LIKE 'count%'"),
          await tx.run("UPDATE shelf SET units = 0 WHERE name LIKE 'count%' AND units > 100"),
          await tx.run("DELETE FROM shelf WHERE name = 'count 1'"),
        ];
      });
      expect(counts).toEqual([2, 0, 1]);
    });

    test("that forgets to wait for its writing can't write into another's", async () => {
      let late: Promise<unknown> = Promise.resolve();
      const more = gate();
      await database.transaction(async (tx) => {
        await put(tx, "in time");
        late = more.opened.then(() => put(tx, "too late"));
      });
      await database.transaction(async (tx) => {
        await put(tx, "another's");
        more.open();
        expect(await refusalOf(late)).toMatch(/transaction/);
      });
      expect(await names("too late")).toEqual([]);
      expect(await names("another's")).toEqual(["another's"]);
    });
  });

  describe("values", () => {
    test("placeholders may come in any order and more than once", async () => {
      const words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
      const order = [3, 1, 3, 10, 2, 9, 8, 7, 6, 5, 4, 1];
      const columns = order.map((number, column) => `CAST($${number} AS TEXT) AS c${column}`);
      const row = await database.first<Record<string, string>>(`SELECT ${columns.join()}`, words);
      expect(Object.values(row ?? {})).toEqual(order.map((number) => words[number - 1] ?? ""));
    });

    test("text comes back as it went in", async () => {
      const texts = ["", "'; DROP TABLE shelf; --", "ünïcödé 日本 ☕ \u202e", "a\nb\tc\\", "%_", "$1 ?1 :a @b"];
      for (const text of texts) {
        expect(await database.first("SELECT CAST($1 AS TEXT) AS text", [text])).toEqual({ text });
      }
    });

    test("JSON comes back as the object that it was", async () => {
      const about = { list: [1, 2.5, "x", null, true], nested: { पसंद: "☕" }, text: '{"not": "json"}', empty: {} };
      await database.transaction((tx) =>
        tx.run("INSERT INTO shelf (name, about) VALUES ('json', $1)", [new Json(about)]),
      );
      const row = await database.first<{ about: unknown; text: string; inner: string }>(
        "SELECT about, about ->> 'text' AS text, about -> 'nested' ->> 'पसंद' AS inner FROM shelf WHERE name = 'json'",
      );
      expect(fromJson(row?.about)).toEqual(about);
      expect(row).toMatchObject({ text: about.text, inner: "☕" });
    });

    test("bytes come back as they went in", async () => {
      const picture = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      await database.transaction((tx) => tx.run("INSERT INTO shelf (name, picture) VALUES ('bytes', $1)", [picture]));
      const row = await database.first<{ picture: Uint8Array }>("SELECT picture FROM shelf WHERE name = 'bytes'");
      expect(row?.picture).toBeInstanceOf(Uint8Array);
      expect(Array.from(row?.picture ?? [])).toEqual(Array.from(picture));
    });

    test("large whole numbers, counts and sums are numbers", async () => {
      const largest = Number.MAX_SAFE_INTEGER;
      await database.transaction(async (tx) => {
        await put(tx, "sum 1", largest - 1);
        await put(tx, "sum 2", 1);
      });
      expect(
        await database.first(
          "SELECT COUNT(*) AS count, SUM(units) AS sum, MAX(units) AS most FROM shelf WHERE name LIKE 'sum%'",
        ),
      ).toEqual({ count: 2, sum: largest, most: largest - 1 });
      expect(await database.first("SELECT SUM(units) AS sum FROM shelf WHERE name = 'none'")).toEqual({ sum: null });
    });

    test("fractions keep all their digits", async () => {
      await database.transaction((tx) => tx.run("INSERT INTO shelf (name, weight) VALUES ('real', $1)", [0.1 + 0.2]));
      expect(await database.first("SELECT weight FROM shelf WHERE name = 'real'")).toEqual({ weight: 0.1 + 0.2 });
    });

    test("what is not there is undefined, and a list of nothing is empty", async () => {
      expect(await database.first("SELECT * FROM shelf WHERE name = 'nothing'")).toBeUndefined();
      expect(await database.all("SELECT * FROM shelf WHERE name = 'nothing'")).toEqual([]);
    });

    test("text sorts by its code points on both engines", async () => {
      const sorted = ["B", "Z", "a", "b", "é"];
      await database.transaction(async (tx) => {
        for (const letter of ["b", "é", "B", "a", "Z"]) await put(tx, `sort ${letter}`);
      });
      expect(await names("sort%")).toEqual(sorted.map((letter) => `sort ${letter}`));
    });
  });

  describe("many rows", () => {
    test.each([0, 1, 2, 3, 1_000, 8_191, 8_192, 8_193, 20_001])("%d are put in, each once", async (count) => {
      const rows = Array.from({ length: count }, (_, number) => ({ name: `bulk ${count} ${number}`, units: number }));
      const inserted = await database.transaction((tx) => insertRows(tx, "shelf", rows));
      expect(inserted).toBe(count);
      const found = await database.first(
        "SELECT COUNT(*) AS count, COUNT(DISTINCT name) AS names, COALESCE(SUM(units), 0) AS sum FROM shelf WHERE name LIKE $1",
        [`bulk ${count} %`],
      );
      expect(found).toEqual({ count, names: count, sum: rows.reduce((sum, { units }) => sum + units, 0) });
    });

    test("those that are there already are not counted, where that is asked for", async () => {
      const rows = ["twice 1", "twice 2", "twice 1"].map((name) => ({ name }));
      const tail = "ON CONFLICT (name) DO NOTHING";
      const insert = () => database.transaction((tx) => insertRows(tx, "shelf", rows, tail));
      expect(await insert()).toBe(2);
      expect(await insert()).toBe(0);
    });

    test("each says its new number", async () => {
      const rows = Array.from({ length: 700 }, (_, number) => ({ name: `returned ${number}` }));
      const returned = await database.transaction((tx) =>
        insertReturning<{ id: number; name: string }>(tx, "shelf", rows, "RETURNING id, name"),
      );
      expect(new Set(returned.map(({ id }) => id)).size).toBe(700);
      expect(new Set(returned.map(({ name }) => name)).size).toBe(700);
    });

    test("one wrong row among many leaves none of them", async () => {
      const rows = Array.from({ length: 3_000 }, (_, number) => ({
        name: `wrong ${number}`,
        units: number === 2_999 ? -1 : 0,
      }));
      const work = database.transaction((tx) => insertRows(tx, "shelf", rows));
      expect(await refusalOf(work)).toMatch(/constraint/i);
      expect(await names("wrong%")).toEqual([]);
    });
  });

  const crowding = (number: number) =>
    database.transaction(async (tx) => {
      await put(tx, `crowd ${number}`);
      if (number % 3 === 0) throw new Error(`no ${number}`);
    });

  describe("many at once", () => {
    test("each transaction that fails is undone alone", async () => {
      const refusals = await Promise.all(Array.from({ length: 300 }, (_, number) => refusalOf(crowding(number))));
      expect(refusals).toEqual(Array.from({ length: 300 }, (_, number) => (number % 3 === 0 ? `no ${number}` : "")));
      expect(await names("crowd%")).toHaveLength(200);
    });

    test("whoever is answered finds their work kept", async () => {
      await Promise.all(
        Array.from({ length: 100 }, async (_, number) => {
          await database.transaction((tx) => put(tx, `answered ${number}`));
          expect(await names(`answered ${number}`)).toEqual([`answered ${number}`]);
        }),
      );
    });

    test("a hundred who add to one number lose none of it", async () => {
      await database.transaction((tx) => put(tx, "counter", 0));
      await Promise.all(Array.from({ length: 100 }, () => database.transaction((tx) => add(tx, "counter"))));
      expect(await database.first("SELECT units FROM shelf WHERE name = 'counter'")).toEqual({ units: 100 });
    });
  });
});

describe("storage on sqlite alone", () => {
  let database: Database;
  let place: Place;

  beforeAll(async () => {
    ({ database, place } = await newDatabase(sqlite));
  });

  afterAll(async () => {
    await database.close();
    await place.remove();
  });

  const names = async (like: string) =>
    (await database.all<{ name: string }>("SELECT name FROM shelf WHERE name LIKE $1 ORDER BY name", [like])).map(
      ({ name }) => name,
    );

  const path = () => (place.address.engine === "sqlite" ? place.address.path : "");

  /** Another process that holds the file for writing, until it is let go. */
  async function holdElsewhere() {
    const holder = Bun.spawn([process.execPath, "-e", HOLDER, path()], { stdin: "pipe", stdout: "pipe" });
    await holder.stdout.getReader().read();
    return {
      letGo: async () => {
        await holder.stdin.end();
        await holder.exited;
      },
    };
  }

  test("transactions that come at once share a commit, and nobody is answered before it", async () => {
    const [first, goOn] = [gate(), gate()];
    const answered: string[] = [];
    const slow = database.transaction(async (tx) => {
      await put(tx, "shared 1");
      first.open();
      await goOn.opened;
    });
    await first.opened;
    const quick = database.transaction((tx) => put(tx, "shared 2"));
    const failed = database.transaction(failing("shared"));
    const seen = Promise.all([
      slow.then(() => answered.push("slow")),
      quick.then(() => answered.push("quick")),
      failed.catch(() => answered.push("failed")),
    ]).then(() => names("shared%"));
    await Bun.sleep(20);
    expect(answered).toEqual([]);
    expect(await names("shared%")).toEqual([]);
    goOn.open();
    expect(await seen).toEqual(["shared 1", "shared 2"]);
    expect(answered).toEqual(["slow", "quick", "failed"]);
  });

  test("what another process writes is seen a turn later", async () => {
    expect(await names("from elsewhere")).toEqual([]);
    const elsewhere = openSqlite(path());
    await elsewhere.transaction((tx) => put(tx, "from elsewhere"));
    await elsewhere.close();
    expect(await names("from elsewhere")).toHaveLength(1);
  });

  test("a statement that fails does not spoil the reads after it", async () => {
    const before = names("nothing");
    expect(await refusalOf(database.all("SELECT units FROM nowhere"))).toContain("nowhere");
    expect([await before, await names("nothing")]).toEqual([[], []]);
  });

  test("a commit that fails fails everyone in it, and leaves nothing", async () => {
    await database.transaction(async (tx) => {
      await tx.run(
        "CREATE TABLE later (id INTEGER PRIMARY KEY, shelf_id INTEGER REFERENCES shelf (id) DEFERRABLE INITIALLY DEFERRED)",
      );
    });
    const refusals = await Promise.all([
      refusalOf(database.transaction((tx) => put(tx, "lost 1"))),
      refusalOf(database.transaction((tx) => tx.run("INSERT INTO later (shelf_id) VALUES (999999)"))),
      refusalOf(database.transaction((tx) => put(tx, "lost 2"))),
    ]);
    for (const refusal of refusals) expect(refusal).toMatch(/constraint/i);
    expect(await names("lost%")).toEqual([]);
    await database.transaction((tx) => put(tx, "found again"));
    expect(await names("found again")).toHaveLength(1);
  });

  test("a rollback that fails does not keep the next ones waiting", async () => {
    let open = false;
    let failures = 1;
    const connection = {
      run: (sql: string) => {
        if (sql === "BEGIN IMMEDIATE") open = true;
        if (sql === "COMMIT" && failures > 0) throw new Error("the disk is gone");
        if (sql === "ROLLBACK" && failures-- > 0) throw new Error("the disk is still gone");
        if (sql === "COMMIT" || sql === "ROLLBACK") open = false;
      },
      inTransaction: () => open,
      isBusy: () => false,
      explain: (error: unknown) => error,
    };
    const tx: Transaction = { engine: "sqlite", all: nothing, first: nothing, run: nothing };
    const queue = new CommitQueue(connection, tx, 100);
    expect(await refusalOf(queue.transaction(async () => 1))).toBe("the disk is gone");
    expect(await queue.transaction(async () => 2)).toBe(2);
  });

  test("while another process writes, one waits for it and the shop goes on", async () => {
    const holder = await holdElsewhere();
    let answered = false;
    const waiting = database.transaction((tx) => put(tx, "patient")).then(() => (answered = true));
    let turns = 0;
    for (; turns < 20; turns++) await Bun.sleep(1);
    expect(await names("patient")).toEqual([]);
    expect(answered).toBe(false);
    await holder.letGo();
    await waiting;
    expect(await names("patient")).toEqual(["patient"]);
  });

  test("whoever waits too long for another process is told that the database is busy", async () => {
    const hasty = openSqlite(path(), { patienceMs: 60 });
    const holder = await holdElsewhere();
    const refused: unknown = await hasty.transaction((tx) => put(tx, "hasty")).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ShopError);
    expect(refused).toMatchObject({ code: "database_busy" });
    await holder.letGo();
    expect(await hasty.transaction((tx) => put(tx, "in the end"))).toBe(1);
    expect(await names("hasty")).toEqual([]);
    await hasty.close();
  });

  test("a file keeps no statistics, however they came into it: plans are the same for a shop of every size", async () => {
    const { database: young, place: elsewhere } = await newDatabase(sqlite);
    await young.transaction((tx) => put(tx, "the only one", 1));
    await young.transaction((tx) => tx.run("ANALYZE"));
    await young.close();
    const again = await openDatabase(elsewhere.address);
    expect(await again.all("SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'")).toEqual([]);
    await again.close();
    await elsewhere.remove();
  });

  test("a database that is closed is one file, with everything in it", async () => {
    const closed = await newDatabase(sqlite);
    await closed.database.transaction((tx) => put(tx, "written last"));
    await closed.database.first("SELECT COUNT(*) AS shelves FROM shelf");
    await closed.database.close();
    const file = closed.place.address.engine === "sqlite" ? closed.place.address.path : "";
    expect(readdirSync(dirname(file))).toEqual([basename(file)]);
    expect(readFileSync(file).includes("written last")).toBe(true);
    await closed.place.remove();
  });

  describe("a file that can't be used", () => {
    let folder: string;
    let good: Buffer;

    beforeAll(async () => {
      const made = await newDatabase(sqlite);
      await made.database.transaction((tx) =>
        insertRows(
          tx,
          "shelf",
          Array.from({ length: 2_000 }, (_, number) => ({ name: `in the file ${number}` })),
        ),
      );
      await made.database.close();
      const file = made.place.address.engine === "sqlite" ? made.place.address.path : "";
      folder = dirname(file);
      good = readFileSync(file);
    });

    afterAll(() => rmSync(folder, { recursive: true }));

    const overwritten = (from: number, to: number) => Buffer.from(good).fill(0xaa, from, to);

    test.each([
      ["is text", () => Buffer.from("id,name\n1,Mug\n".repeat(500)), "not an SQLite database"],
      ["has lost its beginning", () => overwritten(0, 100), "not an SQLite database"],
      ["has a damaged schema", () => overwritten(100, 4_096), "damaged"],
      ["has lost its second half", () => good.subarray(0, good.length / 2), "damaged"],
      ["has one page left", () => good.subarray(0, 4_096), "damaged"],
      ["ends within its first page", () => good.subarray(0, 100), "damaged"],
    ])("that %s is refused, and left as it was", async (name, make, reason) => {
      const file = join(folder, `${name}.db`);
      const bytes = make();
      writeFileSync(file, bytes);
      const refused: unknown = await openDatabase({ engine: "sqlite", path: file }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ShopError);
      expect(refused).toMatchObject({ code: "unusable" });
      expect(String(refused)).toContain(file);
      expect(String(refused)).toContain(reason);
      expect(readFileSync(file).equals(bytes)).toBe(true);
      expect(readdirSync(folder).filter((other) => other.startsWith(name))).toEqual([`${name}.db`]);
    });

    test("that is a folder is refused", async () => {
      expect(await refusalOf(openDatabase({ engine: "sqlite", path: folder }))).toContain("this is a folder");
    });
  });
});

/** A statement that fails on PostgreSQL with this SQLSTATE. */
const raise = (state: string) => `DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${state}'; END $$`;

describe.if(postgres !== undefined)("storage on postgres alone", () => {
  let database: Database;
  let place: Place;

  beforeAll(async () => {
    if (postgres) ({ database, place } = await newDatabase(postgres));
  });

  afterAll(async () => {
    await database.close();
    await place.remove();
  });

  test("two that wait for each other both get through", async () => {
    await database.transaction(async (tx) => {
      for (const name of ["left", "right"]) await put(tx, name);
    });
    let tries = 0;
    const [leftHeld, rightHeld] = [gate(), gate()];
    const work = (first: string, second: string, held: ReturnType<typeof gate>, other: ReturnType<typeof gate>) =>
      database.transaction(async (tx) => {
        tries++;
        await add(tx, first);
        held.open();
        await other.opened;
        await add(tx, second);
      });
    await Promise.all([work("left", "right", leftHeld, rightHeld), work("right", "left", rightHeld, leftHeld)]);
    expect(await database.all("SELECT units FROM shelf WHERE name IN ('left', 'right')")).toEqual([
      { units: 2 },
      { units: 2 },
    ]);
    expect(tries).toBe(3);
  });

  test("one whose reading was overtaken runs again from the start", async () => {
    await database.transaction((tx) => put(tx, "overtaken", 1));
    const [read, changed] = [gate(), gate()];
    const seen: number[] = [];
    const slow = database.transaction(async (tx) => {
      await tx.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      const row = await tx.first<{ units: number }>("SELECT units FROM shelf WHERE name = 'overtaken'");
      seen.push(row?.units ?? 0);
      read.open();
      await changed.opened;
      await tx.run("UPDATE shelf SET units = $1 WHERE name = 'overtaken'", [(row?.units ?? 0) * 10]);
    });
    await read.opened;
    await database.transaction((tx) => add(tx, "overtaken"));
    changed.open();
    await slow;
    expect(seen).toEqual([1, 2]);
    expect(await database.first("SELECT units FROM shelf WHERE name = 'overtaken'")).toEqual({ units: 20 });
  });

  test("one that never gets through is told that the database is busy", async () => {
    let tries = 0;
    const unlucky = database.transaction(async (tx) => {
      tries++;
      await tx.run("DO $$ BEGIN RAISE EXCEPTION 'unlucky' USING ERRCODE = '40001'; END $$");
    });
    const refused: unknown = await unlucky.catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "database_busy" });
    expect(tries).toBeGreaterThan(3);
  });

  test.each([
    ["53100", "database_full"],
    ["53200", "database_busy"],
    ["53300", "database_busy"],
    ["57P01", "database_failed"],
    ["57P03", "database_failed"],
  ])("what the server says with %s is %s, to who writes and to who reads", async (state, code) => {
    const writing: unknown = await database.transaction((tx) => tx.run(raise(state))).catch((error: unknown) => error);
    const reading: unknown = await database.all(raise(state)).catch((error: unknown) => error);
    expect([writing, reading]).toMatchObject([{ code }, { code }]);
  });

  test("a connection that is cut is told so in the shop's words, and the next read has another", async () => {
    const cut: unknown = await database
      .first("SELECT pg_terminate_backend(pg_backend_pid())")
      .catch((error: unknown) => error);
    expect(cut).toMatchObject({ code: "database_failed" });
    expect(await database.first("SELECT 1 AS one")).toEqual({ one: 1 });
  });

  test("who only reads can't write", async () => {
    const refusal = await refusalOf(database.all("INSERT INTO shelf (name) VALUES ('by a reader') RETURNING id"));
    expect(refusal).toContain("read-only");
  });

  /** In a transaction until it is let go. */
  async function holdElsewhere(sql: string) {
    const [held, letGo] = [gate(), gate()];
    const holding = database.transaction(async (tx) => {
      await tx.run(sql);
      held.open();
      await letGo.opened;
    });
    await held.opened;
    return async () => {
      letGo.open();
      await holding;
    };
  }

  describe("while somebody else holds a row", () => {
    let hasty: Database;

    beforeAll(async () => {
      hasty = await openDatabase(place.address, { connections: 2, readers: 1, patienceMs: 500 });
      await database.transaction((tx) => put(tx, "held"));
    });

    afterAll(() => hasty.close());

    test("everyone who waits too long for it is told that the database is busy, and reads go on", async () => {
      const letGo = await holdElsewhere("UPDATE shelf SET units = 0 WHERE name = 'held'");
      // More than there are connections, so that most wait for one of those first.
      const refused = Promise.all(
        Array.from({ length: 20 }, () =>
          hasty.transaction((tx) => add(tx, "held")).catch((error: unknown) => error as ShopError),
        ),
      );
      expect(await hasty.first("SELECT units FROM shelf WHERE name = 'held'")).toEqual({ units: 0 });
      for (const refusal of await refused) expect(refusal).toMatchObject({ code: "database_busy" });
      await letGo();
      expect(await hasty.transaction((tx) => add(tx, "held"))).toBe(1);
    });

    test("who waits for no more than that gets through", async () => {
      const letGo = await holdElsewhere("UPDATE shelf SET units = 0 WHERE name = 'held'");
      const waiting = database.transaction((tx) => add(tx, "held"));
      await letGo();
      expect(await waiting).toBe(1);
    });

    test("a read that has to wait is told so too", async () => {
      const letGo = await holdElsewhere("LOCK TABLE shelf");
      const refused: unknown = await hasty.all("SELECT * FROM shelf").catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: "database_busy" });
      await letGo();
    });
  });

  test("a server that can't be reached is named without its password", async () => {
    const refusal = await refusalOf(
      openDatabase({ engine: "postgres", url: "postgres://shop:hunter2@127.0.0.1:1/shop" }),
    );
    expect(refusal).toContain("127.0.0.1:1");
    expect(refusal).not.toContain("hunter2");
  });
});
