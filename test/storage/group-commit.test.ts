import { describe, expect, test } from "bun:test";
import { turns } from "../../src/base/turns";
import type { Transaction } from "../../src/storage/database";
import { CommitQueue, type WriteConnection } from "../../src/storage/group-commit";
import { openDatabase } from "../../src/storage/open";
import { atOnce, checkOut, statusesOf } from "../support/buying";
import { call, newBuyer } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

/** A connection that writes down what it is told, and fails where a test says so. */
function scripted(failing: (sql: string) => Error | undefined = () => undefined) {
  const told: string[] = [];
  let open = false;
  const connection: WriteConnection = {
    run: (sql) => {
      told.push(sql);
      const error = failing(sql);
      if (error) throw error;
      if (sql.startsWith("BEGIN")) open = true;
      if (sql === "COMMIT" || sql === "ROLLBACK") open = false;
    },
    inTransaction: () => open,
    isBusy: (error) => error instanceof Error && error.message === "busy",
    explain: (error) => error,
  };
  // Jobs of these tests write nothing.
  const tx: Transaction = { engine: "sqlite", all: async () => [], first: async () => undefined, run: async () => 1 };
  return { told, connection, tx };
}

/** A queue whose transactions can be handed out by themselves. */
function queueOn(connection: WriteConnection, tx: Transaction, patienceMs: number) {
  const queue = new CommitQueue(connection, tx, patienceMs);
  return { transaction: <Result>(work: (tx: Transaction) => Promise<Result>) => queue.transaction(work) };
}

function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

const outcomes = async (work: Promise<unknown>[]) =>
  (await Promise.allSettled(work)).map((one) =>
    one.status === "fulfilled" ? one.value : (one.reason as Error).message,
  );

describe("group commit", () => {
  test("those who come together share one commit, each in a savepoint", async () => {
    const { told, connection, tx } = scripted();
    const { transaction } = queueOn(connection, tx, 100);
    expect(await outcomes([1, 2, 3].map((n) => transaction(async () => n)))).toEqual([1, 2, 3]);
    expect(told.filter((sql) => sql === "COMMIT")).toHaveLength(1);
    expect(told.filter((sql) => sql === "SAVEPOINT job")).toHaveLength(3);
  });

  test("what a transaction keeps the event loop busy with is charged to whoever asked for it, and to nobody else", async () => {
    const { connection, tx } = scripted();
    const { transaction } = queueOn(connection, tx, 100);
    const charged = { asks: 0, other: 0 };
    await turns.take({ lanes: () => ["asks"], charge: (ms) => (charged.asks += ms) });
    const done = transaction(async () => hold(40));
    await turns.take({ lanes: () => ["other"], charge: (ms) => (charged.other += ms) });
    await done;
    expect(charged.asks).toBeGreaterThanOrEqual(40);
    expect(charged.other).toBeLessThan(40);
  });

  test("nobody is answered before the commit", async () => {
    const { told, connection, tx } = scripted();
    const { transaction } = queueOn(connection, tx, 100);
    await Promise.all([1, 2].map(() => transaction(async () => {}).then(() => expect(told.at(-1)).toBe("COMMIT"))));
  });

  test("one that fails is undone alone", async () => {
    const { told, connection, tx } = scripted();
    const { transaction } = queueOn(connection, tx, 100);
    const work = [
      transaction(async () => 1),
      transaction(async () => {
        throw new Error("no");
      }),
      transaction(async () => 3),
    ];
    expect(await outcomes(work)).toEqual([1, "no", 3]);
    expect(told.filter((sql) => sql === "ROLLBACK TO job")).toHaveLength(1);
  });

  test("a commit that fails fails them all, and the next ones go on", async () => {
    let commits = 0;
    const { told, connection, tx } = scripted((sql) =>
      sql === "COMMIT" && ++commits === 1 ? new Error("disk") : undefined,
    );
    const { transaction } = queueOn(connection, tx, 100);
    expect(await outcomes([1, 2].map((n) => transaction(async () => n)))).toEqual(["disk", "disk"]);
    expect(told.at(-1)).toBe("ROLLBACK");
    expect(await transaction(async () => "again")).toBe("again");
  });

  test("a rollback that fails too keeps nobody waiting, and is done before the next begin", async () => {
    let failures = 2;
    const { told, connection, tx } = scripted((sql) =>
      (sql === "COMMIT" || sql === "ROLLBACK") && failures-- > 0 ? new Error("disk") : undefined,
    );
    const { transaction } = queueOn(connection, tx, 100);
    expect(await outcomes([transaction(async () => 1)])).toEqual(["disk"]);
    expect(await transaction(async () => 2)).toBe(2);
    expect(told.slice(-6)).toEqual([
      "ROLLBACK",
      "ROLLBACK",
      "BEGIN IMMEDIATE",
      "SAVEPOINT job",
      "RELEASE job",
      "COMMIT",
    ]);
  });

  test("each waits its own time for another process, not that of who came first", async () => {
    let busy = true;
    const { connection, tx } = scripted((sql) => (busy && sql.startsWith("BEGIN") ? new Error("busy") : undefined));
    const { transaction } = queueOn(connection, tx, 120);
    const first = outcomes([transaction(async () => 1)]);
    await Bun.sleep(80);
    const second = outcomes([transaction(async () => 2)]);
    expect(await first).toEqual(["busy"]);
    busy = false;
    expect(await second).toEqual([2]);
  });

  test("what was not awaited can't write into somebody else's transaction", async () => {
    const { connection, tx } = scripted();
    const { transaction } = queueOn(connection, tx, 100);
    let kept: Transaction | undefined;
    await transaction(async (lent) => {
      kept = lent;
    });
    expect(await outcomes([kept!.run("DELETE FROM orders")])).toEqual([
      "This transaction is over: something in it was not awaited.",
    ]);
  });
});

describe.each(engines)("too many writes on $name", (engine) => {
  test("are refused at once, and the others are served", async () => {
    const place = await engine.newPlace();
    const database = await openDatabase(place.address, { writeQueue: 3, connections: 4 });
    const answers = await outcomes(
      Array.from({ length: 10 }, (_, index) =>
        database.transaction(async (tx) => {
          await tx.first("SELECT 1 AS one");
          return index;
        }),
      ),
    );
    expect(answers.slice(0, 3)).toEqual([0, 1, 2]);
    expect(answers.slice(3)).toEqual(Array.from({ length: 7 }, () => "Too much is going on. Try again in a moment."));
    expect(database.isOverloaded()).toBe(false);
    await database.close();
    await place.remove();
  });

  test("hear 503 with Retry-After at the door, while reads go on", async () => {
    const shop = await freshShop(engine, { WRITE_QUEUE: "4" });
    const mug = await stockShelf(shop, { stock: 100 });
    const buyers = [await newBuyer(shop), await newBuyer(shop), await newBuyer(shop)];
    for (const buyer of buyers) await buyer.post("/cart/add", { product_id: mug.id });
    const held = Promise.withResolvers<void>();
    const blocking = atOnce(4, () => shop.database.transaction(() => held.promise));
    const refused = await Promise.all(buyers.map((buyer) => checkOut(buyer)));
    expect(statusesOf(refused)).toEqual({ 503: 3 });
    expect(refused[0]?.body.code).toBe("too_busy");
    expect(refused[0]?.headers.get("retry-after")).toBe("1");
    expect((await call(shop, "GET", `/api/v1/products/${mug.id}`)).status).toBe(200);
    held.resolve();
    await blocking;
    expect(statusesOf(await Promise.all(buyers.map((buyer) => checkOut(buyer))))).toEqual({ 201: 3 });
  });
});
