import { Database as Sqlite } from "bun:sqlite";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { openSync, closeSync, writeSync } from "node:fs";
import { createApp } from "../../src/app";
import { examine, repair } from "../../src/doctor/doctor";
import { fileJob } from "../../src/doctor/jobs";
import { openShop, type Shop } from "../../src/shop/shop";
import { openDatabase } from "../../src/storage/open";
import { buy, expectSound, newBuyers, shelfOf } from "../support/buying";
import { call, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder, run } from "../support/program";
import { loadSettings } from "../support/settings";
import { freshShop, SECRET, type TestShop } from "../support/shop";
import { PROGRAM } from "../support/usual";

setDefaultTimeout(60_000);

const problemsOf = async (shop: TestShop) => (await examine(shop)).map(({ check, problem }) => `${check}: ${problem}`);

describe.each(engines)("damage that the doctor sees on $name", (engine) => {
  test("a payment of another amount or currency than its order", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const [buyer] = await newBuyers(shop, 1);
    const id = (await buy(buyer!, [mug])).body.order_id;
    for (const change of ["currency = 'USD'", "amount_minor = amount_minor + 1"]) {
      await shop.database.transaction((tx) => tx.run(`UPDATE payments SET ${change} WHERE order_id = $1`, [id]));
      expect((await problemsOf(shop)).join()).toContain(`Order ${id}`);
      await shop.database.transaction((tx) =>
        tx.run(
          `UPDATE payments SET currency = 'INR', amount_minor = (SELECT total_minor FROM orders WHERE id = $1)
           WHERE order_id = $1`,
          [id],
        ),
      );
      await expectSound(shop);
    }
  });

  test("an order that names another coupon than it holds", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    for (const code of ["TEN", "TWENTY"]) await admin.post("/coupons", { code, percent: 10 });
    const [buyer] = await newBuyers(shop, 1);
    const id = (await buy(buyer!, [mug], { coupon_code: "TEN" })).body.order_id;
    await expectSound(shop);
    await shop.database.transaction((tx) => tx.run("UPDATE orders SET coupon_code = 'TWENTY' WHERE id = $1", [id]));
    expect((await problemsOf(shop)).join()).toContain("coupon");
  });

  test("a ledger that sums to what can't be is left to a person, and the rest is mended", async () => {
    const shop = await freshShop(engine);
    const [mug, bowl] = [await stockShelf(shop), await stockShelf(shop)];
    await shop.database.transaction(async (tx) => {
      await tx.run("UPDATE stock_moves SET on_hand_change = -1 WHERE product_id = $1", [mug.id]);
      await tx.run("UPDATE stock SET on_hand = on_hand + 5 WHERE product_id = $1", [bowl.id]);
    });
    const { mended, left } = await repair(shop);
    expect(mended.map(({ problem }) => problem).join()).toContain(`Product ${bowl.id}`);
    expect(left.map(({ problem }) => problem).join()).toContain(`Product ${mug.id}`);
    expect(await shelfOf(shop, bowl.id)).toEqual({ on_hand: 10, reserved: 0 });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 0 });
  });

  test("uses beyond what a coupon may have are left to a person, and the rest is mended", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    for (const code of ["TEN", "FIVE"]) await admin.post("/coupons", { code, percent: 10, max_uses: 5 });
    for (const buyer of await newBuyers(shop, 2)) await buy(buyer, [mug], { coupon_code: "TEN" });
    await shop.database.transaction(async (tx) => {
      await tx.run("UPDATE coupons SET max_uses = 1, uses = 0 WHERE code = 'TEN'");
      await tx.run("UPDATE coupons SET uses = 3 WHERE code = 'FIVE'");
    });
    const { mended, left } = await repair(shop);
    expect(mended.map(({ problem }) => problem).join()).toContain("FIVE");
    expect(left.map(({ problem }) => problem).join()).toContain("TEN");
    expect(await shop.database.all("SELECT code, uses FROM coupons ORDER BY code")).toEqual([
      { code: "FIVE", uses: 0 },
      { code: "TEN", uses: 0 },
    ]);
  });
});

/** A shop in a file of its own with some goods, closed. */
async function shopFile(): Promise<{ path: string; env: Record<string, string> }> {
  const folder = newFolder();
  const path = `${folder}/shop.db`;
  const env = { DATABASE_URL: `sqlite:///${path}` };
  expect((await run(["seed", "--products", "60", "--orders", "100", "--customers", "20"], { env })).exitCode).toBe(0);
  expect((await run(["doctor"], { env })).out).toContain("Everything adds up.");
  return { path, env };
}

/** Writes over some pages of a file that nobody has open, and returns how many they were. */
function damage(path: string, which: string, most = 1_000): number {
  const database = new Sqlite(path);
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
  const pages = database
    .query<{ pageno: number }, [number]>(`SELECT pageno FROM dbstat WHERE ${which} ORDER BY pageno LIMIT ?1`)
    .all(most);
  const { page_size } = database.query<{ page_size: number }, []>("PRAGMA page_size").get()!;
  database.close();
  const file = openSync(path, "r+");
  for (const { pageno } of pages)
    writeSync(file, Buffer.alloc(page_size, 0x55), 0, page_size, (pageno - 1) * page_size);
  closeSync(file);
  return pages.length;
}

/** The shop at this file, as a server has it. */
const served = async (path: string, command?: readonly string[]) => {
  const settings = loadSettings({
    SANSET_ENV: "development",
    DATABASE_URL: `sqlite:///${path}`,
    SECRET_KEY: SECRET,
    LOG_LEVEL: "error",
  });
  const database = await openDatabase({ engine: "sqlite", path });
  const shop = openShop(database, settings, { log: () => {}, ...(command && { command }) });
  return { ...shop, app: createApp(shop) };
};

const look = (shop: Shop) => Promise.resolve(fileJob.work(shop, new AbortController().signal));

describe("a file that is damaged", () => {
  test("pages that were overwritten are found, and doctor ends with 1", async () => {
    const { path, env } = await shopFile();
    expect(damage(path, "name LIKE 'orders_by%'", 1)).toBe(1);
    const { exitCode, out, err } = await run(["doctor"], { env });
    expect(exitCode).toBe(1);
    expect(out + err).toMatch(/damaged|malformed|sound/i);
  });

  test("tables that can't be read are named with what to do, by doctor and by a backup, and good backups stay", async () => {
    const { path, env } = await shopFile();
    const made = JSON.parse((await run(["backup", "create", "--json"], { env })).out);
    expect(damage(path, "name IN ('orders', 'order_items') AND pagetype = 'leaf'")).toBeGreaterThan(1);
    // A backup is named by its second, and there is one of this second.
    await Bun.sleep(1_000 - (Date.now() % 1_000));
    for (const words of [["doctor"], ["doctor", "--repair"], ["order", "list"], ["backup", "create", "--prune"]]) {
      const { exitCode, out, err } = await run(words, { env: { ...env, BACKUP_KEEP: "1" } });
      expect([words, exitCode]).toEqual([words, 1]);
      expect(out + err).toMatch(/restore (it from )?a backup/);
      expect(err).not.toContain("Something went wrong that should not");
    }
    const restored = await run(["backup", "restore", made.id], { env });
    expect([restored.exitCode, restored.out]).toEqual([0, expect.stringContaining("Everything in it adds up.")]);
  });

  test("is not ready once a read has met the damage", async () => {
    const { path } = await shopFile();
    expect(damage(path, "name = 'products' AND pagetype = 'leaf'")).toBeGreaterThan(1);
    const shop = await served(path);
    const ready = () => call(shop, "GET", "/readyz");
    expect((await ready()).status).toBe(200);
    expect((await call(shop, "GET", "/api/v1/products?size=60")).status).toBe(503);
    const { status, body } = await ready();
    expect([status, body.code, body.detail]).toEqual([503, "database_failed", expect.stringContaining("backup")]);
    expect((await call(shop, "GET", "/healthz")).status).toBe(200);
    await shop.database.close();
  });

  test("is not ready once all pages were looked at, though nobody has read the damaged one", async () => {
    const { path } = await shopFile();
    for (const command of [undefined, PROGRAM]) {
      const sound = await served(path, command);
      await look(sound);
      expect((await call(sound, "GET", "/readyz")).status).toBe(200);
      await sound.database.close();
    }
    expect(damage(path, "name = 'audit_by_action'", 1)).toBe(1);
    for (const command of [undefined, PROGRAM]) {
      const shop = await served(path, command);
      expect((await call(shop, "GET", "/readyz")).status).toBe(200);
      expect(await look(shop).catch(String)).toContain("is damaged");
      expect((await call(shop, "GET", "/readyz")).status).toBe(503);
      await shop.database.close();
    }
  });

  test("rows that name nothing are found", async () => {
    const { path, env } = await shopFile();
    const database = new Sqlite(path);
    database.run("PRAGMA foreign_keys = OFF");
    database.run("DELETE FROM products WHERE id = (SELECT product_id FROM order_items LIMIT 1)");
    database.close();
    const { exitCode, out } = await run(["doctor"], { env });
    expect(exitCode).toBe(1);
    expect(out).not.toContain("Everything adds up.");
  });
});
