import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { placeOrder } from "../../src/orders/checkout";
import type { Shop } from "../../src/shop/shop";
import type { Transaction } from "../../src/storage/database";
import { atOnce, buy, checkOut, countOf, expectSound, newBuyers, shelfOf, statusesOf } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

setDefaultTimeout(120_000);

describe.each(engines)("checkouts that race on $name", (engine) => {
  test("sixty buyers of ten mugs: ten get one", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 10 });
    const buyers = await newBuyers(shop, 60);
    const answers = await Promise.all(buyers.map((buyer) => buy(buyer, [mug])));
    expect(statusesOf(answers)).toEqual({ 201: 10, 409: 50 });
    expect(answers.filter((answer) => answer.body.code === "out_of_stock")).toHaveLength(50);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 10 });
    await expectSound(shop);
  });

  test("two products in either order, two hundred rounds: no deadlock, no half order", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 1_000 });
    const plate = await stockShelf(shop, { stock: 1_000 });
    const buyers = await newBuyers(shop, 8);
    let placed = 0;
    for (let round = 0; round < 25; round++) {
      const answers = await Promise.all(
        buyers.map((buyer, index) => buy(buyer, index % 2 ? [mug, plate] : [plate, mug])),
      );
      expect(statusesOf(answers)).toEqual({ 201: 8 });
      placed += answers.length;
    }
    expect(placed).toBe(200);
    expect(await countOf(shop, "order_items")).toBe(400);
    expect((await shelfOf(shop, mug.id)).reserved).toBe(200);
    await expectSound(shop);
  });

  test("a product is one line of a cart, however often it is added, and all of it must be there", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 3 });
    const buyer = await newBuyer(shop);
    const answer = await buy(buyer, [
      { id: mug.id, qty: 2 },
      { id: mug.id, qty: 2 },
    ]);
    expect([answer.status, answer.body.lines]).toEqual([
      409,
      [{ product_id: mug.id, name: mug.name, requested: 4, available: 3 }],
    ]);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 3, reserved: 0 });
  });

  test("fifty adds of one product at once: fifty in one cart", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    await atOnce(50, () => buyer.post("/cart/add", { product_id: mug.id }));
    expect((await buyer.get("/cart")).body.items).toMatchObject([{ product_id: mug.id, qty: 50 }]);
  });

  test("one cart checked out fifty times at once: one order", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 100 });
    const buyer = await newBuyer(shop);
    await buyer.post("/cart/add", { product_id: mug.id, qty: 2 });
    const answers = await atOnce(50, () => checkOut(buyer));
    expect(statusesOf(answers)).toEqual({ 201: 1, 409: 49 });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 100, reserved: 2 });
    await expectSound(shop);
  });

  test("edits that race a checkout come before or after it: lines and total fit", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 1_000, price: 10 });
    const plate = await stockShelf(shop, { stock: 1_000, price: 1 });
    const buyer = await newBuyer(shop);
    for (let round = 0; round < 15; round++) {
      await buyer.post("/cart/add", { product_id: mug.id });
      const [, , answer] = await Promise.all([
        buyer.put(`/cart/items/${mug.id}`, { qty: 3 }),
        buyer.post("/cart/add", { product_id: plate.id, qty: 5 }),
        checkOut(buyer),
        buyer.delete(`/cart/items/${mug.id}`),
      ]);
      if (answer.status !== 201) continue;
      const order = (await buyer.get(`/orders/${answer.body.order_id}`)).body;
      const sum = order.items.reduce(
        (total: number, item: { qty: number; price_at_purchase: number }) => total + item.qty * item.price_at_purchase,
        0,
      );
      expect(order.total_amount).toBe(sum);
    }
    await expectSound(shop);
  });

  test("a price that changes meanwhile: each order has one price, the old or the new", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 1_000, price: 10 });
    const admin = await newClient(shop, { admin: true });
    const buyers = await newBuyers(shop, 10);
    await Promise.all(buyers.map((buyer) => buyer.post("/cart/add", { product_id: mug.id, qty: 2 })));
    const [, ...answers] = await Promise.all([
      admin.patch(`/products/${mug.id}`, { price: 11 }),
      ...buyers.map((buyer) => checkOut(buyer, { expected_total: 20 })),
    ]);
    for (const { status, body } of answers) {
      if (status === 201) expect(body.total_amount).toBe(20);
      else expect([status, body.code]).toEqual([409, "price_changed"]);
    }
    await expectSound(shop);
  });

  test("restocks that race checkouts: no unit is lost", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 10 });
    const admin = await newClient(shop, { admin: true });
    const buyers = await newBuyers(shop, 40);
    const restock = () => admin.post(`/admin/stock/${mug.id}/adjustment`, { delta: 1, reason: "delivery" });
    const [sold, restocked] = await Promise.all([
      Promise.all(buyers.map((buyer) => buy(buyer, [mug]))),
      atOnce(20, restock),
    ]);
    expect(statusesOf(restocked)).toEqual({ 200: 20 });
    const placed = sold.filter(({ status }) => status === 201).length;
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 30, reserved: placed });
    expect(placed).toBeGreaterThanOrEqual(10);
    expect(placed).toBeLessThanOrEqual(30);
    await expectSound(shop);
  });

  test("a throw after any statement of a checkout leaves the database as it was", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    const buyer = await newBuyer(shop);
    await buyer.post("/cart/add", { product_id: mug.id, qty: 2 });
    const tables = [
      "orders",
      "order_items",
      "order_history",
      "payments",
      "stock_moves",
      "coupon_uses",
      "idempotency_keys",
    ];
    const state = async () => ({
      counts: await Promise.all(tables.map((table) => countOf(shop, table))),
      shelf: await shelfOf(shop, mug.id),
      cart: (await buyer.get("/cart")).body.items,
    });
    const before = await state();
    const checkout = { payment_method: "cod", address_id: buyer.address_id, coupon_code: "TEN" };
    let statements = 0;
    for (let failing = 1; ; failing++) {
      statements = 0;
      const afterEach = () => {
        if (++statements === failing) throw new Error(`after statement ${failing}`);
      };
      const { transaction } = shop.database;
      const breaking: Shop = {
        ...shop,
        database: { ...shop.database, transaction: (work) => transaction((tx) => work(breakable(tx, afterEach))) },
      };
      const once = { user_id: buyer.id, key: "k", fingerprint: "f" };
      const failed = await placeOrder(breaking, buyer.id, checkout, once).then(
        () => false,
        () => true,
      );
      if (!failed) break;
      expect(await state()).toEqual(before);
    }
    expect(statements).toBeGreaterThan(10);
    expect(await countOf(shop, "orders")).toBe(1);
    await expectSound(shop);
  });

  test("the stock ledger tells the whole story: sold, on hand and reserved are what came in", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 20 });
    const admin = await newClient(shop, { admin: true });
    const [asha, om] = await newBuyers(shop, 2);
    const first = (await buy(asha!, [{ id: mug.id, qty: 3 }])).body.order_id;
    await buy(om!, [{ id: mug.id, qty: 2 }]);
    await admin.post(`/orders/${first}/shipment`);
    await admin.post(`/admin/stock/${mug.id}/adjustment`, { delta: 5, reason: "delivery" });
    const { on_hand, reserved } = await shelfOf(shop, mug.id);
    const sold = await shop.database.first<{ sold: number }>(
      "SELECT CAST(-SUM(on_hand_change) AS INTEGER) AS sold FROM stock_moves WHERE cause = 'sold'",
    );
    expect({ on_hand, reserved, sold: sold?.sold }).toEqual({ on_hand: 22, reserved: 2, sold: 3 });
    expect((sold?.sold ?? 0) + on_hand).toBe(20 + 5);
    await expectSound(shop);
  });
});

/** The same transaction, with something said after each of its statements. */
function breakable(tx: Transaction, afterEach: () => void): Transaction {
  const watched = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    const given = await answer;
    afterEach();
    return given;
  };
  return {
    engine: tx.engine,
    all: (sql, values) => watched(tx.all(sql, values)),
    first: (sql, values) => watched(tx.first(sql, values)),
    run: (sql, values) => watched(tx.run(sql, values)),
  };
}
