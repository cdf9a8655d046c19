import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ShopError } from "../../src/base/errors";
import { examine } from "../../src/doctor/doctor";
import { importOrders, type OrdersOptions } from "../../src/imports/orders/import";
import { uploaded } from "../../src/imports/source";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder } from "../support/program";
import { newClient } from "../support/client";
import { freshShop, type TestShop } from "../support/shop";

const folder = newFolder();

const UCI = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

const SHOPIFY =
  "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Billing Name,Shipping Name,Shipping Street,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Cancelled at,Payment Method,Id";

const WOO_ITEMS =
  "Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),Email (Billing),Phone (Billing),Address 1&2 (Shipping),City (Shipping),State Code (Shipping),Postcode (Shipping),Country Code (Shipping),Payment Method Title,Cart Discount Amount,Order Subtotal Amount,Order Shipping Amount,Order Total Amount,Order Total Tax Amount,SKU,Item #,Item Name,Quantity,Item Cost,Coupon Code";

const WOO_CELLS =
  "order_id,order_number,order_date,status,shipping_total,tax_total,discount_total,order_total,order_currency,billing_first_name,billing_last_name,billing_email,line_item_1,line_item_2";

/** Rows under headings by name. */
function rowsOf(headings: string, ...rows: Record<string, string>[]): string {
  const names = headings.split(",");
  const lines = rows.map((row) =>
    names.map((name) => (/[",]/.test(row[name] ?? "") ? `"${row[name]}"` : (row[name] ?? ""))).join(","),
  );
  return [headings, ...lines].join("\n");
}

describe.each(engines)("orders of other programs on $name", (engine) => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await freshShop(engine, { CURRENCY: "USD" });
  });
  afterAll(() => shop.close());

  const take = (text: string, options: Partial<OrdersOptions> = {}) =>
    importOrders(shop, uploaded(Buffer.from(text)), { stock: 10, category: "Imported", ...options });

  const order = (number: string) =>
    shop.database.first<{ id: number; user_id: number }>(
      `SELECT o.id, o.placed_at, o.total_minor, o.discount_minor, o.shipping_minor, o.tax_minor, o.included_tax_minor, o.user_id, u.email
       FROM orders o JOIN users u ON u.id = o.user_id WHERE o.source = $1`,
      [`invoice:${number}`],
    );

  test("codes are free, and an e-mail is the customer's own account", async () => {
    const ann = await newClient(shop, { email: "Ann@example.com" });
    const { id } = await stockShelf(shop, { slug: "tea", sku: "SKU-TEA-1" });
    const report = await take(
      [
        UCI,
        "F1,sku-tea-1,Tea,2,2010-12-01 08:26,4.50,ann@EXAMPLE.com,UK",
        "F1,123456,Cup,1,2010-12-01 08:26,3,ann@EXAMPLE.com,UK",
        "F2,B00ABC1234,Book,1,2010-12-01,9.99,bob@example.com,UK",
        "C3,POST,Postage,1,2010-12-02 08:26,9.99,17850.0,UK",
      ].join("\n"),
    );
    expect(report).toMatchObject({
      rows: { sold: 4, no_product: 0, cancelled: 0 },
      products: { added: 3, already_there: 1 },
      customers: { added: 2, already_there: 1 },
      orders: { added: 3 },
    });
    expect(await order("F1")).toMatchObject({
      user_id: ann.id,
      total_minor: 1200,
      placed_at: "2010-12-01T08:26:00.000Z",
    });
    expect(await order("C3")).toMatchObject({ email: "17850@imported.invalid" });
    const lines = await shop.database.all(
      "SELECT i.product_id FROM order_items i JOIN orders o ON o.id = i.order_id WHERE o.source = 'invoice:F1' ORDER BY i.line",
    );
    expect(lines).toContainEqual({ product_id: id });
  });

  test.each([
    ["2010-12-01", "2010-12-01T05:00:00.000Z"],
    ["2010-12-01T08:26:00+05:30", "2010-12-01T02:56:00.000Z"],
    ["2010-12-01 08:26:00 +0530", "2010-12-01T02:56:00.000Z"],
    ["2010-12-01 08:26:00 UTC", "2010-12-01T08:26:00.000Z"],
    ["2010-12-01 08:26", "2010-12-01T13:26:00.000Z"],
    ["12/31/2010 8:26 PM", "2011-01-01T01:26:00.000Z"],
    ["12/31/10 8:26", "2010-12-31T13:26:00.000Z"],
    ["31/12/2010 08:26:09", "2010-12-31T13:26:09.000Z"],
    ["1.12.2010 08:26", "2010-12-01T13:26:00.000Z"],
    ["Dec 31, 2010 8:26 PM", "2011-01-01T01:26:00.000Z"],
    ["31 Dec 2010 08:26", "2010-12-31T13:26:00.000Z"],
    ["31-Dec-10 8:26", "2010-12-31T13:26:00.000Z"],
    ["31. Dezember 2010", "2010-12-31T05:00:00.000Z"],
    ["31 déc. 2010 08:26 UTC", "2010-12-31T08:26:00.000Z"],
    ["31 de diciembre de 2010, 08:26", "2010-12-31T13:26:00.000Z"],
  ])("the time %s of New York is %s", async (written, placedAt) => {
    const number = `T${written.replace(/\W/g, "")}`;
    await take(`${UCI}\n${number},T1,Tea,1,"${written}",1,x,US`, { timeZone: "America/New_York" });
    expect(await order(number)).toMatchObject({ placed_at: placedAt });
  });

  test("a date that may be two is refused until another date or a person says which", async () => {
    const rows = [UCI, "D1,T1,Tea,1,12/1/2010 8:26,1,x,US", "D2,T1,Tea,1,12/2/2010 8:26,1,x,US"].join("\n");
    expect(take(rows)).rejects.toThrow("Not one row");
    expect(await take(rows, { dates: "dmy", dryRun: true })).toMatchObject({ orders: { added: 2 }, dates: "dmy" });
    expect(await take(`${rows}\nD3,T1,Tea,1,12/13/2010 8:26,1,x,US`)).toMatchObject({
      orders: { added: 3 },
      dates: "mdy",
    });
    expect(await order("D1")).toMatchObject({ placed_at: "2010-12-01T08:26:00.000Z" });
  });

  test("two customers or two days under one number are no order", async () => {
    const report = await take(
      [
        UCI,
        "N1,T1,Tea,1,2010-12-01 08:26,1,a@example.com,US",
        "N1,T1,Tea,1,2010-12-01 08:27,1,a@example.com,US",
        "N1,T1,Tea,1,2010-12-01 08:26,1,b@example.com,US",
        "N2,T1,Tea,1,2010-12-01 08:26,1,a@example.com,US",
        "N2,T1,Tea,1,2011-12-01 08:26,1,a@example.com,US",
        "N3,T1,Tea,1,2010-12-01 08:26,1,a@example.com,US",
      ].join("\n"),
    );
    expect(report).toMatchObject({ orders: { added: 1 }, rows: { unreadable: 2, incomplete: 3 } });
    expect(report.unreadable).toEqual([
      { line: 4, problem: "The order is another customer's in line 2." },
      { line: 6, problem: "The order is of another day in line 5." },
    ]);
  });

  test("a file of which nothing is an order says so and fails", async () => {
    const cancelled = `${UCI}\nC1,T1,Tea,-1,2010-12-01 08:26,1,a@example.com,US`;
    const path = join(folder, "cancelled.csv");
    writeFileSync(path, cancelled);
    expect((await runCommand(shop, ["import", "orders", path])).failed).toBe(
      `Not one order of ${path} can be taken in. Nothing was changed.`,
    );
    // Each line that could not be read says why.
    const twoCustomers = `${UCI}\nX1,T1,Tea,1,2010-12-01,1,a@example.com,US\nX1,T1,Tea,1,2010-12-01,1,b@example.com,US`;
    const refused = await take(twoCustomers).catch((error: ShopError) => error);
    expect(refused).toMatchObject({
      details: {
        errors: expect.arrayContaining([
          expect.objectContaining({ path: "line 3", message: "The order is another customer's in line 2." }),
        ]),
      },
    });
    for (const feb of ["30 Feb 2010", "Foo 12, 2010"])
      expect(take(`${UCI}\nX2,T1,Tea,1,"${feb}",1,x,US`)).rejects.toThrow("Not one row");
    expect(
      take("order_id,customer_id,order_status,order_purchase_timestamp\na,b,delivered,2018-01-01 00:00:00"),
    ).rejects.toThrow("This is no table of orders with a row for each line");
  });

  test("tables of Etsy and Amazon are read by their headings", async () => {
    const etsy =
      "Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Order ID,SKU,Currency,Date Paid,Ship Name\n11/28/25,Mug,ann9,2,10.00,,9001,MUG-9,USD,11/28/2025,Ann";
    expect(await take(etsy)).toMatchObject({ orders: { added: 1 }, dates: "mdy" });
    expect(await order("9001")).toMatchObject({ total_minor: 2_000, placed_at: "2025-11-28T00:00:00.000Z" });
    const amazon =
      "amazon-order-id\tpurchase-date\tsku\tproduct-name\tquantity\titem-price\tbuyer-email\n701-1\t2025-11-28T14:05:00+00:00\tMUG-9\tMug\t1\t10.00\tann@example.com";
    expect(await take(amazon)).toMatchObject({ orders: { added: 1 } });
    expect(await order("701-1")).toMatchObject({ total_minor: 1_000 });
  });

  test("Shopify: lines by row, money as it was, a customer by e-mail, the variant by its name", async () => {
    const { id: shirt } = await stockShelf(shop, { slug: "shirt", name: "Shirt, Small, Red" });
    const paid = {
      Email: "eve@example.com",
      "Financial Status": "paid",
      "Fulfillment Status": "fulfilled",
      Currency: "USD",
      Subtotal: "90.00",
      Shipping: "5.00",
      Taxes: "7.20",
      Total: "102.20",
      "Discount Code": "TEN",
      "Discount Amount": "10.00",
      "Created at": "2024-05-01 23:30:00 -0400",
      "Billing Name": "Eve Adams",
      "Shipping Name": "Eve Adams",
      "Shipping Street": "1 Main St",
      "Shipping City": "Boston",
      "Shipping Zip": "'02108",
      "Shipping Province": "MA",
      "Shipping Country": "US",
      "Shipping Phone": "'+1 617 555",
      Notes: "ring twice",
    };
    const report = await take(
      rowsOf(
        SHOPIFY,
        {
          Name: "#1001",
          ...paid,
          "Lineitem quantity": "2",
          "Lineitem name": "Mug, blue",
          "Lineitem price": "25.00",
          "Lineitem sku": "MUG-1",
        },
        {
          Name: "#1001",
          Email: "eve@example.com",
          "Created at": "2024-05-01 23:30:00 -0400",
          "Lineitem quantity": "1",
          "Lineitem name": "Shirt - Small / Red",
          "Lineitem price": "50.00",
        },
        {
          Name: "#1002",
          ...paid,
          "Financial Status": "voided",
          "Cancelled at": "2024-05-02 10:00:00 -0400",
          "Lineitem quantity": "1",
          "Lineitem name": "Mug, blue",
          "Lineitem price": "25.00",
          "Lineitem sku": "MUG-1",
        },
        {
          Name: "#1003",
          ...paid,
          "Financial Status": "pending",
          "Lineitem quantity": "1",
          "Lineitem name": "Mug, blue",
          "Lineitem price": "25.00",
          "Lineitem sku": "MUG-1",
        },
      ),
    );
    expect(report).toMatchObject({
      program: "Shopify",
      rows: { sold: 2, cancelled: 1, not_paid: 1 },
      orders: { added: 1 },
      products: { added: 1, already_there: 1 },
    });
    const taken = await order("#1001");
    expect(taken).toMatchObject({
      email: "eve@example.com",
      placed_at: "2024-05-02T03:30:00.000Z",
      total_minor: 10_220,
      discount_minor: 1000,
      shipping_minor: 500,
      tax_minor: 720,
    });
    const admin = await newClient(shop, { admin: true });
    const shown = (await admin.get(`/orders/${taken?.id}`)).body;
    expect(shown).toMatchObject({
      status: "delivered",
      payment_status: "paid",
      total_amount: 102.2,
      customer_note: "ring twice",
      address: {
        full_name: "Eve Adams",
        address_line: "1 Main St",
        city: "Boston",
        pincode: "02108",
        phone: "+1 617 555",
        country: "US",
      },
    });
    expect(shown.items.map((item: { product_id: number }) => item.product_id)).toContain(shirt);
    expect((await admin.get(`/users/${taken?.user_id}`)).body).toMatchObject({ full_name: "Eve Adams" });
  });

  test("WooCommerce: a row for each item, and several items in the cells of one row", async () => {
    const about = {
      "Order Status": "Completed",
      "Order Date": "2024-03-05 10:00",
      "First Name (Billing)": "Wu",
      "Last Name (Billing)": "Li",
      "Email (Billing)": "wu@example.com",
      "Order Total Amount": "41.50",
      "Order Shipping Amount": "1.50",
    };
    const items = await take(
      rowsOf(
        WOO_ITEMS,
        {
          "Order Number": "W1",
          ...about,
          SKU: "woo-cap",
          "Item #": "1",
          "Item Name": "Cap",
          Quantity: "2",
          "Item Cost": "18",
        },
        { "Order Number": "W1", SKU: "woo-pin", "Item #": "2", "Item Name": "Pin", Quantity: "1", "Item Cost": "4" },
        {
          "Order Number": "W2",
          ...about,
          "Order Status": "On hold",
          SKU: "woo-pin",
          "Item Name": "Pin",
          Quantity: "1",
          "Item Cost": "4",
        },
      ),
      { timeZone: "Europe/Berlin" },
    );
    expect(items).toMatchObject({ rows: { sold: 2, not_paid: 1 }, orders: { added: 1 } });
    expect(await order("W1")).toMatchObject({
      total_minor: 4150,
      shipping_minor: 150,
      placed_at: "2024-03-05T09:00:00.000Z",
    });
    const cells = await take(
      rowsOf(WOO_CELLS, {
        order_id: "9",
        order_number: "W9",
        order_date: "2024-03-06 10:00:00",
        status: "processing",
        shipping_total: "0",
        tax_total: "1.00",
        discount_total: "0",
        order_total: "21.00",
        billing_first_name: "Wu",
        billing_email: "wu@example.com",
        line_item_1: "name:Cap|product_id:3|sku:woo-cap|quantity:3|total:10.00|sub_total:10.00",
        line_item_2: "name:Pin; gold|product_id:4|sku:|quantity:1|total:10.00|sub_total:12.00",
      }),
    );
    expect(cells).toMatchObject({ program: "WooCommerce", rows: { sold: 1 }, orders: { added: 1 } });
    expect(await order("W9")).toMatchObject({ total_minor: 2100, tax_minor: 100 });
  });

  test("any table of lines, by usual words or by what somebody says they are", async () => {
    expect(
      await take(
        "Bestellnummer;Datum;Email;Artikelnummer;Artikel;Menge;Preis\nG1;5.3.2024;g@example.com;T1;Tee;2;4,50\n",
      ),
    ).toMatchObject({ orders: { added: 1 } });
    expect(await order("G1")).toMatchObject({ total_minor: 900, placed_at: "2024-03-05T00:00:00.000Z" });
    const strange = "Beleg;Tag;Wer;Was;Stück;Einzel\nG2;2024-03-05;g@example.com;Tee;2;4,50\n";
    expect(take(strange)).rejects.toThrow("Found the columns Beleg, Tag, Wer, Was, Stück, Einzel.");
    const map = ["Beleg=order", "Tag=date", "Wer=email", "Was=product", "Stück=qty", "Einzel=price"];
    expect(await take(strange, { map })).toMatchObject({ orders: { added: 1 }, products: { added: 1 } });
  });

  test("nothing of it is out of step, and the command says what it would do", async () => {
    const path = join(folder, "trial.csv");
    writeFileSync(
      path,
      `${UCI}\nX1,T1,Tea,1,2010-12-01 08:26,1,x@example.com,US\nX2,T1,Tea,much,2010-12-01 08:26,1,x@example.com,US\n`,
    );
    const trial = await runCommand(shop, ["import", "orders", path, "--dry-run", "--time-zone", "Asia/Kolkata"]);
    expect(trial.text).toContain("Orders:    1 added");
    expect(trial.failed).toContain("1 row would be left out");
    expect(await order("X1")).toBeUndefined();
    expect((await runCommand(shop, ["import", "orders", path, "--time-zone", "Mars/Olympus"])).failed).toContain(
      "Give a zone such as Europe/Berlin.",
    );
    expect(await examine(shop)).toEqual([]);
  });
});
