import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { engines } from "../support/engines";
import { ask, buyOne, checkOutOver, type FileShop, missing, sizeOf, served } from "../support/served";
import { PROGRAM } from "../support/usual";

setDefaultTimeout(600_000);

const KILL_CYCLES = sizeOf("SANSET_TEST_KILL_CYCLES", 2);
const ACKNOWLEDGED_A_CYCLE = sizeOf("SANSET_TEST_KILL_ORDERS", 60);
const BUYERS = sizeOf("SANSET_TEST_BUYERS", 120);
const BUYING_ROUNDS = sizeOf("SANSET_TEST_BUYING_ROUNDS", 1);

/** What the command line imports meanwhile. */
const GOODS = 1_500;

const { open, serve, kill, end } = served();
afterEach(end);

describe.each(engines)("killed on $name", (engine) => {
  test(`${KILL_CYCLES} times under 32 checkouts at once, ${ACKNOWLEDGED_A_CYCLE} orders or more a time: none that was acknowledged is lost, and what is asked again happens once`, async () => {
    const shop = await open({ engine, buyers: 32, stock: 1_000_000 });
    const acknowledged = new Map<string, number>();
    let unheard: { caller: number; key: string }[] = [];
    let keys = 0;
    for (let cycle = 0; cycle < KILL_CYCLES; cycle++) {
      const { url, ...server } = await serve(shop);
      // First, what got no answer in the cycle before: it was done, or it is done now, but never twice.
      for (const { caller, key } of unheard) {
        const heard = await checkOutOver(url, shop.buyers[caller]!, key);
        if (heard.status === 201) acknowledged.set(key, heard.body.order_id);
        else expect(heard).toMatchObject({ status: 409, body: { code: "cart_empty" } });
      }
      unheard = [];
      const enough = acknowledged.size + ACKNOWLEDGED_A_CYCLE;
      const over = new AbortController();
      const crowd = shop.buyers.map(async (caller, index) => {
        while (!over.signal.aborted) {
          const key = `order-${++keys}`;
          const heard = await buyOne(url, shop, caller, key);
          if (heard.status === 201) acknowledged.set(key, heard.body.order_id);
          else if (heard.status === 0) unheard.push({ caller: index, key });
          if (acknowledged.size >= enough && !over.signal.aborted) {
            over.abort();
            await kill({ url, ...server });
          }
        }
      });
      await Promise.all(crowd);
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(KILL_CYCLES * ACKNOWLEDGED_A_CYCLE);
    expect(await missing(shop, acknowledged)).toEqual([]);
    expect(new Set(acknowledged.values()).size).toBe(acknowledged.size);
    expect(await shop.problems()).toEqual([]);
  });
});

async function sellOut(shop: FileShop, urls: string[], round: number): Promise<number> {
  const outcomes = await Promise.all(
    shop.buyers.map(async (buyer, index) => {
      const url = urls[index % urls.length] ?? "";
      for (;;) {
        const heard = await buyOne(url, shop, buyer, `round-${round}`);
        // Told to come back later, they do.
        if (heard.status !== 503) return heard;
        await Bun.sleep(20);
      }
    }),
  );
  const others = outcomes.filter(({ status }) => status !== 201);
  expect(others.filter(({ body }) => body?.code !== "out_of_stock")).toEqual([]);
  return outcomes.length - others.length;
}

const restock = (url: string, shop: FileShop, delta: number) =>
  ask(url, shop.admin, "POST", `/admin/stock/${shop.product}/adjustment`, { delta, reason: "delivery" });

describe.each(engines)("buyers over real connections on $name", (engine) => {
  test(`${BUYERS} buyers for 100 units, ${BUYING_ROUNDS} times: exactly 100 sold each time`, async () => {
    const shop = await open({ engine, buyers: BUYERS, stock: 0 });
    const { url } = await serve(shop);
    for (let round = 0; round < BUYING_ROUNDS; round++) {
      await restock(url, shop, 100);
      expect(await sellOut(shop, [url], round)).toBe(100);
    }
    expect(await shop.problems()).toEqual([]);
  });

  test("the same over two servers on one database, while the command line imports", async () => {
    const shop = await open({ engine, buyers: BUYERS, stock: 100 });
    const [one, two] = await Promise.all([serve(shop), serve(shop)]);
    const file = join(shop.folder, "goods.jsonl");
    const goods = Array.from({ length: GOODS }, (_, index) =>
      JSON.stringify({ slug: `good-${index}`, name: `Good ${index}`, category: "Imported", price: 10, stock: 5 }),
    );
    writeFileSync(file, goods.join("\n"));
    const importing = Bun.spawn([...PROGRAM, "import", "products", file], {
      cwd: shop.folder,
      env: { PATH: process.env["PATH"] ?? "", ...shop.environment },
      stdio: ["ignore", "ignore", "ignore"],
    });
    expect(await sellOut(shop, [one.url, two.url], 0)).toBe(100);
    expect(await importing.exited).toBe(0);
    expect(await shop.within(({ database }) => database.first("SELECT COUNT(*) AS count FROM products"))).toEqual({
      count: GOODS + 1,
    });
    expect(await shop.problems()).toEqual([]);
  });

  test("while another process holds the database the server goes on answering, then says 503 with when to come back", async () => {
    // As many as there are connections to PostgreSQL for what is written.
    const shop = await open({ engine, buyers: 10, stock: 100 });
    const { url } = await serve(shop);
    for (const buyer of shop.buyers) await ask(url, buyer, "PUT", `/cart/items/${shop.product}`, { qty: 1 });
    const letGo = await holdStock(shop);
    const refused = shop.buyers.map((buyer) =>
      fetch(`${url}/api/v1/orders/checkout`, {
        method: "POST",
        headers: { authorization: `Bearer ${buyer.token}`, "content-type": "application/json" },
        body: JSON.stringify({ payment_method: "cod", address_id: buyer.address_id }),
      }),
    );
    let isRefused = false;
    void Promise.race(refused).then(() => (isRefused = true));
    let looksBefore = 0;
    for (let look = 0; look < 20; look++) {
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      if (!isRefused) looksBefore++;
      for (const path of ["/readyz", `/api/v1/products/${shop.product}`]) {
        expect((await fetch(url + path)).status).toBe(200);
      }
      await Bun.sleep(20);
    }
    for (const answer of await Promise.all(refused)) {
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(await answer.json()).toMatchObject({ code: "database_busy" });
    }
    expect(looksBefore).toBeGreaterThan(0);
    await letGo();
    for (const buyer of shop.buyers) expect((await checkOutOver(url, buyer, "later")).status).toBe(201);
  });
});

/** In a transaction of this process, for the server another one. */
async function holdStock(shop: FileShop): Promise<() => Promise<void>> {
  const [held, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = shop.within(({ database }) =>
    database.transaction(async (tx) => {
      await tx.run("UPDATE stock SET on_hand = on_hand");
      held.resolve();
      await letGo.promise;
    }),
  );
  await held.promise;
  return () => {
    letGo.resolve();
    return holding;
  };
}
