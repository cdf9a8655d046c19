import { Stripe } from "stripe";
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { examine } from "../../src/doctor/doctor";
import { resolveEvent } from "../../src/orders/payment-flags";
import { sweepOrders } from "../../src/orders/sweep";
import { signatureOf } from "../../src/payments/gateways/signature";
import { loadSettings } from "../support/settings";
import { atOnce, buy, type Buyer, countOf, expectSound, shelfOf, statusesOf } from "../support/buying";
import { call, newBuyer, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { run } from "../support/program";
import { freshShop, type TestShop } from "../support/shop";
import { newStripeShop, WEBHOOK_SECRET as SECRET } from "../support/stripe-shop";

setDefaultTimeout(60_000);

interface Placed {
  shop: TestShop;
  buyer: Buyer;
  id: number;
  product: number;
  reference: string;
  amount_minor: number;
}

/** An order of two mugs that waits for its payment at the mock gateway. */
async function placed(engine: (typeof engines)[number], settings: Record<string, string> = {}): Promise<Placed> {
  const shop = await freshShop(engine, { MOCK_WEBHOOK_SECRET: SECRET, ...settings });
  const mug = await stockShelf(shop, { price: 40.5 });
  const buyer = await newBuyer(shop);
  const { body } = await buy(buyer, [{ id: mug.id, qty: 2 }], { payment_method: "mock" });
  const reference: string = body.payment_url.split("/").at(-1);
  return { shop, buyer, id: body.order_id, product: mug.id, reference, amount_minor: 8_100 };
}

const event = ({ reference, amount_minor }: Placed, type: string, change: object = {}) =>
  JSON.stringify({ id: `evt-${type}`, type: `payment.${type}`, reference, amount_minor, currency: "INR", ...change });

function deliver(shop: TestShop, body: string, headers?: Record<string, string>, provider = "mock") {
  return call(shop, "POST", `/api/v1/payments/${provider}/webhook`, {
    body,
    headers: {
      "content-type": "application/json",
      ...(headers ?? { "sanset-signature": signatureOf(body, SECRET, shop.now()) }),
    },
  });
}

const choose = (shop: TestShop, reference: string, choice: string) =>
  call(shop, "POST", `/api/v1/payments/mock/pages/${reference}`, {
    body: `choice=${choice}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });

const standing = async ({ buyer, id }: Placed) => {
  const { body } = await buyer.get(`/orders/${id}`);
  return [body.status, body.payment_status];
};

describe.each(engines)("payments on $name", (engine) => {
  test("a developer pays on the page of the mock gateway, and the goods are sold", async () => {
    const order = await placed(engine);
    const { shop, reference } = order;
    const page = await call(shop, "GET", `/api/v1/payments/mock/pages/${reference}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain("81 INR");
    expect(page.headers.get("content-security-policy")).toContain("form-action 'self'");
    expect((await choose(shop, reference, "pay")).text).toContain("It is paid.");
    expect(await standing(order)).toEqual(["placed", "paid"]);
    expect(await shelfOf(shop, order.product)).toEqual({ on_hand: 8, reserved: 0 });
    // The first choice stays.
    expect((await choose(shop, reference, "decline")).text).toContain("It is paid.");
    expect(await standing(order)).toEqual(["placed", "paid"]);
    expect((await choose(shop, reference, "steal")).status).toBe(422);
    expect((await call(shop, "GET", "/api/v1/payments/mock/pages/nobody")).status).toBe(404);
    await expectSound(shop);
  });

  test.each(["decline", "expire"])(
    "who chooses to %s may pay again until the hold ends; then the goods are for sale again, and in the cart",
    async (choice) => {
      const order = await placed(engine);
      await choose(order.shop, order.reference, choice);
      expect(await standing(order)).toEqual(["placed", "pending"]);
      expect(await shelfOf(order.shop, order.product)).toEqual({ on_hand: 10, reserved: 2 });
      await expectSound(order.shop);
      order.shop.pass(31 * 60);
      await sweepOrders(order.shop);
      expect(await standing(order)).toEqual(["cancelled", "failed"]);
      expect(await shelfOf(order.shop, order.product)).toEqual({ on_hand: 10, reserved: 0 });
      expect((await order.buyer.get("/cart")).body.items).toMatchObject([{ product_id: order.product, qty: 2 }]);
      await expectSound(order.shop);
    },
  );

  test("each choice at the mock gateway moves its own payment alone, and money on its way is not held up", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { price: 40.5, stock: 50 });
    const admin = await newClient(shop, { admin: true });
    const order = async (...choices: string[]) => {
      const { body } = await buy(await newBuyer(shop), [{ id: mug.id, qty: 2 }], { payment_method: "mock" });
      const reference: string = body.payment_url.split("/").at(-1);
      for (const choice of choices) await choose(shop, reference, choice);
      return { id: body.order_id as number, reference };
    };
    const orders = [
      await order(),
      await order("pay"),
      await order("pay"),
      await order("later"),
      await order("later", "decline"),
      await order("decline"),
      await order("expire"),
      await order(),
    ];
    const stand = async () =>
      (
        await shop.database.all<Record<string, string | number>>(
          `SELECT o.status, o.payment_status, m.state, m.is_under_way, m.refunded_minor
           FROM orders o JOIN payments p ON p.order_id = o.id JOIN mock_payments m ON m.reference = p.reference ORDER BY o.id`,
        )
      ).map((row) => Object.values(row).join(" "));
    const [waiting, paid, , later] = orders;
    for (const refund of [{ amount: 31 }, {}]) await admin.post(`/orders/${paid!.id}/refund`, refund);
    await admin.post(`/orders/${orders.at(-1)!.id}/cancellation`);
    expect(await stand()).toEqual([
      "placed pending open 0 0",
      "placed refunded paid 0 8100",
      "placed paid paid 0 0",
      "placed pending open 1 0",
      "cancelled failed declined 1 0",
      "placed pending declined 0 0",
      "placed pending expired 0 0",
      "cancelled failed expired 0 0",
    ]);
    expect(await examine(shop, { providers: true })).toEqual([]);
    const before = await stand();
    await sweepOrders(shop);
    expect(await stand()).toEqual(before);
    await admin.post(`/orders/${later!.id}/cancellation`);
    expect((await stand())[3]).toBe("cancelled failed open 1 0");
    const forms = async ({ reference }: { reference: string }) =>
      (await call(shop, "GET", `/api/v1/payments/mock/pages/${reference}`)).text.includes("<form");
    expect([await forms(waiting!), await forms(paid!)]).toEqual([true, false]);
    await choose(shop, later!.reference, "pay");
    expect((await stand())[3]).toBe("cancelled refunded paid 1 8100");
    await expectSound(shop);
  });

  test("an order that must be paid first does not ship unpaid", async () => {
    const order = await placed(engine);
    const admin = await newClient(order.shop, { admin: true });
    expect((await admin.post(`/orders/${order.id}/shipment`)).body.code).toBe("conflict");
    await deliver(order.shop, event(order, "paid"));
    expect((await admin.post(`/orders/${order.id}/shipment`)).status).toBe(200);
    expect((await admin.post(`/orders/${order.id}/delivery`)).status).toBe(200);
    expect(await standing(order)).toEqual(["delivered", "paid"]);
    await expectSound(order.shop);
  });

  test("a hold runs out after its time, and not before", async () => {
    const order = await placed(engine);
    order.shop.pass(30 * 60 - 1);
    expect(await sweepOrders(order.shop)).toEqual({ expired: 0 });
    expect(await order.shop.database.first("SELECT state FROM mock_payments")).toEqual({ state: "open" });
    order.shop.pass(2);
    expect(await sweepOrders(order.shop)).toEqual({ expired: 1 });
    expect(await standing(order)).toEqual(["cancelled", "failed"]);
    expect((await order.buyer.get(`/orders/${order.id}`)).body.history.at(-1).cause).toMatch(/expired/);
    expect(await shelfOf(order.shop, order.product)).toEqual({ on_hand: 10, reserved: 0 });
    expect((await choose(order.shop, order.reference, "pay")).text).toContain("It ran out.");
    expect(await standing(order)).toEqual(["cancelled", "failed"]);
    await expectSound(order.shop);
  });

  test("cash on delivery is not held to a time", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    await buy(await newBuyer(shop), [mug]);
    shop.pass(86_400 * 30);
    expect(await sweepOrders(shop)).toEqual({ expired: 0 });
  });

  test("what was paid in the last moment, unheard of, is an order when its hold runs out", async () => {
    const order = await placed(engine);
    await order.shop.database.transaction((tx) => tx.run("UPDATE mock_payments SET state = 'paid'"));
    order.shop.pass(31 * 60);
    expect(await sweepOrders(order.shop)).toEqual({ expired: 0 });
    expect(await standing(order)).toEqual(["placed", "paid"]);
    await expectSound(order.shop);
  });

  test("what is paid after the hold has run out is paid back", async () => {
    const order = await placed(engine);
    await order.buyer.post(`/orders/${order.id}/cancellation`);
    // As if the gateway had taken the money while it was told to close.
    await order.shop.database.transaction((tx) => tx.run("UPDATE mock_payments SET state = 'paid'"));
    expect((await deliver(order.shop, event(order, "paid"))).body.outcome).toBe("refunded");
    expect(await standing(order)).toEqual(["cancelled", "refunded"]);
    const books = await order.shop.database.first("SELECT refunded_minor FROM mock_payments");
    expect(books).toEqual({ refunded_minor: 8_100 });
    expect(await shelfOf(order.shop, order.product)).toEqual({ on_hand: 10, reserved: 0 });
    await expectSound(order.shop);
  });

  test("hold against payment, twenty rounds at once: the goods or the money", async () => {
    const shop = await freshShop(engine, { ACCESS_TOKEN_EXPIRE_MINUTES: "1440" });
    const mug = await stockShelf(shop, { stock: 1_000 });
    const buyer = await newBuyer(shop);
    for (let round = 0; round < 20; round++) {
      const { body } = await buy(buyer, [mug], { payment_method: "mock" });
      const reference = body.payment_url.split("/").at(-1);
      shop.pass(31 * 60);
      await Promise.all([
        sweepOrders(shop),
        choose(shop, reference, "pay"),
        buyer.post(`/orders/${body.order_id}/payment`),
        sweepOrders(shop),
      ]);
      const order = (await buyer.get(`/orders/${body.order_id}`)).body;
      expect(["placed paid", "cancelled failed", "cancelled refunded"]).toContain(
        `${order.status} ${order.payment_status}`,
      );
      const books = await shop.database.first<{ state: string; refunded_minor: number }>(
        "SELECT state, refunded_minor FROM mock_payments WHERE reference = $1",
        [reference],
      );
      const kept = books?.state === "paid" && books.refunded_minor === 0;
      expect(kept).toBe(order.payment_status === "paid");
    }
    await expectSound(shop);
  });

  test("cancelling a paid order pays it back and puts the goods back", async () => {
    const order = await placed(engine);
    await deliver(order.shop, event(order, "paid"));
    await order.shop.database.transaction((tx) => tx.run("UPDATE mock_payments SET state = 'paid'"));
    const cancelled = await order.buyer.post(`/orders/${order.id}/cancellation`);
    expect(cancelled.body).toMatchObject({ status: "cancelled", payment_status: "refunded" });
    expect(await order.shop.database.first("SELECT refunded_minor FROM mock_payments")).toEqual({
      refunded_minor: 8_100,
    });
    expect(await shelfOf(order.shop, order.product)).toEqual({ on_hand: 10, reserved: 0 });
    await expectSound(order.shop);
  });

  test("cancelling against shipping, twenty rounds: one wins, and stock returns once", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop, { stock: 100 });
    const buyer = await newBuyer(shop);
    const admin = await newClient(shop, { admin: true });
    let shipped = 0;
    for (let round = 0; round < 20; round++) {
      const id = (await buy(buyer, [mug])).body.order_id;
      const race = [
        () => buyer.post(`/orders/${id}/cancellation`),
        () => admin.post(`/orders/${id}/shipment`),
        () => admin.post(`/orders/${id}/cancellation`),
      ];
      const answers = await Promise.all((round % 2 ? race.toReversed() : race).map((run) => run()));
      expect(statusesOf(answers)).toEqual({ 200: 1, 409: 2 });
      shipped += (await buyer.get(`/orders/${id}`)).body.status === "shipped" ? 1 : 0;
    }
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 100 - shipped, reserved: 0 });
    await expectSound(shop);
  });

  test("cancelling against paying: the goods or the money, never neither", async () => {
    for (let round = 0; round < 5; round++) {
      const order = await placed(engine);
      const race = [
        () => order.buyer.post(`/orders/${order.id}/cancellation`),
        () => choose(order.shop, order.reference, "pay"),
        () => order.buyer.post(`/orders/${order.id}/payment`),
      ];
      await Promise.all((round % 2 ? race.toReversed() : race).map((run) => run()));
      expect(["cancelled failed", "cancelled refunded"]).toContain((await standing(order)).join(" "));
      expect(await shelfOf(order.shop, order.product)).toEqual({ on_hand: 10, reserved: 0 });
      const books = await order.shop.database.first<{ state: string; amount_minor: number; refunded_minor: number }>(
        "SELECT state, amount_minor, refunded_minor FROM mock_payments",
      );
      expect(books?.state !== "paid" || books.refunded_minor === books.amount_minor).toBe(true);
      await expectSound(order.shop);
      await order.shop.close();
    }
  });

  test("two full refunds at once: one", async () => {
    const order = await placed(engine);
    await choose(order.shop, order.reference, "pay");
    const admin = await newClient(order.shop, { admin: true });
    const answers = await atOnce(10, () => admin.post(`/orders/${order.id}/refund`, {}));
    expect(statusesOf(answers)).toEqual({ 200: 1, 409: 9 });
    expect(await order.shop.database.first("SELECT refunded_minor FROM mock_payments")).toEqual({
      refunded_minor: 8_100,
    });
    await expectSound(order.shop);
  });

  test("captures from all sides at once: one", async () => {
    const order = await placed(engine);
    await choose(order.shop, order.reference, "pay");
    const answers = await atOnce(20, (index) =>
      index % 2
        ? deliver(order.shop, event(order, "paid", { id: `evt-${index}` }))
        : order.buyer.post(`/orders/${order.id}/payment`),
    );
    expect(statusesOf(answers)).toEqual({ 200: 20 });
    expect(await shelfOf(order.shop, order.product)).toEqual({ on_hand: 8, reserved: 0 });
    expect((await order.buyer.get(`/orders/${order.id}`)).body.history).toHaveLength(2);
    await expectSound(order.shop);
  });

  test("no, wrong, cut or re-serialised: 401; no secret: no such address", async () => {
    const order = await placed(engine);
    const body = event(order, "paid");
    const good = signatureOf(body, SECRET, order.shop.now());
    const spaced = JSON.stringify(JSON.parse(body), undefined, 1);
    const bad: [string, Record<string, string>][] = [
      [body, {}],
      [body, { "sanset-signature": "" }],
      [body, { "sanset-signature": good.slice(0, -1) }],
      [body, { "sanset-signature": good.replace(/v1=./, "v1=x") }],
      [body, { "sanset-signature": signatureOf(body, "another-secret-0123", order.shop.now()) }],
      [body, { "sanset-signature": good.replace("v1=", "v0=") }],
      [body, { "sanset-signature": good.replace(/t=\d+/, "t=") }],
      [body, { "sanset-signature": `${good.split(",")[1]}` }],
      [body, { "sanset-signature": `${good.split(",")[0]},v1` }],
      [spaced, { "sanset-signature": good }],
      [`${body} `, { "sanset-signature": good }],
    ];
    for (const [text, headers] of bad) {
      const answer = await deliver(order.shop, text, headers);
      expect([answer.status, answer.body.code]).toEqual([401, "bad_signature"]);
    }
    expect(await standing(order)).toEqual(["placed", "pending"]);
    expect(await countOf(order.shop, "payment_events")).toBe(0);
    // A secret that is being replaced: one good signature of two is enough.
    const both = `${good.split(",")[0]},v1=${"0".repeat(64)},${good.split(",")[1]}`;
    expect((await deliver(order.shop, body, { "sanset-signature": both })).body).toEqual({ outcome: "paid" });

    const closed = await freshShop(engine);
    expect((await deliver(closed, body)).status).toBe(404);
    for (const provider of ["cod", "stripe", "nobody"]) {
      expect((await deliver(order.shop, body, {}, provider)).status).toBe(404);
    }
  });

  test("more than five minutes old or ahead: 401; the same event twenty times at once: one effect", async () => {
    const order = await placed(engine);
    const body = event(order, "paid");
    const at = (seconds: number) => new Date(order.shop.now().getTime() + seconds * 1000);
    for (const seconds of [-301, 301]) {
      const headers = { "sanset-signature": signatureOf(body, SECRET, at(seconds)) };
      expect((await deliver(order.shop, body, headers)).status).toBe(401);
    }
    const answers = await atOnce(20, () =>
      deliver(order.shop, body, { "sanset-signature": signatureOf(body, SECRET, at(-300)) }),
    );
    expect(statusesOf(answers)).toEqual({ 200: 20 });
    expect(answers.filter((answer) => answer.body.outcome === "paid")).toHaveLength(1);
    expect(await countOf(order.shop, "payment_events")).toBe(1);
    expect(await shelfOf(order.shop, order.product)).toEqual({ on_hand: 8, reserved: 0 });
    await expectSound(order.shop);
  });

  test("an event with what no database can keep, or longer than any name, is unreadable", async () => {
    const order = await placed(engine);
    const long = "x".repeat(255);
    for (const change of [
      { id: "a\0b" },
      { reference: "a\0b" },
      { id: "\ud800" },
      { id: `${long}x` },
      { reference: `${long}x` },
      { currency: "INRX" },
      { amount_minor: -1 },
    ]) {
      const answer = await deliver(order.shop, event(order, "paid", change));
      expect([answer.status, answer.body.code]).toEqual([400, "unreadable"]);
    }
    expect(await countOf(order.shop, "payment_events")).toBe(0);
    expect((await deliver(order.shop, event(order, "declined", { id: long, reference: long }))).body).toEqual({
      outcome: "unknown",
    });
    expect(await standing(order)).toEqual(["placed", "pending"]);
  });

  test("another amount, currency or order is not paid, and a person hears of it", async () => {
    for (const change of [{ amount_minor: 1 }, { currency: "USD" }]) {
      const order = await placed(engine);
      expect((await deliver(order.shop, event(order, "paid", change))).body.outcome).toBe("flagged");
      expect(await standing(order)).toEqual(["placed", "pending"]);
      expect(order.shop.logged.some(({ level }) => level === "warn")).toBe(true);
      expect((await examine(order.shop)).map(({ problem }) => problem)).toEqual([
        `Order ${order.id}: The gateway reported another amount or currency than the order has.`,
      ]);
    }
    const order = await placed(engine);
    const strange = { id: "evt-strange", reference: "nobody" };
    expect((await deliver(order.shop, event(order, "expired", { reference: "nobody" }))).body.outcome).toBe("unknown");
    await expectSound(order.shop);
    expect((await deliver(order.shop, event(order, "paid", strange))).body.outcome).toBe("flagged");
    expect(order.shop.logged.some(({ message }) => message.includes("belongs to no order"))).toBe(true);
    expect(await standing(order)).toEqual(["placed", "pending"]);
    expect((await examine(order.shop)).map(({ problem }) => problem)).toEqual([
      "The event evt-strange (payment.paid) of mock reports money for a payment that no order has.",
    ]);
    const seen = { note: "Paid back at the gateway." };
    await resolveEvent(order.shop, { provider: "mock", event_id: "evt-strange" }, seen);
    await expectSound(order.shop);
    const again: unknown = await resolveEvent(order.shop, { provider: "mock", event_id: "evt-strange" }, seen).catch(
      (error: unknown) => error,
    );
    expect(again).toMatchObject({ code: "not_found" });
    const noEvent = JSON.stringify({ hello: "world" });
    expect((await deliver(order.shop, noEvent)).status).toBe(400);
    expect((await deliver(order.shop, "not json")).status).toBe(400);
  });

  test("another amount after the right one leaves the order paid, and a person hears of it", async () => {
    const order = await placed(engine);
    await deliver(order.shop, event(order, "paid"));
    const more = event(order, "paid", { id: "evt-more", amount_minor: order.amount_minor + 1 });
    expect((await deliver(order.shop, more)).body.outcome).toBe("flagged");
    expect(await standing(order)).toEqual(["placed", "paid"]);
    expect((await examine(order.shop)).map(({ problem }) => problem)).toEqual([
      `Order ${order.id}: The gateway reported another amount or currency than the order has.`,
    ]);
  });

  test("what a person has seen to is flagged no more: the note says what they did, the audit who", async () => {
    const order = await placed(engine);
    const admin = await newClient(order.shop, { admin: true });
    const resolve = (id: number) => admin.post(`/orders/${id}/resolution`, { note: "Paid back at the gateway." });
    expect((await resolve(order.id)).body.code).toBe("conflict");
    expect((await resolve(order.id + 1)).body.code).toBe("not_found");
    await deliver(order.shop, event(order, "paid", { amount_minor: 1 }));
    expect((await admin.post(`/orders/${order.id}/resolution`, { note: "" })).status).toBe(422);
    expect(await examine(order.shop)).toHaveLength(1);
    expect((await resolve(order.id)).body).toMatchObject({ id: order.id, status: "placed" });
    await expectSound(order.shop);
    expect((await resolve(order.id)).body.code).toBe("conflict");
    const action = encodeURIComponent("POST /api/v1/orders/:id/resolution");
    expect((await admin.get(`/admin/audit?action=${action}`)).body).toMatchObject([
      {
        user_id: admin.id,
        subject: `/api/v1/orders/${order.id}/resolution`,
        details: { flag: expect.stringContaining("another amount"), note: "Paid back at the gateway." },
      },
    ]);
    // The order goes its way: nobody has paid, so it comes to nothing, and the gateway takes nothing more for it.
    order.shop.pass(31 * 60);
    expect(await sweepOrders(order.shop)).toEqual({ expired: 1 });
    expect(await order.shop.database.first("SELECT state FROM mock_payments")).toEqual({ state: "expired" });
    await expectSound(order.shop);
  });

  test("a flag does not keep the payment of a cancelled order open", async () => {
    const order = await placed(engine);
    await deliver(order.shop, event(order, "paid", { amount_minor: 1 }));
    await order.buyer.post(`/orders/${order.id}/cancellation`);
    // As if the gateway had not been there to be told.
    await order.shop.database.transaction(async (tx) => {
      await tx.run("UPDATE mock_payments SET state = 'open'");
      await tx.run("UPDATE payments SET state = 'open'");
    });
    await sweepOrders(order.shop);
    expect(await order.shop.database.first("SELECT state FROM mock_payments")).toEqual({ state: "expired" });
    expect(await examine(order.shop)).toHaveLength(1);
  });

  test("events out of order: what was paid stays paid, and what failed first is paid back", async () => {
    const paidFirst = await placed(engine);
    await deliver(paidFirst.shop, event(paidFirst, "paid"));
    for (const type of ["declined", "expired", "failed", "under_way"]) {
      expect((await deliver(paidFirst.shop, event(paidFirst, type))).body.outcome).toBe("nothing");
    }
    expect(await standing(paidFirst)).toEqual(["placed", "paid"]);
    await expectSound(paidFirst.shop);

    const declinedFirst = await placed(engine);
    await deliver(declinedFirst.shop, event(declinedFirst, "failed"));
    expect(await standing(declinedFirst)).toEqual(["cancelled", "failed"]);
    expect((await deliver(declinedFirst.shop, event(declinedFirst, "paid"))).body.outcome).toBe("refunded");
    const [refund] = await declinedFirst.shop.database.all("SELECT amount_minor, state FROM refunds");
    // The mock gateway never took this money, so it refuses to pay it back: it is owed still, and a person hears of that.
    expect(refund).toEqual({ amount_minor: 8_100, state: "failed" });
    expect(await countOf(declinedFirst.shop, "mock_refunds")).toBe(0);
    expect(await standing(declinedFirst)).toEqual(["cancelled", "paid"]);
  });

  test("in production the mock gateway works only when it is asked for by name", async () => {
    const production = { SANSET_ENV: "production", RATE_LIMIT: "on", BCRYPT_COST: "10" };
    const off = await freshShop(engine, production);
    expect(off.settings.paymentProviders).toEqual(["cod"]);
    expect((await call(off, "GET", "/api/v1/payments/mock/pages/x")).body.code).toBe("not_found");
    const on = await freshShop(engine, { ...production, PAYMENT_PROVIDERS: "cod,mock" });
    expect(on.settings.paymentProviders).toEqual(["cod", "mock"]);
  });

  test("what was paid with the mock gateway is paid back by it, also where it is not offered any more", async () => {
    const order = await placed(engine);
    await choose(order.shop, order.reference, "pay");
    const env = { DATABASE_URL: order.shop.place.url, PAYMENT_PROVIDERS: "cod" };
    const refund = (amount: string, more: Record<string, string> = {}) =>
      run(["order", "refund", `${order.id}`, "--amount", amount, "--yes"], { env: { ...env, ...more } });
    expect((await refund("1")).exitCode).toBe(0);
    const books = () => order.shop.database.first("SELECT refunded_minor FROM mock_payments");
    expect(await books()).toEqual({ refunded_minor: 100 });
    // I80 In production it must be asked for by name; until then the refund is owed.
    const production = { SANSET_ENV: "production", BCRYPT_COST: "10", SECRET_KEY: "4b1d0c7e9f2a8653d7e1b0c4a9f8e762" };
    expect((await refund("2", production)).exitCode).toBe(0);
    expect(await books()).toEqual({ refunded_minor: 100 });
    await sweepOrders(order.shop);
    expect(await books()).toEqual({ refunded_minor: 300 });
    await expectSound(order.shop);
  });

  test("units that cost nothing are not paid back, and that is said", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const [mug, free] = [await stockShelf(shop, { price: 10 }), await stockShelf(shop, { price: 0 })];
    const candy = await stockShelf(shop, { price: 0.01 });
    const buyer = await newBuyer(shop);
    await admin.post("/coupons", { code: "MOST", percent: 67 });
    const buyAndPay = async (items: { id: number; qty?: number }[], checkout = {}) => {
      const { body } = await buy(buyer, items, checkout);
      for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${body.order_id}/${step}`);
      return (lines: object[]) => admin.post(`/orders/${body.order_id}/refund`, { lines });
    };
    const refund = await buyAndPay([mug, free]);
    const nothing = await refund([{ product_id: free.id, qty: 1 }]);
    expect([nothing.status, nothing.body.code]).toEqual([409, "conflict"]);
    expect(nothing.body.detail).toContain("cost nothing");
    const both = [free, mug].map(({ id }) => ({ product_id: id, qty: 1 }));
    expect((await refund(both)).body.payment_status).toBe("refunded");

    // Three that cost one paisa together: the first of them comes to nothing.
    const refundCandy = await buyAndPay([{ id: candy.id, qty: 3 }], { coupon_code: "MOST" });
    expect((await refundCandy([{ product_id: candy.id, qty: 1 }])).body.code).toBe("conflict");
    expect((await refundCandy([{ product_id: candy.id, qty: 3 }])).body.payment_status).toBe("refunded");
    await expectSound(shop);
  });

  test("an order that a coupon pays wholly needs no payment", async () => {
    const shop = await freshShop(engine);
    const mug = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    await admin.post("/coupons", { code: "GIFT", percent: 100 });
    const buyer = await newBuyer(shop);
    const { body } = await buy(buyer, [mug], { payment_method: "mock", coupon_code: "GIFT" });
    expect(body).toMatchObject({ total_amount: 0, payment_url: null });
    const order = (await buyer.get(`/orders/${body.order_id}`)).body;
    expect([order.payment_status, order.history.at(-1).cause]).toEqual(["paid", "nothing_to_pay"]);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 9, reserved: 0 });
    expect((await buyer.post(`/orders/${body.order_id}/cancellation`)).status).toBe(200);
    await expectSound(shop);
  });
});

describe.each(engines)("payments through Stripe on $name", (engine) => {
  const stripeShop = (settings?: Record<string, string>) => newStripeShop(engine, settings);

  test("the customer pays at Stripe and comes back", async () => {
    const { stripe, shop, buyer, order, referenceOf } = await stripeShop();
    const asked: object[] = [];
    stripe.onRequest = ({ method, headers }, form) => {
      if (method === "POST") asked.push({ key: headers.get("idempotency-key"), ...Object.fromEntries(form) });
    };
    const { body } = await order();
    expect(body.payment_url).toStartWith("https://checkout.stripe.com/");
    const reference = await referenceOf(body.order_id);
    const back = `https://shop.example/paid?order_id=${body.order_id}`;
    expect(asked.splice(0)).toEqual([
      {
        key: reference,
        mode: "payment",
        client_reference_id: reference,
        "metadata[order_id]": `${body.order_id}`,
        "metadata[reference]": reference,
        "payment_intent_data[metadata][order_id]": `${body.order_id}`,
        "payment_intent_data[metadata][reference]": reference,
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "inr",
        "line_items[0][price_data][unit_amount]": "8100",
        "line_items[0][price_data][product_data][name]": `Order ${body.order_id}`,
        success_url: back,
        cancel_url: back,
      },
    ]);
    expect([...stripe.sessions.values()]).toMatchObject([
      { client_reference_id: reference, amount_total: 8_100, currency: "inr" },
    ]);
    const ask = () => buyer.post(`/orders/${body.order_id}/payment`);
    expect((await ask()).body).toMatchObject({ payment_status: "pending", payment_url: body.payment_url });
    stripe.pay(reference);
    expect((await ask()).body).toMatchObject({ status: "placed", payment_status: "paid" });
    const admin = await newClient(shop, { admin: true });
    await admin.post(`/orders/${body.order_id}/refund`, { amount: 10 });
    await admin.post(`/orders/${body.order_id}/refund`, {});
    const refunds = await shop.database.all<{ reference: string }>("SELECT reference FROM refunds ORDER BY id");
    expect(asked).toEqual(
      refunds.map((refund, at) => ({
        key: refund.reference,
        payment_intent: "pi_1",
        amount: ["1000", "7100"][at],
        "metadata[order_id]": `${body.order_id}`,
        "metadata[reference]": refund.reference,
      })),
    );
    await expectSound(shop);
  });

  test("its webhooks are signed in its own scheme", async () => {
    const { stripe, shop, buyer, order, referenceOf } = await stripeShop();
    const { body } = await order();
    const session = stripe.pay(await referenceOf(body.order_id));
    const payload = JSON.stringify({ id: "evt_1", type: "checkout.session.completed", data: { object: session } });
    const timestamp = Math.floor(shop.now().getTime() / 1000);
    // Signed by Stripe's own package, so that it is not our idea of the scheme that we check against.
    const header = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret: SECRET, timestamp });
    expect((await deliver(shop, payload, { "stripe-signature": `${header}0` }, "stripe")).status).toBe(401);
    expect((await deliver(shop, payload, { "stripe-signature": header }, "stripe")).body.outcome).toBe("paid");
    expect((await deliver(shop, payload, { "stripe-signature": header }, "stripe")).body.outcome).toBe("nothing");
    expect((await buyer.get(`/orders/${body.order_id}`)).body.payment_status).toBe("paid");
    const other = JSON.stringify({ id: "evt_2", type: "customer.created", data: { object: { object: "customer" } } });
    expect(
      (await deliver(shop, other, { "stripe-signature": signatureOf(other, SECRET, shop.now()) }, "stripe")).body
        .outcome,
    ).toBe("unknown");
    const unpaid = { ...session, payment_status: "unpaid", status: "expired" };
    const late = JSON.stringify({ id: "evt_3", type: "checkout.session.expired", data: { object: unpaid } });
    expect(
      (await deliver(shop, late, { "stripe-signature": signatureOf(late, SECRET, shop.now()) }, "stripe")).body.outcome,
    ).toBe("nothing");
    await expectSound(shop);
  });

  test("the gateway's answer is lost, the client asks again: one order, one charge", async () => {
    const { stripe, shop, order, referenceOf } = await stripeShop();
    const key = { "idempotency-key": "pay-once" };
    // Stripe's client tries twice by itself.
    stripe.mood.push("lost", "down");
    const failed = await order(key);
    expect([failed.status, failed.body.code]).toEqual([503, "payment_unavailable"]);
    expect(failed.headers.get("retry-after")).toBeTruthy();
    const again = await order(key);
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({ order_id: failed.body.order_id });
    expect(again.body.payment_url).toStartWith("https://");
    expect(stripe.sessions.size).toBe(1);
    const reference = await referenceOf(again.body.order_id);
    stripe.pay(reference);
    expect(stripe.charges(reference)).toBe(1);
    expect(await countOf(shop, "orders")).toBe(1);
  });

  test("without a key, the payment of the order that stands is opened by asking for it", async () => {
    const { stripe, buyer, order } = await stripeShop();
    stripe.mood.push("down", "down");
    const failed = await order();
    const { body } = await buyer.post(`/orders/${failed.body.order_id}/payment`);
    expect(body).toMatchObject({ payment_status: "pending" });
    expect(body.payment_url).toStartWith("https://");
  });

  test("a cancelled order can't be paid at Stripe any more; if it was, it is paid back", async () => {
    const { stripe, shop, buyer, order, referenceOf } = await stripeShop();
    const first = (await order()).body.order_id;
    await buyer.post(`/orders/${first}/cancellation`);
    expect([...stripe.sessions.values()].map(({ status }) => status)).toEqual(["expired"]);
    const second = (await order()).body.order_id;
    stripe.pay(await referenceOf(second));
    await buyer.post(`/orders/${second}/cancellation`);
    expect((await buyer.get(`/orders/${second}`)).body).toMatchObject({
      status: "cancelled",
      payment_status: "refunded",
    });
    expect([...stripe.refunds.values()].map(({ amount }) => amount)).toEqual([8_100]);
    await expectSound(shop);
  });

  test("what Stripe could not do is done by the next sweep, once", async () => {
    const { stripe, shop, buyer, order, referenceOf } = await stripeShop();
    const id = (await order()).body.order_id;
    stripe.pay(await referenceOf(id));
    await buyer.post(`/orders/${id}/payment`);
    stripe.mood.push("down", "down");
    await buyer.post(`/orders/${id}/cancellation`);
    expect(stripe.refunds.size).toBe(0);
    expect(shop.logged.some(({ message }) => message.includes("could not be sent"))).toBe(true);
    await sweepOrders(shop);
    await sweepOrders(shop);
    expect([...stripe.refunds.values()].map(({ amount }) => amount)).toEqual([8_100]);

    const open = (await order()).body.order_id;
    stripe.mood.push("down", "down");
    await buyer.post(`/orders/${open}/cancellation`);
    expect([...stripe.sessions.values()].at(-1)?.status).toBe("open");
    await sweepOrders(shop);
    expect([...stripe.sessions.values()].at(-1)?.status).toBe("expired");
    await expectSound(shop);
  });

  test("a refund that Stripe refuses for good is left to a person", async () => {
    const { stripe, shop, buyer, order, referenceOf } = await stripeShop();
    const admin = await newClient(shop, { admin: true });
    const id = (await order()).body.order_id;
    stripe.pay(await referenceOf(id));
    await buyer.post(`/orders/${id}/payment`);
    stripe.refusesRefunds = true;
    await admin.post(`/orders/${id}/refund`, {});
    expect(stripe.refunds.size).toBe(0);
    expect((await examine(shop)).map(({ problem }) => problem)).toEqual([
      `Order ${id}: A refund failed at the gateway: send it again, or pay it back by other means.`,
    ]);
    const env = { DATABASE_URL: shop.place.url };
    const resolved = await run(["order", "resolve", `${id}`, "--note", "Paid back by bank transfer."], { env });
    expect(resolved).toMatchObject({ exitCode: 0, err: "" });
    await expectSound(shop);
    expect((await admin.get("/admin/audit?action=sanset%20order%20resolve")).body).toMatchObject([
      { user_id: null, details: { note: "Paid back by bank transfer." } },
    ]);
  });

  test("what failed and was paid back anew with all the rest waits for nobody any more", async () => {
    const { stripe, shop, paidOrder } = await stripeShop();
    const admin = await newClient(shop, { admin: true });
    const id = await paidOrder();
    stripe.refundStatus = "failed";
    await admin.post(`/orders/${id}/refund`, { amount: 5 });
    stripe.refundStatus = "succeeded";
    await admin.post(`/orders/${id}/refund`, { amount: 6 });
    expect((await examine(shop)).map(({ check }) => check)).toEqual(["no payment waits for a person"]);
    await admin.post(`/orders/${id}/refund`, {});
    expect((await admin.get(`/orders/${id}`)).body.payments).toMatchObject([
      { captured: 81, refunded: 81, flag: null },
    ]);
    await expectSound(shop);
  });

  test("what Stripe answers to a refund is how it stands, with Stripe's reason where it failed", async () => {
    const { stripe, shop, paidOrder } = await stripeShop();
    const admin = await newClient(shop, { admin: true });
    const id = await paidOrder();
    const refund = async () => {
      await admin.post(`/orders/${id}/refund`, { amount: 1 });
      return shop.database.first<object>("SELECT state, failure FROM refunds ORDER BY id DESC LIMIT 1");
    };
    for (const [answer, state, failure] of [
      ["succeeded", "done", null],
      ["pending", "sent", null],
      ["requires_action", "sent", null],
      // A word that Stripe does not have yet is none that says done.
      ["in_review", "sent", null],
      ["failed", "failed", "Stripe says failed."],
      ["canceled", "failed", "Stripe says canceled."],
    ] as const) {
      stripe.refundStatus = answer;
      expect(await refund()).toEqual({ state, failure });
    }
    stripe.refundStatus = "succeeded";
    for (const [refusal, failure] of [
      [true, "Stripe refused it."],
      ["charge_disputed", "Stripe refused it (charge_disputed)."],
    ] as const) {
      stripe.refusesRefunds = refusal;
      expect(await refund()).toEqual({ state: "failed", failure });
    }
    stripe.refusesRefunds = false;
    // Money whose name was not kept is asked for.
    await shop.database.transaction((tx) => tx.run("UPDATE payments SET gateway_money = NULL"));
    expect(await refund()).toEqual({ state: "done", failure: null });
    for (const session of stripe.sessions.values()) Object.assign(session, { payment_intent: null });
    expect(await refund()).toEqual({ state: "failed", failure: "Stripe knows of no money that came for it." });
    expect((await admin.get(`/orders/${id}`)).body.payments).toMatchObject([{ captured: 81, refunded: 5 }]);
  });

  test("a refund is owed until Stripe has confirmed it, also where the program that writes it down has no key", async () => {
    const { stripe, shop, buyer, order, referenceOf } = await stripeShop();
    const id = (await order()).body.order_id;
    stripe.pay(await referenceOf(id));
    await buyer.post(`/orders/${id}/payment`);
    const refunded = await run(["order", "refund", `${id}`, "--yes"], { env: { DATABASE_URL: shop.place.url } });
    expect(refunded.exitCode).toBe(0);
    expect(refunded.err).toContain("could not be sent");
    await sweepOrders(shop);
    expect([...stripe.refunds.values()].map(({ amount }) => amount)).toEqual([8_100]);
    await expectSound(shop);
  });

  test.each([[[]], [["down", "down"]]] as const)(
    "what is paid before its opening is answered can be paid back (then %p)",
    async (mood) => {
      const { stripe, shop, buyer, order, referenceOf, tellPaid } = await stripeShop();
      stripe.beforeAnswering = async ({ client_reference_id }) => {
        const told = await tellPaid(stripe.pay(client_reference_id));
        expect(told.body).toEqual({ outcome: "paid" });
        stripe.mood.push(...mood);
      };
      const { body } = await order();
      expect((await buyer.get(`/orders/${body.order_id}`)).body.payment_status).toBe("paid");
      stripe.mood.splice(0);
      await buyer.post(`/orders/${body.order_id}/cancellation`);
      expect([...stripe.refunds.values()].map(({ amount }) => amount)).toEqual([8_100]);
      expect(stripe.charges(await referenceOf(body.order_id))).toBe(1);
      await expectSound(shop);
    },
  );

  test("an order that is cancelled while its payment is opened can't be paid", async () => {
    const { stripe, shop, buyer, order } = await stripeShop();
    stripe.beforeAnswering = async () => {
      const [{ id }] = (await buyer.get("/orders")).body;
      await buyer.post(`/orders/${id}/cancellation`);
    };
    const { body } = await order();
    expect(body.payment_url).toBeNull();
    expect([...stripe.sessions.values()].map(({ status }) => status)).toEqual(["expired"]);
    await expectSound(shop);
  });

  test("nor if the cancellation has seen that it is not open, and is not done yet", async () => {
    const { stripe, shop, buyer, order } = await stripeShop();
    let cancelling: Promise<unknown> | undefined;
    let heldUp: Promise<void> | undefined;
    stripe.beforeAnswering = async () => {
      const [{ id }] = (await buyer.get("/orders")).body;
      const holding = Promise.withResolvers<void>();
      heldUp = shop.database.transaction(async (tx) => {
        await tx.run("UPDATE stock SET on_hand = on_hand");
        holding.resolve();
        await Bun.sleep(400);
      });
      await holding.promise;
      cancelling = buyer.post(`/orders/${id}/cancellation`);
      await Bun.sleep(100);
    };
    await order();
    await Promise.all([cancelling, heldUp]);
    await sweepOrders(shop);
    expect([...stripe.sessions.values()].map(({ status }) => status)).toEqual(["expired"]);
    await expectSound(shop);
  });

  test("krónur are whole, and Stripe counts them in hundredths", async () => {
    const { stripe, shop, buyer, order, referenceOf } = await stripeShop({ CURRENCY: "ISK" });
    const { body } = await order();
    expect(body.total_amount).toBe(80);
    expect([...stripe.sessions.values()]).toMatchObject([{ amount_total: 8_000, currency: "isk" }]);
    stripe.pay(await referenceOf(body.order_id));
    expect((await buyer.post(`/orders/${body.order_id}/payment`)).body.payment_status).toBe("paid");
    const admin = await newClient(shop, { admin: true });
    await admin.post(`/orders/${body.order_id}/refund`, { amount: 30 });
    expect([...stripe.refunds.values()].map(({ amount }) => amount)).toEqual([3_000]);
    await expectSound(shop);
  });
});

test.each(["KWD", "MGA"])(
  "a shop that sells in %s does not start with Stripe, which takes fewer digits",
  (CURRENCY) => {
    expect(loadSettings({ CURRENCY }).currency).toBe(CURRENCY);
    expect(() => loadSettings({ CURRENCY, STRIPE_SECRET_KEY: "sk_test_double" })).toThrow(
      "more digits than Stripe takes",
    );
  },
);
