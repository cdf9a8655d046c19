import { describe, expect, test } from "bun:test";
import { repeatable } from "../../bench/icecat/quality";
import { createApp } from "../../src/app";
import { changeProduct } from "../../src/catalog/change";
import { AnswerMemory } from "../../src/http/answer-memory";
import { openShop } from "../../src/shop/shop";
import { openDatabase } from "../../src/storage/open";
import { type Client, clientOf, newBuyer } from "../support/client";
import { type TestEngine, engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, POOLS, type TestShop } from "../support/shop";

/** A shop whose reads are counted. */
async function countedShop(engine: TestEngine, settings: Record<string, string> = {}) {
  const shop = await freshShop(engine, { ANSWER_MEMORY_SECONDS: "5", ...settings });
  let reads = 0;
  const database: typeof shop.database = {
    ...shop.database,
    all: (sql, values) => (reads++, shop.database.all(sql, values)),
    first: (sql, values) => (reads++, shop.database.first(sql, values)),
  };
  const app = createApp(openShop(database, shop.settings, { now: shop.now, log: () => {} }));
  return { shop, caller: clientOf({ app }), as: (token?: string) => clientOf({ app }, token), reads: () => reads };
}

/** Asks twice, and says whether the second answer took any reading. */
async function isRemembered(caller: Client, reads: () => number, path: string): Promise<boolean> {
  const first = await caller.get(path);
  const before = reads();
  const second = await caller.get(path);
  expect(second.status).toBe(first.status);
  // A refusal says which request it refused.
  if (first.status === 200) expect(second.text).toBe(first.text);
  const own = ["x-request-id", "ratelimit", "date"];
  const lasting = ({ headers }: typeof first) => [...headers].filter(([name]) => !own.includes(name));
  expect(lasting(second)).toEqual(lasting(first));
  expect(second.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
  return reads() === before;
}

const setPrice = (shop: TestShop, price: number) =>
  shop.database.transaction((tx) => tx.run("UPDATE products SET price_minor = $1, version = version + 1", [price]));

describe.each(engines)("answers on $name", (engine) => {
  test("between two commits are the same, byte for byte, and read once", async () => {
    const { shop, caller, reads } = await countedShop(engine);
    const mug = await stockShelf(shop, { name: "Mug" });
    const paths = [
      "/products",
      `/products/${mug.id}`,
      "/products/slug/mug-x",
      "/categories",
      "/search?q=mug",
      "/search/products",
    ];
    const remembered = [true, true, false, true, true, true];
    for (const [at, path] of paths.entries()) {
      expect({ path, is: await isRemembered(caller, reads, path) }).toEqual({ path, is: remembered[at] ?? false });
    }
  });

  test("are read again after a commit, of this program or another", async () => {
    if (engine.name === "postgres") return;
    const { shop, caller } = await countedShop(engine);
    const mug = await stockShelf(shop);
    const price = async () => (await caller.get(`/products/${mug.id}`)).body.price;
    expect(await price()).toBe(120);
    await setPrice(shop, 20_000);
    expect(await price()).toBe(200);
    const other = await openDatabase(shop.place.address, POOLS);
    await other.transaction((tx) => tx.run("UPDATE products SET price_minor = 30000"));
    expect(await price()).toBe(300);
    await other.close();
  });

  test("are not kept for a caller with a token, a search without result, or what was refused", async () => {
    const { shop, caller, as, reads } = await countedShop(engine);
    await stockShelf(shop);
    const buyer = await newBuyer(shop);
    expect(await isRemembered(as(buyer.token), reads, "/products")).toBe(false);
    expect(await isRemembered(caller, reads, "/search?q=zzzzqqq")).toBe(false);
    expect(await isRemembered(caller, reads, "/search/products?q=zzzzqqq")).toBe(false);
    expect(await isRemembered(caller, reads, "/products/999")).toBe(false);
    const { headers } = await caller.get("/products");
    expect((await caller.get("/products", { "if-none-match": headers.get("etag") ?? "" })).status).toBe(304);
  });

  test("are not kept where that is off, or where the database says nothing and nothing was set", async () => {
    const off = await countedShop(engine, { ANSWER_MEMORY: "off" });
    await stockShelf(off.shop);
    expect(await isRemembered(off.caller, off.reads, "/products")).toBe(false);
    const unset = await countedShop(engine, { ANSWER_MEMORY_SECONDS: "0" });
    await stockShelf(unset.shop);
    expect(await isRemembered(unset.caller, unset.reads, "/products")).toBe(engine.name === "sqlite");
  });

  test("from memory are counted like all others", async () => {
    const { caller } = await countedShop(engine, { RATE_LIMIT: "on", RATE_LIMIT_PER_MINUTE: "10" });
    const statuses: number[] = [];
    for (let call = 0; call < 12; call++) statuses.push((await caller.get("/categories")).status);
    expect(statuses).toEqual([...Array<number>(10).fill(200), 429, 429]);
  });
});

const answer = (bytes: number) => ({
  version: 1,
  madeAt: performance.now(),
  body: new Uint8Array(bytes),
  headers: {},
});

/** How many steps the walk takes. */
const STEPS = Number(process.env["SANSET_WALK"] ?? 150);

describe.each(engines)("a walk of reads and writes on $name", (engine) => {
  test("is answered with the memory as without it", async () => {
    const shop = await freshShop(engine);
    const without = createApp(
      openShop(shop.database, { ...shop.settings, answerMemory: "off" }, { now: shop.now, log: () => {} }),
    );
    const [remembering, plain] = [clientOf(shop), clientOf({ app: without })];
    const buyer = await newBuyer(shop);
    const random = repeatable(17);
    const oneOf = <Thing>(things: readonly Thing[]): Thing => {
      const thing = things[Math.floor(random() * things.length)];
      if (thing === undefined) throw new Error("There is nothing to choose from.");
      return thing;
    };
    const goods: number[] = [];
    const add = async () => {
      const name = `${oneOf(["Red", "Blue", "Green"])} ${oneOf(["mug", "cup", "lamp"])}`;
      const category = oneOf(["Kitchen", "Home"]);
      const attributes = { brand: oneOf(["Amber", "Birch"]) };
      const made = await stockShelf(shop, {
        name,
        category,
        attributes,
        price: 1 + Math.floor(random() * 50),
        stock: 5,
      });
      goods.push(made.id);
    };
    for (let count = 0; count < 8; count++) await add();
    const writes = [
      add,
      () => changeProduct(shop, oneOf(goods), { price: 1 + Math.floor(random() * 90) }),
      () => changeProduct(shop, oneOf(goods), { category: oneOf(["Kitchen", "Home", "Garden"]) }),
      () => buyer.post("/cart/add", { product_id: oneOf(goods), qty: 1 }),
      () => buyer.post("/orders/checkout", { payment_method: "cod", address_id: buyer.address_id }),
    ];
    const reads = () => [
      `/products/${oneOf(goods)}`,
      `/products?sort=${oneOf(["price_asc", "newest", "popular"])}`,
      `/products?category=${oneOf(["Kitchen", "Home"])}&in_stock=true`,
      `/search?q=${oneOf(["mug", "red", "blue cup", "nothing"])}`,
      `/search/products?q=${oneOf(["mug", "lamp"])}&attr.brand=${oneOf(["Amber", "Birch"])}`,
      "/search/products",
      "/categories",
      "/recommend/popular",
    ];
    for (let step = 0; step < STEPS; step++) {
      if (random() < 0.3) await oneOf(writes)();
      const path = oneOf(reads());
      const [kept, read] = [await remembering.get(path), await plain.get(path)];
      const seen = ({ status, text, headers }: typeof kept) => [
        path,
        status,
        text,
        headers.get("etag"),
        headers.get("link"),
      ];
      expect(seen(kept)).toEqual(seen(read));
    }
  });
});

describe("the memory of answers", () => {
  test("holds no more than it may, and forgets what was asked for longest ago", () => {
    const memory = new AnswerMemory(160_000);
    for (let number = 0; number < 100; number++) {
      memory.set(`key ${number}`, answer(5_000));
      memory.get("key 0", 1, 1_000);
    }
    expect(memory.size).toBeLessThanOrEqual(160_000);
    expect(memory.size).toBeGreaterThan(140_000);
    expect(memory.get("key 0", 1, 1_000)).toBeDefined();
    expect(memory.get("key 1", 1, 1_000)).toBeUndefined();
    expect(memory.get("key 99", 1, 1_000)).toBeDefined();
  });

  test("keeps nothing that would fill a good part of it, and frees what is out of date", () => {
    const memory = new AnswerMemory(160_000);
    memory.set("large", answer(20_000));
    expect(memory.size).toBe(0);
    memory.set("small", answer(1_000));
    memory.set("small", answer(2_000));
    expect(memory.size).toBeLessThan(3_000);
    expect(memory.get("small", 2, 1_000)).toBeUndefined();
    expect(memory.size).toBe(0);
    memory.set("old", { ...answer(1_000), madeAt: performance.now() - 2_000 });
    expect(memory.get("old", 1, 1_000)).toBeUndefined();
    expect(memory.size).toBe(0);
  });
});
