import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { engines, postgresAt, postgresServer, type TestEngine } from "../support/engines";
import { type Bouncer, pgbouncerProgram, POOLER_IGNORES, startBouncer } from "../support/pgbouncer";
import { ask, type Caller, checkOutOver, type FileShop, fileShop, type Served, startServer } from "../support/served";

setDefaultTimeout(120_000);

const SERVERS = 3;
const BUYERS = 40;
const PASSWORD = "correct horse battery";

const direct = engines.find(({ name }) => name === "postgres");

interface Way {
  way: string;
  engine(): Promise<TestEngine>;
}

let bouncer: Bouncer | undefined;

async function throughBouncer(): Promise<TestEngine> {
  if (postgresServer === undefined) throw new Error("There is no PostgreSQL.");
  const started = (bouncer = await startBouncer(postgresServer, { ignores: POOLER_IGNORES, connections: 20 }));
  return postgresAt(postgresServer, (url) => started.urlOf(url));
}

const ways: Way[] = direct
  ? [
      { way: "a database", engine: async () => direct },
      ...(pgbouncerProgram() ? [{ way: "a database behind PgBouncer", engine: throughBouncer }] : []),
    ]
  : [];

describe.each(ways)("three servers of one shop on $way", ({ engine }) => {
  let shop: FileShop;
  const servers: Served[] = [];

  const url = (index: number): string => servers[index % servers.length]?.url ?? "";
  const admin = (server: number, method: string, path: string, body?: object) =>
    ask(url(server), shop.admin, method, path, body);
  const put = (server: number, buyer: Caller, product = shop.product, qty = 1) =>
    ask(url(server), buyer, "PUT", `/cart/items/${product}`, { qty });
  const buyer = (index: number): Caller => {
    const one = shop.buyers[index % shop.buyers.length];
    if (!one) throw new Error("No buyers.");
    return one;
  };
  const restock = (delta: number) =>
    admin(0, "POST", `/admin/stock/${shop.product}/adjustment`, { delta, reason: "count" });
  const stock = async () => (await admin(1, "GET", `/products/${shop.product}`)).body.stock as number;

  beforeAll(async () => {
    shop = await fileShop({ engine: await engine(), buyers: BUYERS, stock: 1_000 });
    servers.push(...(await Promise.all(Array.from({ length: SERVERS }, () => startServer(shop)))));
  });

  afterAll(async () => {
    for (const server of servers) await server.kill().catch(() => {});
    await shop?.remove();
    await bouncer?.stop();
    bouncer = undefined;
  });

  test("sell what there is and no more", async () => {
    await restock(20 - (await stock()));
    await Promise.all(shop.buyers.map((one, index) => put(index, one)));
    const answers = await Promise.all(shop.buyers.map((one, index) => checkOutOver(url(index), one, `few-${index}`)));
    expect(countsOf(answers)).toEqual({ 201: 20, 409: 20 });
    expect(await stock()).toBe(0);
    await restock(1_000);
  });

  test("make one order of one cart, and one of one key, which all hear of", async () => {
    await put(0, buyer(0));
    const keyed = await Promise.all(
      Array.from({ length: 30 }, (_, index) => checkOutOver(url(index), buyer(0), "the same")),
    );
    expect(countsOf(keyed)).toEqual({ 201: 30 });
    expect(new Set(keyed.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    await put(0, buyer(1));
    const unkeyed = await Promise.all(
      Array.from({ length: 30 }, (_, index) => checkOutOver(url(index), buyer(1), `key ${index}`)),
    );
    expect(countsOf(unkeyed)).toEqual({ 201: 1, 409: 29 });
  });

  test("never wait for each other in a circle, in whatever order carts were filled", async () => {
    const plate = (await admin(0, "POST", "/products", goods("Plate"))).body.id as number;
    const answers = [];
    for (let round = 0; round < 4; round++) {
      const filled = shop.buyers.slice(0, 12).map(async (one, index) => {
        for (const product of index % 2 ? [shop.product, plate] : [plate, shop.product]) {
          await put(index, one, product);
        }
        return checkOutOver(url(index), one, `circle-${round}-${index}`);
      });
      answers.push(...(await Promise.all(filled)));
    }
    expect(countsOf(answers)).toEqual({ 201: 48 });
  });

  test("give a coupon for one use to one, a cancellation or a shipment to an order, and each refund once", async () => {
    await admin(0, "POST", "/coupons", { code: "ONCE", percent: 10, max_uses: 1 });
    const hopeful = shop.buyers.slice(0, 15);
    await Promise.all(hopeful.map((one, index) => put(index, one)));
    const used = await Promise.all(
      hopeful.map((one, index) =>
        ask(url(index), one, "POST", "/orders/checkout", {
          payment_method: "cod",
          address_id: one.address_id,
          coupon_code: "once",
        }),
      ),
    );
    expect(countsOf(used)).toEqual({ 201: 1, 409: 14 });
    const order = used.find(({ status }) => status === 201)?.body.order_id as number;
    const winner = hopeful[used.findIndex(({ status }) => status === 201)] ?? buyer(0);
    const steps = await Promise.all([
      ask(url(0), winner, "POST", `/orders/${order}/cancellation`),
      admin(1, "POST", `/orders/${order}/shipment`),
      admin(2, "POST", `/orders/${order}/shipment`),
    ]);
    expect(steps.filter(({ status }) => status < 300)).toHaveLength(1);
    await put(0, buyer(20));
    const sold = (await checkOutOver(url(0), buyer(20), "refunded")).body.order_id as number;
    await admin(0, "POST", `/orders/${sold}/shipment`);
    await admin(1, "POST", `/orders/${sold}/delivery`);
    const refunds = await Promise.all([0, 1, 2].map((server) => admin(server, "POST", `/orders/${sold}/refund`, {})));
    expect(refunds.filter(({ status }) => status < 300)).toHaveLength(1);
  });

  test("end a session for all, and know what the others have learned within a second", async () => {
    const email = "rani@example.com";
    const registered = { email, password: PASSWORD, full_name: "Rani Rao", phone: "+91 98765 43210" };
    expect((await post(url(0), "/auth/register", registered)).status).toBe(201);
    const door = await post(url(1), "/auth/login", { email, password: PASSWORD });
    const rani = { ...buyer(0), token: String(door.body["access_token"]) };
    const refresh = { refresh_token: door.body["refresh_token"] };
    const refreshed = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((server) => post(url(server), "/auth/refresh", refresh)),
    );
    expect(new Set(refreshed.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(refreshed.map(({ body }) => body["refresh_token"])).size).toBe(1);
    for (const server of [0, 1, 2]) expect((await ask(url(server), rani, "GET", "/cart")).status).toBe(200);
    await ask(url(2), rani, "POST", "/auth/logout");
    for (const server of [0, 1, 2]) expect((await ask(url(server), rani, "GET", "/cart")).status).toBe(401);

    const { id } = (await admin(0, "POST", "/products", goods("Wolframzelt"))).body;
    const found = async (server: number, path: string) => {
      for (let tries = 0; tries < 20; tries++) {
        const { body } = await ask(url(server), buyer(1), "GET", path);
        if (JSON.stringify(body).includes(`"id":${id}`) || JSON.stringify(body).includes("olframzelt")) return true;
        await Bun.sleep(50);
      }
      return false;
    };
    for (const server of [1, 2]) {
      expect(await found(server, "/search?q=wolframzelt")).toBe(true);
      expect(await found(server, "/search?q=wolfrmazelt")).toBe(true);
      expect(await found(server, "/search/typeahead?q=wolf")).toBe(true);
    }
    await admin(1, "POST", "/admin/search/synonyms", { phrases: ["tungstentent", "wolframzelt"] });
    for (const server of [0, 2]) expect(await found(server, "/search?q=tungstentent")).toBe(true);
    await admin(2, "PATCH", `/products/${id}`, { price: 77 });
    expect((await admin(0, "GET", `/products/${id}`)).body.price).toBe(77);
  });

  test("are replaced one by one while customers buy, and every one that serves is ready", async () => {
    const over = new AbortController();
    const statuses = new Map<string, number>();
    const note = (what: string) => statuses.set(what, (statuses.get(what) ?? 0) + 1);
    const selling = shop.buyers.slice(0, 6).map(async (one, index) => {
      for (let order = 0; !over.signal.aborted; order++) {
        const at = url(index + order);
        await ask(at, one, "PUT", `/cart/items/${shop.product}`, { qty: 1 });
        // Who is cut off asks the next server the same again.
        let heard = await checkOutOver(at, one, `deploy-${index}-${order}`);
        for (let next = 1; heard.status === 0; next++) {
          heard = await checkOutOver(url(index + order + next), one, `deploy-${index}-${order}`);
        }
        note(`order ${heard.status}`);
      }
    });
    const ready = async () => {
      while (!over.signal.aborted) {
        for (const { url: at } of servers.slice()) {
          const answer = await fetch(`${at}/readyz`).catch(() => undefined);
          if (answer && servers.some((server) => server.url === at)) note(`ready ${answer.status}`);
        }
        await Bun.sleep(20);
      }
    };
    const watching = ready();
    for (let replaced = 0; replaced < SERVERS; replaced++) {
      const next = await startServer(shop);
      const [old] = servers.splice(0, 1, next);
      old?.process.kill("SIGTERM");
      expect(await old?.process.exited).toBe(0);
    }
    over.abort();
    await Promise.all([...selling, watching]);
    expect([...statuses.keys()].filter((what) => what.startsWith("ready"))).toEqual(["ready 200"]);
    expect([...statuses.keys()].filter((what) => what.startsWith("order") && !/ (201|409)$/.test(what))).toEqual([]);
    expect(statuses.get("order 201") ?? 0).toBeGreaterThan(0);
  });

  test("and everything adds up", async () => {
    expect(await shop.problems()).toEqual([]);
  });
});

const goods = (name: string) => ({
  slug: name.toLowerCase(),
  name,
  category: "Kitchen",
  price: 60,
  stock: 1_000,
  attributes: {},
});

function countsOf(answers: readonly { status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function post(url: string, path: string, body: object) {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
