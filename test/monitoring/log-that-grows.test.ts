import { Database as Sqlite } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { monitoringJobs } from "../../src/monitoring/jobs";
import { call } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const sqlite = engines.filter(({ name }) => name === "sqlite");

/** Writes some two megabytes. */
async function writeMuch(shop: TestShop): Promise<void> {
  for (let product = 0; product < 20; product++) {
    await stockShelf(shop, { description: `${"x".repeat(4_000)} ${product}` });
  }
  await shop.database.transaction(async (tx) => {
    for (let times = 0; times < 30; times++) await tx.run("UPDATE products SET description = description || '.'");
  });
}

describe.each(sqlite)("a log beside the database on $name that another program holds", (engine) => {
  test("is said in the log, in the metrics and where the shop says that it is ready, until it is let go", async () => {
    const shop = await freshShop(engine, { DATABASE_LOG_MEGABYTES: "1" });
    const ready = async () => (await call(shop, "GET", "/readyz")).body;
    const [watch] = monitoringJobs;
    const look = () => watch?.work(shop, new AbortController().signal);
    const warned = () => shop.logged.filter(({ message }) => message.startsWith("The log beside"));
    expect(await ready()).toEqual({ status: "ready" });
    await look();
    expect(warned()).toEqual([]);
    if (shop.place.address.engine !== "sqlite") throw new Error("This is of files.");
    const other = new Sqlite(shop.place.address.path);
    other.run("BEGIN");
    other.query("SELECT COUNT(*) FROM products").get();
    for (let times = 0; times < 3; times++) await writeMuch(shop);
    expect((await ready()).warning).toMatch(/has grown to \d+ MB: another program/);
    await look();
    await look();
    expect(warned()).toHaveLength(1);
    const metrics = (await call(shop, "GET", "/metrics")).text;
    expect(Number(/sanset_database_bytes\{part="wal"\} (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(1_000_000);
    other.run("COMMIT");
    other.run("PRAGMA wal_checkpoint(TRUNCATE)");
    other.close();
    expect(await ready()).toEqual({ status: "ready" });
    await look();
    expect(warned()).toHaveLength(1);
  });
});
