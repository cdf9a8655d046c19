import { describe, expect, test } from "bun:test";
import { routeEvents } from "../../src/events/routing";
import { flushAll } from "../../src/jobs/write-behind";
import { channels } from "../../src/outbox/channels";
import { examine } from "../../src/doctor/doctor";
import { buy, expectSound } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { migrations } from "../../src/storage/migrations/index";
import { statementsFor } from "../../src/storage/migrations/spelling";
import { engines, type TestEngine } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

/** What fits into four bytes ends here. */
const LAST_OF_FOUR_BYTES = 2_147_483_647;

const LOGS = ["outbox", "deliveries", "stock_moves", "audit", "recommendations_log", "recommend_events"];

/** As after years of work: the next rows of every log have the last ids of four bytes, and then others. */
async function countUp({ database }: TestShop, engine: TestEngine): Promise<void> {
  await database.transaction(async (tx) => {
    for (const table of LOGS) {
      if (engine.name === "postgres") {
        await tx.first("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)", [table, LAST_OF_FOUR_BYTES - 1]);
      } else {
        await tx.run("DELETE FROM sqlite_sequence WHERE name = $1", [table]);
        await tx.run("INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)", [table, LAST_OF_FOUR_BYTES - 1]);
      }
    }
    await tx.run("UPDATE outbox_places SET last_position = $1", [LAST_OF_FOUR_BYTES - 1]);
  });
}

describe.each(engines)("logs that have outgrown four bytes on $name", (engine) => {
  test("go on: a shop sells, tells and remembers", async () => {
    const shop = await freshShop(engine, { MAIL_FROM: "shop@example.com" });
    const product = await stockShelf(shop);
    // What is bought is not recommended.
    await stockShelf(shop);
    await countUp(shop, engine);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    for (let order = 0; order < 3; order++) expect((await buy(buyer, [product])).status).toBe(201);
    expect((await admin.patch(`/products/${product.id}`, { price: 130 })).status).toBe(200);
    for (let look = 0; look < 3; look++) expect((await buyer.get("/recommend")).status).toBe(200);
    await flushAll(shop);
    await routeEvents(shop, channels);
    expect((await buyer.post("/events", { product_id: product.id, type: "view" })).status).toBeLessThan(300);
    for (const table of ["outbox", "deliveries", "stock_moves", "audit", "recommendations_log"]) {
      const row = await shop.database.first<{ last: number }>(`SELECT MAX(id) AS last FROM ${table}`);
      expect([table, (row?.last ?? 0) > LAST_OF_FOUR_BYTES]).toEqual([table, true]);
    }
    const placed = await shop.database.first<{ last: number }>("SELECT MAX(position) AS last FROM outbox");
    expect(placed?.last).toBeGreaterThan(LAST_OF_FOUR_BYTES);
    await expectSound(shop);
  });
});

test.skipIf(!engines.some(({ name }) => name === "postgres"))(
  "doctor says where ids of four bytes run out",
  async () => {
    const [, postgres] = engines as [TestEngine, TestEngine];
    const shop = await freshShop(postgres);
    await shop.database.transaction((tx) =>
      tx.first("SELECT setval(pg_get_serial_sequence('tax_rates', 'id'), 1500000000)"),
    );
    const [finding, ...others] = await examine(shop);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ check: "ids do not run out" });
    expect(finding?.problem).toContain("tax_rates are at 1500000000");
  },
);

test.skipIf(!engines.some(({ name }) => name === "postgres"))(
  "what names another table's rows is as wide as they are, however many rows one of the two has",
  async () => {
    const [, postgres] = engines as [TestEngine, TestEngine];
    const { database } = await freshShop(postgres);
    const narrow = ["outbox.id", "deliveries.id", "deliveries.outbox_id", "stock_moves.id"];
    await database.transaction(async (tx) => {
      for (const [table, column] of narrow.map((name) => name.split("."))) {
        await tx.run(`ALTER TABLE ${table} ALTER COLUMN ${column} TYPE INTEGER`);
      }
      await tx.run("UPDATE pg_class SET reltuples = 2000000 WHERE oid = CAST('deliveries' AS regclass)");
      for (const statement of statementsFor("postgres", migrations["0270_log_ids"] ?? "")) await tx.run(statement);
    });
    const types = await database.all<{ name: string; type: string }>(
      `SELECT table_name || '.' || column_name AS name, data_type AS type FROM information_schema.columns
       WHERE table_name || '.' || column_name = ANY (string_to_array($1, ' '))`,
      [narrow.join(" ")],
    );
    expect(Object.fromEntries(types.map(({ name, type }) => [name, type]))).toEqual({
      "outbox.id": "integer",
      "deliveries.id": "integer",
      "deliveries.outbox_id": "integer",
      "stock_moves.id": "bigint",
    });
  },
);
