import { describe, expect, test } from "bun:test";
import { endStreams } from "../../src/outbox/live";
import { routeEvents } from "../../src/events/routing";
import { buy } from "../support/buying";
import { type Client, newBuyer, newClient } from "../support/client";
import { type TestEngine, engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

/** Reads a stream of events until so many came, or it ended. */
async function listen(shop: TestShop, client: Client, path: string, headers: Record<string, string> = {}) {
  const gone = new AbortController();
  const response = await shop.app.handle(
    new Request(`http://localhost/api/v1${path}`, {
      headers: { authorization: `Bearer ${client.token}`, accept: "text/event-stream", ...headers },
      signal: gone.signal,
    }),
  );
  const reader = response.body?.getReader();
  let heard = "";
  let isOver = false;
  const events = () =>
    [...heard.matchAll(/id: (\d+)\nevent: (\S+)\ndata: (.*)\n\n/g)].map(([, id, type, data]) => ({
      id: Number(id),
      type,
      data: JSON.parse(data ?? ""),
    }));
  return {
    response,
    events,
    async until(count: number) {
      while (!isOver && events().length < count) {
        const chunk = await reader?.read();
        if (!chunk || chunk.done) isOver = true;
        else heard += new TextDecoder().decode(chunk.value);
      }
      return events();
    },
    async end() {
      while (!isOver) isOver = (await reader?.read())?.done ?? true;
    },
    leave: async () => {
      gone.abort();
      await reader?.cancel();
    },
  };
}

const route = (shop: TestShop) => routeEvents(shop, []);

async function shopWithOrder(engine: TestEngine) {
  const shop = await freshShop(engine);
  const admin = await newClient(shop, { admin: true });
  const buyer = await newBuyer(shop);
  const mug = await stockShelf(shop, { stock: 100 });
  const order = async () => (await buy(buyer, [mug])).body.order_id as number;
  // Before it two were told of: the customer and the mug.
  return { shop, admin, buyer, order, id: await order() };
}

/** The ids of what is answered as JSON. */
const asked = async (client: Client, path: string): Promise<number[]> =>
  (await client.get(path)).body.map((event: { id: number }) => event.id);

describe.each(engines)("what happens, as it happens, on $name", (engine) => {
  test("a customer hears of each step of the own order, from its beginning and then at once", async () => {
    const { shop, admin, buyer, order, id } = await shopWithOrder(engine);
    await order();
    await route(shop);
    const stream = await listen(shop, buyer, `/orders/${id}/events`);
    expect(stream.response.headers.get("content-type")).toStartWith("text/event-stream");
    expect(await stream.until(1)).toEqual([
      {
        id: 3,
        type: "order.placed",
        data: { order_id: id, status: "placed", payment_status: "pending", timestamp: shop.now().toISOString() },
      },
    ]);
    await admin.post(`/orders/${id}/shipment`);
    await route(shop);
    expect((await stream.until(2)).map(({ type }) => type)).toEqual(["order.placed", "order.shipped"]);
    await stream.leave();
  });

  test("who comes back with the last id that was seen misses nothing and hears nothing twice", async () => {
    const { shop, admin, buyer, id } = await shopWithOrder(engine);
    for (const step of ["packing", "shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
    await route(shop);
    const stream = await listen(shop, buyer, `/orders/${id}/events`, { "last-event-id": "4" });
    expect((await stream.until(3)).map(({ type }) => type)).toEqual(["order.shipped", "order.delivered", "order.paid"]);
    await stream.leave();
    const asked = await buyer.get(`/orders/${id}/events?after=5`);
    expect(asked.body.map(({ id: place, type }: { id: number; type: string }) => [place, type])).toEqual([
      [6, "order.delivered"],
      [7, "order.paid"],
    ]);
  });

  test("who has seen what a backup that was put back does not have starts anew, and is told so", async () => {
    const { shop, admin, buyer, order, id } = await shopWithOrder(engine);
    await route(shop);
    const lost = { "last-event-id": "5000" };
    const own = await listen(shop, buyer, `/orders/${id}/events`, lost);
    const timestamp = shop.now().toISOString();
    expect(await own.until(2)).toMatchObject([
      { id: 0, type: "reset", data: { timestamp } },
      { id: 3, type: "order.placed" },
    ]);
    await own.leave();
    const all = await listen(shop, admin, "/admin/events?after=5000");
    expect(await all.until(1)).toEqual([{ id: 3, type: "reset", data: { timestamp } }]);
    await order();
    await route(shop);
    expect((await all.until(2))[1]).toMatchObject({ id: 4, type: "order.placed" });
    await all.leave();
    expect(await asked(buyer, `/orders/${id}/events?after=5000`)).toEqual([3]);
    expect(await asked(admin, "/admin/events?after=5000")).toEqual([3, 4]);
    // The last one itself is no such id.
    expect(await asked(admin, "/admin/events?after=4")).toEqual([]);
  });

  test("a stranger hears nothing of an order, an admin of every one", async () => {
    const { shop, admin, id } = await shopWithOrder(engine);
    await route(shop);
    const stranger = await newBuyer(shop);
    expect((await listen(shop, stranger, `/orders/${id}/events`)).response.status).toBe(404);
    expect((await admin.get(`/orders/${id}/events`)).body).toHaveLength(1);
    expect((await listen(shop, stranger, "/admin/events")).response.status).toBe(403);
  });

  test("an admin hears of new orders from now on, and not of steps that need nobody", async () => {
    const { shop, admin, order, id } = await shopWithOrder(engine);
    await route(shop);
    const stream = await listen(shop, admin, "/admin/events");
    await admin.post(`/orders/${id}/packing`);
    const next = await order();
    await route(shop);
    const [first] = await stream.until(1);
    expect(first).toMatchObject({ type: "order.placed", data: { order_id: next } });
    await stream.leave();
    expect((await admin.get("/admin/events")).body.map(({ type }: { type: string }) => type)).toEqual([
      "order.placed",
      "order.placed",
    ]);
  });

  test("a stream ends soon after its session", async () => {
    const { shop, buyer, id } = await shopWithOrder(engine);
    await route(shop);
    const stream = await listen(shop, buyer, `/orders/${id}/events`);
    await stream.until(1);
    await buyer.post("/auth/logout-all");
    await stream.end();
  }, 30_000);

  test("a user has ten streams at most, and one that was left makes room", async () => {
    const { shop, buyer, id } = await shopWithOrder(engine);
    await route(shop);
    const open = () => listen(shop, buyer, `/orders/${id}/events`);
    const streams = await Promise.all(Array.from({ length: 10 }, open));
    const eleventh = await open();
    expect([eleventh.response.status, eleventh.response.headers.get("retry-after")]).toEqual([429, "30"]);
    await streams[0]?.leave();
    const again = await open();
    expect(again.response.status).toBe(200);
    await Promise.all([...streams.slice(1), again].map((stream) => stream.leave()));
  });

  test("a server that ends ends its streams", async () => {
    const { shop, buyer, id } = await shopWithOrder(engine);
    await route(shop);
    const stream = await listen(shop, buyer, `/orders/${id}/events`);
    await stream.until(1);
    endStreams(shop);
    await stream.end();
  });
});
