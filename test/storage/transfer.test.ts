import { describe, expect, test } from "bun:test";
import { demoSize, seedShop } from "../../src/demo/seed";
import { examine } from "../../src/doctor/doctor";
import { reindex } from "../../src/catalog/indexing";
import { openShop } from "../../src/shop/shop";
import type { Database } from "../../src/storage/database";
import { copyMedia, openMedia } from "../../src/media/files";
import { migrate } from "../../src/storage/migrate";
import { openDatabase } from "../../src/storage/open";
import { transfer } from "../../src/storage/transfer/transfer";
import { finishBackgroundWork } from "../../src/jobs/runner";
import { call, newBuyer } from "../support/client";
import { runCommand } from "../support/command";
import { engines, type TestEngine } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, POOLS, type TestShop } from "../support/shop";

/** There and back again is both ways; where there is but one engine, it is copied into itself. */
const pairs = engines
  .flatMap((from) => engines.map((to) => ({ from, to, name: `${from.name} to ${to.name}` })))
  .filter(({ from, to }) => engines.length === 1 || from !== to);

/** A shop with something in most of its tables, and with words in several scripts. */
async function filledShop(engine: TestEngine): Promise<TestShop> {
  const shop = await freshShop(engine);
  await seedShop(shop, { ...demoSize, products: 30, customers: 8, orders: 40, yes: true });
  const mug = await stockShelf(shop, {
    name: "कप ☕ “Ünïcödé”",
    attributes: { z: 1.5, a: [1, "x", { deep: null }], ok: true },
    stock: 7,
  });
  const buyer = await newBuyer(shop);
  await buyer.post("/cart/add", { product_id: mug.id, qty: 2 });
  const placed = await buyer.post("/orders/checkout", { payment_method: "cod", address_id: buyer.address_id });
  expect(placed.status).toBe(201);
  await buyer.post("/cart/add", { product_id: mug.id, qty: 1 });
  // Pictures name their product, and a product may name one of them.
  await shop.database.transaction(async (tx) => {
    await tx.run(
      `INSERT INTO product_images (product_id, position, hash, width, height, created_at) VALUES ($1, 0, 'abc', 1, 1, $2)`,
      [mug.id, shop.now().toISOString()],
    );
    await tx.run("UPDATE products SET image_id = (SELECT MAX(id) FROM product_images) WHERE id = $1", [mug.id]);
  });
  return shop;
}

async function emptyTarget(engine: TestEngine): Promise<{ target: Database; close(): Promise<void> }> {
  const place = await engine.newPlace();
  const target = await openDatabase(place.address, POOLS);
  await migrate(target);
  return { target, close: async () => (await target.close(), place.remove()) };
}

const nothing = () => {};

describe.each(pairs)("copying a shop from $name", ({ from, to }) => {
  test("brings all of it, there and back again", async () => {
    const shop = await filledShop(from);
    const there = await emptyTarget(to);
    const report = await transfer(shop.database, there.target, nothing);
    expect(report.rows).toBeGreaterThan(500);
    const back = await emptyTarget(from);
    expect(await transfer(there.target, back.target, nothing)).toEqual(report);
    await back.close();

    const copy = openShop(there.target, shop.settings, { now: shop.now, log: nothing });
    await reindex(copy);
    expect(await examine(copy)).toEqual(await examine(shop));
    await there.close();
  }, 120_000);

  test("that is broken off is completed by the next run, and is no shop before", async () => {
    const shop = await filledShop(from);
    const { target, close } = await emptyTarget(to);
    let batches = 0;
    const broken = transfer(shop.database, target, () => {
      if (++batches === 12) throw new Error("cut off");
    });
    expect(await broken.catch((error: unknown) => String(error))).toContain("cut off");
    expect(await migrate(target).catch((error: unknown) => String(error))).toContain("has not come to its end");
    const whole = await transfer(shop.database, target, nothing);
    expect(whole.rows).toBeGreaterThan(500);
    expect(await migrate(target)).toEqual([]);
    await close();
  }, 120_000);

  test("gives new rows ids above all that were ever given", async () => {
    const shop = await filledShop(from);
    const last = await stockShelf(shop);
    await shop.database.transaction(async (tx) => {
      for (const table of ["stock_moves", "product_attributes", "sold_out", "stock", "search_index"]) {
        const column = {
          product_attributes: "source_id",
          search_index: tx.engine === "sqlite" ? "rowid" : "product_id",
        }[table];
        await tx.run(`DELETE FROM ${table} WHERE ${column ?? "product_id"} = $1`, [last.id]);
      }
      await tx.run("DELETE FROM products WHERE id = $1", [last.id]);
    });
    const { target, close } = await emptyTarget(to);
    await transfer(shop.database, target, nothing);
    const copy = openShop(target, shop.settings, { now: shop.now, log: nothing });
    const next = await stockShelf({ ...shop, ...copy });
    expect(next.id).toBeGreaterThan(last.id);
    await close();
  }, 120_000);

  test("is refused while a program has it open, and said in a table when it is done", async () => {
    const shop = await filledShop(from);
    const place = await to.newPlace();
    const words = ["database", "copy", "--from", shop.place.url, "--to", place.url];
    expect((await runCommand(shop, words)).failed).toContain("Stop the shop");
    await finishBackgroundWork(shop);
    await shop.database.close();
    const { text, answer, failed } = await runCommand(shop, words);
    expect(failed).toBeUndefined();
    expect(text).toMatch(/orders +\d+ +[0-9a-f]{16}/);
    expect(answer).toMatchObject({ rows: expect.any(Number), pictures: expect.any(Number) });
    await place.remove();
  }, 120_000);

  test("into one that is not empty is refused, and changes nothing there", async () => {
    const shop = await freshShop(from);
    const other = await freshShop(to);
    const kept = await stockShelf(other);
    const refused = await transfer(shop.database, other.database, nothing).catch((error: unknown) => String(error));
    expect(refused).toContain("not empty");
    expect((await call(other, "GET", `/api/v1/products/${kept.id}`)).status).toBe(200);
  }, 60_000);
});

test("pictures are copied too, those that are not there yet", async () => {
  const [one, other] = await Promise.all([0, 1].map(() => freshShop(pairs[0]?.from ?? engineMissing())));
  if (!one || !other) throw new Error("No shops.");
  const [from, to] = [openMedia(one.settings), openMedia(other.settings)];
  const names = ["0", "1"].map((digit) => `${digit.repeat(32)}-160.webp`);
  for (const name of names) await from.put(name, new Uint8Array([1, 2, 3]));
  await to.put(names[0] ?? "", new Uint8Array([1, 2, 3]));
  expect(await copyMedia(from, to)).toBe(2);
  expect((await to.list()).toSorted()).toEqual(names);
  expect(await to.get(names[1] ?? "")).toEqual(new Uint8Array([1, 2, 3]));
});

function engineMissing(): never {
  throw new Error("SQLite is always there.");
}
