import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { sweepOrders } from "../../src/orders/sweep";
import { buy, checkOut, expectSound, newBuyers, statusesOf } from "../support/buying";
import { clientOf, newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, START, type TestShop } from "../support/shop";

setDefaultTimeout(60_000);

async function usesOf(shop: TestShop, code: string): Promise<number | undefined> {
  return (await shop.database.first<{ uses: number }>("SELECT uses FROM coupons WHERE code = $1", [code]))?.uses;
}

const after = (seconds: number) => new Date(START.getTime() + seconds * 1000).toISOString();

describe.each(engines)("coupons on $name", (engine) => {
  test("take a percentage or an amount off, never more than the goods cost", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { price: 33.33, stock: 100 });
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    await admin.post("/coupons", { code: "Tenth", percent: 10 });
    await admin.post("/coupons", { code: "FIFTY", amount: 50 });
    const bought = async (coupon_code: string, qty = 1) => {
      const { body } = await buy(buyer, [{ id: mug.id, qty }], { coupon_code });
      const order = (await buyer.get(`/orders/${body.order_id}`)).body;
      return [order.subtotal, order.discount, order.total_amount, order.coupon_code];
    };
    expect(await bought("tenth")).toEqual([33.33, 3.33, 30, "TENTH"]);
    expect(await bought("fifty", 2)).toEqual([66.66, 50, 16.66, "FIFTY"]);
    expect(await bought("FIFTY")).toEqual([33.33, 33.33, 0, "FIFTY"]);
    await expectSound(shop);
  });

  test("are not changed over somebody else's change, but over a use", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { price: 100, stock: 10 });
    const [admin, other] = [await newClient(shop, { admin: true }), await newClient(shop, { admin: true })];
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    const read = (await admin.get("/coupons/TEN")).headers.get("etag") ?? "";
    await buy(await newBuyer(shop), [{ id: mug.id }], { coupon_code: "TEN" });
    const change = (limits: object, etag: string) => admin.patch("/coupons/TEN", limits, { "if-match": etag });
    const first = await change({ max_uses: 5 }, read);
    expect(first).toMatchObject({ status: 200, body: { max_uses: 5 } });
    expect(await change({ max_uses: 7 }, read)).toMatchObject({ status: 412, body: { code: "changed_meanwhile" } });
    const now = first.headers.get("etag") ?? "";
    expect((await admin.get("/coupons/TEN")).headers.get("etag")).toBe(now);
    await other.patch("/coupons/TEN", { min_total: 50 });
    expect((await change({ max_uses: 7 }, now)).status).toBe(412);
    expect((await change({ max_uses: 7 }, "*")).body).toMatchObject({ max_uses: 7, min_total: 50 });
    // Who asks finds out whose change that was.
    const { body } = await admin.get("/admin/audit?subject=/api/v1/coupons/TEN");
    expect(body.map(({ user_id }: { user_id: number }) => user_id)).toEqual([admin.id, other.id, admin.id]);
  });

  test("for a category hold for those below it, however many spaces are in its name", async () => {
    const shop = await freshShop(engine);
    const [admin, buyer] = [await newClient(shop, { admin: true }), await newBuyer(shop)];
    const kurta = await stockShelf(shop, { category: "Kurtas", price: 100 });
    const mug = await stockShelf(shop, { category: "Kitchen", price: 100 });
    await admin.put("/categories/Fine%20Clothes", {});
    await admin.put("/categories/Kurtas", { parent: "Fine Clothes" });
    await admin.post("/coupons", { code: "TEN", percent: 10, categories: ["fine  CLOTHES"] });
    for (const { id } of [kurta, mug]) await buyer.post("/cart/add", { product_id: id, qty: 1 });
    const asked = { address_id: buyer.address_id, coupon_code: "TEN" };
    expect((await buyer.post("/cart/quote", asked)).body).toMatchObject({ discount: 10, total: 190 });
  });

  test("for a category follow it to another name, and into another category", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const mug = await stockShelf(shop, { price: 100, category: "Sale" });
    const cup = await stockShelf(shop, { price: 100, category: "Cups" });
    await admin.post("/coupons", { code: "TEN", percent: 10, categories: [" sale ", "Cups"] });
    await admin.post("/coupons", { code: "ALL", percent: 5 });
    expect((await admin.put("/categories/SALE", { name: "Outlet" })).status).toBe(200);
    const bought = async (id: number) =>
      (await buy(await newBuyer(shop), [{ id }], { coupon_code: "TEN" })).body.total_amount;
    expect(await bought(mug.id)).toBe(90);
    // Who names a new category as the old one was called has not said that it is for that.
    const other = await stockShelf(shop, { price: 100, category: "Sale" });
    expect((await buy(await newBuyer(shop), [{ id: other.id }], { coupon_code: "TEN" })).status).toBe(422);
    const renamed = await runCommand(shop, ["category", "rename", "Cups", "outlet", "--merge", "--yes"]);
    expect(renamed.failed).toBeUndefined();
    expect(await bought(cup.id)).toBe(90);
    const [all, ten] = (await admin.get("/coupons")).body;
    expect([all.categories, ten.categories]).toEqual([null, ["Outlet"]]);
  });

  test("hold for their period, minimum, categories and customers", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { price: 100, category: "Kitchen", stock: 100 });
    const rug = await stockShelf(shop, { price: 100, category: "Living", stock: 100 });
    const admin = await newClient(shop, { admin: true });
    const [asha, om] = await newBuyers(shop, 2);
    const make = (code: string, limits: object) => admin.post("/coupons", { code, percent: 50, ...limits });
    await make("LATER", { starts_at: after(60) });
    await make("OVER", { ends_at: after(60) });
    await make("BIG", { min_total: 200 });
    // A minimum counts all the goods, also those that the coupon is not for.
    await make("BIG-KITCHEN", { min_total: 200, categories: ["Kitchen"] });
    await make("KITCHEN", { categories: ["Kitchen"] });
    await make("ONCE", { max_uses_per_customer: 1 });
    const codeOf = async (coupon_code: string, items = [mug], buyer = asha!) => {
      await buyer.delete("/cart");
      const { status, body } = await buy(buyer, items, { coupon_code });
      return status === 201 ? body.total_amount : (body.errors?.[0].code ?? body.code);
    };
    expect(await codeOf("LATER")).toBe("too_early");
    expect(await codeOf("OVER")).toBe(50);
    expect(await codeOf("BIG")).toBe("below_minimum");
    expect(await codeOf("BIG", [mug, rug])).toBe(100);
    expect(await codeOf("BIG-KITCHEN", [mug, rug])).toBe(150);
    expect(await codeOf("KITCHEN", [rug])).toBe("other_goods");
    expect(await codeOf("KITCHEN", [mug, rug])).toBe(150);
    expect(await codeOf("ONCE")).toBe(50);
    expect(await codeOf("ONCE")).toBe("coupon_used_up");
    expect(await codeOf("ONCE", [mug], om)).toBe(50);
    await make("ONCE-TOO", { max_uses_per_customer: 1 });
    expect(await codeOf("ONCE-TOO")).toBe(50);
    await make("GONE", { max_uses: 1 });
    expect(await codeOf("GONE", [mug], om)).toBe(50);
    await asha!.post("/cart/add", { product_id: mug.id });
    expect((await asha!.post("/cart/quote", { coupon_code: "GONE" })).body.code).toBe("coupon_used_up");
    expect(await codeOf("NONE")).toBe("unknown_coupon");
    shop.pass(60);
    expect(await codeOf("LATER")).toBe(50);
    expect(await codeOf("OVER")).toBe("coupon_over");
    await admin.patch("/coupons/later", { is_active: false });
    expect(await codeOf("LATER")).toBe("unknown_coupon");
    // Of a guest nobody knows how often they come.
    const guest = clientOf(shop, (await clientOf(shop).post("/auth/guest", {})).body.access_token);
    await guest.post("/cart/add", { product_id: mug.id });
    const quote = async (coupon_code: string) => (await guest.post("/cart/quote", { coupon_code })).body;
    expect((await quote("ONCE")).errors).toMatchObject([{ code: "not_for_guests" }]);
    expect((await quote("KITCHEN")).discount).toBe(50);
    await expectSound(shop);
  });

  test("hold for a moment of the world's, however its clock is written", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { price: 100 });
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    // It is nine in Greenwich: half past two in Pune, and four in New York.
    const over = await admin.post("/coupons", { code: "OVER", percent: 50, ends_at: "2030-01-01T13:30:00+05:30" });
    expect(over.body.ends_at).toBe("2030-01-01T08:00:00.000Z");
    await admin.post("/coupons", { code: "EARLY", percent: 50, ends_at: "2030-01-01T05:00:00-05:00" });
    expect((await buy(buyer, [mug], { coupon_code: "OVER" })).body.errors?.[0].code).toBe("coupon_over");
    expect((await checkOut(buyer, { coupon_code: "EARLY" })).status).toBe(201);
    const moved = await admin.patch("/coupons/over", { ends_at: "2030-01-02T00:00:00Z" });
    expect(moved.body.ends_at).toBe("2030-01-02T00:00:00.000Z");
  });

  test("begin and end at moments or days, and at nothing else", async () => {
    const shop = await freshShop(engine, { TIME_ZONE: "Asia/Kolkata" });
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "KEPT", percent: 10 });
    const noMoments = [
      "banana",
      "a\0b",
      "",
      "2030-02-31",
      "2030-01-31T12:00:00",
      "2030-02-30T12:00:00Z",
      "9999-12-31T23:59:59-12:00",
      "0000-01-01T00:00:00+12:00",
      " 2030-01-31T12:00:00Z",
      20300131,
      "2".repeat(10_000),
    ];
    for (const ends_at of noMoments) {
      const made = await admin.post("/coupons", { code: "NEW", percent: 10, ends_at });
      const changed = await admin.patch("/coupons/kept", { starts_at: ends_at });
      expect([ends_at, made.status, made.body.errors?.[0].path]).toEqual([ends_at, 422, "ends_at"]);
      expect([ends_at, changed.status, changed.body.errors?.[0].path]).toEqual([ends_at, 422, "starts_at"]);
    }
    const change = async (period: object) => {
      const { body } = await admin.patch("/coupons/kept", period);
      return body.errors?.[0].code ?? [body.starts_at, body.ends_at];
    };
    // A day is all of it, where the shop is.
    const day = ["2029-12-31T18:30:00.000Z", "2030-01-01T18:29:59.999Z"];
    expect(await change({ starts_at: "2030-01-01", ends_at: "2030-01-01" })).toEqual(day);
    expect(await change({ ends_at: "2029-12-31" })).toBe("invalid_period");
    expect(await change({ ends_at: day[0] })).toBe("invalid_period");
    expect(await change({})).toEqual(day);
    expect(await change({ ends_at: null })).toEqual([day[0], null]);
  });

  test("one use, fifty at once: one", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 100 });
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "ONE", percent: 10, max_uses: 1 });
    const buyers = await newBuyers(shop, 50);
    const answers = await Promise.all(buyers.map((buyer) => buy(buyer, [mug], { coupon_code: "ONE" })));
    expect(statusesOf(answers)).toEqual({ 201: 1, 409: 49 });
    expect(answers.filter((answer) => answer.body.code === "coupon_used_up")).toHaveLength(49);
    expect(await usesOf(shop, "ONE")).toBe(1);
    await expectSound(shop);
  });

  test("a use comes back when the order is cancelled, its payment declined, or its hold runs out", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    await admin.post("/coupons", { code: "ONE", percent: 10, max_uses: 1, max_uses_per_customer: 1 });
    // Another coupon, and its use by another order, are none of the business of these.
    await admin.post("/coupons", { code: "ALL", percent: 10, max_uses_per_customer: 1 });
    await buy(buyer, [mug], { coupon_code: "ALL" });
    const mine = { coupon_code: "one" };
    const cash = (await buy(buyer, [mug], mine)).body.order_id;
    expect((await buy(buyer, [mug], mine)).body.code).toBe("coupon_used_up");
    await buyer.post(`/orders/${cash}/cancellation`);
    expect(await usesOf(shop, "ONE")).toBe(0);

    const declined = await checkOut(buyer, { ...mine, payment_method: "mock" });
    expect(await usesOf(shop, "ONE")).toBe(1);
    const page = new URL(declined.body.payment_url).pathname;
    await shop.app.handle(
      new Request(`http://localhost${page}`, {
        method: "POST",
        body: "choice=decline",
        headers: { "content-type": "application/x-www-form-urlencoded" },
      }),
    );
    // The order waits to be paid again, but keeps no coupon from a new one.
    expect(await usesOf(shop, "ONE")).toBe(1);
    expect((await buy(buyer, [mug], { ...mine, payment_method: "mock" })).status).toBe(201);
    expect(await usesOf(shop, "ONE")).toBe(1);
    expect((await buyer.get(`/orders/${declined.body.order_id}`)).body.status).toBe("cancelled");
    shop.pass(31 * 60);
    await sweepOrders(shop);
    await sweepOrders(shop);
    expect([await usesOf(shop, "ONE"), await usesOf(shop, "ALL")]).toEqual([0, 1]);
    await expectSound(shop);
  });

  test("a checkout that fails uses nothing", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 1 });
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "ONE", percent: 10, max_uses: 1 });
    const failed = await buy(await newBuyer(shop), [{ id: mug.id, qty: 2 }], { coupon_code: "ONE" });
    expect(failed.body.code).toBe("out_of_stock");
    expect(await usesOf(shop, "ONE")).toBe(0);
    await expectSound(shop);
  });

  test("an admin makes, lists and changes them; nobody else does", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const made = await admin.post("/coupons", { code: "Spring-30", amount: 30.5, min_total: 100, categories: ["Tea"] });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      code: "SPRING-30",
      percent: null,
      amount: 30.5,
      min_total: 100,
      starts_at: null,
      ends_at: null,
      max_uses: null,
      max_uses_per_customer: null,
      categories: ["Tea"],
      is_active: true,
      uses: 0,
      created_at: START.toISOString(),
    });
    expect((await admin.post("/coupons", { code: "spring-30", percent: 5 })).body.code).toBe("duplicate");
    const changed = await admin.patch("/coupons/spring-30", { max_uses: 3, categories: null });
    expect(changed.body).toMatchObject({ max_uses: 3, categories: null, min_total: 100, amount: 30.5 });
    expect((await admin.get("/coupons")).body).toEqual([changed.body]);
    const [entry] = (await admin.get("/admin/audit?size=1")).body;
    expect(entry.details).toEqual({ max_uses: [null, 3], categories: [["Tea"], null] });
    expect((await admin.patch("/coupons/none", {})).status).toBe(404);
    for (const wrong of [
      { code: "A" },
      { code: "A", percent: 5, amount: 5 },
      { code: "A", percent: 0 },
      { code: "A", percent: 101 },
      { code: "A", percent: 1.505 },
      { code: "A", percent: 100.01 },
      { code: "A", percent: 0.001 },
      { code: "A", amount: 0 },
      { code: "A", amount: 1.005 },
      { code: "A B", percent: 5 },
      { code: "A", percent: 5, uses: 0 },
      { code: "A", percent: 5, starts_at: after(60), ends_at: after(60) },
    ]) {
      expect([wrong, (await admin.post("/coupons", wrong)).status]).toEqual([wrong, 422]);
    }
    const customer = await newClient(shop);
    expect((await customer.get("/coupons")).status).toBe(403);
    expect((await customer.post("/coupons", { code: "MINE", percent: 100 })).status).toBe(403);
  });

  test("a percent may have two decimals, wherever it is given, and what is off is reckoned from all of it", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const tea = await stockShelf(shop, { price: 99.99 });
    const percentOf = async (code: string) =>
      (await admin.get("/coupons")).body.find((one: { code: string }) => one.code === code)?.percent;
    // 99.99 · 12.5 % is 12.498…, of which the part of a paisa stays with the shop.
    for (const [code, percent, discount] of [
      ["EIGHTH", 12.5, 12.49],
      ["LITTLE", 0.01, 0],
      ["ODD", 33.33, 33.32],
      ["ALL", 100, 99.99],
      ["NEARLY", 99.99, 99.98],
    ] as const) {
      const made = await admin.post("/coupons", { code, percent });
      expect([code, made.status, made.body.percent]).toEqual([code, 201, percent]);
      expect(await percentOf(code)).toBe(percent);
      const { order_id } = (await buy(buyer, [tea], { coupon_code: code })).body;
      expect([code, (await buyer.get(`/orders/${order_id}`)).body.discount]).toEqual([code, discount]);
    }
    for (const [typed, percent] of [
      ["12.5", 12.5],
      ["7,25", 7.25],
      ["8.5 %", 8.5],
    ] as const) {
      const code = `CLI${String(percent).replace(".", "-")}`;
      expect((await runCommand(shop, ["coupon", "create", code, "--percent", typed])).text).toContain(`${percent} %`);
      expect(await percentOf(code)).toBe(percent);
    }
    for (const wrong of ["12.555", "1e1", "abc", "-5", "12.5%%"])
      expect((await runCommand(shop, ["coupon", "create", "NO", "--percent", wrong])).failed).toBeDefined();
    // A program of before, which runs beside this one, makes and reads coupons by their whole percents.
    await shop.database.transaction((tx) =>
      tx.run("INSERT INTO coupons (code, percent, created_at) VALUES ('BEFORE', 15, '2030-01-01T00:00:00.000Z')"),
    );
    expect(await percentOf("BEFORE")).toBe(15);
    const whole = await shop.database.all<{ percent: number }>(
      "SELECT percent FROM coupons WHERE code IN ('EIGHTH', 'LITTLE') ORDER BY code",
    );
    expect(whole.map(({ percent }) => percent)).toEqual([12, 1]);
    await expectSound(shop);
  });

  test("a limit can't be set below what was used already", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "TWO", percent: 10, max_uses: 2 });
    const buyer = await newBuyer(shop);
    for (let use = 0; use < 2; use++) await buy(buyer, [mug], { coupon_code: "TWO" });
    expect((await admin.patch("/coupons/two", { max_uses: 1 })).body.code).toBe("conflict");
    expect((await admin.patch("/coupons/two", { max_uses: 2 })).status).toBe(200);
    expect((await admin.patch("/coupons/two", { max_uses: null })).status).toBe(200);
    expect((await buy(buyer, [mug], { coupon_code: "TWO" })).status).toBe(201);
    await expectSound(shop);
  });
});
