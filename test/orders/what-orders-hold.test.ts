import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { sweepOrders } from "../../src/orders/sweep";
import { buy, type Buyer, checkOut, expectSound, newBuyers, shelfOf } from "../support/buying";
import { type Client, clientOf, newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

setDefaultTimeout(60_000);

const limited = { RATE_LIMIT: "on", RATE_LIMIT_PER_MINUTE: "1000000" };

describe.each(engines)("what an order holds on $name", (engine) => {
  async function setUp(settings: Record<string, string> = {}) {
    const shop = await freshShop(engine, settings);
    return { shop, buyer: await newBuyer(shop), admin: await newClient(shop, { admin: true }) };
  }

  /** An order in cash that has arrived, and is paid. */
  async function delivered(
    { buyer, admin }: Awaited<ReturnType<typeof setUp>>,
    items: { id: number; qty?: number }[],
    checkout = {},
  ): Promise<number> {
    const { body } = await buy(buyer, items, checkout);
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${body.order_id}/${step}`);
    return body.order_id;
  }

  test("units are paid back at what they really cost: a coupon counts for the goods that it was for", async () => {
    const setup = await setUp();
    const { shop, admin } = setup;
    const sale = await stockShelf(shop, { category: "Sale", price: 100 });
    const full = await stockShelf(shop, { category: "Full", price: 200 });
    await admin.post("/coupons", { code: "TEN", percent: 10, categories: [" sale "] });
    const id = await delivered(setup, [{ id: sale.id }, { id: full.id }], { coupon_code: "TEN" });
    const { body } = await admin.get(`/orders/${id}`);
    expect(body).toMatchObject({ total_amount: 290, items: [{ discount: 10 }, { discount: 0 }] });
    const refund = (product_id: number) => admin.post(`/orders/${id}/refund`, { lines: [{ product_id, qty: 1 }] });
    expect((await refund(full.id)).body.refunds.at(-1).amount).toBe(200);
    expect((await refund(sale.id)).body).toMatchObject({ payment_status: "refunded" });
    expect((await admin.get(`/orders/${id}`)).body.refunds.map(({ amount }: { amount: number }) => amount)).toEqual([
      200, 90,
    ]);
    await expectSound(shop);
  });

  test("what was bought is called what it was called then, whatever becomes of the product", async () => {
    const { shop, buyer, admin } = await setUp();
    const tea = await stockShelf(shop, {
      name: "Green Tea 2023",
      slug: "green-tea",
      category: "Tea",
      sku: "GT-23",
      image_url: "https://shop.example/tea.jpg",
    });
    const { order_id } = (await buy(buyer, [tea])).body;
    const bought = {
      line: 1,
      product_id: tea.id,
      qty: 1,
      price_at_purchase: 120,
      name: "Green Tea 2023",
      sku: "GT-23",
      slug: "green-tea",
      category: "Tea",
      options: {},
      image_url: "https://shop.example/tea.jpg",
      tax_class: "standard",
      discount: 0,
      tax: 0,
      cancelled_qty: 0,
      shipped_qty: 0,
      returned_qty: 0,
      refunded_qty: 0,
    };
    expect((await buyer.get(`/orders/${order_id}`)).body.items).toEqual([bought]);
    await admin.patch(`/products/${tea.id}`, { name: "Old Tea", sku: "OLD", category: "Rest", image_url: null });
    await admin.delete(`/products/${tea.id}`);
    for (const client of [buyer, admin]) {
      expect((await client.get(`/orders/${order_id}`)).body.items).toEqual([bought]);
    }
  });

  test("a line from before names were kept is called what its product is called", async () => {
    const { shop, buyer } = await setUp();
    const tea = await stockShelf(shop, { name: "Tea", sku: "T-1" });
    const { order_id } = (await buy(buyer, [tea])).body;
    await shop.database.transaction((tx) =>
      tx.run("UPDATE order_items SET name = NULL, sku = NULL, slug = NULL, category = NULL, discount_minor = NULL"),
    );
    expect((await buyer.get(`/orders/${order_id}`)).body.items).toMatchObject([
      { name: "Tea", sku: "T-1", slug: tea.slug },
    ]);
    await expectSound(shop);
  });

  test("where it goes and whom to write to is in the order, for its customer and for admins, and for nobody else", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop);
    const { body: address } = await buyer.post("/orders/addresses", {
      label: "Office",
      address_line: "7 MG Road",
      city: "Pune",
      state: "Maharashtra",
      pincode: "411001",
      country: "in",
      full_name: "Asha Rao",
      phone: "+91 98450 11111",
    });
    expect(address).toMatchObject({ country: "IN", full_name: "Asha Rao", phone: "+91 98450 11111" });
    const { order_id } = (
      await buy(buyer, [mug], {
        address_id: address.id,
        billing_address_id: buyer.address_id,
        tax_id: "27AAPFU0939F1ZV",
        customer_note: "Ring twice.",
        email: "office@example.com",
      })
    ).body;
    await buyer.put(`/users/me/addresses/${address.id}`, {
      ...address,
      id: undefined,
      user_id: undefined,
      city: "Mumbai",
    });
    await buyer.delete(`/users/me/addresses/${address.id}`);
    const { id: _id, user_id: _user, ...place } = address;
    for (const client of [buyer, admin]) {
      expect((await client.get(`/orders/${order_id}`)).body).toMatchObject({
        address: place,
        billing_address: { address_line: "12 Lake Road", country: "IN", full_name: null, phone: null },
        tax_id: "27AAPFU0939F1ZV",
        customer_note: "Ring twice.",
        email: "office@example.com",
      });
    }
    const [stranger] = await newBuyers(shop, 1);
    expect((await stranger!.get(`/orders/${order_id}`)).status).toBe(404);
    // Without one of its own, mail goes to the account.
    const plain = (await buy(buyer, [mug])).body.order_id;
    expect((await admin.get(`/orders/${plain}`)).body.email).toBe((await buyer.get("/users/me")).body.email);
  });

  test("refunds can be seen: how much, which units, when, why, and whether it is done", async () => {
    const setup = await setUp();
    const { shop, buyer, admin } = setup;
    const mug = await stockShelf(shop, { price: 10 });
    const id = await delivered(setup, [{ id: mug.id, qty: 2 }]);
    shop.pass(60);
    await admin.post(`/orders/${id}/refund`, { lines: [{ product_id: mug.id, qty: 1 }], reason: "cracked" });
    const now = shop.now().toISOString();
    expect((await buyer.get(`/orders/${id}`)).body).toMatchObject({
      total_amount: 20,
      payment_status: "partially_refunded",
      items: [{ qty: 2, refunded_qty: 1 }],
      refunds: [
        {
          amount: 10,
          reason: "cracked",
          state: "done",
          source: "shop",
          shipping: false,
          lines: [{ line: 1, product_id: mug.id, qty: 1 }],
          created_at: now,
          ended_at: now,
        },
      ],
      payments: [{ provider: "cod", state: "paid", captured: 20, refunded: 10 }],
    });
  });

  test("a unit that is paid back before it leaves is off the order and on the shelf, and the packer sees it", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop, { price: 10 });
    const { body } = await buy(buyer, [{ id: mug.id, qty: 3 }], { payment_method: "mock" });
    const id = body.order_id;
    await pay(shop, body.payment_url);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 7, reserved: 0 });
    const refunded = await admin.post(`/orders/${id}/refund`, { lines: [{ product_id: mug.id, qty: 1 }] });
    expect(refunded.body.items).toMatchObject([{ qty: 3, cancelled_qty: 1, refunded_qty: 1, shipped_qty: 0 }]);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 8, reserved: 0 });
    const shipped = await admin.post(`/orders/${id}/shipment`);
    expect(shipped.body).toMatchObject({ status: "shipped", shipments: [{ lines: [{ qty: 2 }] }] });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 8, reserved: 0 });
    // What has left stays with the customer, unless it came back.
    await admin.post(`/orders/${id}/refund`, { lines: [{ product_id: mug.id, qty: 1 }] });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 8, reserved: 0 });
    const back = await admin.post(`/orders/${id}/refund`, { lines: [{ product_id: mug.id, qty: 1 }], restock: true });
    expect(back.body).toMatchObject({ payment_status: "refunded", items: [{ refunded_qty: 3, returned_qty: 1 }] });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 9, reserved: 0 });
    await expectSound(shop);
  });

  test("an order that is paid back whole before it leaves is on the shelf again; cancelling it moves nothing twice", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop);
    const { body } = await buy(buyer, [{ id: mug.id, qty: 2 }], { payment_method: "mock" });
    await pay(shop, body.payment_url);
    expect((await admin.post(`/orders/${body.order_id}/refund`, {})).body.payment_status).toBe("refunded");
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 0 });
    for (const step of ["packing", "shipment"]) {
      expect((await admin.post(`/orders/${body.order_id}/${step}`)).status).toBe(409);
    }
    expect((await admin.post(`/orders/${body.order_id}/cancellation`)).body.status).toBe("cancelled");
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 0 });
    await expectSound(shop);
  });

  test("a part is cancelled before it ships: off what is to be paid in cash, paid back where it was paid", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop, { price: 10 });
    const plate = await stockShelf(shop, { price: 7 });
    const cash = (await buy(buyer, [{ id: mug.id, qty: 3 }, { id: plate.id }])).body.order_id;
    const part = await buyer.post(`/orders/${cash}/cancellation`, { lines: [{ product_id: mug.id, qty: 2 }] });
    expect(part.body).toMatchObject({ status: "placed", total_amount: 37, amount_due: 17, payment_status: "pending" });
    expect(part.body.history.at(-1).cause).toBe("cancelled_in_part");
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 10, reserved: 1 });
    const tooMany = await buyer.post(`/orders/${cash}/cancellation`, { lines: [{ product_id: mug.id, qty: 2 }] });
    expect([tooMany.status, tooMany.body.errors[0].path]).toEqual([422, "lines.0"]);
    await expectSound(shop);
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${cash}/${step}`);
    expect((await buyer.get(`/orders/${cash}`)).body).toMatchObject({ amount_due: 0, payments: [{ captured: 17 }] });
    expect((await admin.post(`/orders/${cash}/refund`, {})).body.refunds.at(-1).amount).toBe(17);
    await expectSound(shop);

    const paid = (await buy(buyer, [{ id: mug.id, qty: 2 }], { payment_method: "mock" })).body;
    expect((await buyer.post(`/orders/${paid.order_id}/cancellation`, { lines: [{ line: 1, qty: 1 }] })).status).toBe(
      409,
    );
    await pay(shop, paid.payment_url);
    const half = await buyer.post(`/orders/${paid.order_id}/cancellation`, { lines: [{ line: 1, qty: 1 }] });
    expect(half.body).toMatchObject({
      status: "placed",
      payment_status: "partially_refunded",
      refunds: [{ amount: 10 }],
    });
    // The rest of it is all of it.
    const rest = await buyer.post(`/orders/${paid.order_id}/cancellation`, { lines: [{ line: 1, qty: 1 }] });
    expect(rest.body).toMatchObject({ status: "cancelled", payment_status: "refunded" });
    await expectSound(shop);
  });

  test("an order leaves in several shipments, each with its number, and has shipped with the last", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop);
    const plate = await stockShelf(shop);
    const { order_id } = (await buy(buyer, [{ id: mug.id, qty: 3 }, { id: plate.id }])).body;
    const ship = (body?: object) => admin.post(`/orders/${order_id}/shipment`, body);
    const first = await ship({ lines: [{ product_id: mug.id, qty: 1 }], carrier: "India Post", tracking_number: "A1" });
    expect(first.body).toMatchObject({ status: "placed", tracking_number: "A1", carrier: "India Post" });
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 9, reserved: 2 });
    expect((await ship({ lines: [{ product_id: mug.id, qty: 3 }] })).status).toBe(422);
    expect((await buyer.post(`/orders/${order_id}/cancellation`)).body.detail).toContain("has left");
    await buyer.post(`/orders/${order_id}/cancellation`, { lines: [{ product_id: plate.id, qty: 1 }] });
    await expectSound(shop);
    const last = await ship();
    expect(last.body).toMatchObject({
      status: "shipped",
      tracking_number: null,
      shipments: [{ lines: [{ product_id: mug.id, qty: 1 }] }, { lines: [{ product_id: mug.id, qty: 2 }] }],
      items: [{ shipped_qty: 3 }, { cancelled_qty: 1, shipped_qty: 0 }],
    });
    expect((await ship()).status).toBe(409);
    expect((await ship({ lines: [{ product_id: mug.id, qty: 1 }] })).status).toBe(422);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 7, reserved: 0 });
    await expectSound(shop);
  });

  test("cancelling what has not left of an order that left in part makes it shipped", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop);
    const { order_id } = (await buy(buyer, [{ id: mug.id, qty: 2 }])).body;
    await admin.post(`/orders/${order_id}/shipment`, { lines: [{ line: 1, qty: 1 }] });
    const rest = await admin.post(`/orders/${order_id}/cancellation`, { lines: [{ line: 1, qty: 1 }] });
    expect(rest.body.status).toBe("shipped");
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 9, reserved: 0 });
    await expectSound(shop);
  });

  test("a coupon that was used for what nobody paid is free again, whatever became of the order", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop);
    await admin.post("/coupons", { code: "ONE", percent: 10, max_uses: 1 });
    const { order_id } = (await buy(buyer, [mug], { coupon_code: "ONE" })).body;
    await admin.post(`/orders/${order_id}/shipment`);
    // Refused at the door.
    expect((await admin.post(`/orders/${order_id}/return`, {})).body).toMatchObject({
      status: "returned",
      payment_status: "failed",
    });
    await expectSound(shop);
    expect((await buy(buyer, [mug], { coupon_code: "ONE" })).status).toBe(201);
  });

  test.each(["ONE ", " one", "One\t", "ＯＮＥ", "O\u200bNE"])("a code is what a person means by %j", async (code) => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop);
    expect((await admin.post("/coupons", { code: " one ", percent: 10 })).body.code).toBe("ONE");
    expect((await buy(buyer, [mug], { coupon_code: code })).status).toBe(201);
    expect((await admin.patch(`/coupons/${encodeURIComponent(code)}`, { is_active: false })).status).toBe(200);
  });

  test("a letter that no code has is none of its letters", async () => {
    const { shop, buyer, admin } = await setUp();
    const mug = await stockShelf(shop);
    await admin.post("/coupons", { code: "GROSS", percent: 10 });
    const { body } = await buy(buyer, [mug], { coupon_code: "groß" });
    expect(body.errors).toMatchObject([{ path: "coupon_code", code: "unknown_coupon" }]);
  });

  test("an address of nothing to see is none", async () => {
    const { buyer } = await setUp();
    const place = { label: "Home", address_line: "12 Lake Road", city: "Pune", pincode: "411001" };
    for (const field of [...Object.keys(place), "state", "full_name", "phone"]) {
      for (const nothing of [" ", "\t\n", "\u00a0"]) {
        const { status, body } = await buyer.post("/orders/addresses", { ...place, [field]: nothing });
        expect([field, status, body.errors?.[0].path]).toEqual([field, 422, field]);
      }
    }
    expect((await buyer.post("/orders/addresses", { ...place, country: "India" })).status).toBe(422);
  });

  test("a word that names no way to pay is refused with what there is; older words mean the online payment", async () => {
    const { shop, buyer } = await setUp();
    const mug = await stockShelf(shop, { stock: 100 });
    const wrong = await buy(buyer, [mug], { payment_method: "crad" });
    expect([wrong.status, wrong.body.detail]).toEqual([422, "This shop takes: cod, mock."]);
    for (const word of ["UPI", "card", "NetBanking", "wallet"]) {
      expect((await buy(buyer, [mug], { payment_method: word })).body.payment_url).toContain("/mock/pages/");
    }
    for (const word of ["cash", "COD"])
      expect((await buy(buyer, [mug], { payment_method: word })).body.payment_url).toBeNull();
    const cashOnly = await setUp({ PAYMENT_PROVIDERS: "cod" });
    const tea = await stockShelf(cashOnly.shop);
    const card = await buy(cashOnly.buyer, [tea], { payment_method: "card" });
    expect([card.status, card.body.payment_url]).toEqual([201, null]);
    expect((await buy(cashOnly.buyer, [tea], { payment_method: "mock" })).status).toBe(422);
  });

  test("what a hold takes back lies in the cart again, beside what is there by now", async () => {
    const { shop, buyer } = await setUp();
    const mug = await stockShelf(shop);
    const gone = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    await buy(buyer, [{ id: mug.id, qty: 2 }, { id: gone.id }], { payment_method: "mock" });
    await buyer.post("/cart/add", { product_id: mug.id, qty: 3 });
    await admin.delete(`/products/${gone.id}`);
    shop.pass(31 * 60);
    await sweepOrders(shop);
    expect((await buyer.get("/cart")).body.items).toMatchObject([{ product_id: mug.id, qty: 5 }]);
    // By the customer's own wish, nothing comes back.
    const { body } = await checkOut(buyer, { payment_method: "mock" });
    await buyer.post(`/orders/${body.order_id}/cancellation`);
    expect((await buyer.get("/cart")).body.items).toEqual([]);
    await expectSound(shop);
  });

  test("limits of trade: open orders, units that are not paid, and how long cash is waited for", async () => {
    const { shop, buyer, admin } = await setUp({ OPEN_ORDERS_MOST: "2", UNPAID_UNITS_MOST: "5", COD_HOLD_HOURS: "1" });
    const mug = await stockShelf(shop);
    expect((await buy(buyer, [{ id: mug.id, qty: 6 }])).body.detail).toContain("5 in orders that are not paid");
    await buyer.delete("/cart");
    const first = (await buy(buyer, [{ id: mug.id, qty: 3 }])).body.order_id;
    expect((await buy(buyer, [{ id: mug.id, qty: 3 }])).status).toBe(409);
    await buyer.put(`/cart/items/${mug.id}`, { qty: 2 });
    const second = (await checkOut(buyer)).body.order_id;
    const tea = await stockShelf(shop);
    expect((await buy(buyer, [tea])).body.detail).toContain("You have 2 orders");
    await admin.post(`/orders/${first}/packing`);
    shop.pass(3_599);
    expect(await sweepOrders(shop)).toEqual({ expired: 0 });
    shop.pass(1);
    expect(await sweepOrders(shop)).toEqual({ expired: 1 });
    const statuses = await shop.database.all("SELECT id, status FROM orders ORDER BY id");
    expect(statuses).toEqual([
      { id: first, status: "packed" },
      { id: second, status: "cancelled" },
    ]);
    await expectSound(shop);
  });

  test("a stranger gets no more than so many open orders, as one customer or as many guests; regulars and admins go on", async () => {
    const { shop, buyer } = await setUp({ ...limited, OPEN_ORDERS_MOST: "20", GUEST_ORDERS_PER_HOUR: "3" });
    const mug = await stockShelf(shop, { stock: 1_000 });
    for (let count = 0; count < 20; count++) expect((await buy(buyer, [mug])).status).toBe(201);
    const refused = await buy(buyer, [mug]);
    expect([refused.status, refused.body.code]).toEqual([409, "conflict"]);
    const admin = await newClient(shop, { admin: true });
    const home = { label: "Home", full_name: "Om", address_line: "1 Road", city: "Pune", pincode: "411001" };
    const orderOf = async (client: Client, more: Record<string, unknown> = {}) => {
      const { body } = await client.post("/orders/addresses", home);
      await client.post("/cart/add", { product_id: mug.id });
      return client.post("/orders/checkout", { payment_method: "cod", address_id: body.id, ...more });
    };
    for (let count = 0; count < 21; count++) expect((await orderOf(admin)).status).toBe(201);
    const guestOrder = async () => {
      const { body } = await clientOf(shop).post("/auth/guest", {});
      return orderOf(clientOf(shop, body.access_token), { email: "victim@example.com" });
    };
    for (let count = 0; count < 2; count++) expect((await guestOrder()).status).toBe(201);
    // Mail that goes elsewhere than to the account is as good as a guest's; the account's own e-mail is not.
    const other = await newBuyer(shop);
    expect((await buy(other, [mug], { email: "victim@example.com" })).status).toBe(201);
    const late = await guestOrder();
    expect([late.status, late.body.code]).toEqual([429, "too_many_requests"]);
    expect((await buy(other, [mug], { email: "victim@example.com" })).status).toBe(429);
    expect((await checkOut(other)).status).toBe(201);
    shop.pass(1_200);
    expect((await guestOrder()).status).toBe(201);
    await expectSound(shop);
  });

  test("who changes the way to pay to and fro keeps the goods no longer than cash does, and comes to an end", async () => {
    const { shop, buyer } = await setUp({ COD_HOLD_HOURS: "2" });
    const { body } = await buy(buyer, [await stockShelf(shop)], { payment_method: "mock" });
    const change = (payment_method: string) => buyer.post(`/orders/${body.order_id}/payment`, { payment_method });
    const holdUntil = async () =>
      (await shop.database.first<{ at: string }>("SELECT hold_until AS at FROM orders"))?.at;
    shop.pass(600);
    const placed = shop.now().getTime() - 600_000;
    for (const word of ["cod", "mock", "cod"]) expect((await change(word)).status).toBe(200);
    expect(await holdUntil()).toBe(new Date(placed + 2 * 3_600_000).toISOString());
    shop.pass(1_200);
    for (const word of ["mock", "cod"]) expect((await change(word)).status).toBe(200);
    expect(await holdUntil()).toBe(new Date(placed + 2 * 3_600_000).toISOString());
    const answers = [];
    for (let count = 0; count < 30; count++) answers.push((await change(count % 2 ? "cod" : "mock")).status);
    // From the twentieth try on it stays as it is.
    expect(answers.slice(0, 14)).toEqual(Array.from({ length: 14 }, () => 200));
    expect(answers.slice(14, 18)).toEqual([409, 200, 409, 200]);
    expect(await shop.database.all("SELECT id FROM payments")).toHaveLength(20);
    // Asking how it stands still works, and so does cancelling.
    expect((await buyer.post(`/orders/${body.order_id}/payment`)).status).toBe(200);
    expect((await buyer.post(`/orders/${body.order_id}/cancellation`)).status).toBe(200);
    await expectSound(shop);
  });

  test("orders placed and cancelled without end come to one, by whomever from one client", async () => {
    const { shop, buyer } = await setUp({ ...limited, GUEST_ORDERS_PER_HOUR: "1" });
    const mug = await stockShelf(shop, { stock: 1_000 });
    const cancelOne = async (client: Buyer) => {
      const { body } = await buy(client, [mug]);
      return (await client.post(`/orders/${body.order_id}/cancellation`)).status;
    };
    for (let count = 0; count < 10; count++) expect(await cancelOne(buyer)).toBe(200);
    expect(await cancelOne(buyer)).toBe(429);
    expect(await cancelOne(await newBuyer(shop))).toBe(429);
    shop.pass(360);
    expect(await cancelOne(buyer)).toBe(200);
    await expectSound(shop);
  });

  test("what fails at checkout is no order: it counts for nobody", async () => {
    const { shop } = await setUp({ RATE_LIMIT: "on", GUEST_ORDERS_PER_HOUR: "1" });
    const mug = await stockShelf(shop, { stock: 1 });
    const buyer = await newBuyer(shop);
    const mailed = { email: "else@example.com" };
    expect((await buy(buyer, [{ id: mug.id, qty: 2 }], mailed)).status).toBe(409);
    await buyer.put(`/cart/items/${mug.id}`, { qty: 1 });
    expect((await checkOut(buyer, mailed)).status).toBe(201);
  });
});

async function pay(shop: TestShop, url: string): Promise<void> {
  await shop.app.handle(
    new Request(`http://localhost${new URL(url).pathname}`, {
      method: "POST",
      body: "choice=pay",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    }),
  );
}
