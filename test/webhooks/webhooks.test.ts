import { Webhook as Judge } from "standardwebhooks";
import { afterEach, describe, expect, test } from "bun:test";
import type { Channel } from "../../src/events/channel";
import { listDeliveries } from "../../src/events/deliveries";
import { deliveriesEnded, startDeliveries } from "../../src/events/delivering";
import { forgetOldEvents, routeEvents } from "../../src/events/routing";
import { webhookChannel } from "../../src/webhooks/channel";
import { testWebhook } from "../../src/webhooks/webhooks";
import { buy } from "../support/buying";
import { type Client, newBuyer, newClient } from "../support/client";
import { deliver, type Heard, startReceiver } from "../support/deliveries";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const receivers: { stop(): unknown }[] = [];
afterEach(() => {
  for (const receiver of receivers.splice(0)) receiver.stop();
});

function receiver(answer?: Parameters<typeof startReceiver>[0]) {
  const started = startReceiver(answer);
  receivers.push(started);
  return started;
}

/** A shop whose webhooks may lead to this machine, with an admin and something to buy. */
async function shopWithAdmin(engine: (typeof engines)[number], settings: Record<string, string> = {}) {
  const shop = await freshShop(engine, { WEBHOOK_PRIVATE: "on", ...settings });
  const admin = await newClient(shop, { admin: true });
  const mug = await stockShelf(shop, { stock: 1_000 });
  return { shop, admin, mug, buyer: await newBuyer(shop) };
}

const hook = async (admin: Client, url: string, types = ["order.placed"]) =>
  (await admin.post("/webhooks", { url, types })).body;

const channel = webhookChannel({ patienceMs: 30_000 });
/** For receivers that hang. */
const hasty = webhookChannel({ patienceMs: 300 });
const send = (shop: TestShop) => deliver(shop, channel);

/** What a webhook was sent, as an admin sees it. */
const logOf = async (admin: Client, id: number) => (await admin.get(`/webhooks/${id}/deliveries`)).body;

const verified = (secret: string, { headers, body }: Heard, at: Date) => {
  // The judge looks at its own clock, so that it is told ours.
  const now = Date.now;
  Date.now = () => at.getTime();
  try {
    return new Judge(secret).verify(body, headers);
  } finally {
    Date.now = now;
  }
};

describe.each(engines)("webhooks on $name", (engine) => {
  test("a receiver hears of an order once, signed as the standard says, and nothing personal", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { heard, url } = receiver();
    const { secret } = await hook(admin, url);
    const { order_id } = (await buy(buyer, [mug])).body;
    await send(shop);
    await send(shop);
    expect(heard).toHaveLength(1);
    expect(heard[0]!.headers).toMatchObject({ "content-type": "application/json", "user-agent": "Sanset" });
    expect(verified(secret, heard[0]!, shop.now())).toEqual({
      type: "order.placed",
      timestamp: shop.now().toISOString(),
      data: { order_id, status: "placed", payment_status: "pending" },
    });
  });

  test("a signature by another secret or of another body is none", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { heard, url } = receiver();
    const [one, two] = [await hook(admin, url), await hook(admin, url)];
    await buy(buyer, [mug]);
    await send(shop);
    const [first] = heard.filter(
      (message) => message.headers["webhook-signature"] === heard[0]!.headers["webhook-signature"],
    );
    const secrets = [one.secret, two.secret].filter((secret) => {
      try {
        return verified(secret, first!, shop.now()) !== undefined;
      } catch {
        return false;
      }
    });
    expect(secrets).toHaveLength(1);
    expect(() => verified(secrets[0], { ...first!, body: `${first!.body} ` }, shop.now())).toThrow();
  });

  test("it hears only of what it asked for", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { heard, url } = receiver();
    await hook(admin, url, ["order.cancelled", "order.shipped"]);
    const { order_id } = (await buy(buyer, [mug])).body;
    await admin.post(`/orders/${order_id}/shipment`);
    await send(shop);
    expect(heard.map(({ body }) => JSON.parse(body).type)).toEqual(["order.shipped"]);
  });

  test("a secret is shown when it is made and when it is changed, and never again", async () => {
    const { admin } = await shopWithAdmin(engine);
    const made = await hook(admin, "http://127.0.0.1:9/");
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const rotated = (await admin.post(`/webhooks/${made.id}/rotation`)).body;
    expect(rotated.secret).toMatch(/^whsec_/);
    expect(rotated.secret).not.toBe(made.secret);
    for (const path of ["/webhooks", `/webhooks/${made.id}`, "/admin/audit"]) {
      expect((await admin.get(path)).text).not.toContain("whsec_");
    }
  });

  test("after a rotation both secrets are good for a day, and then the new one alone", async () => {
    const { shop, admin } = await shopWithAdmin(engine);
    const { heard, url } = receiver();
    const { id, secret: before } = await hook(admin, url);
    const { secret: after } = (await admin.post(`/webhooks/${id}/rotation`)).body;
    shop.pass(86_399);
    await testWebhook(shop, id);
    await send(shop);
    for (const secret of [before, after]) expect(verified(secret, heard[0]!, shop.now())).toBeDefined();
    shop.pass(1);
    await testWebhook(shop, id);
    await send(shop);
    expect(verified(after, heard[1]!, shop.now())).toBeDefined();
    expect(() => verified(before, heard[1]!, shop.now())).toThrow();
  });

  test("once the shop has another key, what it signs is good by the secret of before as well", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { heard, url } = receiver();
    const { secret } = await hook(admin, url);
    await buy(buyer, [mug]);
    const { secretKey } = shop.settings;
    const settings = { ...shop.settings, secretKey: "b".repeat(64), secretKeyPrevious: secretKey };
    await send({ ...shop, settings });
    expect(verified(secret, heard[0]!, shop.now())).toBeDefined();
  });

  test("what fails is tried after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, and then given up", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { heard, url } = receiver(() => new Response("no", { status: 500 }));
    const { id } = await hook(admin, url);
    await buy(buyer, [mug]);
    await send(shop);
    const pauses = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for (const [index, pause] of pauses.entries()) {
      shop.pass(pause - 1);
      await send(shop);
      expect(heard).toHaveLength(index + 1);
      // A tenth later at most.
      shop.pass(pause / 10 + 1);
      await send(shop);
      expect(heard).toHaveLength(index + 2);
    }
    expect(new Set(heard.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    const filter = { channel: "webhook" as const, target: String(id) };
    const [delivery] = (await listDeliveries(shop, filter, { limit: 10, offset: 0 })).items;
    expect(delivery).toMatchObject({ state: "given_up", tries: 10, next_at: null });
    expect(delivery?.attempts).toHaveLength(10);
    expect(delivery?.attempts[9]).toMatchObject({ attempt: 10, status: 500, failure: "It refused." });
    shop.pass(1_000_000);
    await send(shop);
    expect(heard).toHaveLength(10);
    expect(await shop.database.all("SELECT type FROM outbox WHERE type = 'delivery.given_up'")).toHaveLength(1);
  });

  test("what was given up can be sent again by hand, with the same id", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    let status = 410;
    const { heard, url } = receiver(() => new Response(null, { status }));
    const { id } = await hook(admin, url);
    await buy(buyer, [mug]);
    await send(shop);
    const [{ id: delivery }] = await logOf(admin, id);
    status = 204;
    await admin.patch(`/webhooks/${id}`, { state: "active" });
    expect((await admin.post(`/deliveries/${delivery}/retry`)).body).toMatchObject({ state: "waiting", tries: 0 });
    await send(shop);
    expect((await logOf(admin, id))[0]).toMatchObject({
      state: "sent",
      tries: 1,
      attempts: [{ status: 410 }, { status: 204 }],
    });
    expect(heard[1]!.headers["webhook-id"]).toBe(heard[0]!.headers["webhook-id"]);
  });

  test("a receiver that is gone (410) is sent nothing more until somebody sets it going again", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { heard, url } = receiver(() => new Response(null, { status: 410 }));
    const { id } = await hook(admin, url);
    await buy(buyer, [mug]);
    await send(shop);
    await buy(buyer, [mug]);
    await send(shop);
    expect(heard).toHaveLength(1);
    expect((await admin.get(`/webhooks/${id}`)).body.state).toBe("ended");
    expect((await logOf(admin, id)).map(({ state }: { state: string }) => state)).toEqual(["given_up"]);
  });

  test("a receiver that asks to be left alone (429) is, for as long as it says, by seconds or by date", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const date = new Date(shop.now().getTime() + 1_200_000).toUTCString();
    const answers = [{ "retry-after": "600" }, { "retry-after": date }];
    const { heard, url } = receiver(
      (_, count) => new Response(null, { status: 429, headers: answers[count - 1] ?? {} }),
    );
    await hook(admin, url);
    await buy(buyer, [mug]);
    await send(shop);
    shop.pass(599);
    await send(shop);
    expect(heard).toHaveLength(1);
    shop.pass(1);
    await send(shop);
    expect(heard).toHaveLength(2);
    shop.pass(599);
    await send(shop);
    expect(heard).toHaveLength(2);
    shop.pass(1);
    await send(shop);
    expect(heard).toHaveLength(3);
  });

  test("a receiver that leads elsewhere is not followed", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const other = receiver();
    const { url } = receiver(() => Response.redirect(other.url, 307));
    const { id } = await hook(admin, url);
    await buy(buyer, [mug]);
    await send(shop);
    expect(other.heard).toEqual([]);
    expect((await logOf(admin, id))[0]).toMatchObject({ state: "waiting", attempts: [{ status: 307 }] });
  });

  test("a receiver that hangs, and one that hangs up half way, are tried again", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const hanging = receiver(() => new Promise(() => {}));
    const cut = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { data: (socket) => void socket.end("HTTP/1.1 200 O") },
    });
    receivers.push({ stop: () => cut.stop(true) });
    const one = await hook(admin, hanging.url);
    const two = await hook(admin, `http://127.0.0.1:${cut.port}/`);
    await buy(buyer, [mug]);
    await deliver(shop, hasty);
    expect((await logOf(admin, one.id))[0]).toMatchObject({
      state: "waiting",
      tries: 1,
      attempts: [{ status: null, failure: "It took too long." }],
    });
    expect((await logOf(admin, two.id))[0]).toMatchObject({ state: "waiting", tries: 1, attempts: [{ status: null }] });
  });

  test("what a receiver answers is kept nowhere", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { url } = receiver(() => new Response("a secret of theirs", { status: 500 }));
    const { id } = await hook(admin, url);
    await buy(buyer, [mug]);
    await send(shop);
    expect(JSON.stringify(await logOf(admin, id))).not.toContain("secret");
    expect(JSON.stringify(shop.logged)).not.toContain("secret");
  });

  test("while a webhook is paused what happens waits, and comes when it goes on", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { heard, url } = receiver();
    const { id } = await hook(admin, url);
    await admin.patch(`/webhooks/${id}`, { state: "paused" });
    await buy(buyer, [mug]);
    await send(shop);
    shop.pass(3_000);
    await send(shop);
    expect(heard).toEqual([]);
    await admin.patch(`/webhooks/${id}`, { state: "active" });
    await send(shop);
    expect(heard).toHaveLength(1);
  });

  test("a test goes to the webhook that is tested alone", async () => {
    const { shop, admin } = await shopWithAdmin(engine);
    const [one, two] = [receiver(), receiver()];
    const { id } = await hook(admin, one.url);
    await hook(admin, two.url);
    expect((await admin.post(`/webhooks/${id}/test`)).status).toBe(202);
    await send(shop);
    expect([one.heard.length, two.heard.length]).toEqual([1, 0]);
    expect(JSON.parse(one.heard[0]!.body)).toMatchObject({ type: "webhook.test", data: { webhook_id: id } });
  });

  test("what is removed is sent nothing more and is forgotten", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { heard, url } = receiver(() => new Response(null, { status: 500 }));
    const { id } = await hook(admin, url);
    await buy(buyer, [mug]);
    await send(shop);
    expect((await admin.delete(`/webhooks/${id}`)).status).toBe(204);
    shop.pass(10);
    await send(shop);
    expect(heard).toHaveLength(1);
    expect(await shop.database.all("SELECT id FROM deliveries")).toEqual([]);
    for (const call of [
      admin.get(`/webhooks/${id}`),
      admin.delete(`/webhooks/${id}`),
      admin.post(`/webhooks/${id}/test`),
    ]) {
      expect((await call).status).toBe(404);
    }
  });

  test("two processes that send at once send each event once", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { heard, url } = receiver();
    await hook(admin, url);
    for (let order = 0; order < 30; order++) await buy(buyer, [mug]);
    // Workers are kept in the shop's state: one with another state stands for another process.
    await Promise.all([send(shop), send({ ...shop, state: new Map() })]);
    expect(heard).toHaveLength(30);
    expect(new Set(heard.map(({ headers }) => headers["webhook-id"])).size).toBe(30);
  });

  test("what a process that died had taken is sent by another a minute later", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { heard, url } = receiver();
    await hook(admin, url);
    await buy(buyer, [mug]);
    const taken = Promise.withResolvers<void>();
    const dying: Channel = {
      ...channel,
      deliver: () => {
        taken.resolve();
        return new Promise(() => {});
      },
    };
    void deliver({ ...shop, state: new Map() }, dying);
    await taken.promise;
    shop.pass(59);
    await send(shop);
    expect(heard).toEqual([]);
    shop.pass(1);
    await send(shop);
    expect(heard).toHaveLength(1);
  });

  test("what a server that stops has in hand is due again at once, and does not count as tried", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const asked = Promise.withResolvers<void>();
    const { url } = receiver((_, count) => {
      asked.resolve();
      return count === 1 ? new Promise(() => {}) : new Response();
    });
    const { id } = await hook(admin, url);
    await buy(buyer, [mug]);
    const patient = webhookChannel();
    const stopping = new AbortController();
    await routeEvents(shop, [patient]);
    await startDeliveries(shop, [patient], stopping.signal);
    await asked.promise;
    stopping.abort();
    await deliveriesEnded(shop);
    expect((await logOf(admin, id))[0]).toMatchObject({ state: "waiting", tries: 0, attempts: [] });
    await send(shop);
    expect((await logOf(admin, id))[0]).toMatchObject({ state: "sent", tries: 1 });
  });

  test("a receiver that hangs holds up no other", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const slow = receiver(() => new Promise(() => {}));
    const quick = receiver();
    await hook(admin, slow.url);
    await hook(admin, quick.url);
    for (let order = 0; order < 40; order++) await buy(buyer, [mug]);
    const patient = webhookChannel({ patienceMs: 20_000 });
    const stopping = new AbortController();
    await routeEvents(shop, [patient]);
    await startDeliveries(shop, [patient], stopping.signal);
    while (quick.heard.length < 40) await Bun.sleep(5);
    // No more of them than are under way at once.
    expect(slow.heard.length).toBeLessThanOrEqual(8);
    stopping.abort();
    await deliveriesEnded(shop);
  });

  test("events are forgotten after 30 days, with what became of them", async () => {
    const { shop, admin, mug, buyer } = await shopWithAdmin(engine);
    const { url } = receiver();
    await hook(admin, url);
    await buy(buyer, [mug]);
    await send(shop);
    shop.pass(30 * 86_400);
    await forgetOldEvents(shop);
    const types = await shop.database.all("SELECT type FROM outbox ORDER BY type");
    expect(types).toEqual(["order.placed", "product.changed", "user.registered"].map((type) => ({ type })));
    shop.pass(1);
    await forgetOldEvents(shop);
    for (const table of ["outbox", "deliveries", "delivery_attempts"]) {
      expect(await shop.database.all(`SELECT * FROM ${table}`)).toEqual([]);
    }
  });
});
