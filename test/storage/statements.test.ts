import { describe, expect, test } from "bun:test";
import { Database as Connection } from "bun:sqlite";
import { randomFrom } from "../../src/base/random";
import { StatementCache } from "../../src/storage/sqlite/statements";
import { clientOf } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

const SORTS = ["price_asc", "price_desc", "newest", "name", "popular"];

/** A list asked for in a way of its own: so many filters, in such an order, sorted so. */
function randomPath(random: () => number): string {
  const whole = (below: number) => Math.floor(random() * below);
  const attributes = Array.from({ length: whole(6) }, (_, at) => `attr.${["brand", "code", `x${at}`][whole(3)]}=1`);
  const others = ["category=Kitchen", "min_price=1", "max_price=900", "in_stock=true"].filter(() => random() < 0.5);
  return `/products?${[...new Set([...attributes, ...others]), `sort=${SORTS[whole(5)]}`].join("&")}`;
}

describe.each(engines)("statements on $name", (engine) => {
  test("are kept in a bounded number, however many ways there are to ask", async () => {
    const shop = await freshShop(engine);
    await stockShelf(shop);
    const caller = clientOf(shop);
    const random = randomFrom(7);
    const asked = new Set<string>();
    for (let call = 0; call < 1_500; call++) {
      const path = randomPath(random);
      asked.add(path);
      expect((await caller.get(path)).status).toBe(200);
    }
    expect(asked.size).toBeGreaterThan(600);
    expect(await shop.database.statementsKept()).toBeLessThanOrEqual(256);
    if (engine.name === "postgres") {
      const counts = await Promise.all(
        Array.from({ length: 20 }, () =>
          shop.database.first<{ kept: number }>("SELECT COUNT(*) AS kept FROM pg_prepared_statements"),
        ),
      );
      expect(Math.max(...counts.map((row) => row?.kept ?? 0))).toBeLessThanOrEqual(260);
    }
  }, 60_000);
});

const cache = () => new StatementCache(new Connection(":memory:"), 3);

describe("the statements that a connection to a file keeps", () => {
  test("are prepared once, and forgotten when others were used since", () => {
    const statements = cache();
    const first = statements.prepare("SELECT 1");
    for (const sql of ["SELECT 2", "SELECT 1", "SELECT 3", "SELECT 4"]) statements.prepare(sql);
    expect(statements.size).toBe(3);
    expect(statements.prepare("SELECT 1")).toBe(first);
    for (const sql of ["SELECT 5", "SELECT 6", "SELECT 7"]) statements.prepare(sql);
    expect(statements.size).toBe(3);
    expect(statements.prepare("SELECT 1")).not.toBe(first);
    // What was forgotten is given back at once, and can't be run any more.
    expect(() => first.get()).toThrow();
  });

  test("the one used last stays, though it was the first that was prepared", () => {
    const statements = cache();
    const kept = statements.prepare("SELECT 1");
    for (let number = 2; number < 20; number++) {
      statements.prepare(`SELECT ${number}`);
      expect(statements.prepare("SELECT 1")).toBe(kept);
    }
  });
});

test("a LIMIT is given as a sum, so that binding it does not have the statement prepared again", () => {
  const connection = new Connection(":memory:");
  const statements = new StatementCache(connection);
  const statement = statements.prepare("SELECT value FROM json_each('[1,2,3]') LIMIT $1 OFFSET $2");
  expect(String(statement)).toEndWith("LIMIT NULL + 0 OFFSET NULL + 0");
  expect(statement.values(1, 1)).toEqual([[2]]);
  statements.finalize();
  connection.close();
});
