import { describe, expect, test } from "bun:test";
import { demoSize, seedShop } from "../../src/demo/seed";
import { listOrders } from "../../src/orders/orders";
import { buy, expectSound, newBuyers, shelfOf } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { run } from "../support/program";
import { freshShop, SECRET } from "../support/shop";
import { newStripeShop } from "../support/stripe-shop";

describe.each(engines)("the commands of orders on $name", (engine) => {
  /** A paid order of two mugs that has been delivered. */
  async function deliveredOrder() {
    const { stripe, shop, buyer, order, referenceOf, product } = await newStripeShop(engine);
    const { order_id } = (await order()).body;
    stripe.pay(await referenceOf(order_id));
    await buyer.post(`/orders/${order_id}/payment`);
    for (const step of ["pack", "ship", "deliver"]) await runCommand(shop, ["order", step, order_id]);
    return { shop, stripe, buyer, order_id, product };
  }

  test.each([
    { words: [], refunds: 1, on_hand: 10, payment: "refunded" },
    { words: ["--no-refund"], refunds: 0, on_hand: 10, payment: "paid" },
    { words: ["--no-restock"], refunds: 1, on_hand: 8, payment: "refunded" },
    { words: ["--no-refund", "--no-restock"], refunds: 0, on_hand: 8, payment: "paid" },
  ])("order return $words pays back and restocks as it says", async ({ words, refunds, on_hand, payment }) => {
    const { shop, stripe, order_id, buyer, product } = await deliveredOrder();
    expect((await runCommand(shop, ["order", "return", order_id, ...words])).failed).toBeUndefined();
    expect((await buyer.get(`/orders/${order_id}`)).body).toMatchObject({
      status: "returned",
      payment_status: payment,
    });
    expect(stripe.refunds.size).toBe(refunds);
    expect(await shelfOf(shop, product)).toEqual({ on_hand, reserved: 0 });
    await expectSound(shop);
  });

  test("a long list is one list, as JSON and for people, of which the program holds a part at a time", async () => {
    const shop = await freshShop(engine);
    await seedShop(shop, { ...demoSize, products: 20, customers: 30, orders: 1_100, yes: true });
    const env = { DATABASE_URL: shop.place.url, SECRET_KEY: SECRET };
    const words = ["order", "list", "--limit", "1050"];
    const { answer, text } = await runCommand(shop, words);
    expect(new Set(answer.map(({ id }: { id: number }) => id)).size).toBe(1_050);
    const { items } = await listOrders(shop, {}, { limit: 1_050, offset: 0 });
    expect(answer.map(({ id }: { id: number }) => id)).toEqual(items.map(({ id }) => id));
    expect((await run([...words, "--json"], { env })).out).toBe(`${JSON.stringify(answer, undefined, 2)}\n`);
    expect((await run(words, { env })).out).toBe(`${text}\n`);
    expect(text).toContain("1 to 1050 of 1100. More: --page 2.");
    const second = await runCommand(shop, [...words, "--page", 2]);
    expect(second.answer).toHaveLength(50);
    expect((await run([...words, "--customer", "1", "--status", "cancelled", "--json"], { env })).out).toMatch(/^\[/);
    expect((await run([...words, "--find", "nobody@example.com", "--json"], { env })).out).toBe("[]\n");
    expect((await run([...words, "--find", "nobody@example.com"], { env })).out).toBe("No order fits.\n");
  }, 120_000);

  test("units are named by id, slug, sku or barcode, as order show has them, also of what is gone; and what became of them is shown", async () => {
    const shop = await freshShop(engine);
    const run = (...words: (string | number)[]) => runCommand(shop, words);
    const tea = await stockShelf(shop, { name: "Tea", sku: "TEA:250", barcode: "4006381333931", price: 10 });
    const taken = await run("order", "create", "--name", "Asha", "--phone", "98220", "--line", "TEA:250:4");
    expect(taken.answer.items).toMatchObject([{ product_id: tea.id, qty: 4 }]);
    const { id } = taken.answer;
    expect((await run("order", "quote", "4006381333931:2", "--user", taken.answer.user_id)).answer.subtotal).toBe(20);
    expect((await run("order", "cancel", id, "--line", `${tea.slug}:1`, "--yes")).failed).toBe(undefined);
    expect((await run("product", "delete", tea.id)).failed).toBe(undefined);
    expect((await run("order", "ship", id, "--line", "TEA:250:3")).answer.status).toBe("shipped");
    await run("order", "return", id, "--line", "TEA:250:1", "--yes");
    await run("order", "deliver", id);
    await run("order", "refund", id, "--line", "TEA:250:1", "--yes");
    const lines = (await run("order", "show", id)).text.split("\n");
    const at = lines.findIndex((line) => line.startsWith("CODE"));
    const cells = [lines[at], lines[at + 1]].map((line) => line?.split(/ {2,}/));
    expect(cells).toEqual([
      ["CODE", "PRODUCT", "QTY", "PRICE", "TO PACK", "OFF", "BACK", "PAID BACK"],
      ["TEA:250", "Tea", "4", "10", "0", "1", "1", "1"],
    ]);
    expect((await run("order", "ship", id, "--line", "nothing:1")).failed).toContain("no such product");
    expect((await run("order", "ship", id, "--line", "TEA")).failed).toContain("product:quantity");
  });

  test("an order is taken down abroad, at prices of the shop's own, and put right before it leaves", async () => {
    const shop = await freshShop(engine);
    const run = (...words: (string | number)[]) => runCommand(shop, words);
    const tea = await stockShelf(shop, { sku: "TEA@250", price: 10 });
    const mug = await stockShelf(shop, { price: 100 });
    const about = ["--name", "Asha", "--email", "asha@example.com"];
    const to = ["--street", "4 Mill Lane", "--city", "Ulm", "--pincode", "89073", "--country", "de"];
    const lines = ["--line", "TEA@250:4@7.5", `${mug.id}:1`];
    const taken = await run("order", "create", ...about, ...to, ...lines, "--shipping", 12, "--tax-id", "DE123");
    expect(taken.failed).toBe(undefined);
    expect(taken.answer).toMatchObject({
      subtotal: 130,
      shipping: 12,
      total_amount: 142,
      tax_id: "DE123",
      address: { address_line: "4 Mill Lane", country: "DE" },
      items: [
        { product_id: tea.id, qty: 4, price_at_purchase: 7.5 },
        { product_id: mug.id, qty: 1, price_at_purchase: 100 },
      ],
    });
    const { id } = taken.answer;
    const moved = [
      "--street",
      "9 Sea Road",
      "--city",
      "Goa",
      "--pincode",
      "403001",
      "--name",
      "Om",
      "--phone",
      "98220",
    ];
    expect((await run("order", "edit", id, ...moved, "--email", "om@example.com")).answer).toMatchObject({
      email: "om@example.com",
      address: { address_line: "9 Sea Road", city: "Goa", country: "IN", full_name: "Om", phone: "98220" },
    });
    expect((await run("order", "edit", id, "--city", "Pune")).failed).toContain("not valid");
    expect((await run("order", "edit", id)).failed).toContain("Say what to change");
    expect((await run("order", "create", ...about, "--line", `${mug.id}:1@cheap`)).failed).toContain("amount");
    expect((await run("order", "create", ...about, "--line", `${mug.id}:1@1.005`)).failed).toContain(
      "no amounts that small",
    );
    await run("order", "ship", id);
    expect((await run("order", "edit", id, "--tracking", "T1", "--carrier", "Post")).answer).toMatchObject({
      tracking_number: "T1",
      carrier: "Post",
    });
    expect((await run("order", "edit", id, ...moved)).failed).toBeDefined();
  });

  test("order list --user lists the orders of one customer, by e-mail or id", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const [asha, om] = [await newBuyer(shop, { email: "asha@example.com" }), await newBuyer(shop)];
    const first = (await buy(asha, [mug])).body.order_id;
    const second = (await buy(om, [mug])).body.order_id;
    const idsOf = async (...words: (string | number)[]) =>
      (await runCommand(shop, ["order", "list", ...words])).answer.map(({ id }: { id: number }) => id);
    expect(await idsOf("--user", "asha@example.com")).toEqual([first]);
    expect(await idsOf("--user", om.id)).toEqual([second]);
    expect(await idsOf()).toEqual([second, first]);
  });

  test("order cancel cancels an order of any customer for the shop", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const [, , third] = await newBuyers(shop, 3);
    const { order_id } = (await buy(third!, [mug])).body;
    expect((await runCommand(shop, ["order", "cancel", order_id])).failed).toBeUndefined();
    const { body } = await third!.get(`/orders/${order_id}`);
    expect(body.status).toBe("cancelled");
    expect(body.history.at(-1).cause).toBe("cancelled_by_shop");
  });

  test("a coupon whose end is past says that nobody can use it", async () => {
    const shop = await freshShop(engine);
    const late = await runCommand(shop, ["coupon", "create", "LATE", "--percent", "5", "--ends", "2020-01-31"]);
    expect(late.text).toContain("Its end is past");
  });

  test("coupon create takes every limit that it names", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const options = ["--percent", 15, "--min-total", "99.5", "--starts", "2030-01-02T00:00:00Z"];
    const more = ["--ends", "2030-03-04T00:00:00Z", "--uses", 7, "--uses-per-customer", 2, "--category", "Tea", "Rice"];
    expect((await runCommand(shop, ["coupon", "create", "ALL", ...options, ...more])).failed).toBeUndefined();
    expect((await admin.get("/coupons")).body).toEqual([
      expect.objectContaining({
        code: "ALL",
        percent: 15,
        min_total: 99.5,
        starts_at: "2030-01-02T00:00:00.000Z",
        ends_at: "2030-03-04T00:00:00.000Z",
        max_uses: 7,
        max_uses_per_customer: 2,
        categories: ["Tea", "Rice"],
      }),
    ]);
  });

  test("coupon edit takes limits away again", async () => {
    const shop = await freshShop(engine);
    const run = (...words: (string | number)[]) => runCommand(shop, words);
    const limits = ["--starts", "2030-01-02", "--ends", "2030-03-04", "--uses", 7, "--uses-per-customer", 2];
    await run("coupon", "create", "ALL", "--percent", 15, ...limits, "--category", "Tea");
    expect((await run("coupon", "edit", "ALL", "--no-ends", "--no-category")).answer).toMatchObject({
      ends_at: null,
      categories: null,
      starts_at: "2030-01-02T00:00:00.000Z",
      max_uses: 7,
    });
    const rest = ["--no-starts", "--no-uses", "--no-uses-per-customer"];
    expect((await run("coupon", "edit", "ALL", ...rest)).answer).toMatchObject({
      starts_at: null,
      max_uses: null,
      max_uses_per_customer: null,
    });
  });

  test("user list shows guests where they are asked for, and no one else then", async () => {
    const shop = await freshShop(engine);
    const buyer = await newBuyer(shop);
    const mug = await stockShelf(shop);
    const taken = await runCommand(shop, ["order", "create", "--name", "Om Puri", "--line", `${mug.id}:1`]);
    const idsOf = async (...words: string[]) =>
      (await runCommand(shop, ["user", "list", ...words])).answer.map(({ id }: { id: number }) => id);
    expect(await idsOf()).toEqual([buyer.id]);
    expect(await idsOf("--guests")).toEqual([taken.answer.user_id]);
    expect((await runCommand(shop, ["user", "list", "--guests"])).text).toMatch(/Om Puri +guest/);
  });

  test("user disable and enable leave the role of an admin alone", async () => {
    const shop = await freshShop(engine);
    const keeper = await newClient(shop, { admin: true });
    const admin = await newClient(shop, { admin: true, email: "second@example.com" });
    await runCommand(shop, ["user", "disable", "second@example.com"]);
    const account = () => keeper.get(`/users/${admin.id}`).then(({ body }) => [body.is_active, body.is_admin]);
    expect(await account()).toEqual([false, true]);
    await runCommand(shop, ["user", "enable", "second@example.com"]);
    expect(await account()).toEqual([true, true]);
  });

  test("audit --user lists what one account did", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const [first, second] = [await newClient(shop, { admin: true }), await newClient(shop, { admin: true })];
    await first.post(`/admin/stock/${mug.id}/adjustment`, { delta: 1, reason: "counted" });
    await second.post(`/admin/stock/${mug.id}/adjustment`, { delta: 2, reason: "counted" });
    const { answer } = await runCommand(shop, ["audit", "--user", second.id]);
    expect(new Set(answer.map(({ user_id }: { user_id: number }) => user_id))).toEqual(new Set([second.id]));
    const all = (await runCommand(shop, ["audit", "list"])).answer;
    const page = await runCommand(shop, ["audit", "list", "--limit", 1, "--page", 2]);
    expect(page.answer).toEqual([all[1]]);
    expect(page.text).toContain(`2 to 2 of ${all.length}. More: --page 3.`);
    expect((await runCommand(shop, ["audit", "list", "--page", 9])).text).toBe(
      `There is no page 9: the list has ${all.length}.`,
    );
  });
});
