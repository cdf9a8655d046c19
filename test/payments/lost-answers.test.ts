import { describe, expect, test } from "bun:test";
import { examine } from "../../src/doctor/doctor";
import { sweepOrders } from "../../src/orders/sweep";
import { signatureOf } from "../../src/payments/gateways/signature";
import { expectSound, shelfOf } from "../support/buying";
import { call, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { newStripeShop, WEBHOOK_SECRET } from "../support/stripe-shop";

type StripeShop = Awaited<ReturnType<typeof newStripeShop>>;

/** An order of two mugs (81.00) that Stripe has taken the money for. */
async function paidOrder(engine: (typeof engines)[number]) {
  const setup = await newStripeShop(engine);
  const id: number = (await setup.order()).body.order_id;
  setup.stripe.pay(await setup.referenceOf(id));
  await setup.buyer.post(`/orders/${id}/payment`);
  return { ...setup, id };
}

const amountsOf = ({ stripe }: StripeShop) => [...stripe.refunds.values()].map(({ amount }) => amount);

function tell({ shop }: StripeShop, id: string, type: string, object: object) {
  const body = JSON.stringify({ id, type, data: { object } });
  return call(shop, "POST", "/api/v1/payments/stripe/webhook", {
    body,
    headers: {
      "content-type": "application/json",
      "stripe-signature": signatureOf(body, WEBHOOK_SECRET, shop.now()),
    },
  });
}

describe.each(engines)("answers of a gateway that are lost on $name", (engine) => {
  test("a refund whose answer is lost is sent again, and paid back once", async () => {
    const setup = await paidOrder(engine);
    // The look at the session is answered; the refund happens and its answer is lost, also to the second try.
    setup.stripe.mood.push("fine", "lost", "down");
    await setup.buyer.post(`/orders/${setup.id}/cancellation`);
    for (let sweeps = 0; sweeps < 3; sweeps++) {
      setup.shop.pass(20 * 60);
      await sweepOrders(setup.shop);
    }
    expect(amountsOf(setup)).toEqual([8_100]);
    await expectSound(setup.shop);
  });

  test("a payment that was opened but not written down is refundable once its capture was told", async () => {
    const setup = await newStripeShop(engine);
    const { shop, stripe, order, referenceOf, tellPaid } = setup;
    const id = (await order()).body.order_id;
    // As a crash leaves it, between the gateway's answer and the note of it.
    await shop.database.transaction((tx) =>
      tx.run("UPDATE payments SET gateway_id = NULL, payment_url = NULL, state = 'new' WHERE order_id = $1", [id]),
    );
    await tellPaid(stripe.pay(await referenceOf(id)));
    const admin = await newClient(shop, { admin: true });
    await admin.post(`/orders/${id}/refund`, {});
    expect(amountsOf(setup)).toEqual([8_100]);
    await expectSound(shop);
  });

  test("a refund that the gateway takes and reports as failed waits for a person", async () => {
    const setup = await paidOrder(engine);
    setup.stripe.refundStatus = "failed";
    const admin = await newClient(setup.shop, { admin: true });
    await admin.post(`/orders/${setup.id}/refund`, {});
    const states = await setup.shop.database.all<{ state: string }>("SELECT state FROM refunds");
    expect(states.map(({ state }) => state)).not.toContain("done");
    expect(await examine(setup.shop)).not.toEqual([]);
  });

  test("a transfer that fails after the customer left cancels the order and frees its goods", async () => {
    const setup = await newStripeShop(engine);
    const id = (await setup.order()).body.order_id;
    const session = [...setup.stripe.sessions.values()][0];
    await tell(setup, "evt_failed", "checkout.session.async_payment_failed", session ?? {});
    expect((await setup.buyer.get(`/orders/${id}`)).body).toMatchObject({
      status: "cancelled",
      payment_status: "failed",
    });
    expect(await shelfOf(setup.shop, setup.product)).toEqual({ on_hand: 10, reserved: 0 });
  });

  test("an event that is told twice happens once, and what came of it stays written", async () => {
    const { shop, stripe, order, referenceOf, tellPaid } = await newStripeShop(engine);
    const id = (await order()).body.order_id;
    const session = stripe.pay(await referenceOf(id));
    await tellPaid(session);
    const outcomes = () => shop.database.all("SELECT order_id, outcome FROM payment_events");
    const first = await outcomes();
    expect(first).toEqual([{ order_id: id, outcome: "paid" }]);
    await tellPaid(session);
    expect(await outcomes()).toEqual(first);
  });

  test("money that no order knows of is flagged once, and stays resolved when it is told again", async () => {
    const setup = await newStripeShop(engine);
    const stray = {
      id: "cs_stray",
      object: "checkout.session",
      client_reference_id: "nobody",
      status: "complete",
      payment_status: "paid",
      amount_total: 100,
      currency: "inr",
    };
    const deliver = () => tell(setup, "evt_stray", "checkout.session.completed", stray);
    await deliver();
    expect(await examine(setup.shop)).not.toEqual([]);
    const { failed } = await runCommand(setup.shop, [
      "order",
      "resolve-event",
      "stripe",
      "evt_stray",
      "--note",
      "ours",
    ]);
    expect(failed).toBeUndefined();
    await deliver();
    await expectSound(setup.shop);
  });

  test("a gateway that is down while a hold ends is asked again, and its late money is paid back", async () => {
    const setup = await newStripeShop(engine);
    const { shop, stripe, order, referenceOf, buyer } = setup;
    const id = (await order()).body.order_id;
    stripe.pay(await referenceOf(id));
    shop.pass(31 * 60);
    // Stripe's package tries each request twice.
    stripe.mood.push("down", "down");
    await sweepOrders(shop);
    await sweepOrders(shop);
    const { body } = await buyer.get(`/orders/${id}`);
    expect([body.status, body.payment_status]).toEqual(["cancelled", "refunded"]);
    expect(amountsOf(setup)).toEqual([8_100]);
    await expectSound(shop);
  });

  test("a gateway that says at closing that it took another amount is asked no more", async () => {
    const { shop, stripe, order, referenceOf } = await newStripeShop(engine);
    const id = (await order()).body.order_id;
    stripe.pay(await referenceOf(id), { amount_total: 1 });
    shop.pass(31 * 60);
    await sweepOrders(shop);
    let asked = 0;
    stripe.onRequest = () => asked++;
    await sweepOrders(shop);
    expect(asked).toBe(0);
    expect((await examine(shop)).length).toBeGreaterThan(0);
  });

  test("an opening that ends after the capture leaves the payment captured", async () => {
    const { shop, stripe, order, tellPaid, buyer } = await newStripeShop(engine);
    stripe.beforeAnswering = (session) => {
      stripe.beforeAnswering = undefined;
      return tellPaid(Object.assign(session, { status: "complete", payment_status: "paid" }));
    };
    const id = (await order()).body.order_id;
    expect(await shop.database.first("SELECT state FROM payments WHERE order_id = $1", [id])).toEqual({
      state: "captured",
    });
    expect((await buyer.get(`/orders/${id}`)).body.payment_status).toBe("paid");
    await expectSound(shop);
  });
});
