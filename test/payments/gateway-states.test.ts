import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { examine } from "../../src/doctor/doctor";
import { sweepOrders } from "../../src/orders/sweep";
import { signatureOf } from "../../src/payments/gateways/signature";
import { buy, checkOut, expectSound, shelfOf, statusesOf } from "../support/buying";
import { call, newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { getOrder } from "../../src/orders/orders";
import { freshShop, START, type TestShop } from "../support/shop";
import { newStripeShop, WEBHOOK_SECRET } from "../support/stripe-shop";

setDefaultTimeout(60_000);

const HOUR = 3_600;

/** As it stands, whoever is still signed in. */
const standing = async (shop: TestShop, id: number) => {
  const { status, payment_status, payments } = await getOrder(shop.database, id);
  return [status, payment_status, payments.at(-1)?.state ?? ""];
};

/** How the one payment of the first order stands, whether nothing about it waits for a person, and its refunds. */
const disputesOf = async (shop: TestShop) => {
  const { payments, refunds, payment_status } = await getOrder(shop.database, 1);
  const [payment] = payments;
  const flag = (await shop.database.first<{ flag: string | null }>("SELECT flag FROM payments"))?.flag ?? null;
  return [payment_status, payment?.state, flag === null, refunds.map(({ state }) => state)];
};

describe.each(engines)("a gateway's states on $name", (engine) => {
  test("money that takes days is waited for, however long the hold was, and the goods with it", async () => {
    const { stripe, shop, order, referenceOf, tell, product } = await newStripeShop(engine);
    const { order_id } = (await order()).body;
    const reference = await referenceOf(order_id);
    const session = stripe.pay(reference, { payment_status: "unpaid" });
    expect((await tell("checkout.session.completed", session)).body.outcome).toBe("under_way");
    expect(await standing(shop, order_id)).toEqual(["placed", "pending", "under_way"]);
    shop.pass(5 * 24 * HOUR);
    let asked = 0;
    stripe.onRequest = () => asked++;
    // Asked about once an hour, and no more often.
    for (let sweeps = 0; sweeps < 2; sweeps++) await sweepOrders(shop);
    expect(asked).toBe(1);
    expect(await standing(shop, order_id)).toEqual(["placed", "pending", "under_way"]);
    expect(await shelfOf(shop, product)).toEqual({ on_hand: 10, reserved: 2 });
    const paid = stripe.pay(reference);
    expect((await tell("checkout.session.async_payment_succeeded", paid)).body.outcome).toBe("paid");
    expect(await standing(shop, order_id)).toEqual(["placed", "paid", "paid"]);
    expect(stripe.refunds.size).toBe(0);
    await expectSound(shop);
  });

  test("money on its way is asked about, should nobody tell; what never comes ends the order, and fills the cart again", async () => {
    const { stripe, shop, buyer, order, referenceOf, tell, product } = await newStripeShop(engine, {
      ACCESS_TOKEN_EXPIRE_MINUTES: "120",
    });
    const first = (await order()).body.order_id;
    await tell("checkout.session.completed", stripe.pay(await referenceOf(first), { payment_status: "unpaid" }));
    stripe.pay(await referenceOf(first));
    await sweepOrders(shop);
    expect((await standing(shop, first))[1]).toBe("pending");
    shop.pass(HOUR);
    await sweepOrders(shop);
    expect((await standing(shop, first))[1]).toBe("paid");

    const second = (await order()).body.order_id;
    const session = stripe.pay(await referenceOf(second), { payment_status: "unpaid" });
    await tell("checkout.session.completed", session);
    expect((await tell("checkout.session.async_payment_failed", session)).body.outcome).toBe("cancelled");
    expect(await standing(shop, second)).toEqual(["cancelled", "failed", "failed"]);
    expect(await shelfOf(shop, product)).toEqual({ on_hand: 8, reserved: 0 });
    expect((await buyer.get("/cart")).body.items).toMatchObject([{ product_id: product, qty: 2 }]);
    await expectSound(shop);
  });

  test("money that is on its way for two weeks is for a person", async () => {
    const { stripe, shop, order, referenceOf, tell } = await newStripeShop(engine);
    const { order_id } = (await order()).body;
    await tell("checkout.session.completed", stripe.pay(await referenceOf(order_id), { payment_status: "unpaid" }));
    shop.pass(14 * 24 * HOUR);
    await expectSound(shop);
    shop.pass(1);
    expect((await examine(shop)).map(({ check }) => check)).toEqual(["money that is on its way arrives"]);
  });

  test("a refund made in the gateway's own dashboard reaches the order, told in any words and order", async () => {
    const { stripe, shop, buyer, paidOrder, referenceOf, tell } = await newStripeShop(engine);
    const admin = await newClient(shop, { admin: true });
    const id = await paidOrder();
    const reference = await referenceOf(id);
    const refund = stripe.payBackThere(reference, 3_000);
    const charge = (amount_refunded: number) => ({
      object: "charge",
      payment_intent: refund.payment_intent,
      amount_refunded,
      currency: "inr",
    });
    expect((await tell("charge.refunded", charge(3_000))).body.outcome).toBe("refunded");
    expect((await tell("refund.created", refund)).body.outcome).toBe("nothing");
    expect((await tell("charge.refunded", charge(3_000))).body.outcome).toBe("nothing");
    const { body } = await buyer.get(`/orders/${id}`);
    expect(body).toMatchObject({ payment_status: "partially_refunded", refunds: [{ amount: 30, source: "provider" }] });
    const rest = stripe.payBackThere(reference, 5_100);
    expect((await tell("refund.created", rest)).body.outcome).toBe("refunded");
    expect((await tell("charge.refunded", charge(8_100))).body.outcome).toBe("nothing");
    expect((await buyer.get(`/orders/${id}`)).body.payment_status).toBe("refunded");
    // Nothing of it is paid back twice, or shipped.
    expect((await admin.post(`/orders/${id}/refund`, {})).status).toBe(409);
    expect((await admin.post(`/orders/${id}/shipment`)).status).toBe(409);
    expect(stripe.refunds.size).toBe(2);
    await expectSound(shop);
  });

  test("money that moved before its name was kept is found by asking whose it is", async () => {
    const { stripe, shop, buyer, paidOrder, referenceOf, tell } = await newStripeShop(engine);
    const id = await paidOrder();
    await shop.database.transaction((tx) => tx.run("UPDATE payments SET gateway_money = NULL"));
    const refund = stripe.payBackThere(await referenceOf(id), 8_100);
    expect((await tell("refund.created", refund)).body.outcome).toBe("refunded");
    expect((await buyer.get(`/orders/${id}`)).body.payment_status).toBe("refunded");
    const strange = { ...refund, id: "re_other", payment_intent: "pi_other" };
    expect((await tell("refund.created", strange)).body.outcome).toBe("unknown");
  });

  test("already refunded there is not refused: the customer has the money, once", async () => {
    const { stripe, shop, buyer, paidOrder, referenceOf } = await newStripeShop(engine);
    const admin = await newClient(shop, { admin: true });
    const whole = await paidOrder();
    stripe.payBackThere(await referenceOf(whole), 8_100);
    await admin.post(`/orders/${whole}/refund`, {});
    expect((await buyer.get(`/orders/${whole}`)).body).toMatchObject({
      payment_status: "refunded",
      refunds: [{ state: "done", amount: 81 }],
    });
    const parts = await paidOrder();
    for (const amount of [3_000, 5_100]) stripe.payBackThere(await referenceOf(parts), amount);
    await admin.post(`/orders/${parts}/refund`, { amount: 20 });
    const { body } = await buyer.get(`/orders/${parts}`);
    expect(body.payment_status).toBe("refunded");
    expect(body.refunds.map(({ amount, state }: { amount: number; state: string }) => [amount, state])).toEqual([
      [20, "failed"],
      [30, "done"],
      [51, "done"],
    ]);
    expect(stripe.refunds.size).toBe(3);
    await expectSound(shop);
  });

  test("a refund is sent until it is done; one that fails is owed again, and can be sent again", async () => {
    const { stripe, shop, buyer, paidOrder, tell } = await newStripeShop(engine);
    const admin = await newClient(shop, { admin: true });
    const id = await paidOrder();
    stripe.refundStatus = "pending";
    await admin.post(`/orders/${id}/refund`, {});
    const shown = async () => (await buyer.get(`/orders/${id}`)).body;
    expect((await shown()).refunds).toMatchObject([{ state: "sent", amount: 81, ended_at: null }]);
    await sweepOrders(shop);
    expect(stripe.refunds.size).toBe(1);
    const [refund] = [...stripe.refunds.values()];
    Object.assign(refund!, { status: "failed" });
    expect((await tell("refund.failed", refund!)).body.outcome).toBe("flagged");
    expect(await shown()).toMatchObject({ payment_status: "paid", refunds: [{ state: "failed" }] });
    expect((await examine(shop)).map(({ check }) => check)).toEqual(["no payment waits for a person"]);

    stripe.refundStatus = "succeeded";
    const [failed] = (await shown()).refunds;
    expect((await admin.post(`/orders/${id}/refunds/${failed.id}/retry`)).status).toBe(200);
    expect(await shown()).toMatchObject({
      payment_status: "refunded",
      refunds: [{ state: "failed" }, { state: "done" }],
    });
    expect((await admin.post(`/orders/${id}/refunds/${failed.id}/retry`)).body.code).toBe("conflict");
    expect((await admin.post(`/orders/${id}/refunds/999/retry`)).status).toBe(404);
    expect((await shown()).refunds[0].resent_as).toBe((await shown()).refunds[1].id);
    expect(stripe.refunds.size).toBe(2);
    await expectSound(shop);
  });

  test("a refund that was done can still come back from the bank, and then another one is possible", async () => {
    const { stripe, shop, buyer, paidOrder, tell } = await newStripeShop(engine);
    const admin = await newClient(shop, { admin: true });
    const id = await paidOrder();
    await admin.post(`/orders/${id}/refund`, { lines: [{ line: 1, qty: 1 }] });
    const [refund] = [...stripe.refunds.values()];
    await tell("charge.refund.updated", { ...refund, status: "failed" });
    expect((await buyer.get(`/orders/${id}`)).body).toMatchObject({
      payment_status: "paid",
      items: [{ refunded_qty: 0 }],
    });
    const again = await admin.post(`/orders/${id}/refund`, { by_hand: true, lines: [{ line: 1, qty: 1 }] });
    expect(again.body).toMatchObject({
      payment_status: "partially_refunded",
      refunds: [{ state: "failed" }, { state: "done", source: "hand" }],
      items: [{ refunded_qty: 1, cancelled_qty: 1 }],
    });
    expect(stripe.refunds.size).toBe(1);
  });

  test("what was sent an hour ago is asked for before it is sent again", async () => {
    const { stripe, shop, buyer, paidOrder } = await newStripeShop(engine);
    const admin = await newClient(shop, { admin: true });
    const id = await paidOrder();
    // Stripe pays back and nobody hears of it; a day later it has forgotten the key of the request.
    stripe.mood.push("lost", "down");
    await admin.post(`/orders/${id}/refund`, {});
    expect((await buyer.get(`/orders/${id}`)).body.refunds).toMatchObject([{ state: "owed" }]);
    stripe.forget();
    shop.pass(HOUR);
    const asked: string[] = [];
    stripe.onRequest = ({ url }) => asked.push(decodeURIComponent(new URL(url).search));
    await sweepOrders(shop);
    expect(asked).toEqual(["?payment_intent=pi_1&limit=100"]);
    expect((await getOrder(shop.database, id)).refunds).toMatchObject([{ state: "done" }]);
    expect(stripe.refunds.size).toBe(1);

    const long = await newStripeShop(engine, { HOLD_MINUTES: "1440", ACCESS_TOKEN_EXPIRE_MINUTES: "120" });
    long.stripe.mood.push("lost", "down");
    const failed = (await long.order()).body.order_id;
    long.stripe.forget();
    long.shop.pass(HOUR);
    long.stripe.onRequest = stripe.onRequest;
    const { body } = await long.buyer.post(`/orders/${failed}/payment`);
    // Its clock may be a minute behind ours.
    expect(asked[1]).toBe(`?created[gte]=${START.getTime() / 1_000 - 60}&limit=100`);
    expect(body.payment_url).toBe([...long.stripe.sessions.values()][0]!.url);
    expect(long.stripe.sessions.size).toBe(1);
  });

  test("a disputed payment is for a person; one that is lost is paid back", async () => {
    const { shop, paidOrder, tell, stripe } = await newStripeShop(engine);
    const id = await paidOrder();
    const [session] = [...stripe.sessions.values()];
    const dispute = (status: string) => ({
      object: "dispute",
      id: "dp_1",
      payment_intent: session!.payment_intent,
      amount: 8_100,
      currency: "inr",
      status,
    });
    expect((await tell("charge.dispute.created", dispute("needs_response"))).body.outcome).toBe("disputed");
    expect(await standing(shop, id)).toEqual(["placed", "paid", "disputed"]);
    expect((await examine(shop)).map(({ problem }) => problem)).toEqual([
      `Order ${id}: The customer disputes this payment: answer it at the gateway.`,
    ]);
    expect((await tell("charge.dispute.closed", dispute("lost"))).body.outcome).toBe("refunded");
    expect(await standing(shop, id)).toEqual(["placed", "refunded", "paid"]);
    await runCommand(shop, ["order", "resolve", id, "--note", "Lost."]);
    await expectSound(shop);
    // The same once more, and what was told first comes last.
    expect((await tell("charge.dispute.closed", dispute("lost"))).status).toBe(200);
    expect((await tell("charge.dispute.updated", dispute("under_review"))).body.outcome).toBe("nothing");
    expect(await standing(shop, id)).toEqual(["placed", "refunded", "paid"]);
    await expectSound(shop);
  });

  test("what is told of disputes comes in any order, and of several one that is over ends no other", async () => {
    const { shop, paidOrder, tell, stripe } = await newStripeShop(engine);
    await paidOrder();
    const [session] = [...stripe.sessions.values()];
    const told = (id: string, status: string, created?: number, amount = 8_100) => {
      const object = {
        object: "dispute",
        id,
        payment_intent: session!.payment_intent,
        amount,
        currency: "inr",
        status,
      };
      return tell(
        status === "needs_response" ? "charge.dispute.created" : "charge.dispute.closed",
        object,
        undefined,
        created,
      );
    };
    // Won before it was opened: nothing waits for anybody.
    await told("dp_1", "won");
    expect((await told("dp_1", "needs_response")).body.outcome).toBe("nothing");
    expect(await disputesOf(shop)).toEqual(["paid", "paid", true, []]);
    // By the gateway's clock, where it shows it.
    await told("dp_2", "won", 2_000);
    await told("dp_2", "needs_response", 1_000);
    expect(await disputesOf(shop)).toEqual(["paid", "paid", true, []]);
    await told("dp_2", "needs_response", 3_000);
    await told("dp_3", "needs_response", 3_500);
    await told("dp_2", "won", 4_000);
    expect(await disputesOf(shop)).toEqual(["paid", "disputed", false, []]);
    await told("dp_3", "lost", 5_000);
    expect(await disputesOf(shop)).toEqual(["refunded", "paid", false, ["done"]]);
    // The bank has thought better of it, and late news change nothing.
    await told("dp_3", "won", 6_000);
    expect(await disputesOf(shop)).toEqual(["paid", "paid", true, ["failed"]]);
    await told("dp_3", "lost", 5_000);
    await told("dp_3", "needs_response", 3_500);
    expect(await disputesOf(shop)).toEqual(["paid", "paid", true, ["failed"]]);
    await expectSound(shop);
    // And worse again: that is for a person.
    expect((await told("dp_3", "lost", 7_000)).body.outcome).toBe("flagged");
    await runCommand(shop, ["order", "resolve", 1, "--note", "Seen."]);
    await expectSound(shop);
  });

  test("a dispute that ends takes its own flag along, and no other", async () => {
    const { shop, paidOrder, tell, stripe } = await newStripeShop(engine);
    await paidOrder();
    const [session] = [...stripe.sessions.values()];
    const dispute = {
      object: "dispute",
      id: "dp_1",
      payment_intent: session!.payment_intent,
      amount: 8_100,
      currency: "inr",
    };
    await tell("charge.dispute.created", { ...dispute, status: "needs_response" });
    await tell("checkout.session.completed", { ...stripe.pay(session!.client_reference_id), amount_total: 1 });
    await tell("charge.dispute.closed", { ...dispute, status: "won" });
    expect(await disputesOf(shop)).toEqual(["paid", "paid", false, []]);
  });

  test("a dispute that is lost after a part was paid back takes what was left, and says that the rest is lost twice", async () => {
    const { shop, paidOrder, tell, stripe } = await newStripeShop(engine, { INVOICES: "paid" });
    const id = await paidOrder();
    const admin = await newClient(shop, { admin: true });
    await admin.post(`/orders/${id}/refund`, { amount: 20 });
    const [session] = [...stripe.sessions.values()];
    const dispute = { object: "dispute", id: "dp_1", payment_intent: session!.payment_intent, currency: "inr" };
    const lost = { ...dispute, amount: 8_100, status: "lost" };
    expect((await tell("charge.dispute.closed", lost)).body.outcome).toBe("flagged");
    const { refunds, payments } = (await admin.get(`/orders/${id}`)).body;
    expect(refunds.map(({ amount, state }: { amount: number; state: string }) => [amount, state])).toEqual([
      [20, "done"],
      [61, "done"],
    ]);
    expect(payments[0]).toMatchObject({ captured: 81, refunded: 81 });
    expect(payments[0].flag).toContain("paid twice");
    expect(await disputesOf(shop)).toEqual(["refunded", "paid", false, ["done", "done"]]);
    await tell("charge.dispute.closed", lost);
    expect((await admin.get(`/orders/${id}`)).body.refunds).toHaveLength(2);
    // The bank thinks better of it: what it took is back, and nobody has to look any more.
    await tell("charge.dispute.closed", { ...dispute, amount: 8_100, status: "won" });
    expect(await disputesOf(shop)).toEqual(["partially_refunded", "paid", true, ["done", "failed"]]);
    await expectSound(shop);
  });

  test("units whose refund failed are paid back first, whatever was paid back after them", async () => {
    const { stripe, shop, paidOrder, tell, product } = await newStripeShop(engine);
    const admin = await newClient(shop, { admin: true });
    const id = await paidOrder();
    const refund = (more: object) => admin.post(`/orders/${id}/refund`, { lines: [{ line: 1, qty: 1 }], ...more });
    const line = async () => {
      const { cancelled_qty, returned_qty, refunded_qty } = (await admin.get(`/orders/${id}`)).body.items[0];
      return { cancelled_qty, returned_qty, refunded_qty };
    };
    stripe.refundStatus = "pending";
    await refund({});
    const [first] = [...stripe.refunds.values()];
    await admin.post(`/orders/${id}/shipment`);
    stripe.refundStatus = "succeeded";
    // The other unit is paid back, and the customer keeps it.
    await refund({});
    await tell("refund.failed", Object.assign(first!, { status: "failed" }));
    expect(await line()).toEqual({ cancelled_qty: 1, returned_qty: 0, refunded_qty: 1 });
    const shelf = await shelfOf(shop, product);
    await refund({ restock: true });
    expect(await line()).toEqual({ cancelled_qty: 1, returned_qty: 0, refunded_qty: 2 });
    expect(await shelfOf(shop, product)).toEqual(shelf);
    await admin.post(`/orders/${id}/resolution`, { note: "Paid back again." });
    await expectSound(shop);
  });

  test("so are units that came back, and a refund that is sent again takes its units along", async () => {
    const { stripe, shop, paidOrder, tell, product } = await newStripeShop(engine);
    const admin = await newClient(shop, { admin: true });
    const id = await paidOrder();
    const refund = (more: object) => admin.post(`/orders/${id}/refund`, { lines: [{ line: 1, qty: 1 }], ...more });
    await admin.post(`/orders/${id}/shipment`);
    stripe.refundStatus = "pending";
    await refund({ restock: true });
    const [first] = [...stripe.refunds.values()];
    await tell("refund.failed", Object.assign(first!, { status: "failed" }));
    stripe.refundStatus = "succeeded";
    const failed = (await admin.get(`/orders/${id}`)).body.refunds[0].id;
    await admin.post(`/orders/${id}/refunds/${failed}/retry`);
    const back = async () => (await admin.get(`/orders/${id}`)).body.items[0].returned_qty;
    expect([await back(), (await shelfOf(shop, product)).on_hand]).toEqual([1, 9]);
    await refund({ restock: true });
    expect([await back(), (await shelfOf(shop, product)).on_hand]).toEqual([2, 10]);
    await expectSound(shop);
  });

  test("a refund and a dispute that are told of before the payment count all the same", async () => {
    const { shop, order, tell, stripe, referenceOf } = await newStripeShop(engine);
    const { order_id } = (await order()).body;
    const session = stripe.pay(await referenceOf(order_id));
    const refund = stripe.payBackThere(session.client_reference_id, 3_000);
    expect((await tell("refund.created", refund)).body.outcome).toBe("refunded");
    await tell("checkout.session.completed", session);
    expect(await standing(shop, order_id)).toEqual(["placed", "partially_refunded", "paid"]);
    await expectSound(shop);
  });

  test("a refund that failed is sent again once, and not where it was paid back otherwise", async () => {
    const { stripe, shop, buyer, paidOrder, tell } = await newStripeShop(engine);
    const admin = await newClient(shop, { admin: true });
    const failOne = async (id: number, refund: object) => {
      stripe.refundStatus = "pending";
      await admin.post(`/orders/${id}/refund`, refund);
      const last = [...stripe.refunds.values()].at(-1)!;
      await tell("refund.failed", Object.assign(last, { status: "failed" }));
      stripe.refundStatus = "succeeded";
      return (await admin.get(`/orders/${id}`)).body.refunds.at(-1).id as number;
    };
    const [twice, otherwise] = [await paidOrder(), await paidOrder()];
    const first = await failOne(twice, { amount: 20 });
    const sent = await Promise.all([1, 2, 3].map(() => admin.post(`/orders/${twice}/refunds/${first}/retry`)));
    expect(statusesOf(sent)).toEqual({ 200: 1, 409: 2 });
    const second = await failOne(otherwise, { lines: [{ line: 1, qty: 2 }] });
    await admin.post(`/orders/${otherwise}/refund`, { lines: [{ line: 1, qty: 1 }], by_hand: true });
    expect((await admin.post(`/orders/${otherwise}/refunds/${second}/retry`)).body.code).toBe("conflict");
    const back = async (id: number) => (await buyer.get(`/orders/${id}`)).body.payments[0].refunded;
    expect([await back(twice), await back(otherwise)]).toEqual([20, 40.5]);
    await admin.post(`/orders/${otherwise}/resolution`, { note: "By hand." });
    await expectSound(shop);
  });

  test("what becomes of one order's money is written to no other's", async () => {
    const setup = await newStripeShop(engine, { MOCK_WEBHOOK_SECRET: WEBHOOK_SECRET });
    const { stripe, shop, buyer, order, paidOrder, referenceOf, tell, product } = setup;
    const admin = await newClient(shop, { admin: true });
    const newOrder = async (): Promise<number> => (await order()).body.order_id;
    const sessionOf = async (id: number, change: object = {}) => stripe.pay(await referenceOf(id), change);
    const disputed = async (id: number, dispute: string, status: string) => {
      const { payment_intent } = await sessionOf(id);
      const object = { object: "dispute", id: dispute, payment_intent, amount: 8_100, currency: "inr", status };
      return (await tell("charge.dispute.updated", object)).body.outcome;
    };
    const refundOf = async (id: number, status: typeof stripe.refundStatus) => {
      stripe.refundStatus = status;
      await admin.post(`/orders/${id}/refund`, { amount: 10 });
      stripe.refundStatus = "succeeded";
      return [...stripe.refunds.values()].at(-1)!;
    };
    const paidSession = () => ({ ...[...stripe.sessions.values()][0], status: "complete", payment_status: "paid" });
    const strayOf = (reference: string, id: string) =>
      tell("checkout.session.completed", { ...paidSession(), client_reference_id: reference }, id);
    const tellMock = (id: string) => {
      const event = { id, type: "payment.paid", reference: "nobody", amount_minor: 1, currency: "INR" };
      const body = JSON.stringify(event);
      const signature = signatureOf(body, WEBHOOK_SECRET, shop.now());
      const headers = { "content-type": "application/json", "sanset-signature": signature };
      return call(shop, "POST", "/api/v1/payments/mock/webhook", { body, headers });
    };

    await admin.post(`/admin/stock/${product}/adjustment`, { delta: 50, reason: "a delivery" });
    // Others, as many ways as a payment can stand.
    await newOrder();
    await buy(buyer, [{ id: product }]);
    const [sent, failed] = [await paidOrder(), await paidOrder()];
    await refundOf(sent, "pending");
    await disputed(sent, "dp_1", "needs_response");
    await refundOf(failed, "failed");
    await strayOf("nobody", "evt_stray");
    await tellMock("evt_resolved");
    const tables = { payments: "id", refunds: "id", disputes: "payment_id", payment_events: "received_at, event_id" };
    const rows = async () =>
      Promise.all(
        Object.entries(tables).map(([table, key]) => shop.database.all(`SELECT * FROM ${table} ORDER BY ${key}`)),
      );
    const before = await rows();
    shop.pass(1);

    const through = await newOrder();
    await tell("checkout.session.completed", await sessionOf(through, { payment_status: "unpaid" }));
    await tell("checkout.session.async_payment_succeeded", await sessionOf(through));
    const refund = await refundOf(through, "pending");
    expect((await tell("refund.failed", Object.assign(refund, { status: "failed" }))).body.outcome).toBe("flagged");
    const { refunds } = (await admin.get(`/orders/${through}`)).body;
    expect((await admin.post(`/orders/${through}/refunds/${refunds[0].id}/retry`)).status).toBe(200);
    const outcomes = [];
    for (const status of ["needs_response", "won"]) outcomes.push(await disputed(through, "dp_2", status));
    for (const status of ["needs_response", "lost", "won"]) outcomes.push(await disputed(through, "dp_3", status));
    expect(outcomes).toEqual(["disputed", "nothing", "disputed", "flagged", "nothing"]);
    await tell("checkout.session.completed", await sessionOf(through, { amount_total: 1 }), "evt_wrong");
    expect((await admin.post(`/orders/${through}/resolution`, { note: "Seen." })).status).toBe(200);

    const twice = await newOrder();
    const [first, status] = [await sessionOf(twice), { status: "expired", payment_status: "unpaid" }];
    await tell("checkout.session.expired", { ...first, ...status });
    expect((await buyer.post(`/orders/${twice}/payment`)).body.payment_url).toStartWith("https://");
    const second = [...stripe.sessions.values()].at(-1)!;
    for (const session of [first, second]) {
      const paid = { ...session, status: "complete", payment_status: "paid" };
      await tell("checkout.session.completed", Object.assign(session, paid));
    }
    expect((await buyer.get(`/orders/${twice}`)).body.payments).toMatchObject([
      { state: "paid", is_current: true, refunded: 0 },
      { state: "surplus", is_current: false, refunded: 81 },
    ]);

    const elsewhere = await paidOrder();
    const there = stripe.payBackThere(await referenceOf(elsewhere), 3_000);
    const { payment_intent } = there;
    await tell("charge.refunded", { object: "charge", payment_intent, amount_refunded: 3_000, currency: "inr" });
    await tell("refund.created", there);
    const again = stripe.payBackThere(await referenceOf(elsewhere), 3_000);
    expect((await tell("refund.created", again)).body.outcome).toBe("refunded");

    const cash = (await buy(buyer, [{ id: product, qty: 2 }])).body.order_id;
    await admin.post(`/orders/${cash}/cancellation`, { lines: [{ line: 1, qty: 1 }] });
    await buyer.post(`/orders/${cash}/cancellation`);
    await buyer.post(`/orders/${await newOrder()}/cancellation`);

    await strayOf("nobody", "evt_resolved");
    const resolve = async (id: string) =>
      (await runCommand(shop, ["order", "resolve-event", "stripe", id, "--note", "Seen."])).failed;
    expect(await resolve("evt_resolved")).toBeUndefined();
    // What is about an order is resolved with the order.
    expect(await resolve("evt_wrong")).toBeDefined();

    const after = await rows();
    expect(after.map((some, at) => some.slice(0, before[at]!.length))).toEqual(before);
  });

  test("the doctor asks the providers what they have, where it is told to", async () => {
    const { stripe, shop, paidOrder, order, referenceOf } = await newStripeShop(engine);
    const paid = await paidOrder();
    const open = (await order()).body.order_id;
    const asked = async () => (await examine(shop, { providers: true })).map(({ problem }) => problem);
    expect(await asked()).toEqual([]);
    stripe.payBackThere(await referenceOf(paid), 100);
    stripe.pay(await referenceOf(open));
    await expectSound(shop);
    expect(await asked()).toEqual([
      `Order ${paid}: stripe has paid back 100, the shop knows of 0 (in minor units of INR).`,
      `Order ${open}: stripe has its money, and the shop does not know.`,
    ]);
    expect((await runCommand(shop, ["doctor"])).failed).toBeUndefined();
    expect((await runCommand(shop, ["doctor", "--ask-providers"])).failed).toContain("2 things do not add up");
  });

  test("less than the gateway takes is refused before anything is written, and what it refuses for good is undone", async () => {
    const { stripe, shop, buyer, product, order } = await newStripeShop(engine);
    const admin = await newClient(shop, { admin: true });
    const candy = await stockShelf(shop, { price: 0.49 });
    const small = await buy(buyer, [candy], { payment_method: "stripe" });
    expect([small.status, small.body.errors[0].code]).toEqual([422, "amount_too_small"]);
    expect(small.body.detail).toContain("0.5 INR");
    expect((await buyer.get("/orders")).body).toEqual([]);
    await admin.patch(`/products/${candy.id}`, { price: 0.5 });
    await buyer.get("/cart");
    expect((await checkOut(buyer, { payment_method: "stripe" })).status).toBe(201);

    const key = { "idempotency-key": "mine" };
    for (const [reason, said] of [
      ["amount_too_small", "takes no amount this small in INR"],
      ["url_invalid", "does not take this payment"],
    ] as const) {
      stripe.refusesSessions = reason;
      const refused = await order(key);
      expect([refused.status, refused.body.code]).toEqual([422, "payment_refused"]);
      expect(refused.body.detail).toContain(said);
      if (reason === "amount_too_small") await buyer.delete("/cart");
    }
    expect((await buyer.get("/cart")).body.items).toMatchObject([{ product_id: product, qty: 2 }]);
    expect(await shelfOf(shop, product)).toEqual({ on_hand: 10, reserved: 0 });
    stripe.refusesSessions = undefined;
    const again = await checkOut(buyer, { payment_method: "stripe" }, key);
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, null]);
    await expectSound(shop);
  });
});

describe.each(engines)("paying again on $name", (engine) => {
  async function mockShop(settings: Record<string, string> = {}) {
    const shop = await freshShop(engine, settings);
    const mug = await stockShelf(shop, { price: 40.5 });
    const buyer = await newBuyer(shop);
    const placed = await buy(buyer, [{ id: mug.id, qty: 2 }], { payment_method: "card" });
    const id: number = placed.body.order_id;
    const choose = async (url: string, choice: string) =>
      shop.app.handle(
        new Request(`http://localhost${new URL(url).pathname}`, {
          method: "POST",
          body: `choice=${choice}`,
          headers: { "content-type": "application/x-www-form-urlencoded" },
        }),
      );
    return { shop, mug, buyer, id, url: placed.body.payment_url as string, choose };
  }

  test("a declined order is paid again, until its hold ends", async () => {
    const { shop, buyer, id, url, choose, mug } = await mockShop();
    await choose(url, "decline");
    const again = await buyer.post(`/orders/${id}/payment`);
    expect(again.body).toMatchObject({ status: "placed", payment_status: "pending" });
    expect(again.body.payment_url).not.toBe(url);
    // Asked once more, it is the same try.
    expect((await buyer.post(`/orders/${id}/payment`, {})).body.payment_url).toBe(again.body.payment_url);
    await choose(again.body.payment_url, "pay");
    const { body } = await buyer.get(`/orders/${id}`);
    expect(body.payment_status).toBe("paid");
    expect(
      body.payments.map(({ state, is_current }: { state: string; is_current: boolean }) => [state, is_current]),
    ).toEqual([
      ["failed", false],
      ["paid", true],
    ]);
    expect(await shelfOf(shop, mug.id)).toEqual({ on_hand: 8, reserved: 0 });
    await expectSound(shop);
  });

  test("not any more once its hold has ended", async () => {
    const { shop, buyer, id, url, choose } = await mockShop();
    await choose(url, "decline");
    shop.pass(30 * 60);
    expect((await buyer.post(`/orders/${id}/payment`)).body.payment_url).toBe(url);
    await sweepOrders(shop);
    expect((await buyer.post(`/orders/${id}/payment`)).body).toMatchObject({ status: "cancelled", payment_url: null });
  });

  test("in another way: cash is not held to a time, and the page of before is closed", async () => {
    const { shop, buyer, id } = await mockShop();
    const cash = await buyer.post(`/orders/${id}/payment`, { payment_method: "cash" });
    expect(cash.body).toMatchObject({ payment_status: "pending", payment_url: null });
    expect(await shop.database.first("SELECT state FROM mock_payments")).toEqual({ state: "expired" });
    expect((await buyer.get(`/orders/${id}`)).body).toMatchObject({ payment_method: "cash", hold_until: null });
    shop.pass(50 * 60);
    expect(await sweepOrders(shop)).toEqual({ expired: 0 });
    expect((await buyer.post(`/orders/${id}/payment`, { payment_method: "crad" })).status).toBe(422);
    const card = await buyer.post(`/orders/${id}/payment`, { payment_method: "card" });
    expect(card.body.payment_url).toContain("/payments/mock/pages/");
    expect((await buyer.get(`/orders/${id}`)).body.hold_until).not.toBeNull();
    await expectSound(shop);
  });

  test("the first try that is paid counts, and what is paid beside it is paid back", async () => {
    const { shop, buyer, id, url, choose } = await mockShop();
    await choose(url, "decline");
    const second = (await buyer.post(`/orders/${id}/payment`)).body.payment_url;
    // As if the gateway had taken the declined one after all.
    await shop.database.transaction((tx) => tx.run("UPDATE mock_payments SET state = 'paid'"));
    await choose(second, "pay");
    const [former] = (await shop.database.all<{ id: number; reference: string }>(
      "SELECT id, reference FROM payments WHERE is_current = 0",
    )) as [{ id: number; reference: string }];
    await choose(url, "pay");
    const { body } = await buyer.get(`/orders/${id}`);
    expect(body).toMatchObject({ payment_status: "paid", refunds: [{ amount: 81, state: "done" }] });
    expect(body.payments.map(({ state }: { state: string }) => state)).toEqual(["surplus", "paid"]);
    expect(
      await shop.database.first("SELECT refunded_minor FROM mock_payments WHERE reference = $1", [former.reference]),
    ).toEqual({
      refunded_minor: 8_100,
    });
    await expectSound(shop);
  });

  test("a former try that is paid while the new one is open becomes the one that counts", async () => {
    const { shop, buyer, id, url, choose } = await mockShop();
    await buyer.post(`/orders/${id}/payment`, { payment_method: "cod" });
    await shop.database.transaction((tx) => tx.run("UPDATE mock_payments SET state = 'paid'"));
    await choose(url, "pay");
    const { body } = await buyer.get(`/orders/${id}`);
    expect(body.payment_status).toBe("paid");
    expect(
      body.payments.map(({ state, is_current }: { state: string; is_current: boolean }) => [state, is_current]),
    ).toEqual([
      ["paid", true],
      ["closed", false],
    ]);
    await expectSound(shop);
  });
});
