import { beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { importOrders, type OrdersOptions } from "../../src/imports/orders/import";
import { importProducts } from "../../src/imports/products/import";
import { migrate } from "../../src/storage/migrate";
import { openDatabase } from "../../src/storage/open";
import { type Client, clientOf, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder, run, start } from "../support/program";
import { freshShop, START, type TestShop } from "../support/shop";

const folder = newFolder();
let files = 0;

/** A file with this in it. */
function file(content: string | Uint8Array): string {
  const path = join(folder, `file-${++files}`);
  writeFileSync(path, content);
  return path;
}

const HEADING = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
const invoices = (...lines: string[]) => file([HEADING, ...lines].join("\n"));

const options: OrdersOptions = { stock: 1_000, category: "Imported", codes: /^\d{5}[A-Z]*$/ };

const countOf = async (shop: Pick<TestShop, "database">, table: string) =>
  (await shop.database.first<{ rows: number }>(`SELECT COUNT(*) AS rows FROM ${table}`))?.rows;

/** How many there are of everything that an import writes. */
const sizeOf = async (shop: Pick<TestShop, "database">) => ({
  users: await countOf(shop, "users"),
  products: await countOf(shop, "products"),
  stock_moves: await countOf(shop, "stock_moves"),
  orders: await countOf(shop, "orders"),
  order_items: await countOf(shop, "order_items"),
});

const nothing = { users: 0, products: 0, stock_moves: 0, orders: 0, order_items: 0 };

/** The message of what it was refused with, which must be about what was given. */
async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "ShopError", code: "invalid" });
  return error instanceof Error ? error.message : "";
}

/** The same row twice, as some other tool would write it. */
const table = (invoice: number) =>
  [
    "\ufeffPrice, Customer ID ,extra,invoice_date,Quantity,Stock Code,Invoice,Description,Country",
    row(invoice),
    "",
    row(invoice + 1),
  ].join("\r\n");

const row = (invoice: number) =>
  `2.55,17850,"a ""quoted"", comma",2010-12-01 08:26:00,6,85123A,${invoice},"WHITE\r\nHEART",United Kingdom`;

const mug = { slug: "blue-mug", name: "Blue mug", category: "Kitchen", price: 120.5 };

const mugAs = (slug: string) => Buffer.from(JSON.stringify({ ...mug, slug }));

describe.each(engines)("importing orders on $name", (engine) => {
  describe("a file with every kind of row", () => {
    let shop: TestShop;
    let anybody: Client;
    let path: string;

    beforeAll(async () => {
      shop = await freshShop(engine);
      anybody = clientOf(shop);
      path = invoices(
        "536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom",
        "536365,71053,WHITE METAL LANTERN,6,2010-12-01 08:26:00,3.39,17850,United Kingdom",
        // The same product under a rarer name and a newer price.
        "536366,85123a,HANGING HEART,2,2010-12-02 09:00,2.95,13047.0,France",
        "536367,85123A,WHITE HANGING HEART,1,2010-12-03T10:00:00,2.95,17850,United Kingdom",
        "C536379,71053,WHITE METAL LANTERN,-1,2010-12-01 09:41:00,3.39,17850,United Kingdom",
        "536370,71053,WHITE METAL LANTERN,1,2010-12-01 09:41:00,3.39,,United Kingdom",
        "536371,71053,damaged,-5,2010-12-01 09:41:00,3.39,17850,United Kingdom",
        "536372,71053,WHITE METAL LANTERN,5,2010-12-01 09:41:00,0,17850,United Kingdom",
        "536373,POST,POSTAGE,1,2010-12-01 09:41:00,18,17850,France",
        "536374,71053,WHITE METAL LANTERN,much,2010-12-01 09:41:00,3.39,17850,France",
        "536375,71053,WHITE METAL LANTERN,1,yesterday,3.39,17850,France",
        "536376,71053,WHITE METAL LANTERN,1,2010-12-01 09:41:00,cheap,17850,France",
        ",71053,WHITE METAL LANTERN,1,2010-12-01 09:41:00,3.39,17850,France",
        "536377,71053,too,few",
        '536378,71053,"a nul \0 in it",1,2010-12-01 09:41:00,3.39,17850,France',
        "536379,71053,WHITE METAL LANTERN,1,2010-12-01 09:41:00,1e300,17850,France",
        "536380,71053,WHITE METAL LANTERN,2000000000,2010-12-01 09:41:00,3.39,17850,France",
      );
    });

    test("counts each row by what became of it, and names the bad ones by their line", async () => {
      const report = await importOrders(shop, path, options);
      expect(report).toMatchObject({
        rows: { sold: 4, cancelled: 1, no_customer: 1, no_quantity: 1, no_price: 1, no_product: 1, unreadable: 8 },
        products: { added: 2, already_there: 0 },
        customers: { added: 2, already_there: 0 },
        orders: { added: 3, already_there: 0 },
      });
      expect(report.unreadable.map(({ line }) => line)).toEqual([11, 12, 13, 14, 15, 16, 17, 18]);
      for (const { problem } of report.unreadable) expect(problem).toMatch(/^The .+\.$|^There .+\.$/);
    });

    test("gives products their commonest name, their last price and a stock", async () => {
      const { body } = await anybody.get("/products?sort=name");
      expect(body.items).toMatchObject([
        {
          slug: "white-hanging-heart-85123a",
          name: "WHITE HANGING HEART",
          category: "Imported",
          price: 2.95,
          stock: 1_000,
          attributes: { code: "85123A" },
          created_at: "2010-12-01T08:26:00.000Z",
        },
        { slug: "white-metal-lantern-71053", price: 3.39, stock: 1_000, attributes: { code: "71053" } },
      ]);
      expect((await anybody.get("/products?attr.code=85123A")).body.total).toBe(1);
    });

    test("counts what was sold as popular, without taking it from the stock", async () => {
      const { body } = await anybody.get("/products?sort=popular");
      expect(body.items.map(({ attributes }: { attributes: { code: string } }) => attributes.code)).toEqual([
        "85123A",
        "71053",
      ]);
    });

    test("gives orders their real dates and prices", async () => {
      const orders = await shop.database.all(
        `SELECT o.source, o.placed_at, o.total_minor, o.status, o.payment_status, u.email
         FROM orders o JOIN users u ON u.id = o.user_id ORDER BY o.source`,
      );
      const done = { status: "delivered", payment_status: "paid" };
      expect(orders).toEqual([
        {
          source: "invoice:536365",
          placed_at: "2010-12-01T08:26:00.000Z",
          total_minor: 6 * 255 + 6 * 339,
          email: "17850@imported.invalid",
          ...done,
        },
        {
          source: "invoice:536366",
          placed_at: "2010-12-02T09:00:00.000Z",
          total_minor: 590,
          email: "13047@imported.invalid",
          ...done,
        },
        {
          source: "invoice:536367",
          placed_at: "2010-12-03T10:00:00.000Z",
          total_minor: 295,
          email: "17850@imported.invalid",
          ...done,
        },
      ]);
    });

    test("makes customers who can't sign in", async () => {
      for (const password of ["", " ", "null", "17850"]) {
        const { status } = await anybody.post("/auth/login", { email: "17850@imported.invalid", password });
        expect(status).not.toBe(200);
      }
    });

    test("run again, it changes nothing", async () => {
      const before = await sizeOf(shop);
      const popular = await shop.database.all("SELECT product_id, ordered FROM stock ORDER BY product_id");
      expect(await importOrders(shop, path, options)).toMatchObject({
        rows: { sold: 4 },
        products: { added: 0, already_there: 2 },
        customers: { added: 0, already_there: 2 },
        orders: { added: 0, already_there: 3 },
      });
      expect(await sizeOf(shop)).toEqual(before);
      expect(await shop.database.all("SELECT product_id, ordered FROM stock ORDER BY product_id")).toEqual(popular);
    });

    test("run again with a newer file, it adds what is new, also to products that were changed here", async () => {
      const admin = await newClient(shop, { admin: true });
      const { id } = (await anybody.get("/products/slug/white-hanging-heart-85123a")).body;
      await admin.put(`/products/${id}`, { price: 9, attributes: {} });
      const newer = invoices(
        "536365,85123A,WHITE HANGING HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom",
        "536400,85123A,WHITE HANGING HEART,3,2011-01-01 08:26:00,3.00,17850,United Kingdom",
      );
      expect((await importOrders(shop, newer, options)).orders).toEqual({ added: 1, already_there: 1 });
      expect((await anybody.get(`/products/${id}`)).body.price).toBe(9);
      const line = await shop.database.first(
        `SELECT i.product_id, i.qty, i.price_minor FROM orders o JOIN order_items i ON i.order_id = o.id
         WHERE o.source = 'invoice:536400'`,
      );
      expect(line).toEqual({ product_id: id, qty: 3, price_minor: 300 });
    });
  });

  test("plain, gzip and zstd are read alike, and columns are known by their names", async () => {
    const shop = await freshShop(engine);
    const paths = [
      file(table(1)),
      file(Bun.gzipSync(Buffer.from(table(3)))),
      file(Bun.zstdCompressSync(Buffer.from(table(5)))),
    ];
    for (const path of paths) {
      expect(await importOrders(shop, path, options)).toMatchObject({
        rows: { sold: 2, unreadable: 0 },
        orders: { added: 2 },
      });
    }
    expect(await countOf(shop, "products")).toBe(1);
    await shop.close();
  });

  test("a wrong file changes nothing and says why", async () => {
    const shop = await freshShop(engine);
    const lines = [
      HEADING,
      ...Array.from({ length: 3_000 }, (_, row) => `${row},85123A,HEART,6,2010-12-01 08:26,2.55,1,UK`),
    ];
    const gzip = Bun.gzipSync(Buffer.from(lines.join("\n")));
    const zstd = Bun.zstdCompressSync(Buffer.from(lines.join("\n")));
    for (const [path, reason] of [
      [file("a,b\n1,2\n"), "no column"],
      [file("InvoiceNo,StockCode\n1,2\n"), "no column date"],
      [file("<!doctype html><title>404</title>"), "no column"],
      [file(crypto.getRandomValues(new Uint8Array(5_000))), ""],
      [file(gzip.subarray(0, gzip.length / 2)), "can't be read"],
      [file(""), "is empty"],
      [file("\r\n\n"), "is empty"],
      [file(HEADING), "no row below its heading"],
      [invoices("", ""), "no row below its heading"],
      [invoices("1,85123A,HEART,much,2010-12-01 08:26,2.55,1,UK", "2,too,few"), "Not one row"],
      [file(Buffer.from(lines.join("\n").replace("HEART", "CAFÉ"), "latin1")), "is not UTF-8"],
      [file(zstd.subarray(0, zstd.length / 2)), "can't be read"],
      [file(zstd.subarray(0, zstd.length - 1)), "can't be read"],
      [file(Buffer.concat([zstd, zstd.subarray(0, zstd.length / 2)])), "can't be read"],
      [join(folder, "none.csv"), "there is no such file"],
      [folder, "is not a file"],
    ] as const) {
      expect(await refusal(importOrders(shop, path, options))).toContain(reason);
    }
    expect(await sizeOf(shop)).toEqual(nothing);
    await shop.close();
  });

  test("a lost quote costs the invoice whose line it is in, and no other", async () => {
    const shop = await freshShop(engine);
    const name = { 3: '"HEART', 50: '"HEART, RED"', 180: 'HEART 5"', 250: '"HEART' } as Record<number, string>;
    // Two lines to an invoice: those of lines 2 and 3 of the file are the first's.
    const lines = Array.from({ length: 400 }, (_, index) => index + 2).map(
      (line) => `${9_000 + Math.floor(line / 2)},85123A,${name[line] ?? "HEART"},6,2010-12-01 08:26,2.55,1,UK`,
    );
    const report = await importOrders(shop, invoices(...lines), options);
    expect(report.unreadable.map(({ line }) => line)).toEqual([3, 180, 250]);
    expect(report).toMatchObject({ rows: { sold: 394, incomplete: 3, unreadable: 3 }, orders: { added: 197 } });
    expect(await countOf(shop, "order_items")).toBe(394);
    const mended = lines.map((line) => line.replace('"HEART,6', "HEART,6").replace('5"', "5"));
    expect(await importOrders(shop, invoices(...mended), options)).toMatchObject({
      rows: { sold: 400, incomplete: 0, unreadable: 0 },
      orders: { added: 3, already_there: 197 },
    });
    expect(await countOf(shop, "order_items")).toBe(400);
  });

  test("a text over several lines is one row, known by its first line", async () => {
    const shop = await freshShop(engine);
    const path = invoices(
      '1,85123A,"WHITE\nHEART,\n""RED""",6,2010-12-01 08:26,2.55,1,UK',
      '2,85123A,"WHITE\nHEART",much,2010-12-01 08:26,2.55,1,UK',
      "3,85123A,HEART,much,2010-12-01 08:26,2.55,1,UK",
    );
    const report = await importOrders(shop, path, options);
    expect(report).toMatchObject({ rows: { sold: 1, unreadable: 2 }, orders: { added: 1 } });
    expect(report.unreadable.map(({ line }) => line)).toEqual([5, 7]);
    expect((await clientOf(shop).get("/products")).body.items[0].name).toBe('WHITE\nHEART,\n"RED"');
  });

  test("a product that was taken out of the catalog stays out, and new orders may still name it", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const lines = ["1,85123A,HEART,6,2010-12-01 08:26,2.55,1,UK", "2,71053,LANTERN,6,2010-12-01 08:26,2.55,1,UK"];
    await importOrders(shop, invoices(...lines), options);
    const { id } = (await admin.get("/products/slug/heart-85123a")).body;
    expect((await admin.delete(`/products/${id}`)).status).toBe(204);
    const newer = invoices(...lines, "3,85123A,RED HEART,2,2010-12-02 08:26,2.55,1,UK");
    expect(await importOrders(shop, newer, options)).toMatchObject({
      products: { added: 0, already_there: 2 },
      orders: { added: 1, already_there: 2 },
    });
    expect((await admin.get("/products")).body.items).toMatchObject([{ slug: "lantern-71053" }]);
    expect((await admin.get("/search?q=heart")).body).toEqual([]);
    const sold = await shop.database.all("SELECT qty FROM order_items WHERE product_id = $1 ORDER BY order_id", [id]);
    expect(sold).toEqual([{ qty: 6 }, { qty: 2 }]);
    // One that the shop sells under the same code goes before it.
    const { id: other } = await stockShelf(shop, { slug: "our-heart", attributes: { code: "85123A" } });
    await importOrders(shop, invoices("4,85123A,HEART,2,2010-12-03 08:26,2.55,1,UK"), options);
    const line = await shop.database.first(
      "SELECT i.product_id FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.source = 'invoice:4'",
    );
    expect(line).toEqual({ product_id: other });
  });

  test("a number is written in digits, and a date is one that there is", async () => {
    const shop = await freshShop(engine);
    const path = invoices(
      "1,85123A,HEART, 6 ,2012-02-29 08:26, 2.55 ,1,UK",
      "2,85123A,HEART,6,2010-02-31 08:26,2.55,1,UK",
      "3,85123A,HEART,6,2011-02-29T00:00:00Z,2.55,1,UK",
      "4,85123A,HEART,6,2010-12-01 24:00,2.55,1,UK",
      "5,85123A,HEART,0x10,2010-12-01 08:26,2.55,1,UK",
      "6,85123A,HEART,6,2010-12-01 08:26,1e1,1,UK",
    );
    const report = await importOrders(shop, path, options);
    expect(report).toMatchObject({ rows: { sold: 1, unreadable: 5 }, orders: { added: 1 } });
    expect(report.unreadable.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
  });

  test("an invoice is taken in whole or not at all", async () => {
    const shop = await freshShop(engine);
    const lines = [
      "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,1,UK",
      "536365,71053,LANTERN,six,2010-12-01 08:26:00,3.39,1,UK",
      "536366,85123A,HEART,6,2010-12-01 08:26:00,2.55,1,UK",
      ",71053,LANTERN,6,2010-12-01 08:26:00,3.39,1,UK",
      "536367,85123A,HEART,6,2010-12-01 08:26:00,2.55,1,UK",
      "536368,85123A,HEART,6,2010-12-01 08:26:00,2.55,2,UK",
      "536368,71053,LANTERN,6,2010-12-01 08:26:00,3.39,2,UK",
    ];
    const cutWithinItsNumber = [...lines.slice(0, -1), "536"];
    expect(await importOrders(shop, invoices(...cutWithinItsNumber), options)).toMatchObject({
      rows: { sold: 1, incomplete: 3, unreadable: 3 },
      products: { added: 1 },
      customers: { added: 1 },
      orders: { added: 1 },
    });
    const whole = lines.map((line) => line.replace("six", "6").replace(/^,/, "536366,"));
    expect(await importOrders(shop, invoices(...whole), options)).toMatchObject({
      orders: { added: 3, already_there: 1 },
    });
    expect(await countOf(shop, "order_items")).toBe(7);
  });

  test("a file that is refused ends with exit code 1, and says which lines are bad", async () => {
    const place = await engine.newPlace();
    const path = invoices("1,85123A,HEART,much,2010-12-01 08:26,2.55,1,UK");
    const ended = await run(["import", "orders", path], { cwd: folder, env: { DATABASE_URL: place.url } });
    expect(ended).toEqual({
      exitCode: 1,
      out: "",
      err: `Not one row of ${path} can be read. Nothing was changed.\n  line 2: The quantity is not a whole number.\n`,
    });
    await place.remove();
  });

  test("killed half way and run again, everything is there, once", async () => {
    const orders = 6_000;
    const path = invoices(
      ...Array.from({ length: orders }, (_, invoice) =>
        [0, 1].map(
          (line) =>
            `${500_000 + invoice},${10_000 + ((invoice + line) % 300)},THING,2,2010-12-01 08:26:00,1.50,${invoice % 500},UK`,
        ),
      ).flat(),
    );
    const place = await engine.newPlace();
    const database = await openDatabase(place.address);
    await migrate(database);
    const env = { DATABASE_URL: place.url };
    const child = start(["import", "orders", path], { cwd: folder, env });
    while (child.exitCode === null && (await countOf({ database }, "orders")) === 0) await Bun.sleep(2);
    child.kill("SIGKILL");
    await child.exited;
    const half = (await countOf({ database }, "orders")) ?? 0;
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(orders);
    const again = await run(["import", "orders", path, "--json"], { cwd: folder, env });
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.out).orders).toEqual({ added: orders - half, already_there: half });
    expect(await sizeOf({ database })).toEqual({
      users: 500,
      products: 300,
      stock_moves: 300,
      orders,
      order_items: 2 * orders,
    });
    const uneven = await database.all(
      `SELECT s.product_id FROM stock s JOIN order_items i ON i.product_id = s.product_id
       GROUP BY s.product_id, s.ordered HAVING s.ordered <> SUM(i.qty)`,
    );
    expect(uneven).toEqual([]);
    await database.close();
    await place.remove();
  });
});

describe.each(engines)("importing products on $name", (engine) => {
  let shop: TestShop;
  let anybody: Client;

  beforeAll(async () => {
    shop = await freshShop(engine);
    anybody = clientOf(shop);
  });

  test("JSON lines are products as POST /products takes them, and bad lines stop nothing", async () => {
    const lines = [
      JSON.stringify({ ...mug, stock: 7, attributes: { brand: "Amber", ml: 300 }, description: "Holds tea" }),
      "",
      "not JSON",
      JSON.stringify({ ...mug, slug: "dear", price: "12" }),
      JSON.stringify({ ...mug, slug: "precise", price: 1.005 }),
      JSON.stringify({ ...mug, slug: "sly", id: 7 }),
      JSON.stringify([1]),
      JSON.stringify({ ...mug, slug: "red-mug", name: "Red mug" }),
    ];
    const path = file(lines.join("\n"));
    const report = await importProducts(shop, path);
    expect(report).toMatchObject({ new: 2, unchanged: 0 });
    expect(report.problems.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
    expect(report.problems[1]?.problem).toContain("price");
    expect((await anybody.get("/products/slug/blue-mug")).body).toMatchObject({
      ...mug,
      stock: 7,
      attributes: { brand: "Amber", ml: 300 },
      description: "Holds tea",
      created_at: START.toISOString(),
    });
    expect(await importProducts(shop, path)).toMatchObject({ new: 0, unchanged: 2 });
  });

  test("CSV says the same in columns, attributes among them", async () => {
    const path = file(
      [
        "\ufeffslug,name,category,price,stock,description,attr.brand,attributes",
        'cup,"Cup, ""small""",Kitchen,40.5,3,,Amber,"{""ml"": 200}"',
        "bowl,Bowl,Kitchen,,3,,,",
        "jar,Jar,Kitchen,1,many,,,",
        "jug,Jug,Kitchen,1,,,,not JSON",
        "pot,Pot,Kitchen",
        '"=HYPERLINK(""x"")",Pan,Kitchen,1,,,,',
        "plate,Plate,Kitchen,0,,,,",
      ].join("\r\n"),
    );
    const report = await importProducts(shop, path);
    expect(report).toMatchObject({ new: 2, unchanged: 0 });
    expect(report.problems.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7]);
    expect((await anybody.get("/products/slug/cup")).body).toMatchObject({
      name: 'Cup, "small"',
      price: 40.5,
      stock: 3,
      description: null,
      attributes: { brand: "Amber", ml: 200 },
    });
    expect((await anybody.get("/products/slug/plate")).body).toMatchObject({ price: 0, stock: 0, attributes: {} });
  });

  test("a price in a CSV is a number in digits: blank is none, and none is given away", async () => {
    const prices = ["12.50", " 7 ", " ", "0x10", "1e1", "Infinity", "1,5", ".5", "-1", "1.", "\t"];
    const lines = prices.map((price, line) => `numbered-${line},Mug,Kitchen,"${price}", `);
    const report = await importProducts(shop, file(["slug,name,category,price,stock", ...lines].join("\n")));
    expect(report).toMatchObject({ new: 4, unchanged: 0 });
    expect(report.problems.map(({ line }) => line)).toEqual([4, 5, 6, 7, 10, 11, 12]);
    for (const { problem } of report.problems) expect(problem).toMatch(/^price: /);
    expect((await anybody.get("/products/slug/numbered-0")).body).toMatchObject({ price: 12.5, stock: 0 });
    expect((await anybody.get("/products/slug/numbered-1")).body).toMatchObject({ price: 7, stock: 0 });
    expect((await anybody.get("/products/slug/numbered-6")).body).toMatchObject({ price: 1.5 });
    expect((await anybody.get("/products/slug/numbered-7")).body).toMatchObject({ price: 0.5 });
  });

  test("a lost quote costs no other line of a CSV", async () => {
    const before = await countOf(shop, "products");
    const lines = Array.from({ length: 300 }, (_, line) => `shelf-${line},${line === 40 ? '"' : ""}Shelf,Kitchen,1`);
    const report = await importProducts(shop, file(["slug,name,category,price", ...lines].join("\n")));
    expect(report).toMatchObject({ new: 299, problems: [{ line: 42 }] });
    expect(await countOf(shop, "products")).toBe((before ?? 0) + 299);
  });

  test("what was imported is found at once", async () => {
    await importProducts(shop, file(JSON.stringify({ ...mug, slug: "zebra", name: "Zebra finch feeder" })));
    expect((await anybody.get("/search?q=finch")).body).toMatchObject([{ slug: "zebra" }]);
  });

  test("a slug that is taken keeps its product, and one that stands twice in a file is named", async () => {
    await stockShelf(shop, { slug: "taken", name: "Ours" });
    const path = file(
      ["taken", "twice", "twice"]
        .map((slug, line) => JSON.stringify({ ...mug, slug, name: `Line ${line}` }))
        .join("\n"),
    );
    expect(await importProducts(shop, path)).toMatchObject({
      new: 1,
      different: 1,
      refused: 1,
      problems: [{ line: 3, problem: "slug: twice stands in line 2 too." }],
    });
    expect((await anybody.get("/products/slug/taken")).body.name).toBe("Ours");
    expect((await anybody.get("/products/slug/twice")).body.name).toBe("Line 1");
  });

  test("gzip and zstd are read as they are", async () => {
    expect(await importProducts(shop, file(Bun.gzipSync(mugAs("gz"))))).toMatchObject({ new: 1 });
    expect(await importProducts(shop, file(Bun.zstdCompressSync(mugAs("zst"))))).toMatchObject({ new: 1 });
  });

  test("a wrong file changes nothing and says why", async () => {
    const before = await sizeOf(shop);
    const many = Array.from({ length: 5_000 }, (_, row) =>
      JSON.stringify({ ...mug, slug: `wrong-${row}`, name: crypto.randomUUID() }),
    );
    const gzip = Bun.gzipSync(Buffer.from(many.join("\n")));
    const zstd = Bun.zstdCompressSync(Buffer.from(many.join("\n")));
    for (const [path, reason] of [
      [file(""), "is empty"],
      [file("a,b\n1,2\n"), "Found the columns a, b."],
      [file("\n \n"), "is empty"],
      [file("slug,name,category,price\n"), "no row below its heading"],
      [file("slug,name,category,price\nmug,Mug,Kitchen,dear\n"), "Not one row"],
      [file(`{}\n{"slug": 1}`), "Not one row"],
      [file(JSON.stringify([{ ...mug, slug: "in-a-list" }])), "one JSON object a line"],
      [file(`\n[\n${JSON.stringify({ ...mug, slug: "in-a-list" })}\n]\n`), "one JSON object a line"],
      [file(JSON.stringify({ ...mug, slug: "pretty" }, undefined, 2)), "one JSON object a line"],
      [file(JSON.stringify([{ ...mug, slug: "pretty" }], undefined, 2)), "one JSON object a line"],
      [file(Buffer.from("slug,name,category,price\ncafe,Café,Kitchen,1\n", "latin1")), "is not UTF-8"],
      [file("slug,name,category,price,colour\n"), "no place for the column colour"],
      [file("<!doctype html><title>404</title>"), "no column"],
      [file(new Uint8Array([0x7b, 0xff, 0xfe, 0x0a])), "can't be read"],
      [file(gzip.subarray(0, gzip.length - 100)), "can't be read"],
      [file(zstd.subarray(0, zstd.length - 100)), "can't be read"],
      [file(Buffer.concat([Buffer.from(`${many.join("\n")}\n`), new Uint8Array([0xe2, 0x82])])), "can't be read"],
      [join(folder, "none.csv"), "there is no such file"],
    ] as const) {
      expect(await refusal(importProducts(shop, path))).toContain(reason);
    }
    expect(await sizeOf(shop)).toEqual(before);
  });
});
