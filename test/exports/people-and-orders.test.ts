import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { seedShop } from "../../src/demo/seed";
import { examine } from "../../src/doctor/doctor";
import { exportCustomers } from "../../src/exports/customers";
import { formats } from "../../src/exports/format";
import { exportOrders } from "../../src/exports/orders";
import { importCustomers } from "../../src/imports/customers";
import { importOrders } from "../../src/imports/orders/import";
import { uploaded } from "../../src/imports/source";
import { newBuyer } from "../support/client";
import { clientOf, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const together = async (pieces: AsyncIterable<string>) => (await Array.fromAsync(pieces)).join("");
const source = (text: string) => uploaded(Buffer.from(text));
const options = { stock: 0, category: "Imported" };

const state = (shop: TestShop) =>
  Promise.all(
    ["users", "addresses", "products", "stock", "orders", "order_items"].map((table) =>
      shop.database.all(`SELECT * FROM ${table} ORDER BY 1, 2`),
    ),
  );

const sums = (of: TestShop, where: string) =>
  of.database.first(
    `SELECT COUNT(*) AS orders, CAST(SUM(total_minor) AS DOUBLE PRECISION) AS total FROM orders WHERE ${where}`,
  );

describe.each(engines)("orders and customers as files, on $name", (engine) => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await freshShop(engine);
    await seedShop(shop, { seed: 1, products: 40, customers: 20, orders: 60, yes: true });
    const { id } = await stockShelf(shop, { slug: "gone", name: "=Gone", price: 12.5, stock: 9 });
    const buyer = await newBuyer(shop);
    await buyer.post("/cart/add", { product_id: id, qty: 2 });
    const placed = await buyer.post("/orders/checkout", { payment_method: "mock", address_id: buyer.address_id });
    expect(placed.status).toBe(201);
    await buyer.post("/cart/add", { product_id: id, qty: 1 });
    const paid = await buyer.post("/orders/checkout", { payment_method: "cod", address_id: buyer.address_id });
    const admin = await newClient(shop, { admin: true });
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${paid.body.order_id}/${step}`);
    await admin.delete(`/products/${id}`);
  }, 60_000);
  afterAll(() => shop.close());

  test.each(formats)("imported again untouched they change nothing (%s)", async (format) => {
    const orders = await together(exportOrders(shop, format));
    const customers = await together(exportCustomers(shop, format));
    const before = await state(shop);
    const report = await importOrders(shop, source(orders), options);
    expect(report.orders).toMatchObject({ added: 0 });
    expect(report.unreadable).toEqual([]);
    for (const update of [false, true]) {
      expect(await importCustomers(shop, source(customers), { update })).toMatchObject({
        new: 0,
        changed: 0,
        different: 0,
        refused: 0,
      });
    }
    expect(await state(shop)).toEqual(before);
  });

  test.each(formats)("another shop takes them in, with the same sums (%s)", async (format) => {
    const other = await freshShop(engine);
    const customers = await importCustomers(other, source(await together(exportCustomers(shop, format))));
    expect(customers.new).toBeGreaterThan(20);
    const report = await importOrders(other, source(await together(exportOrders(shop, format))), options);
    const paid =
      "status IN ('delivered', 'shipped', 'packed', 'placed') AND payment_status IN ('paid', 'partially_refunded')";
    expect(await sums(other, "1 = 1")).toEqual(await sums(shop, paid));
    expect(report.orders.added).toBeGreaterThan(20);
    expect(await importOrders(other, source(await together(exportOrders(shop, format))), options)).toMatchObject({
      orders: { added: 0 },
    });
    expect(await examine(other)).toEqual([]);
    await other.close();
  });

  test("a name that a spreadsheet would run has an apostrophe before it, and passwords are nowhere", async () => {
    const orders = await together(exportOrders(shop, "csv"));
    expect(orders).toContain(",'=Gone,");
    expect(await together(exportCustomers(shop, "jsonl"))).not.toContain("password");
  });

  test("customers of Shopify come with their address, an edited name is taken over, an admin's never", async () => {
    await newClient(shop, { email: "boss@example.com", admin: true });
    const heading =
      "First Name,Last Name,Email,Company,Address1,City,Province Code,Country Code,Zip,Phone,Accepts Marketing";
    const file = [
      heading,
      "Ann,Lee,ann.lee@example.com,,1 Main St,Boston,MA,US,'02108,'+1617555,yes",
      "No,Mail,,,,,,,,,no",
      "Not,One,not-a-mail,,,,,,,,no",
      "Ann,Twice,ANN.LEE@example.com,,,,,,,,no",
      "The,Boss,boss@example.com,,,,,,,,no",
    ].join("\n");
    const report = await importCustomers(shop, source(file), { update: true });
    expect(report).toMatchObject({ new: 1, refused: 4 });
    expect(report.problems.map(({ line }) => line)).toEqual([3, 4, 5, 6]);
    const kept = await shop.database.first(
      "SELECT u.full_name, u.phone, u.password_hash, a.city, a.pincode FROM users u JOIN addresses a ON a.user_id = u.id WHERE u.email_key = 'ann.lee@example.com'",
    );
    expect(kept).toEqual({
      full_name: "Ann Lee",
      phone: "+1617555",
      password_hash: null,
      city: "Boston",
      pincode: "02108",
    });
    expect((await clientOf(shop).post("/auth/login", { email: "ann.lee@example.com", password: "" })).status).not.toBe(
      200,
    );
    expect(await importCustomers(shop, source(`${heading}\nAnna,Lee,ann.lee@example.com,,,,,,,,yes`))).toMatchObject({
      different: 1,
    });
    const edited = "email,full_name\nann.lee@example.com,Anna Lee\n";
    expect(await importCustomers(shop, source(edited), { update: true, dryRun: true })).toMatchObject({ changed: 1 });
    expect(await importCustomers(shop, source(edited), { update: true })).toMatchObject({ changed: 1 });
    expect(await importCustomers(shop, source(edited))).toMatchObject({ unchanged: 1 });
  });

  test("by command", async () => {
    const everything = await runCommand(shop, ["export", "orders"]);
    expect(everything.text.split("\r\n")[0]).toStartWith("order,date,status,");
    const none = await runCommand(shop, ["order", "export", "--from", "2001-01-01", "--to", "2001-12-31"]);
    expect(none.text.trim().split("\r\n")).toHaveLength(1);
    expect((await runCommand(shop, ["export", "customers", "--format", "jsonl"])).text).toContain('"email":');
  });
});
