import { describe, expect, test } from "bun:test";
import { createApp } from "../../src/app";
import { createProduct } from "../../src/catalog/create";
import { modelInService } from "../../src/recommend/serve/model-in-service";
import { openShop, type Shop } from "../../src/shop/shop";
import { type Client, clientOf } from "../support/client";
import { engines } from "../support/engines";
import { fair, train } from "../support/fair";
import type { TestShop } from "../support/shop";

/** Another server of the same shop: what is kept in memory is its own. */
function another(shop: TestShop): { server: Shop; client: Client } {
  const server = openShop(shop.database, shop.settings, { now: shop.now, log: shop.log });
  return { server, client: clientOf({ app: createApp(server) }) };
}

const goods = (name: string) => ({
  slug: name.toLowerCase(),
  name,
  // Each in its own: those of one category are counted in one row, and new words that they share are one, so they would wait.
  category: `${name}ware`,
  price: 12,
  stock: 5,
  attributes: {},
});

/** The shop as it writes through a transaction that stays open at its end until the gate opens. */
function slowly(shop: Shop, gate: Promise<void>, written: () => void): Shop {
  return {
    ...shop,
    database: {
      ...shop.database,
      transaction: (work) =>
        shop.database.transaction(async (tx) => {
          const result = await work(tx);
          written();
          await gate;
          return result;
        }),
    },
  };
}

async function soon(isSo: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    if (await isSo()) return true;
    await Bun.sleep(50);
  }
  return false;
}

describe.each(engines.filter(({ name }) => name === "postgres"))("two servers on $name", (engine) => {
  test("find and recommend what was begun first and committed last", async () => {
    const { shop } = await fair(engine);
    await train(shop);
    const { server, client } = another(shop);
    const gate = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const slow = createProduct(slowly(shop, gate.promise, written.resolve), goods("Slowwopfuture"));
    await written.promise;
    const quick = await createProduct(shop, goods("Quickzebrano"));
    expect((await client.get("/search?q=quickzebrono")).body).toMatchObject([{ id: quick.id }]);
    expect(await soon(async () => (await modelInService(server))?.rowOf.has(quick.id) === true)).toBe(true);
    // Long enough for what was seen to be taken as all that there is, were nothing known of the other.
    await Bun.sleep(1_500);
    await client.get("/search?q=quickzebrono");
    await modelInService(server);
    gate.resolve();
    const { id } = await slow;
    expect(id).toBeLessThan(quick.id);
    const found = async () => (await client.get("/search?q=slowwopfutuer")).body;
    expect(await soon(async () => (await found()).length > 0)).toBe(true);
    expect(await found()).toMatchObject([{ id }]);
    expect(await soon(async () => (await modelInService(server))?.rowOf.has(id) === true)).toBe(true);
  });
});
