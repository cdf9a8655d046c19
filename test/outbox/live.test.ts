import { describe, expect, test } from "bun:test";
import { recordEvent } from "../../src/events/events";
import { routeEvents } from "../../src/events/routing";
import { endStreams } from "../../src/outbox/live";
import type { Transaction } from "../../src/storage/database";
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
    [...heard.matchAll(/id: (\d+)\S*\nevent: (\S+)\ndata: (.*)\n\n/g)].map(([, id, type, data]) => ({
      id: Number(id),
      type,
      data: JSON.parse(data ?? ""),
    }));
  return {
    response,
    events,
    /** What a client comes back with. */
    last: () => [...heard.matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? "",
    /** Reads what the stream says first. */
    async opened() {
      heard += new TextDecoder().decode((await reader?.read())?.value);
    },
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

/** As after a backup was put back: what came after a place is gone, and places are given from there on. */
const putBack = (shop: TestShop, place: number) =>
  shop.database.transaction(async (tx) => {
    await tx.run("DELETE FROM outbox WHERE position > $1", [place]);
    await tx.run("UPDATE outbox_places SET last_position = $1", [place]);
  });

const happen = (
  tx: Transaction,
  order_id: number,
  type: "order.packed" | "order.shipped" | "order.changed",
  cause = "cancelled_in_part",
) => recordEvent(tx, type, { order_id, status: "placed", payment_status: "pending", cause }, new Date().toISOString());

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

  test("who comes back after the places of what was lost with a backup have been given again starts anew too", async () => {
    const { shop, admin, buyer, order, id } = await shopWithOrder(engine);
    await route(shop);
    const all = await listen(shop, admin, "/admin/events");
    await all.opened();
    await admin.post(`/orders/${id}/packing`);
    await order();
    await route(shop);
    await all.until(1);
    const own = await listen(shop, buyer, `/orders/${id}/events`);
    expect((await own.until(2)).map((event) => event.id)).toEqual([3, 4]);
    const [cursor] = (await buyer.get(`/orders/${id}/events?after=3`)).body.map(
      (event: { cursor: string }) => event.cursor,
    );
    const seen = { own: own.last(), all: all.last() };
    expect(cursor).toBe(seen.own);
    await Promise.all([own.leave(), all.leave()]);
    await putBack(shop, 3);
    // As many happen again, and others.
    await order();
    await admin.post(`/orders/${id}/shipment`);
    await route(shop);
    const again = await listen(shop, buyer, `/orders/${id}/events`, { "last-event-id": seen.own });
    expect((await again.until(3)).map((event) => [event.id, event.type])).toEqual([
      [0, "reset"],
      [3, "order.placed"],
      [5, "order.shipped"],
    ]);
    const next = await listen(shop, admin, "/admin/events", { "last-event-id": seen.all });
    expect(await next.until(1)).toMatchObject([{ id: 5, type: "reset" }]);
    await Promise.all([again.leave(), next.leave()]);
    expect(await asked(buyer, `/orders/${id}/events?after=${seen.own}`)).toEqual([3, 5]);
    expect(await asked(admin, `/admin/events?after=${seen.all}`)).toEqual([3, 4]);
    // Who has come back since is as good as anybody.
    expect(await asked(buyer, `/orders/${id}/events?after=${again.last()}`)).toEqual([]);
  });

  test("who is cut off before anything happened misses nothing", async () => {
    const { shop, admin, order } = await shopWithOrder(engine);
    await route(shop);
    const stream = await listen(shop, admin, "/admin/events");
    await stream.opened();
    await stream.leave();
    const next = await order();
    await route(shop);
    const again = await listen(shop, admin, "/admin/events", { "last-event-id": stream.last() });
    expect(await again.until(1)).toMatchObject([{ id: 4, type: "order.placed", data: { order_id: next } }]);
    await again.leave();
  });

  test("who has been away for longer than events are kept is told so, and hears what is left", async () => {
    const { shop, admin, buyer, order, id } = await shopWithOrder(engine);
    await route(shop);
    const stream = await listen(shop, buyer, `/orders/${id}/events`);
    await stream.until(1);
    await stream.leave();
    await shop.database.transaction((tx) => tx.run("DELETE FROM outbox WHERE position <= 3"));
    // Nothing has happened since.
    expect(await asked(buyer, `/orders/${id}/events?after=${stream.last()}`)).toEqual([]);
    await order();
    await admin.post(`/orders/${id}/packing`);
    await route(shop);
    const again = await listen(shop, buyer, `/orders/${id}/events`, { "last-event-id": stream.last() });
    expect((await again.until(2)).map((event) => event.type)).toEqual(["reset", "order.packed"]);
    await again.leave();
  });

  test("what is committed late is heard after what was heard before it", async () => {
    const { shop, buyer, id } = await shopWithOrder(engine);
    await route(shop);
    const begun = Promise.withResolvers<void>();
    const isHeard = Promise.withResolvers<void>();
    const packed = shop.database.transaction(async (tx) => {
      await happen(tx, id, "order.packed");
      begun.resolve();
      await isHeard.promise;
    });
    await begun.promise;
    // SQLite has one writer.
    if (engine.name === "sqlite") isHeard.resolve();
    await shop.database.transaction((tx) => happen(tx, id, "order.shipped"));
    await route(shop);
    const first = (await buyer.get(`/orders/${id}/events?after=3`)).body;
    isHeard.resolve();
    await packed;
    await route(shop);
    const second = (await buyer.get(`/orders/${id}/events?after=${first.at(-1).cursor}`)).body;
    const heard = [...first, ...second].map(({ type }: { type: string }) => type);
    expect(heard).toEqual(
      engine.name === "sqlite" ? ["order.packed", "order.shipped"] : ["order.shipped", "order.packed"],
    );
  });

  test("of what many do at once, told of by several processes, a reader who comes back again and again hears all once", async () => {
    const { shop, buyer, id } = await shopWithOrder(engine);
    await route(shop);
    const state = { isOver: false };
    const work = async (count: number) => {
      for (let turn = 0; turn < 10; turn++) {
        await shop.database.transaction(async (tx) => {
          await happen(tx, id, "order.changed", `${count}.${turn}`);
          if (engine.name !== "sqlite") await Bun.sleep((count * 7 + turn * 3) % 11);
        });
      }
    };
    const tell = async () => {
      while (!state.isOver) {
        await route(shop);
        await Bun.sleep(1);
      }
    };
    const heard: { cursor: string; data: { cause: string } }[] = [];
    const hear = async () => {
      const { body } = await buyer.get(`/orders/${id}/events?after=${heard.at(-1)?.cursor ?? 3}`);
      heard.push(...body);
      return body.length;
    };
    const told = [tell(), tell()];
    const worked = Promise.all(Array.from({ length: 8 }, (_, count) => work(count)));
    void worked.finally(() => (state.isOver = true));
    while (!state.isOver) await hear();
    await Promise.all([worked, ...told]);
    await route(shop);
    while ((await hear()) > 0);
    const all = Array.from({ length: 8 }, (_, count) => Array.from({ length: 10 }, (__, turn) => `${count}.${turn}`));
    expect(heard.map(({ data }) => data.cause).toSorted()).toEqual(all.flat().toSorted());
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

  test("one client has fifty streams at most, however many customers it makes up", async () => {
    const shop = await freshShop(engine, { RATE_LIMIT: "on", RATE_LIMIT_PER_MINUTE: "100000" });
    await route(shop);
    const admins = [];
    for (let count = 0; count < 6; count++) admins.push(await newClient(shop, { admin: true }));
    const open = (of: Client) => listen(shop, of, "/admin/events");
    const streams = [];
    for (const admin of admins.slice(0, 5)) for (let count = 0; count < 10; count++) streams.push(await open(admin));
    expect(streams.map(({ response }) => response.status)).toEqual(Array.from({ length: 50 }, () => 200));
    const last = admins.at(-1)!;
    expect((await open(last)).response.status).toBe(429);
    await streams[0]?.leave();
    const again = await open(last);
    expect(again.response.status).toBe(200);
    await Promise.all([...streams.slice(1), again].map((stream) => stream.leave()));
  }, 30_000);

  test("a server that ends ends its streams", async () => {
    const { shop, buyer, id } = await shopWithOrder(engine);
    await route(shop);
    const stream = await listen(shop, buyer, `/orders/${id}/events`);
    await stream.until(1);
    endStreams(shop);
    await stream.end();
  });
});
