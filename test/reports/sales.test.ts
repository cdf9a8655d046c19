import { describe, expect, test } from "bun:test";
import { dayText, periodBefore, periodOf, stepsOf } from "../../src/reports/periods";
import { buy, newBuyers } from "../support/buying";
import { newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";

const NOW = new Date("2030-03-15T20:00:00.000Z");

const before = (range: string) => periodBefore(periodOf(range, NOW, "UTC"), "UTC");

describe("ranges of days", () => {
  test.each([
    ["today", "2030-03-15T18:30:00.000Z", "2030-03-16T18:30:00.000Z"],
    ["yesterday", "2030-03-14T18:30:00.000Z", "2030-03-15T18:30:00.000Z"],
    ["last_7_days", "2030-03-09T18:30:00.000Z", "2030-03-16T18:30:00.000Z"],
    ["this_month", "2030-02-28T18:30:00.000Z", "2030-03-16T18:30:00.000Z"],
    ["last_month", "2030-01-31T18:30:00.000Z", "2030-02-28T18:30:00.000Z"],
    ["2030-02", "2030-01-31T18:30:00.000Z", "2030-02-28T18:30:00.000Z"],
    ["2029", "2028-12-31T18:30:00.000Z", "2029-12-31T18:30:00.000Z"],
    ["2030-02-10", "2030-02-09T18:30:00.000Z", "2030-02-10T18:30:00.000Z"],
    ["2030-02-10..2030-02-11", "2030-02-09T18:30:00.000Z", "2030-02-11T18:30:00.000Z"],
  ])("%s, in a shop in Pune at half past one at night", (range, since, until) => {
    expect(periodOf(range, NOW, "Asia/Kolkata")).toEqual({ since, until });
  });

  test.each(["", "2030-13", "2030-02-30", "last_0_days", "tomorrow", "30"])("%j is none", (range) => {
    expect(() => periodOf(range, NOW, "UTC")).toThrow("There is no range");
  });

  test("one that ends before it begins says so", () => {
    expect(() => periodOf("2030-02-11..2030-02-10", NOW, "UTC")).toThrow("It ends before it begins.");
  });

  test("a day on which clocks are changed has 23 or 25 hours, and days follow each other without a gap", () => {
    for (const timeZone of [
      "Europe/Berlin",
      "America/New_York",
      "America/Sao_Paulo",
      "Asia/Beirut",
      "Australia/Lord_Howe",
    ]) {
      const steps = stepsOf(periodOf("2025", NOW, timeZone), "day", timeZone);
      expect(steps).toHaveLength(365);
      for (const [at, { since, until }] of steps.entries()) {
        expect(until).toBe(steps[at + 1]?.since ?? until);
        const hours = (Date.parse(until) - Date.parse(since)) / 3_600_000;
        expect(hours).toBeGreaterThanOrEqual(23);
        expect(hours).toBeLessThanOrEqual(25);
      }
      expect(dayText(steps[180]?.since ?? "", timeZone)).toBe("2025-06-30");
    }
  });

  test("whole months are compared with whole months, other times with as many days", () => {
    expect(before("2030-03")).toEqual({ since: "2030-02-01T00:00:00.000Z", until: "2030-03-01T00:00:00.000Z" });
    expect(before("2030")).toEqual({ since: "2029-01-01T00:00:00.000Z", until: "2030-01-01T00:00:00.000Z" });
    expect(before("last_7_days").since).toBe("2030-03-02T00:00:00.000Z");
  });

  test("weeks begin on Monday, months on their first", () => {
    const march = periodOf("2030-03", NOW, "UTC");
    expect(stepsOf(march, "week", "UTC").map(({ since }) => since.slice(8, 10))).toEqual([
      "01",
      "04",
      "11",
      "18",
      "25",
    ]);
    expect(stepsOf(periodOf("2030", NOW, "UTC"), "month", "UTC")).toHaveLength(12);
    expect(() => stepsOf(periodOf("2027-01-01..2030-01-01", NOW, "UTC"), "day", "UTC")).toThrow("more than 800 days");
  });
});

describe.each(engines)("sales on $name", (engine) => {
  test("sums are of one currency: what was sold in another one before is not among them", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const [buyer, mug] = [await newBuyer(shop), await stockShelf(shop, { price: 100 })];
    for (let sold = 0; sold < 2; sold++) await buy(buyer, [mug]);
    await shop.database.transaction((tx) => tx.run("UPDATE orders SET currency = 'JPY' WHERE id = 1"));
    for (const group of ["product", "category", "payment"]) {
      const { body } = await admin.get(`/admin/sales?range=today&group=${group}`);
      expect(body).toMatchObject({
        currency: "INR",
        now: { orders: 1, total: 100 },
        groups: [{ orders: 1, sales: 100 }],
      });
    }
  });

  test("are what was ordered and not cancelled, with what was taken off and paid back", async () => {
    const shop = await freshShop(engine, { TIME_ZONE: "Asia/Kolkata", ACCESS_TOKEN_EXPIRE_MINUTES: "1440" });
    const tea = await stockShelf(shop, { name: "Tea", category: "Drinks", price: 100 });
    const rice = await stockShelf(shop, { name: "Rice", category: "Food", price: 50 });
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    const [asha, om] = await newBuyers(shop, 2);
    // 14:30 in Pune on January 1st; eleven hours later it is the 2nd there and still the 1st in UTC.
    await buy(asha!, [{ id: tea.id, qty: 2 }, rice], { coupon_code: "TEN" });
    shop.pass(11 * 3_600);
    const second = (await buy(asha!, [rice])).body.order_id;
    const third = (await buy(om!, [tea])).body.order_id;
    await om!.post(`/orders/${third}/cancellation`);
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${second}/${step}`);
    await admin.post(`/orders/${second}/refund`, { amount: 20 });

    const { body } = await admin.get("/admin/sales?range=2030-01&by=day&group=category");
    expect(body).toMatchObject({ currency: "INR", time_zone: "Asia/Kolkata", by: "day" });
    expect(body.now).toEqual({
      since: "2029-12-31T18:30:00.000Z",
      until: "2030-01-31T18:30:00.000Z",
      orders: 2,
      units: 4,
      gross: 300,
      discounts: 25,
      delivery: 0,
      tax: 0,
      included_tax: 0,
      total: 275,
      refunds: 20,
      net: 255,
      average: 137.5,
      new_customers: 1,
      returning_customers: 0,
    });
    expect(body.before).toMatchObject({ orders: 0, net: 0, average: 0, new_customers: 0 });
    expect(body.series).toHaveLength(31);
    expect(body.series[0]).toMatchObject({ day: "2030-01-01", orders: 1, total: 225, refunds: 0, before: 0 });
    expect(body.series[1]).toMatchObject({ day: "2030-01-02", orders: 1, total: 50, refunds: 20, net: 30 });
    expect(body.groups).toEqual([
      { name: "Drinks", product_id: null, orders: 1, units: 2, sales: 180 },
      { name: "Food", product_id: null, orders: 2, units: 2, sales: 95 },
    ]);
    const byProduct = (await admin.get("/admin/sales?range=2030-01-02&group=product")).body.groups;
    expect(byProduct).toEqual([{ name: "Rice", product_id: rice.id, orders: 1, units: 1, sales: 50 }]);
    const byPayment = (await admin.get("/admin/sales?range=2030-01&group=payment")).body.groups;
    expect(byPayment).toEqual([{ name: "cod", product_id: null, orders: 2, units: 4, sales: 275 }]);
  });

  test("by product and payment are what was left of an order: neither cancelled before it was paid nor come back unpaid", async () => {
    const shop = await freshShop(engine, { ACCESS_TOKEN_EXPIRE_MINUTES: "1440" });
    const tea = await stockShelf(shop, { name: "Tea", category: "Drinks", price: 10 });
    const admin = await newClient(shop, { admin: true });
    const [asha, om] = await newBuyers(shop, 2);
    const kept = (await buy(asha!, [{ id: tea.id, qty: 6 }])).body.order_id;
    expect((await admin.post(`/orders/${kept}/cancellation`, { lines: [{ line: 1, qty: 1 }] })).status).toBe(200);
    const refused = (await buy(om!, [{ id: tea.id, qty: 3 }])).body.order_id;
    await admin.post(`/orders/${refused}/shipment`);
    expect((await admin.post(`/orders/${refused}/return`, {})).body.payment_status).toBe("failed");

    for (const group of ["product", "category", "payment"]) {
      const { now, groups } = (await admin.get(`/admin/sales?range=2030-01&group=${group}`)).body;
      expect(now).toMatchObject({ orders: 1, units: 5, total: 50 });
      expect(groups).toMatchObject([{ orders: 1, units: 5, sales: 50 }]);
    }
  });

  test("of a day begin with its first moment and end before the next day's, whatever they are grouped by", async () => {
    const shop = await freshShop(engine, { ACCESS_TOKEN_EXPIRE_MINUTES: "1440" });
    const tea = await stockShelf(shop, { name: "Tea", category: "Drinks", price: 10 });
    const [asha, om] = await newBuyers(shop, 2);
    const order = async (buyer: typeof asha) => (await buy(buyer!, [tea])).body.order_id;
    await order(asha);
    const midnight = Math.ceil(shop.now().getTime() / 86_400_000) * 86_400_000;
    shop.pass((midnight - shop.now().getTime()) / 1_000);
    expect(shop.now().toISOString()).toBe("2030-01-02T00:00:00.000Z");
    await order(asha);
    await om!.post(`/orders/${await order(om)}/cancellation`);
    shop.pass(86_400);
    // Tokens of yesterday are over.
    await order(await newBuyer(shop));
    const admin = await newClient(shop, { admin: true });

    for (const group of ["product", "category", "payment"]) {
      const { now, groups } = (await admin.get(`/admin/sales?range=2030-01-02&group=${group}`)).body;
      expect(now).toMatchObject({ orders: 1, units: 1, total: 10, new_customers: 0, returning_customers: 1 });
      expect(groups).toMatchObject([{ orders: 1, units: 1, sales: 10 }]);
    }
  });

  test("tell who came again from who came first", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    const [asha, om] = await newBuyers(shop, 2);
    const long = (await buy(asha!, [mug])).body.order_id;
    await shop.database.transaction((tx) =>
      tx.run("UPDATE orders SET placed_at = '2029-11-20T09:00:00.000Z' WHERE id = $1", [long]),
    );
    await buy(asha!, [mug]);
    await buy(om!, [mug]);
    await buy(om!, [mug]);
    const { body } = await admin.get("/admin/sales?range=last_7_days");
    expect(body.now).toMatchObject({ orders: 3, new_customers: 1, returning_customers: 1 });
  });

  test("are for admins, and say which range is none", async () => {
    const shop = await freshShop(engine);
    expect((await (await newBuyer(shop)).get("/admin/sales")).status).toBe(403);
    const admin = await newClient(shop, { admin: true });
    const { status, body } = await admin.get("/admin/sales?range=someday");
    expect([status, body.errors[0].path]).toEqual([422, "range"]);
  });

  test("the command draws them in 80 columns, and writes CSV that runs nothing", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { name: "=cmd()", category: "=Kitchen" });
    await buy(await newBuyer(shop), [mug]);
    const shown = await runCommand(shop, ["sales", "--range", "2030-01", "--group", "product"]);
    expect(shown.failed).toBeUndefined();
    for (const line of shown.text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(shown.text).toContain("Net INR");
    expect(shown.answer.now.orders).toBe(1);
    const csv = await runCommand(shop, ["sales", "--range", "2030-01", "--group", "category", "--csv"]);
    expect(csv.text.split("\r\n")).toEqual(["name,product_id,orders,units,sales", "'=Kitchen,,1,1,120"]);
    expect((await runCommand(shop, ["sales", "--range", "someday"])).failed).toContain("There is no range");
  });

  test("as CSV they stand beside the time before, as on a terminal; with --by it is the steps", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { price: 100, stock: 50 });
    const [asha, om] = await newBuyers(shop, 2);
    const early = (await buy(asha!, [mug])).body.order_id;
    await shop.database.transaction((tx) =>
      tx.run("UPDATE orders SET placed_at = '2029-12-10T09:00:00.000Z' WHERE id = $1", [early]),
    );
    await buy(asha!, [{ id: mug.id, qty: 2 }]);
    await buy(om!, [mug]);
    const { text, answer, layout } = await runCommand(shop, ["sales", "--range", "2030-01", "--csv"]);
    expect(layout).toBe("as it is");
    const rows = text.split("\r\n").map((line) => line.split(","));
    expect(rows.slice(0, 3)).toEqual([
      ["figure", "now", "before", "change_percent"],
      ["first_day", "2030-01-01", "2029-12-01", ""],
      ["last_day", "2030-01-31", "2029-12-31", ""],
    ]);
    const figures = Object.fromEntries(rows.slice(3).map(([name = "", ...rest]) => [name, rest]));
    expect(figures).toMatchObject({
      orders: ["2", "1", "100"],
      units: ["3", "1", "200"],
      net: ["300", "100", "200"],
      refunds: ["0", "0", ""],
      new_customers: ["1", "1", "0"],
      returning_customers: ["1", "0", ""],
    });
    // The same figures as JSON, each by its name.
    for (const [name, [now, before]] of Object.entries(figures))
      expect([name, answer.now[name], answer.before[name]]).toEqual([name, Number(now), Number(before)]);
    const steps = (await runCommand(shop, ["sales", "--range", "2030-01", "--by", "month", "--csv"])).text.split(
      "\r\n",
    );
    expect(steps[0]).toEndWith(",net,average,before");
    expect(steps[1]).toEndWith(",300,150,100");
    expect(steps).toHaveLength(2);
  });

  test("what the overview counts is what the lists have that it leads to", async () => {
    const shop = await freshShop(engine);
    const [mug, bowl] = [await stockShelf(shop, { stock: 50 }), await stockShelf(shop, { stock: 1 })];
    const admin = await newClient(shop, { admin: true });
    const buyers = await newBuyers(shop, 4);
    const order = async (item: { id: number }, at: number, method = "cod") =>
      (await buy(buyers[at]!, [item], { payment_method: method })).body.order_id;
    const [packed, left] = [await order(mug, 0), await order(bowl, 1)];
    await order(mug, 2);
    await order(mug, 3, "mock");
    await admin.post(`/orders/${packed}/packing`);
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${left}/${step}`);
    await buyers[1]!.post(`/orders/${left}/returns`, {});
    await shop.database.transaction(async (tx) => {
      // Twice for one order: the list has it once.
      await tx.run("UPDATE payments SET flag = 'look'");
      for (const state of ["owed", "sent"])
        await tx.run(
          `INSERT INTO refunds (order_id, payment_id, reference, amount_minor, state, source, is_shipping, created_at)
           SELECT order_id, id, $1, 1, $2, 'shop', 0, created_at FROM payments WHERE order_id = $3`,
          [state, state, left],
        );
    });
    const { body: overview } = await admin.get("/admin/overview");
    const counted = async (list: string) => (await admin.get(list)).headers.get("x-total-count");
    expect(overview).toMatchObject({
      to_pack: Number(await counted("/orders/all?waits_for=packing")),
      to_ship: Number(await counted("/orders/all?status=packed")),
      unpaid: Number(await counted("/orders/all?waits_for=payment")),
      flagged: Number(await counted("/orders/all?flagged=true")),
      refunds_waiting: Number(await counted("/orders/all?waits_for=refund")),
      returns_open: Number(await counted("/returns?open=true")),
      sold_out: (await admin.get("/products?in_stock=false")).body.total,
      deliveries_given_up: Number(await counted("/deliveries?state=given_up")),
      searches_missed: Number(await counted("/admin/search/misses")),
    });
    expect(overview).toMatchObject({
      to_pack: 1,
      to_ship: 1,
      unpaid: 1,
      flagged: 4,
      refunds_waiting: 1,
      returns_open: 1,
    });
    expect(await counted("/orders/all?waits_for=refund&flagged=true&user_id=1")).toBe("0");
    expect(await counted(`/orders/all?waits_for=packing&status=packed`)).toBe("0");
    expect(await counted("/returns?open=false")).toBe("0");
  });

  test("the overview says what is to be done now", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 4 });
    const bowl = await stockShelf(shop, { stock: 1 });
    const admin = await newClient(shop, { admin: true });
    const [asha, om, ravi] = await newBuyers(shop, 3);
    const first = (await buy(asha!, [mug])).body.order_id;
    await buy(om!, [mug], { payment_method: "mock" });
    await buy(ravi!, [bowl]);
    await admin.post(`/orders/${first}/packing`);
    const { body } = await admin.get("/admin/overview");
    expect(body).toMatchObject({ to_pack: 1, to_ship: 1, unpaid: 1, sold_out: 1, flagged: 0, refunds_waiting: 0 });
    const { text } = await runCommand(shop, ["overview"]);
    expect(text).toMatch(/^1 +order to pack +sanset order list --waits-for packing$/m);
    expect(text).not.toMatch(/payments? to look at/);
    await shop.database.transaction((tx) =>
      tx.run("UPDATE payments SET flag = 'look' WHERE id = (SELECT MIN(id) FROM payments)"),
    );
    const flagged = await runCommand(shop, ["overview"]);
    const [, command = ""] = /payment to look at +sanset (.*)/.exec(flagged.text) ?? [];
    expect((await runCommand(shop, command.split(" "))).answer).toHaveLength(1);
  });
});
