import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { buy, expectSound, shelfOf } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

setDefaultTimeout(60_000);

describe.each(engines)("looking after orders on $name", (engine) => {
  async function setUp(settings: Record<string, string> = {}) {
    const shop = await freshShop(engine, settings);
    return { shop, buyer: await newBuyer(shop), admin: await newClient(shop, { admin: true }) };
  }

  test("an order by phone is written as a checkout writes it, at prices of the shop's own", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop, { price: 100 });
    const tea = await stockShelf(shop, { price: 30, sku: "TEA" });
    const lines = [
      { product_id: tea.id, qty: 2 },
      { product_id: mug.id, qty: 1, price: 80 },
    ];
    const order = { user_id: buyer.id, address_id: buyer.address_id, lines, discount: 10, tags: ["phone"] };
    const taken = await admin.post("/orders", order, { "idempotency-key": "call" });
    expect(taken.status).toBe(201);
    expect(taken.headers.get("location")).toBe(`/api/v1/orders/${taken.body.id}`);
    expect(taken.body).toMatchObject({
      user_id: buyer.id,
      status: "placed",
      payment_status: "pending",
      payment_method: "cod",
      subtotal: 140,
      discount: 10,
      total_amount: 130,
      tags: ["phone"],
      address: { address_line: "12 Lake Road", country: "IN" },
      items: [
        { product_id: mug.id, price_at_purchase: 80 },
        { product_id: tea.id, price_at_purchase: 30, sku: "TEA" },
      ],
    });
    expect((await buyer.get(`/orders/${taken.body.id}`)).body).toMatchObject({
      total_amount: 130,
      tags: [],
      notes: [],
    });
    const again = await admin.post("/orders", order, { "idempotency-key": "call" });
    expect([again.headers.get("idempotent-replayed"), again.body]).toEqual(["true", taken.body]);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 1 });
    expect((await admin.post("/orders", { ...order, discount: 140.01 })).body.errors[0].path).toBe("discount");
    expect((await admin.post("/orders", { ...order, user_id: 9_999 })).status).toBe(404);
    expect((await admin.post("/orders", { ...order, lines: [{ product_id: 9_999, qty: 1 }] })).status).toBe(404);
    expect((await admin.post("/orders", { ...order, lines: [lines[0], lines[0]] })).status).toBe(422);
    expect((await admin.post("/orders", { ...order, lines: [{ product_id: mug.id, qty: 11 }] })).body.code).toBe(
      "out_of_stock",
    );
    expect((await buyer.post("/orders", order)).status).toBe(403);
    await expectSound(shop);
  });

  test("somebody without an account can order, and what is paid at the counter is paid", async () => {
    const { shop, admin } = await setUp();
    const mug = await stockShelf(shop, { price: 100 });
    const contact = { full_name: "Om Puri", email: "om@example.com", phone: "+91 1234" };
    const address = { label: "Home", address_line: "1 Hill", city: "Pune", pincode: "411001" };
    const taken = await admin.post("/orders", {
      contact,
      address,
      lines: [{ product_id: mug.id, qty: 1 }],
      paid: true,
    });
    expect(taken.body).toMatchObject({
      payment_status: "paid",
      amount_due: 0,
      email: "om@example.com",
      address: { full_name: "Om Puri", phone: "+91 1234", city: "Pune" },
    });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 9, reserved: 0 });
    expect((await admin.post("/orders", { lines: [{ product_id: mug.id, qty: 1 }] })).body.errors[0].path).toBe(
      "user_id",
    );
    await expectSound(shop);
  });

  test("notes and tags are the shop's own, and stand in the audit", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop);
    const { order_id } = (await buy(buyer, [mug])).body;
    const noted = await admin.post(`/orders/${order_id}/notes`, { note: "Rang, nobody there." });
    expect(noted.body.notes).toEqual([
      { user_id: admin.id, note: "Rang, nobody there.", created_at: shop.now().toISOString() },
    ]);
    expect((await admin.patch(`/orders/${order_id}`, { tags: ["gift", "gift", " fragile "] })).body.tags).toEqual([
      "gift",
      "fragile",
    ]);
    expect((await buyer.get(`/orders/${order_id}`)).body).toMatchObject({ notes: [], tags: [] });
    expect((await buyer.get("/orders")).body[0]).toMatchObject({ notes: [], tags: [] });
    expect((await buyer.post(`/orders/${order_id}/notes`, { note: "mine" })).status).toBe(403);
    expect((await admin.post("/orders/999/notes", { note: "none" })).status).toBe(404);
    expect((await admin.post(`/orders/${order_id}/notes`, { note: "  " })).status).toBe(422);
    const [entry] = (await admin.get(`/admin/audit?action=${encodeURIComponent("PATCH /api/v1/orders/:id")}`)).body;
    expect(entry.details.tags).toEqual([[], ["gift", "fragile"]]);
  });

  test("tracking and address can be put right, each as long as it may", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop);
    const { order_id } = (await buy(buyer, [mug])).body;
    const change = (body: object) => admin.patch(`/orders/${order_id}`, body);
    expect((await change({ tracking_number: "A1" })).status).toBe(409);
    const address = { label: "New", address_line: "9 Sea Road", city: "Goa", pincode: "403001", country: "in" };
    expect((await change({ address, email: "new@example.com" })).body).toMatchObject({
      email: "new@example.com",
      address: { city: "Goa", country: "IN", full_name: null },
    });
    await admin.post(`/orders/${order_id}/shipment`);
    expect((await change({ address })).status).toBe(409);
    expect((await change({ tracking_number: "A1" })).body).toMatchObject({ tracking_number: "A1", carrier: null });
    expect((await change({ carrier: "Post" })).body).toMatchObject({ tracking_number: "A1", carrier: "Post" });
    expect((await admin.patch("/orders/999", { tags: [] })).status).toBe(404);
  });

  test("orders are found by whatever is known of them", async () => {
    const { shop, admin } = await setUp();
    const mug = await stockShelf(shop, { price: 100, sku: "MUG-1", name: "Cup" });
    const tea = await stockShelf(shop, { price: 30, name: "Tea" });
    const asha = await newBuyer(shop, { email: "asha@example.com" });
    const om = await newBuyer(shop, { email: "om@example.com" });
    const first = (await buy(asha, [mug])).body.order_id;
    shop.pass(60);
    const { body: place } = await om.post("/orders/addresses", {
      label: "Home",
      address_line: "1",
      city: "Pune",
      pincode: "411001",
      full_name: "Zubin Mehta",
      phone: "+49 (30) 123-456",
    });
    const second = (
      await buy(om, [{ id: tea.id, qty: 2 }], {
        address_id: place.id,
        email: "Office@example.com",
        payment_method: "mock",
      })
    ).body.order_id;
    await admin.patch(`/orders/${second}`, { tags: ["gift"] });
    await admin.post(`/orders/${first}/packing`);
    const found = async (query: string) => {
      const { status, body, headers } = await admin.get(`/orders/all?${query}`);
      if (status !== 200) return status;
      expect(headers.get("x-total-count")).toBe(String(body.length));
      return body.map(({ id }: { id: number }) => id);
    };
    const both = [second, first];
    const middle = new Date(shop.now().getTime() - 30_000).toISOString();
    const cases: [string, number[] | number][] = [
      [`q=${first}`, [first]],
      [`q=%23${second}`, [second]],
      ["q=ASHA@example.com", [first]],
      ["email=office@EXAMPLE.com", [second]],
      ["email=om@example.com", [second]],
      ["name=rao", both],
      ["q=mehta", [second]],
      ["name=nobody", []],
      ["name=%25", []],
      ["phone=30123456", [second]],
      ["q=%2B49 30 123", [second]],
      ["q=9845000000", both],
      ["q=mug-1", [first]],
      ["sku=MUG-1", [first]],
      [`product_id=${tea.id}`, [second]],
      ["status=packed", [first]],
      ["payment_status=pending", both],
      ["tag=gift", [second]],
      ["tag=gif", []],
      [`user_id=${asha.id}`, [first]],
      [`since=${middle}`, [second]],
      [`until=${middle}`, [first]],
      ["min_total=100", [first]],
      ["max_total=60", [second]],
      ["min_total=60&max_total=100", both],
      ["max_total=59.99", []],
      [`q=mehta&status=packed`, []],
      ["min_total=1.005", 422],
      ["since=yesterday", 422],
    ];
    for (const [query, ids] of cases) expect([query, await found(query)]).toEqual([query, ids]);
  });

  test("the commands show whoever packs what they need, and do what the API does", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop, { name: "Red Mug", sku: "RM", price: 10 });
    const created = await runCommand(shop, [
      "order",
      "create",
      "--user",
      buyer.id,
      "--address",
      buyer.address_id,
      "--line",
      `${mug.id}:3`,
      "--tag",
      "gift",
      "--note",
      "Ring twice.",
    ]);
    const { id } = created.answer;
    await runCommand(shop, ["order", "note", id, "Pack well."]);
    const shown = (await runCommand(shop, ["order", "show", id])).text;
    for (const words of ["12 Lake Road, Pune", "Red Mug", "RM", "Ring twice.", "Pack well.", "gift", "30 to be paid"])
      expect(shown).toContain(words);
    expect((await runCommand(shop, ["order", "list", "--find", "red mug"])).answer).toMatchObject([{ id }]);
    const list = await runCommand(shop, [
      "order",
      "list",
      "--sku",
      "RM",
      "--since",
      "2030-01-01",
      "--until",
      "2030-01-01",
      "--limit",
      "1",
    ]);
    expect(list.answer.map((order: { id: number }) => order.id)).toEqual([id]);
    expect(list.text).toContain("3 Red Mug");
    const shipped = await runCommand(shop, [
      "order",
      "ship",
      id,
      "--line",
      `${mug.id}:1`,
      "--carrier",
      "Post",
      "--tracking",
      "T1",
    ]);
    expect(shipped.answer).toMatchObject({ status: "placed", shipments: [{ carrier: "Post", tracking_number: "T1" }] });
    expect(
      (await runCommand(shop, ["order", "cancel", id, "--line", `${mug.id}:1`])).answer.items[0].cancelled_qty,
    ).toBe(1);
    await runCommand(shop, ["order", "ship", id]);
    await runCommand(shop, ["order", "deliver", id]);
    const refunded = await runCommand(shop, [
      "order",
      "refund",
      id,
      "--line",
      `${mug.id}:1`,
      "--restock",
      "--reason",
      "cracked",
    ]);
    expect(refunded.text).toContain("Hand 10 INR to the customer");
    expect(refunded.answer.items[0]).toMatchObject({ refunded_qty: 1, returned_qty: 1 });
    expect((await runCommand(shop, ["order", "tag", id])).text).toContain("no tags");
    expect((await runCommand(shop, ["order", "resend", id, refunded.answer.refunds[0].id])).failed).toContain(
      "has not failed",
    );
    expect((await admin.get(`/orders/${id}`)).body.notes).toMatchObject([{ user_id: null, note: "Pack well." }]);
    await expectSound(shop);
  });
});
