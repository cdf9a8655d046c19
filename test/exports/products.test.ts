import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seedShop } from "../../src/demo/seed";
import { exportProducts } from "../../src/exports/products";
import { formats } from "../../src/exports/format";
import { importProducts } from "../../src/imports/products/import";
import type { ProductsOptions } from "../../src/imports/products/options";
import { uploaded } from "../../src/imports/source";
import { runCommand } from "../support/command";
import { buy, shelfOf } from "../support/buying";
import { type Client, newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const written = async (shop: TestShop, format: (typeof formats)[number]) =>
  (await Array.fromAsync(exportProducts(shop, format))).join("");

const take = (shop: TestShop, text: string, options: ProductsOptions = {}) =>
  importProducts(shop, uploaded(Buffer.from(text)), options);

/** All that is written down of the catalog. */
const state = (shop: TestShop) =>
  Promise.all([
    shop.database.all("SELECT * FROM products ORDER BY id"),
    shop.database.all("SELECT * FROM stock ORDER BY product_id"),
    shop.database.all("SELECT COUNT(*) AS moves FROM stock_moves"),
  ]);

describe.each(engines)("the catalog as a file, on $name", (engine) => {
  let shop: TestShop;
  let admin: Client;

  beforeAll(async () => {
    shop = await freshShop(engine);
    await seedShop(shop, { seed: 1, products: 300, customers: 1, orders: 0, yes: true, variants: true });
    admin = await newClient(shop, { admin: true });
    const awkward = [
      {
        slug: "formula",
        name: "=1+1",
        category: "'quoted",
        price: 1,
        sku: "@sum",
        barcode: "'=already",
        description: 'a\r\nb\n"c" \u00a0',
        attributes: {
          "=x": "-2",
          brand: " spaced ",
          ml: 300,
          nested: { a: [1] },
          flag: true,
          blank: " ",
          "two\nlines": "x",
          "": "none",
        },
      },
      {
        slug: "sale",
        low_stock_at: 12,
        name: "Sale; tab\t, comma",
        category: "A > B",
        price: 5.5,
        compare_at_price: 9,
        stock: 3,
        image_url: "/media/x.jpg",
        weight_grams: 12,
        tax_class: "reduced",
      },
      { slug: "parent", name: "Kurta", category: "Clothes", option_names: ["Size", "A|B"] },
    ];
    for (const product of awkward) expect((await admin.post("/products", product)).status).toBe(201);
    const { id } = (await admin.get("/products/slug/parent")).body;
    const variant = {
      slug: "kurta-m",
      name: "x",
      category: "x",
      price: 7,
      stock: 2,
      parent_id: id,
      options: { Size: "M", "A|B": "-1" },
    };
    expect((await admin.post("/products", variant)).status).toBe(201);
  }, 60_000);
  afterAll(() => shop.close());

  test.each(formats)("imported again untouched it changes nothing (%s)", async (format) => {
    const before = await state(shop);
    const text = await written(shop, format);
    const products = before[0].length;
    for (const update of [false, true]) {
      expect(await take(shop, text, { update })).toMatchObject({
        new: 0,
        changed: 0,
        different: 0,
        unchanged: products,
        refused: 0,
      });
    }
    expect(await state(shop)).toEqual(before);
  });

  test.each(formats)("makes the same catalog in an empty shop (%s)", async (format) => {
    const other = await freshShop(engine);
    const text = await written(shop, format);
    expect(await take(other, text)).toMatchObject({ new: (await state(shop))[0].length, refused: 0 });
    expect(await written(other, format)).toBe(text);
    await other.close();
  });

  test("what a spreadsheet would run has an apostrophe before it", async () => {
    const text = await written(shop, "csv");
    for (const line of text.split("\r\n")) expect(line).not.toMatch(/(^|,)"?[=@]/);
    expect(text).toContain("'=1+1");
    expect(text).toContain("''=already");
  });

  test("what is edited in it is changed, and nothing else", async () => {
    const text = await written(shop, "csv");
    const edited = text.replace(",5.5,9,3,", ",6,10,8,").replace("kurta-m,parent,,,,7,,2,", "kurta-m,parent,,,,8,,2,");
    expect(await take(shop, edited, { update: true })).toMatchObject({ changed: 2, new: 0, refused: 0 });
    expect((await admin.get("/products/slug/sale")).body).toMatchObject({ price: 6, compare_at_price: 10, stock: 8 });
    expect((await admin.get("/products/slug/parent")).body).toMatchObject({ price: 8, highest_price: 8 });
    const cleared = '{"slug":"sale","compare_at_price":null,"attributes":{"new":"one"},"stock":7}';
    expect(await take(shop, cleared, { update: true })).toMatchObject({ changed: 1 });
    expect((await admin.get("/products/slug/sale")).body).toMatchObject({
      compare_at_price: null,
      stock: 7,
      attributes: { new: "one" },
    });
  });

  test.each(formats)("taken back untouched after a sale it undoes no sale (%s)", async (format) => {
    const other = await freshShop(engine);
    const [mug, cup] = [await stockShelf(other, { slug: "mug", price: 10 }), await stockShelf(other, { slug: "cup" })];
    const text = await written(other, format);
    await buy(await newBuyer(other), [{ id: mug.id, qty: 3 }]);
    expect(await take(other, text, { update: true })).toMatchObject({ changed: 0, unchanged: 2, refused: 0 });
    // What else was edited is taken.
    const edited = text.replace("Kitchen", "Table");
    expect(await take(other, edited, { update: true })).toMatchObject({ changed: 1, unchanged: 1, refused: 0 });
    expect(await shelfOf(other, mug.id)).toEqual({ on_hand: 10, reserved: 3 });
    // A number that is neither is nobody's wish for sure; a file that says nothing else is a count.
    const strange = await take(other, "slug,name,stock\nmug,mug,9\ncup,cup,9\n", { update: true });
    expect(strange).toMatchObject({ changed: 1, refused: 1 });
    expect(await take(other, "slug,stock\nmug,9\n", { update: true })).toMatchObject({ changed: 1 });
    expect([await shelfOf(other, mug.id), await shelfOf(other, cup.id)]).toEqual([
      { on_hand: 12, reserved: 3 },
      { on_hand: 9, reserved: 0 },
    ]);
    await other.close();
  });

  test("by command, to a file or piped on", async () => {
    const piped = await runCommand(shop, ["product", "export", "--format", "jsonl"]);
    expect(piped.text).toBe(await written(shop, "jsonl"));
    const path = join(tmpdir(), `sanset-export-${crypto.randomUUID()}.csv`);
    const kept = await runCommand(shop, ["product", "export", "--out", path, "--excel"]);
    expect(kept.answer).toMatchObject({ rows: (await state(shop))[0].length });
    expect(Buffer.from(await Bun.file(path).bytes()).toString()).toBe(`\ufeff${await written(shop, "csv")}`);
    expect((await runCommand(shop, ["product", "import", path, "--update"])).text).toContain("0 changed");
    await Bun.file(path).delete();
    expect((await runCommand(shop, ["product", "export", "--out", "/nowhere/x.csv"])).failed).toContain(
      "can't be written",
    );
  });
});
