import { afterEach, describe, expect, test } from "bun:test";
import { createApp } from "../../src/app";
import { openShop } from "../../src/shop/shop";
import { openDatabase } from "../../src/storage/open";
import { clientOf, newBuyer } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop } from "../support/shop";
import { wayTo } from "../support/way";

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

describe.each(engines.filter(({ name }) => name === "postgres"))("a checkout on $name", (engine) => {
  test("waits for few answers, however many lines it has: a database may be at a distance", async () => {
    const shop = await freshShop(engine);
    const way = wayTo(shop.place.url);
    ends.push(() => way.close());
    const database = await openDatabase({ engine: "postgres", url: way.url }, { connections: 1, readers: 1 });
    ends.push(() => database.close());
    const server = openShop(database, shop.settings, { now: shop.now, log: shop.log });
    const buyer = await newBuyer(shop);
    const client = clientOf({ app: createApp(server) }, buyer.token, buyer.id);
    const goods: { id: number }[] = [];
    for (let count = 0; count < 8; count++) goods.push(await stockShelf(shop, { stock: 100 }));
    const { body: addresses } = await client.get("/users/me/addresses");
    const waitsFor = async (lines: number, key: string) => {
      for (const { id } of goods.slice(0, lines)) await client.put(`/cart/items/${id}`, { qty: 1 });
      const before = way.roundTrips();
      const order = { payment_method: "cod", address_id: addresses[0].id };
      expect((await client.post("/orders/checkout", order, { "idempotency-key": key })).status).toBe(201);
      return way.roundTrips() - before;
    };
    // What is asked for the first time is prepared first.
    for (const lines of [2, 2, 2, 8, 8, 8]) await waitsFor(lines, crypto.randomUUID());
    const two = await waitsFor(2, "two");
    // Who calls, BEGIN, what there is, the order, all that hangs on it, COMMIT.
    expect(two).toBeLessThanOrEqual(6);
    expect(await waitsFor(8, "eight")).toBeLessThanOrEqual(two + 1);
  });
});
