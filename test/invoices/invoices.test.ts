import { describe, expect, test } from "bun:test";
import { creditRefunds, exportInvoices, issueInvoice } from "../../src/invoices/invoices";
import { invoiceChannel } from "../../src/invoices/channel";
import { buy } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { deliver } from "../support/deliveries";
import { type TestEngine, engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const SELLER = {
  SHOP_NAME: "Tea & Co",
  SHOP_ADDRESS: "1 High Street;Pune",
  SHOP_TAX_ID: "27AAAPL1234C1ZV",
  SHOP_EMAIL: "hello@shop.example",
};

async function shopThatInvoices(engine: TestEngine, settings: Record<string, string> = {}) {
  const shop = await freshShop(engine, { ...SELLER, INVOICES: "paid", ...settings });
  const admin = await newClient(shop, { admin: true });
  const buyer = await newBuyer(shop, { email: "asha@example.com" });
  const mug = await stockShelf(shop, { name: "Mug <b>", price: 40.5, stock: 1_000, attributes: { hsn: "6912" } });
  const order = async (qty = 2) => (await buy(buyer, [{ id: mug.id, qty }])).body.order_id as number;
  const deliverOrder = async (id: number) => {
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
  };
  return { shop, admin, buyer, mug, order, deliverOrder };
}

const issue = (shop: TestShop) => deliver(shop, invoiceChannel);
const HTML = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

describe.each(engines)("invoices on $name", (engine) => {
  test("an order gets its invoice once it is paid, and only one", async () => {
    const { shop, admin, buyer, order, deliverOrder } = await shopThatInvoices(engine);
    const id = await order();
    await issue(shop);
    expect((await buyer.get(`/orders/${id}/invoice`)).status).toBe(404);
    await deliverOrder(id);
    await issue(shop);
    await issueInvoice(shop, id);
    await issue(shop);
    expect((await admin.get("/invoices")).body).toMatchObject([
      {
        id: 1,
        series: "INV-2030-{number}",
        number: 1,
        label: "INV-2030-1",
        kind: "invoice",
        order_id: id,
        total: 81,
        currency: "INR",
      },
    ]);
    const { body } = await buyer.get(`/orders/${id}/invoice`);
    expect(body.document).toMatchObject({
      seller: { name: "Tea & Co", lines: ["1 High Street", "Pune"], tax_id: "27AAAPL1234C1ZV" },
      buyer: { name: "Asha Rao", lines: ["12 Lake Road", "411001 Pune", "India"], email: null },
      lines: [{ name: "Mug <b>", hsn: "6912", qty: 2, price: 40.5, discount: 0, total: 81 }],
      total: 81,
      corrects: null,
    });
  });

  test("a shop that invoices what has left does so then, and one that does not never does", async () => {
    const shipping = await shopThatInvoices(engine, { INVOICES: "shipped" });
    const id = await shipping.order();
    await shipping.admin.post(`/orders/${id}/shipment`);
    await issue(shipping.shop);
    expect((await shipping.admin.get("/invoices")).body).toHaveLength(1);
    const none = await shopThatInvoices(engine, { INVOICES: "off" });
    await none.deliverOrder(await none.order());
    await issue(none.shop);
    expect((await none.admin.get("/invoices")).body).toEqual([]);
  });

  test("numbers count within their series and year, each kind for itself, and a fiscal year may be India's", async () => {
    const { shop, order } = await shopThatInvoices(engine, {
      INVOICE_LABEL: "{kind}/{fiscal_year}/{number}",
      TIME_ZONE: "Asia/Kolkata",
    });
    const labels = async () => (await issueInvoice(shop, await order())).label;
    expect([await labels(), await labels()]).toEqual(["INV/2029-30/1", "INV/2029-30/2"]);
    // 31 March 2030, 23:59:59 where the shop is; the buyer's session is long over by then.
    const late = await order();
    const later = await order();
    shop.pass((Date.parse("2030-03-31T18:29:59.000Z") - shop.now().getTime()) / 1000);
    expect((await issueInvoice(shop, late)).label).toBe("INV/2029-30/3");
    shop.pass(1);
    expect((await issueInvoice(shop, later)).label).toBe("INV/2030-31/1");
  });

  test("what is paid back has a credit note that names the invoice, and all of them come to it", async () => {
    const { shop, admin, order, deliverOrder, mug } = await shopThatInvoices(engine);
    const id = await order(2);
    await deliverOrder(id);
    await issue(shop);
    await admin.post(`/orders/${id}/refund`, { lines: [{ product_id: mug.id, qty: 1 }], reason: "Broken" });
    await issue(shop);
    await admin.post(`/orders/${id}/refund`, { amount: 10 });
    await admin.post(`/orders/${id}/refund`, {});
    await issue(shop);
    await creditRefunds(shop, id);
    const notes = (await admin.get("/invoices?kind=credit_note")).body;
    expect(notes.map(({ label, total }: { label: string; total: number }) => [label, total])).toEqual([
      ["CN-2030-3", 30.5],
      ["CN-2030-2", 10],
      ["CN-2030-1", 40.5],
    ]);
    expect((await admin.get(`/invoices/${notes[2].id}`)).body.document).toMatchObject({
      corrects: "INV-2030-1",
      reason: "Broken",
      lines: [{ name: "Mug <b>", qty: 1, total: 40.5 }],
    });
    expect((await admin.get(`/invoices/${notes[1].id}`)).body.document.lines).toMatchObject([
      { name: "Refund", total: 10 },
    ]);
  });

  test("what was paid back before there was an invoice is credited with it", async () => {
    const { shop, admin, order, deliverOrder } = await shopThatInvoices(engine, { INVOICES: "off" });
    const id = await order();
    await deliverOrder(id);
    await admin.post(`/orders/${id}/refund`, { amount: 1 });
    await issue(shop);
    expect((await admin.get("/invoices")).body).toEqual([]);
    await issueInvoice(shop, id);
    expect((await admin.get("/invoices")).body.map(({ label }: { label: string }) => label)).toEqual([
      "CN-2030-1",
      "INV-2030-1",
    ]);
  });

  test("an invoice says what it said, whatever becomes of goods, customer and shop", async () => {
    const { shop, admin, buyer, order, mug } = await shopThatInvoices(engine);
    const id = await order();
    const { document } = await issueInvoice(shop, id);
    await admin.patch(`/products/${mug.id}`, { name: "Cup", price: 1 });
    await buyer.put("/users/me", { full_name: "Somebody Else" });
    expect((await issueInvoice(shop, id)).document).toEqual(document);
  });

  test.each([
    "UPDATE invoices SET label = 'x'",
    "UPDATE invoices SET total_minor = 1",
    "DELETE FROM invoices",
    "INSERT INTO invoices (id, series, number, label, kind, order_id, total_minor, currency, document, issued_at) SELECT id, series, 9, 'x', kind, order_id, 1, currency, document, issued_at FROM invoices",
    "INSERT INTO invoices (series, number, label, kind, order_id, total_minor, currency, document, issued_at) SELECT series, 9, 'x', kind, order_id, 1, currency, document, issued_at FROM invoices",
  ])("the database itself refuses: %s", async (statement) => {
    const { shop, order } = await shopThatInvoices(engine);
    await issueInvoice(shop, await order());
    const before = await shop.database.all("SELECT * FROM invoices");
    const refusal = await shop.database.transaction((tx) => tx.run(statement)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Error);
    expect(await shop.database.all("SELECT * FROM invoices")).toEqual(before);
  });

  test("many at once are numbered one after the other, and one that fails leaves no gap", async () => {
    const { shop, order } = await shopThatInvoices(engine);
    const ids: number[] = [];
    for (let count = 0; count < 12; count++) ids.push(await order(1));
    // What no document can hold: it fails once it has its number.
    const failing = { ...shop, settings: { ...shop.settings, shopName: 1n as unknown as string } };
    await Promise.allSettled([
      ...ids.slice(0, 8).map((id) => issueInvoice(shop, id)),
      issueInvoice(shop, 999_999),
      issueInvoice(failing, ids[8]!),
      ...ids.slice(9).map((id) => issueInvoice(shop, id)),
      ...ids.slice(0, 4).map((id) => issueInvoice(shop, id)),
    ]);
    const rows = await shop.database.all<{ number: number }>("SELECT number FROM invoices ORDER BY number");
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test("a customer sees the own invoice as JSON or as a page, by what is asked for, and nobody else's", async () => {
    const { shop, buyer, order } = await shopThatInvoices(engine);
    const { id } = await issueInvoice(shop, await order());
    const stranger = await newBuyer(shop);
    for (const path of [`/invoices/${id}`, "/orders/1/invoice"]) {
      expect((await buyer.get(path)).body.label).toBe("INV-2030-1");
      expect((await buyer.get(path, { accept: "application/json, text/html" })).body.label).toBe("INV-2030-1");
      const page = await buyer.get(path, HTML);
      expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(page.headers.get("content-security-policy")).toBe(
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      );
      for (const part of ["INV-2030-1", "Mug &lt;b&gt;", "₹81.00", "12 Lake Road", "Tea &amp; Co", "6912"]) {
        expect(page.text).toContain(part);
      }
      expect(page.text).not.toContain("<b>");
      expect((await stranger.get(path)).status).toBe(404);
    }
  });

  test("slips name what is in the parcel and where it goes, without prices, and are for the shop", async () => {
    const { admin, buyer, order } = await shopThatInvoices(engine);
    const id = await order(3);
    for (const [path, title] of [
      ["packing-slip", "Packing slip"],
      ["delivery-note", "Delivery note"],
    ]) {
      const page = await admin.get(`/orders/${id}/${path}`);
      for (const part of [title!, "Mug &lt;b&gt;", ">3<", "12 Lake Road", `Order ${id}`])
        expect(page.text).toContain(part);
      expect(page.text).not.toContain("₹");
      expect((await buyer.get(`/orders/${id}/${path}`)).status).toBe(403);
      expect((await admin.get(`/orders/999/${path}`)).status).toBe(404);
    }
  });

  test("an export has each document of the time asked for, in its order", async () => {
    const { shop, order } = await shopThatInvoices(engine);
    const ids = [await order(), await order(), await order()];
    for (const id of ids) {
      await issueInvoice(shop, id);
      shop.pass(60);
    }
    const labels: string[] = [];
    const span = { from: "2030-01-01T09:01:00.000Z", before: "2030-01-01T09:02:00.000Z" };
    for await (const { label } of exportInvoices(shop, span)) labels.push(label);
    expect(labels).toEqual(["INV-2030-2"]);
  });
});
