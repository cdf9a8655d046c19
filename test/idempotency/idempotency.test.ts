import { describe, expect, test } from "bun:test";
import { sweepOrders } from "../../src/orders/sweep";
import { atOnce, buy, checkOut, countOf, expectSound, newBuyers, shelfOf, statusesOf } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

describe.each(engines)("idempotency on $name", (engine) => {
  test("the same checkout with the same key gives the same answer, byte for byte, and one order", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const buyer = await newBuyer(shop);
    const key = { "idempotency-key": "order-1" };
    const first = await buy(buyer, [mug], {}, key);
    shop.pass(60);
    const second = await checkOut(buyer, {}, key);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(await countOf(shop, "orders")).toBe(1);
    await expectSound(shop);
  });

  test("so does every other request that moves money or stock", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const [buyer] = await newBuyers(shop, 1);
    const admin = await newClient(shop, { admin: true });
    const id = (await buy(buyer!, [mug])).body.order_id;
    const steps: [path: string, body: object | undefined][] = [
      [`/admin/stock/${mug.id}/adjustment`, { delta: 5, reason: "delivery" }],
      [`/orders/${id}/packing`, undefined],
      [`/orders/${id}/shipment`, undefined],
      [`/orders/${id}/delivery`, undefined],
      [`/orders/${id}/refund`, { amount: 20 }],
      [`/orders/${id}/return`, {}],
    ];
    for (const [path, body] of steps) {
      const key = { "idempotency-key": path };
      const first = await admin.post(path, body, key);
      const second = await admin.post(path, body, key);
      expect([path, first.status, second.status]).toEqual([path, 200, 200]);
      expect(second.text).toBe(first.text);
      expect(second.headers.get("idempotent-replayed")).toBe("true");
    }
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 15, reserved: 0 });
    const other = (await buy(buyer!, [mug])).body.order_id;
    const cancel = () => buyer!.post(`/orders/${other}/cancellation`, undefined, { "idempotency-key": "c" });
    expect([(await cancel()).status, (await cancel()).status]).toEqual([200, 200]);
    await expectSound(shop);
  });

  test("a product is put on the shelf once, and the answer says the same of it", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const mug = { slug: "mug", name: "Mug", category: "Kitchen", price: 5, stock: 7, attributes: { b: 1, a: "☕" } };
    const key = { "idempotency-key": "new-mug" };
    const first = await admin.post("/products", mug, key);
    await admin.patch(`/products/${first.body.id}`, { price: 6 });
    const second = await admin.post("/products", mug, key);
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    for (const header of ["location", "etag"]) expect(second.headers.get(header)).toBe(first.headers.get(header));
    expect([first, second].map(({ headers }) => headers.get("idempotent-replayed"))).toEqual([null, "true"]);
    expect(await countOf(shop, "stock_moves")).toBe(1);
    expect((await admin.post("/products", { ...mug, slug: "other" }, key)).body.code).toBe("idempotency_key_reused");
    const taken = await admin.post("/products", mug, { "idempotency-key": "another" });
    expect(taken.body.code).toBe("duplicate");
    await expectSound(shop);
  });

  test("the same key for another body or address is refused and does nothing", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    const key = { "idempotency-key": "k" };
    const adjust = (delta: number, id = mug.id) =>
      admin.post(`/admin/stock/${id}/adjustment`, { delta, reason: "count" }, key);
    expect((await adjust(1)).status).toBe(200);
    const plate = await stockShelf(shop);
    for (const answer of [await adjust(2), await adjust(1, plate.id)]) {
      expect([answer.status, answer.body.code]).toEqual([422, "idempotency_key_reused"]);
    }
    expect((await shelfOf(shop, mug.id)).on_hand).toBe(11);
    expect((await shelfOf(shop, plate.id)).on_hand).toBe(10);
  });

  test("fifty at once with one key: one order, and all hear of it", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 100 });
    const buyer = await newBuyer(shop);
    await buyer.post("/cart/add", { product_id: mug.id });
    const answers = await atOnce(50, () => checkOut(buyer, {}, { "idempotency-key": "once" }));
    expect(statusesOf(answers)).toEqual({ 201: 50 });
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.has("idempotent-replayed"))).toHaveLength(49);
    expect(await countOf(shop, "orders")).toBe(1);
    await expectSound(shop);
  });

  test("the same key of somebody else is another key", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const [asha, om] = await newBuyers(shop, 2);
    const key = { "idempotency-key": "mine" };
    expect((await buy(asha!, [mug], {}, key)).status).toBe(201);
    const other = await buy(om!, [mug], {}, key);
    expect(other.status).toBe(201);
    expect(other.headers.get("idempotent-replayed")).toBeNull();
    expect(await countOf(shop, "orders")).toBe(2);
  });

  test("what was refused may be sent again, corrected, with its key", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 1 });
    const buyer = await newBuyer(shop);
    const key = { "idempotency-key": "again" };
    expect((await checkOut(buyer, { address_id: "x" }, key)).status).toBe(422);
    expect((await checkOut(buyer, {}, key)).body.code).toBe("cart_empty");
    expect((await buy(buyer, [{ id: mug.id, qty: 2 }], {}, key)).body.code).toBe("out_of_stock");
    await buyer.put(`/cart/items/${mug.id}`, { qty: 1 });
    expect((await checkOut(buyer, {}, key)).status).toBe(201);
    await expectSound(shop);
  });

  test("a key must be 1 to 255 printable characters, and is forgotten after a day", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    const adjust = (key: string) =>
      admin.post(`/admin/stock/${mug.id}/adjustment`, { delta: 1, reason: "count" }, { "idempotency-key": key });
    for (const key of ["", "x".repeat(256), "a\u0001b", "caf\u00e9", "tab\tbed"]) {
      const answer = await adjust(key);
      expect([key, answer.status, answer.body.code]).toEqual([key, 400, "bad_idempotency_key"]);
    }
    expect((await adjust("x".repeat(255))).status).toBe(200);
    expect((await adjust("day")).body.on_hand).toBe(12);
    shop.pass(86_300);
    const { body } = await adminAgain();
    expect(body.on_hand).toBe(12);
    shop.pass(200);
    expect((await adminAgain()).body.on_hand).toBe(13);
    shop.pass(86_500);
    await sweepOrders(shop);
    expect(await countOf(shop, "idempotency_keys")).toBe(0);

    // A day later the token is over, so sign in again.
    async function adminAgain() {
      const { body: tokens } = await admin.post("/auth/refresh", { refresh_token: admin.refreshToken });
      admin.refreshToken = tokens.refresh_token;
      return admin.post(
        `/admin/stock/${mug.id}/adjustment`,
        { delta: 1, reason: "count" },
        { "idempotency-key": "day", authorization: `Bearer ${tokens.access_token}` },
      );
    }
  });
});
