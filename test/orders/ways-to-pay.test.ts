import { expect, describe, test } from "bun:test";
import { importOrders } from "../../src/imports/orders/import";
import { uploaded } from "../../src/imports/source";
import { buy, expectSound, shelfOf } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

const IMPORTED = `order,date,email,sku,product,qty,price,payment_method
A-1,2029-05-01,om@example.com,TEA,Tea,1,10,Bank transfer
A-2,2029-05-02,om@example.com,TEA,Tea,1,10,
`;

describe.each(engines)("orders by how they are paid on $name", (engine) => {
  test("are listed, summed up and exported alike, whatever the customer's program called it", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const asha = await newBuyer(shop, { email: "asha@example.com" });
    const mug = await stockShelf(shop, { price: 100, stock: 50 });
    const placed: Record<string, number> = {};
    for (const payment_method of ["cod", "cash", "COD", "UPI", "card", "mock"]) {
      const { status, body } = await buy(asha, [mug], { payment_method });
      expect([payment_method, status]).toEqual([payment_method, 201]);
      placed[payment_method] = body.order_id;
    }
    await importOrders(shop, uploaded(Buffer.from(IMPORTED)), { stock: 10, category: "Imported" });
    const inCash = [placed["COD"], placed["cash"], placed["cod"]];
    const cases: [string, unknown[]][] = [
      ["cod", inCash],
      ["Cash", inCash],
      ["upi", [placed["UPI"]]],
      ["CARD", [placed["card"]]],
      ["mock", [placed["mock"]]],
      ["bank transfer", [expect.any(Number)]],
      ["cheque", []],
    ];
    for (const [way, expected] of cases) {
      const query = `payment_method=${encodeURIComponent(way)}`;
      const listed = await admin.get(`/orders/all?${query}`);
      expect([way, listed.body.map(({ id }: { id: number }) => id)]).toEqual([way, expected]);
      expect((await admin.get(`/orders/sums?${query}`)).body).toMatchObject({ orders: expected.length });
      const file = (await admin.get(`/admin/orders/export?format=jsonl&${query}`)).text.split("\n").filter(Boolean);
      expect([way, file.length]).toEqual([way, expected.length]);
      const list = await runCommand(shop, ["order", "list", "--paid-by", way]);
      expect(list.answer).toHaveLength(expected.length);
      const sums = await runCommand(shop, ["order", "list", "--sums", "--paid-by", way]);
      expect(sums.answer).toMatchObject({ orders: expected.length });
      const written = await runCommand(shop, ["export", "orders", "--format", "jsonl", "--paid-by", way]);
      expect(written.text.split("\n").filter(Boolean)).toEqual(file);
    }
    expect((await admin.get("/orders/all?payment_method=cod&status=placed&min_total=1")).body).toHaveLength(3);
    expect((await admin.get("/orders/all?payment_method=")).status).toBe(422);
  });
});

describe.each(engines)("money that came by other means on $name", (engine) => {
  async function tradingShop() {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const asha = await newBuyer(shop, { email: "asha@example.com" });
    const mug = await stockShelf(shop, { price: 100, stock: 10 });
    return { shop, admin, asha, mug };
  }

  test("pays an order once, before it leaves or after, and what is delivered is not paid again", async () => {
    const { shop, admin, asha, mug } = await tradingShop();
    const early = (await buy(asha, [{ id: mug.id, qty: 2 }])).body.order_id;
    const answer = await admin.post(`/orders/${early}/payment-receipt`, { note: "Transfer 4711" });
    expect(answer).toMatchObject({
      status: 200,
      body: { status: "placed", payment_status: "paid", amount_due: 0, payments: [{ state: "paid", captured: 200 }] },
    });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 8, reserved: 0 });
    expect((await admin.post(`/orders/${early}/payment-receipt`)).body.code).toBe("conflict");
    for (const step of ["shipment", "delivery"])
      expect((await admin.post(`/orders/${early}/${step}`)).status).toBe(200);

    const late = (await buy(asha, [mug])).body.order_id;
    await admin.post(`/orders/${late}/shipment`);
    const { answer: paid, text } = await runCommand(shop, ["order", "paid", late, "--note", "at the counter"]);
    expect(paid).toMatchObject({ status: "shipped", payment_status: "paid" });
    expect(text).toContain("paid");
    expect((await admin.post(`/orders/${late}/delivery`)).body.payments).toMatchObject([{ captured: 100 }]);
    // It can be paid back as what was paid in cash.
    expect((await admin.post(`/orders/${late}/refund`, { amount: 40 })).body.payment_status).toBe("partially_refunded");
    const audit = await shop.database.all(
      "SELECT action FROM audit WHERE CAST(details AS TEXT) LIKE '%Transfer 4711%'",
    );
    expect(audit).toEqual([{ action: "POST /api/v1/orders/:id/payment-receipt" }]);
    await expectSound(shop);
  });

  test("is not taken for what is cancelled, paid elsewhere, or may still be paid online", async () => {
    const { shop, admin, asha, mug } = await tradingShop();
    const cancelled = (await buy(asha, [mug])).body.order_id;
    await asha.post(`/orders/${cancelled}/cancellation`);
    const online = (await buy(asha, [mug], { payment_method: "mock" })).body.order_id;
    await importOrders(shop, uploaded(Buffer.from(IMPORTED)), { stock: 10, category: "Imported" });
    const [imported] = (await admin.get("/orders/all?status=delivered")).body;
    for (const id of [cancelled, online, imported.id]) {
      const { status, body } = await admin.post(`/orders/${id}/payment-receipt`);
      expect([id, status, body.code]).toEqual([id, 409, "conflict"]);
    }
    expect((await runCommand(shop, ["order", "paid", online])).failed).toContain("still pay this order online");
    expect((await admin.post("/orders/999999/payment-receipt")).status).toBe(404);
    expect((await asha.post(`/orders/${online}/payment-receipt`)).status).toBe(403);
    await expectSound(shop);
  });
});
