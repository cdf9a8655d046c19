import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { importOrders } from "../../src/imports/orders/import";
import { importProducts } from "../../src/imports/products/import";
import { clientOf } from "../support/client";
import { anyEngine } from "../support/engines";
import { newFolder } from "../support/program";
import { freshShop } from "../support/shop";

const folder = newFolder();
let files = 0;

function file(...lines: string[]): string {
  const path = join(folder, `file-${++files}.csv`);
  writeFileSync(path, lines.join("\n"));
  return path;
}

const HEADING = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
const invoices = (...lines: string[]) => file(HEADING, ...lines);
const options = { stock: 100, category: "Imported" };

describe.each(anyEngine)("rows at the edge of what an import takes on $name", (engine) => {
  test("a quantity of zero is no sale, and leaves the rest of the file in", async () => {
    const shop = await freshShop(engine);
    const path = invoices(
      "536365,85123A,HEART,0,2010-12-01 08:26:00,2.55,17850,UK",
      "536366,85123A,HEART,1,2010-12-01 08:27:00,2.55,17850,UK",
    );
    const report = await importOrders(shop, path, options);
    expect(report.rows).toMatchObject({ sold: 1, no_quantity: 1 });
    expect(report.orders.added).toBe(1);
  });

  test("a day that is still to come, and a year that no shop was there in, are refused with their lines", async () => {
    const shop = await freshShop(engine);
    const path = invoices(
      "999001,22423,STAND,1,2101-12-09 10:00:00,12.75,12347,UK",
      "999002,22423,STAND,1,0201-12-09 10:00:00,12.75,12347,UK",
      // The shop's now is 2030-01-01 09:00 in UTC; invoices may be written by another zone's clock.
      "999003,22423,STAND,1,2030-01-02 09:00:00,12.75,12347,UK",
      "999004,22423,STAND,1,2030-01-02 09:00:01,12.75,12347,UK",
      "999005,22423,STAND,1,1970-01-01 00:00:00,12.75,12347,UK",
    );
    const report = await importOrders(shop, path, options);
    expect(report.unreadable).toEqual([
      { line: 2, problem: "The date is in the future." },
      { line: 3, problem: "The date is too long ago." },
      { line: 5, problem: "The date is in the future." },
    ]);
    expect(report.orders.added).toBe(2);
  });

  test("a customer is there since the earliest order, in whatever order the file has them", async () => {
    const shop = await freshShop(engine);
    const path = invoices(
      "536366,85123A,HEART,1,2010-12-03 08:27:00,2.55,17850,UK",
      "536365,85123A,HEART,1,2010-12-01 08:26:00,2.55,17850,UK",
      "536367,85123A,HEART,1,2010-12-02 08:26:00,2.55,17850,UK",
    );
    await importOrders(shop, path, options);
    expect(await shop.database.all("SELECT created_at FROM users")).toEqual([
      { created_at: "2010-12-01T08:26:00.000Z" },
    ]);
  });

  test("a price beyond what is stored exactly is left out and named", async () => {
    const shop = await freshShop(engine);
    const path = invoices(
      "536365,85123A,HEART,1,2010-12-01 08:26:00,100000000000,17850,UK",
      "536366,85123A,HEART,1,2010-12-01 08:27:00,2.55,17850,UK",
    );
    const report = await importOrders(shop, path, options);
    expect(report.unreadable).toEqual([{ line: 2, problem: "The price is too large." }]);
    expect(report.orders.added).toBe(1);
  });

  test("a quote that never closes costs its own line, not the file", async () => {
    const shop = await freshShop(engine);
    const goods = Array.from({ length: 150 }, (_, number) => `mug-${number},Mug ${number},Kitchen,10`);
    const path = file("slug,name,category,price", 'bowl,"Bowl,Kitchen,10', ...goods);
    const report = await importProducts(shop, path);
    expect(report.new).toBe(150);
    expect(report.problems.map(({ line }) => line)).toEqual([2]);
    expect((await clientOf(shop).get("/products")).body.total).toBe(150);
  });
});
