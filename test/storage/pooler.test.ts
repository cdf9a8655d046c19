import { afterEach, describe, expect, test } from "bun:test";
import type { Database } from "../../src/storage/database";
import { openDatabase, type OpenOptions } from "../../src/storage/open";
import { engines } from "../support/engines";
import { type Bouncer, pgbouncerProgram, POOLER_IGNORES, startBouncer } from "../support/pgbouncer";

const postgres = engines.find(({ name }) => name === "postgres");

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

/** A database with more clients than the pooler has connections, which it hands from one to the next. */
async function open(
  ignores: readonly string[],
  options: OpenOptions = {},
): Promise<{ database: Database; bouncer: Bouncer }> {
  const place = await postgres?.newPlace();
  if (!place) throw new Error("There is no PostgreSQL.");
  opened.push(() => place.remove());
  const bouncer = await startBouncer(place.url, { ignores, connections: 2 });
  opened.push(() => bouncer.stop());
  const url = bouncer.urlOf(place.url);
  const database = await openDatabase(
    { engine: "postgres", url },
    { connections: 6, readers: 4, deadlineMs: 3_000, ...options },
  );
  opened.push(() => database.close());
  return { database, bouncer };
}

describe.skipIf(!postgres || !pgbouncerProgram())("PgBouncer in transaction mode", () => {
  test.each([
    { about: "that refuses our parameters", ignores: [] },
    { about: "that ignores them", ignores: POOLER_IGNORES },
    { about: "that ignores all but the one that only we know", ignores: POOLER_IGNORES.slice(0, -1) },
  ])(
    "$about is noticed: each answer belongs to its question, and a transaction has its limits",
    async ({ ignores }) => {
      const { database } = await open(ignores);
      const ask = async (index: number) => {
        // So many texts that connections which kept them by name would hold those of others under it.
        const text = `SELECT CAST($1 AS INTEGER) + ${index % 7} AS sum`;
        const rows = await (index % 2
          ? database.all<{ sum: number }>(text, [index])
          : database.transaction((tx) => tx.all<{ sum: number }>(text, [index])));
        return rows[0]?.sum;
      };
      for (let round = 0; round < 5; round++) {
        const sums = await Promise.all(Array.from({ length: 40 }, (_, index) => ask(index)));
        expect(sums).toEqual(Array.from({ length: 40 }, (_, index) => index + (index % 7)));
      }
      const limits = await database.transaction((tx) =>
        tx.first("SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement"),
      );
      expect(limits).toEqual({ lock: "5s", statement: "2700ms" });
      expect(await database.problem()).toBeUndefined();
    },
  );

  test("that starts again is used again, and says meanwhile that it can't be reached", async () => {
    const { database, bouncer } = await open([]);
    await database.transaction((tx) => tx.run("CREATE TABLE shelf (units INTEGER NOT NULL)"));
    const counts = { done: 0 };
    const failures = new Set<string>();
    const over = new AbortController();
    const adding = Array.from({ length: 6 }, async () => {
      while (!over.signal.aborted) {
        try {
          await database.transaction((tx) => tx.run("INSERT INTO shelf VALUES (1)"));
          counts.done++;
        } catch (error) {
          failures.add(error instanceof Error && "code" in error ? String(error.code) : String(error));
          await Bun.sleep(20);
        }
      }
    });
    await Bun.sleep(100);
    await bouncer.restart();
    const enough = counts.done + 20;
    while (counts.done < enough) await Bun.sleep(10);
    over.abort();
    await Promise.all(adding);
    for (const code of failures) expect(["database_failed", "database_busy"]).toContain(code);
    const rows = await database.first<{ count: number }>("SELECT COUNT(*) AS count FROM shelf");
    expect(rows?.count).toBeGreaterThanOrEqual(counts.done);
  });
});
