import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { examine } from "../../src/doctor/doctor";
import { importOrders } from "../../src/imports/orders/import";
import { expireHolds } from "../../src/orders/expiry";
import { sweepOrders } from "../../src/orders/sweep";
import { buy, checkOut, expectSound, newBuyers, shelfOf } from "../support/buying";
import { clientOf, newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { newFolder } from "../support/program";
import { freshShop, type TestShop } from "../support/shop";
import { newStripeShop } from "../support/stripe-shop";

const orderedOf = (shop: TestShop, product: number) =>
  shop.database.first("SELECT ordered FROM stock WHERE product_id = $1", [product]);

describe.each(engines)("money and goods of an order on $name", (engine) => {
  async function paidOrder() {
    const setup = await newStripeShop(engine);
    const id: number = (await setup.order()).body.order_id;
    setup.stripe.pay(await setup.referenceOf(id));
    await setup.buyer.post(`/orders/${id}/payment`);
    return { ...setup, id, admin: await newClient(setup.shop, { admin: true }) };
  }

  test("an order whose money went back is neither packed nor shipped", async () => {
    const { admin, id, shop, product } = await paidOrder();
    await admin.post(`/orders/${id}/refund`, {});
    const before = await shelfOf(shop, product);
    expect((await admin.post(`/orders/${id}/packing`)).status).toBe(409);
    expect((await admin.post(`/orders/${id}/shipment`)).status).toBe(409);
    expect(await shelfOf(shop, product)).toEqual(before);
    await expectSound(shop);
  });

  test("an order of which a line has left is not cancelled as a whole, and what it has out stays sold", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const [mug, tea] = [await stockShelf(shop), await stockShelf(shop)];
    const { order_id: id } = (await buy(buyer, [{ id: mug.id }, { id: tea.id, qty: 2 }])).body;
    await admin.post(`/orders/${id}/shipment`, { lines: [{ product_id: mug.id, qty: 1 }] });
    for (const client of [buyer, admin])
      expect((await client.post(`/orders/${id}/cancellation`)).body.detail).toContain("cancel the rest by its lines");
    await expectSound(shop);
    expect(
      (await buyer.post(`/orders/${id}/cancellation`, { lines: [{ product_id: tea.id, qty: 2 }] })).body.status,
    ).toBe("shipped");
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 9, reserved: 0 });
    expect(await shelfOf(shop, tea.id)).toEqual({ on_hand: 10, reserved: 0 });
    await expectSound(shop);
  });

  test("an order whose rest is paid back before it leaves has shipped, and can be delivered and given back", async () => {
    const { admin, buyer, id, shop, product } = await paidOrder();
    await admin.post(`/orders/${id}/shipment`, { lines: [{ product_id: product, qty: 1 }] });
    const refunded = await admin.post(`/orders/${id}/refund`, { lines: [{ product_id: product, qty: 1 }] });
    expect(refunded.body).toMatchObject({
      status: "shipped",
      payment_status: "partially_refunded",
      items: [{ qty: 2, cancelled_qty: 1, shipped_qty: 1, refunded_qty: 1 }],
    });
    expect((await admin.post(`/orders/${id}/cancellation`)).status).toBe(409);
    expect((await admin.post(`/orders/${id}/delivery`)).body.status).toBe("delivered");
    expect((await buyer.post(`/orders/${id}/returns`)).status).toBe(201);
    await admin.post("/returns/1/receipt");
    expect((await admin.get(`/orders/${id}`)).body).toMatchObject({ status: "returned", payment_status: "refunded" });
    await expectSound(shop);
  });

  test("cash that goes back waits for no gateway", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    const id = (await buy(buyer, [mug])).body.order_id;
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
    expect((await admin.post(`/orders/${id}/refund`, {})).status).toBe(200);
    shop.pass(2 * 3_600);
    const before = shop.logged.length;
    await sweepOrders(shop);
    expect(shop.logged.slice(before)).toEqual([]);
    expect((await examine(shop)).map(({ problem }) => problem)).toEqual([]);
  });

  test("the payment of an order that comes back unpaid is closed", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    const id = (await buy(await newBuyer(shop), [mug])).body.order_id;
    await admin.post(`/orders/${id}/shipment`);
    expect((await admin.post(`/orders/${id}/return`, {})).status).toBe(200);
    expect(await shop.database.first("SELECT state FROM payments WHERE order_id = $1", [id])).toEqual({
      state: "closed",
    });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 0 });
  });

  test("what a cancelled order bought does not count as ordered, paid or not", async () => {
    const { shop, buyer, id, product, order } = await paidOrder();
    expect(await orderedOf(shop, product)).toEqual({ ordered: 2 });
    await buyer.post(`/orders/${id}/cancellation`);
    expect(await orderedOf(shop, product)).toEqual({ ordered: 0 });
    const unpaid = (await order()).body.order_id;
    await buyer.post(`/orders/${unpaid}/cancellation`);
    await order();
    shop.pass(31 * 60);
    await sweepOrders(shop);
    expect(await orderedOf(shop, product)).toEqual({ ordered: 0 });
  });

  test("out of stock says what can be bought, not what lies there", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 3 });
    const [first, second] = await newBuyers(shop, 2);
    await buy(first!, [{ id: mug.id, qty: 2 }]);
    const { status, body } = await buy(second!, [{ id: mug.id, qty: 2 }]);
    expect([status, body.code]).toEqual([409, "out_of_stock"]);
    expect(JSON.stringify(body)).toContain('"available":1');
  });

  test("the ledger says why stock changed, and what arrived arrived", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    await admin.post(`/admin/stock/${mug.id}/adjustment`, { delta: -2, reason: "two are cracked" });
    await admin.post(`/admin/stock/${mug.id}/adjustment`, { delta: 3, reason: "a delivery" });
    await admin.patch(`/products/${mug.id}`, { stock: 20 });
    const moves = await shop.database.all(
      "SELECT cause, on_hand_change, note FROM stock_moves WHERE product_id = $1 ORDER BY id",
      [mug.id],
    );
    expect(moves).toEqual([
      { cause: "opening", on_hand_change: 10, note: null },
      { cause: "adjusted", on_hand_change: -2, note: "two are cracked" },
      { cause: "received", on_hand_change: 3, note: "a delivery" },
      { cause: "set", on_hand_change: 9, note: null },
    ]);
  });

  test("a line of the cart reaches ten thousand, and not one more", async () => {
    const shop = await freshShop(engine, { MOST_UNITS_PER_PRODUCT: "10000" });
    const mug = await stockShelf(shop, { stock: 20_000 });
    const buyer = await newBuyer(shop);
    await buyer.post("/cart/add", { product_id: mug.id, qty: 9_999 });
    const { status, body } = await buyer.post("/cart/add", { product_id: mug.id, qty: 1 });
    expect([status, body.items[0].qty]).toEqual([200, 10_000]);
    expect((await buyer.post("/cart/add", { product_id: mug.id, qty: 1 })).status).toBe(422);
  });

  test("two customers with the same key each get their own answer, also when they ask again", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const [asha, om] = await newBuyers(shop, 2);
    const key = { "idempotency-key": "mine" };
    await buy(asha!, [mug], {}, key);
    await om!.post("/cart/add", { product_id: mug.id });
    const first = await checkOut(om!, {}, key);
    const again = await checkOut(om!, {}, key);
    expect(first.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect((await om!.get("/orders")).body).toHaveLength(1);
  });

  test("a key that is taken anew after a day is remembered from then on", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    await shop.database.transaction((tx) =>
      tx.run(
        `INSERT INTO idempotency_keys (user_id, key, fingerprint, answer, created_at)
         VALUES ($1, 'day', 'old', '{}', '2001-01-01T00:00:00.000Z')`,
        [admin.id],
      ),
    );
    const adjust = () =>
      admin.post(`/admin/stock/${mug.id}/adjustment`, { delta: 1, reason: "c" }, { "idempotency-key": "day" });
    expect((await adjust()).body.on_hand).toBe(11);
    expect((await adjust()).body.on_hand).toBe(11);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 11, reserved: 0 });
  });

  test("a list that is kept by its tag changes when something of it sells", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { category: "Lists" });
    const buyer = await newBuyer(shop);
    const visitor = clientOf(shop);
    const etag = (await visitor.get("/products?category=Lists")).headers.get("etag") ?? "";
    expect((await visitor.get("/products?category=Lists", { "if-none-match": etag })).status).toBe(304);
    await buy(buyer, [mug]);
    const after = await visitor.get("/products?category=Lists", { "if-none-match": etag });
    expect([after.status, after.body.items[0].stock]).toEqual([200, 9]);
  });

  test("what was returned counts as no purchase", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    const id = (await buy(buyer, [mug])).body.order_id;
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
    const buyAgain = async () => (await buyer.get("/recommend/buy-again")).body;
    expect(await buyAgain()).toEqual([expect.objectContaining({ product_id: mug.id })]);
    await admin.post(`/orders/${id}/return`, {});
    expect(await buyAgain()).toEqual([]);
  });

  test("an imported order that comes back fills no shelf that it never left", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const path = join(newFolder(), "orders.csv");
    const heading = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
    writeFileSync(path, `${heading}\n536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n`);
    await importOrders(shop, path, { stock: 100, category: "Imported" });
    const { id } = (await admin.get("/orders/all")).body[0];
    const product = (await clientOf(shop).get("/products")).body.items[0].id;
    const before = await shelfOf(shop, product);
    expect((await admin.post(`/orders/${id}/refund`, {})).body.detail).toContain("brought in from elsewhere");
    await admin.post(`/orders/${id}/return`, {});
    expect(await shelfOf(shop, product)).toEqual(before);
    await expectSound(shop);
  });

  test("a stop in the middle of a gateway's answer ends no hold", async () => {
    const { stripe, shop, order } = await newStripeShop(engine);
    const id = (await order()).body.order_id;
    shop.pass(31 * 60);
    const stopping = new AbortController();
    stripe.hangs = true;
    stripe.onRequest = () => stopping.abort();
    expect(await expireHolds(shop, stopping.signal)).toBe(0);
    const { answer } = await runCommand(shop, ["order", "show", id]);
    expect([answer.status, answer.payment_status]).toEqual(["placed", "pending"]);
  });

  test("a stop within a round leaves what was not begun as it is", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 100 });
    for (const buyer of await newBuyers(shop, 12)) await buy(buyer, [mug], { payment_method: "mock" });
    shop.pass(31 * 60);
    const stopping = new AbortController();
    stopping.abort();
    expect(await expireHolds(shop, stopping.signal)).toBe(0);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 100, reserved: 12 });
  });
});
