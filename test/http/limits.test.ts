import { describe, expect, test } from "bun:test";
import { availableParallelism } from "node:os";
import { createSignInGuard } from "../../src/auth/sign-in-guard";
import { hashPassword } from "../../src/accounts/passwords";
import { createThrottle } from "../../src/auth/throttle";
import { networkOf } from "../../src/base/client-network";
import { Counter, MOST_CLIENTS } from "../../src/http/guard/counter";
import { drain } from "../../src/jobs/deferred";
import { serve } from "../../src/server";
import { loadSettings } from "../support/settings";
import { buy } from "../support/buying";
import { mailedTokens } from "../support/letters";
import { type Answer, newBuyer, newClient, PASSWORD } from "../support/client";
import { anyEngine, engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, SECRET, type TestShop } from "../support/shop";

const EMAIL = "asha@example.com";

/** A shop that listens and believes what its proxy says of the client's address. */
async function behindProxy(shop: TestShop) {
  const server = serve(shop, { host: "127.0.0.1", port: 0 });
  const call = async (method: string, path: string, body: unknown, forwarded: string): Promise<Answer> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { "content-type": "application/json", "x-forwarded-for": forwarded },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : undefined };
  };
  return {
    stop: () => server.stop(),
    get: (path: string, forwarded: string) => call("GET", path, undefined, forwarded),
    register: (email: string, forwarded: string) =>
      call("POST", "/api/v1/auth/register", { full_name: "Asha", email, phone: "-", password: PASSWORD }, forwarded),
    login: (password: string, forwarded: string, email = EMAIL) =>
      call("POST", "/api/v1/auth/login", { email, password }, forwarded),
  };
}

/** Ten of them, each from elsewhere. */
async function strangersTry(door: Awaited<ReturnType<typeof behindProxy>>): Promise<void> {
  for (let tries = 0; tries < 10; tries++) await door.login("wrong password", `10.0.0.${tries}`);
  expect((await door.login("wrong password", "10.0.0.99")).status).toBe(429);
}

/** Resolves when the queue is empty again. Those at its head take a while, and those who wait are quick. */
async function fillHashingQueue({ settings }: TestShop): Promise<void> {
  const dear = { settings: { ...settings, bcryptCost: 13 } };
  const head = Array.from({ length: Math.max(1, availableParallelism() - 1) }, () => hashPassword(dear, PASSWORD));
  const others = Array.from({ length: 100 }, (_, at) => hashPassword({ settings }, PASSWORD, [`198.51.100.${at}`]));
  await Promise.all([...head, ...others]);
}

const guarded = {
  RATE_LIMIT: "on",
  RATE_LIMIT_PER_MINUTE: "100000",
  RATE_LIMIT_MS_PER_MINUTE: "60000000",
  TRUSTED_PROXIES: "127.0.0.1",
};

describe.each(engines)("signing in on $name", (engine) => {
  test("ten wrong passwords for one account from one address: the next has to wait", async () => {
    const shop = await freshShop(engine, guarded);
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    for (let tries = 0; tries < 10; tries++) expect((await door.login("wrong password", "10.0.0.1")).status).toBe(401);
    const { status, headers, body } = await door.login(PASSWORD, "10.0.0.1");
    expect({ status, code: body.code, retry: headers.get("retry-after") }).toEqual({
      status: 429,
      code: "too_many_requests",
      retry: "5",
    });
    shop.pass(5);
    expect((await door.login(PASSWORD, "10.0.0.1")).status).toBe(200);
    await door.stop();
  });

  test("the wait grows with every further wrong password, up to a quarter of an hour", async () => {
    const shop = await freshShop(engine, guarded);
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    const waits: number[] = [];
    for (let tries = 0; tries < 20; tries++) {
      await door.login("wrong password", "10.0.0.1");
      const { status, headers } = await door.login("wrong password", "10.0.0.1");
      if (status === 401) continue;
      waits.push(Number(headers.get("retry-after")));
      shop.pass(waits.at(-1) ?? 0);
    }
    expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(900);
    await door.stop();
  });

  test("ten wrong passwords from ten addresses: strangers wait, the owner does not", async () => {
    const shop = await freshShop(engine, guarded);
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    expect((await door.login(PASSWORD, "192.0.2.7")).status).toBe(200);
    await strangersTry(door);
    expect((await door.login(PASSWORD, "192.0.2.7")).status).toBe(200);
    await door.stop();
  });

  test("a password that was reset by mail forgives what strangers tried, wherever the owner signs in next", async () => {
    const shop = await freshShop(engine, guarded);
    const owner = await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    await strangersTry(door);
    expect((await door.login(PASSWORD, "192.0.2.9")).status).toBe(429);
    await owner.post("/auth/password/forgot", { email: EMAIL });
    const [token = ""] = await mailedTokens(shop);
    const new_password = "a brand new password";
    expect((await owner.post("/auth/password/reset", { token, new_password })).status).toBe(204);
    expect((await door.login(new_password, "192.0.2.9")).status).toBe(200);
    await door.stop();
  });

  test("after some accounts from one address the next has to wait, and one from elsewhere does not", async () => {
    const shop = await freshShop(engine, guarded);
    const door = await behindProxy(shop);
    const statuses: number[] = [];
    for (let count = 0; count < 40 && statuses.at(-1) !== 429; count++)
      statuses.push((await door.register(`person-${count}@example.com`, "192.0.2.9")).status);
    expect(new Set(statuses)).toEqual(new Set([201, 429]));
    expect((await door.register("elsewhere@example.com", "198.51.100.1")).status).toBe(201);
    await door.stop();
  });

  test("the owner is known in the whole IPv6 network that they come from", async () => {
    const shop = await freshShop(engine, guarded);
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    expect((await door.login(PASSWORD, "2001:db8:0:1::1")).status).toBe(200);
    await strangersTry(door);
    expect((await door.login(PASSWORD, "2001:db8:0:2::1")).status).toBe(429);
    expect((await door.login(PASSWORD, "2001:db8:0:1:a:b:c:d")).status).toBe(200);
    await door.stop();
  });

  test("the owner is known for ninety days, though their session is over and forgotten", async () => {
    const shop = await freshShop(engine, guarded);
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    expect((await door.login(PASSWORD, "192.0.2.7")).status).toBe(200);
    shop.pass(45 * 86_400);
    expect((await door.login(PASSWORD, "192.0.2.8")).status).toBe(200);
    await strangersTry(door);
    expect((await door.login(PASSWORD, "192.0.2.7")).status).toBe(200);
    shop.pass(91 * 86_400);
    await strangersTry(door);
    expect((await door.login(PASSWORD, "192.0.2.7")).status).toBe(429);
    await door.stop();
  });

  test("of an account's places the last fifty are known, and none for longer than ninety days", async () => {
    const shop = await freshShop(engine, guarded);
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    const places = async () =>
      (await shop.database.all<{ client: string }>("SELECT client FROM known_places ORDER BY last_seen_at")).map(
        ({ client }) => client,
      );
    for (let place = 0; place < 55; place++) {
      shop.pass(1);
      expect((await door.login(PASSWORD, `192.0.2.${place}`)).status).toBe(200);
    }
    expect(await places()).toEqual(Array.from({ length: 50 }, (_, place) => `192.0.2.${place + 5}`));
    shop.pass(91 * 86_400);
    expect((await door.login(PASSWORD, "192.0.2.9")).status).toBe(200);
    expect(await places()).toEqual(["192.0.2.9"]);
    await door.stop();
  });

  test("whoever tries ten accounts from one address has to wait for all accounts", async () => {
    const shop = await freshShop(engine, guarded);
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    for (let tries = 0; tries < 10; tries++)
      await door.login("wrong password", "10.0.0.1", `somebody-${tries}@example.com`);
    expect((await door.login(PASSWORD, "10.0.0.1")).status).toBe(429);
    expect((await door.login(PASSWORD, "10.0.0.2")).status).toBe(200);
    await door.stop();
  });

  test("a forged X-Forwarded-For changes nothing", async () => {
    const shop = await freshShop(engine, { ...guarded, TRUSTED_PROXIES: "" });
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    for (let tries = 0; tries < 10; tries++)
      await door.login("wrong password", `10.0.0.${tries}`, `somebody-${tries}@example.com`);
    expect((await door.login(PASSWORD, "10.9.9.9")).status).toBe(429);
    const warnings = shop.logged.filter(({ message }) => message.includes("TRUSTED_PROXIES"));
    expect(warnings).toHaveLength(1);
    await door.stop();
  });

  test("what stands before the last proxy that is trusted is the client's own invention", async () => {
    const shop = await freshShop(engine, guarded);
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    for (let tries = 0; tries < 10; tries++)
      await door.login("wrong password", `10.0.0.${tries}, 203.0.113.5`, `somebody-${tries}@example.com`);
    expect((await door.login(PASSWORD, "10.0.0.77, 203.0.113.5")).status).toBe(429);
    await door.stop();
  });

  test("a hundred wrong passwords at once are a hundred", async () => {
    const shop = await freshShop(engine, guarded);
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    const answers = await Promise.all(Array.from({ length: 100 }, () => door.login("wrong password", "10.0.0.1")));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(90);
    await door.stop();
  });

  test("who is turned away because too many sign in at once has not tried", async () => {
    const shop = await freshShop(engine, guarded);
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    const hashed = fillHashingQueue(shop);
    for (let tries = 0; tries < 15; tries++) expect((await door.login(PASSWORD, "10.0.0.1")).status).toBe(503);
    await hashed;
    expect((await door.login(PASSWORD, "10.0.0.1")).status).toBe(200);
    await door.stop();
  });

  test("who knows their password and mistypes now and then never waits", async () => {
    const shop = await freshShop(engine, guarded);
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    for (let day = 0; day < 12; day++) {
      expect((await door.login("a typo, alas", "10.0.0.1")).status).toBe(401);
      expect((await door.login(PASSWORD, "10.0.0.1")).status).toBe(200);
      shop.pass(3600);
    }
    await door.stop();
  });

  test("whoever holds my token can't try out my password for ever", async () => {
    const shop = await freshShop(engine, guarded);
    const client = await newClient(shop, { email: EMAIL });
    const guess = { current_password: "wrong password", new_password: "a brand new password" };
    for (let tries = 0; tries < 10; tries++) expect((await client.post("/auth/password", guess)).status).toBe(422);
    expect((await client.post("/auth/password", guess)).status).toBe(429);
  });

  test("nobody can have my letterbox flooded", async () => {
    const shop = await freshShop(engine, guarded);
    const client = await newClient(shop, { email: EMAIL });
    for (let tries = 0; tries < 20; tries++)
      expect((await client.post("/auth/password/forgot", { email: EMAIL })).status).toBe(202);
    await drain(shop);
    expect(shop.logged.filter(({ about }) => about?.["to"] === EMAIL)).toHaveLength(3);
  });
});

describe("the limit on calls", () => {
  const [engine] = engines;
  if (!engine) throw new Error("SQLite is always there.");

  test("says how many are left, and refuses what is too much until the minute is over", async () => {
    const shop = await freshShop(engine, { ...guarded, RATE_LIMIT_PER_MINUTE: "10" });
    const door = await behindProxy(shop);
    const first = await door.get("/api/v1/categories", "10.0.0.1");
    expect(first.headers.get("ratelimit-policy")).toBe('"client";q=10;w=60');
    expect(first.headers.get("ratelimit")).toBe('"client";r=9;t=60');
    for (let calls = 0; calls < 9; calls++) expect((await door.get("/api/v1/categories", "10.0.0.1")).status).toBe(200);
    shop.pass(20);
    const refused = await door.get("/nowhere", "10.0.0.1");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("40");
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    expect(refused.body.request_id).toBe(refused.headers.get("x-request-id"));
    expect((await door.get("/healthz", "10.0.0.1")).status).toBe(200);
    expect((await door.get("/api/v1/categories", "10.0.0.2")).status).toBe(200);
    shop.pass(40);
    expect((await door.get("/api/v1/categories", "10.0.0.1")).status).toBe(200);
    await door.stop();
  });

  test("knows a client again however the proxy writes the address: with a port, in brackets, as IPv6", async () => {
    const shop = await freshShop(engine, guarded);
    const door = await behindProxy(shop);
    const left = async (forwarded: string) => {
      const { headers } = await door.get("/api/v1/categories", forwarded);
      return 100_000 - Number(/r=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1]);
    };
    const one = [
      "203.0.113.5",
      "203.0.113.5:41234",
      "203.0.113.5:1",
      "::ffff:203.0.113.5",
      "::FFFF:cb00:7105",
      "0:0:0:0:0:ffff:cb00:7105",
      "[::ffff:cb00:7105]:443",
      " 198.51.100.1 ,203.0.113.5:80 ",
      "203.0.113.5:80, 127.0.0.1:9000, [::ffff:127.0.0.1]",
    ];
    for (const [calls, forwarded] of one.entries()) expect(await left(forwarded), forwarded).toBe(calls + 1);
    const another = ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443", "2001:DB8:0:0::2"];
    for (const [calls, forwarded] of another.entries()) expect(await left(forwarded), forwarded).toBe(calls + 1);
    expect(shop.logged).toEqual([]);
    await door.stop();
  });

  test("says once when a proxy that is trusted writes what is no address", async () => {
    const shop = await freshShop(engine, guarded);
    const door = await behindProxy(shop);
    for (const forwarded of ["unknown", "_hidden", "203.0.113.5:x", "[203.0.113.5", "1.2.3", "", "10.0.0.1, unknown"])
      expect((await door.get("/api/v1/categories", forwarded)).status).toBe(200);
    expect(shop.logged).toEqual([
      { level: "warn", message: expect.stringContaining("X-Forwarded-For"), about: { address: "127.0.0.1" } },
    ]);
    expect(JSON.stringify(shop.logged)).not.toContain("unknown");
    await door.stop();
  });

  test("counts a look at how a payment stands as five calls, since each asks the gateway", async () => {
    const shop = await freshShop(engine, { ...guarded, RATE_LIMIT_PER_MINUTE: "1000" });
    const buyer = await newBuyer(shop);
    const { order_id } = (await buy(buyer, [await stockShelf(shop)], { payment_method: "mock" })).body;
    const left = async (path: string, method: "get" | "post") =>
      Number(/r=(\d+)/.exec((await buyer[method](path)).headers.get("ratelimit") ?? "")?.[1]);
    const before = await left("/cart", "get");
    expect(await left(`/orders/${order_id}/payment`, "post")).toBe(before - 5);
    expect(await left("/cart", "get")).toBe(before - 6);
  });

  test("counts a sign-in as ten calls", async () => {
    const shop = await freshShop(engine, { ...guarded, RATE_LIMIT_PER_MINUTE: "30" });
    const door = await behindProxy(shop);
    const statuses = [];
    for (let tries = 0; tries < 4; tries++) statuses.push((await door.login("wrong password", "10.0.0.1")).status);
    expect(statuses).toEqual([401, 401, 401, 429]);
    await door.stop();
  });

  test("keeps a bounded memory of a million clients", () => {
    const counter = new Counter({ calls: 10, ms: 100 }, () => 0);
    const count = (client: string) => counter.count(counter.windowsOf([{ key: client, times: 1 }])).calls;
    const throttle = createThrottle(
      { free: 1, firstWaitSeconds: 1, longestWaitSeconds: 1, forgivenEverySeconds: 1 },
      () => 0,
    );
    const grow = (clients: number) => {
      for (let client = 0; client < clients; client++) {
        count(`client-${client}`);
        throttle.count(`client-${client}`);
      }
      Bun.gc(true);
      return process.memoryUsage().heapUsed;
    };
    const full = grow(2 * MOST_CLIENTS);
    const after = grow(1_000_000);
    expect(after - full).toBeLessThan(20_000_000);
    expect(count("client-999999")).toBe(8);
    expect(count("client-0")).toBe(9);
  });

  test("takes an IPv6 network for one client, however it is written", () => {
    expect(networkOf("2001:db8:0:1::1")).toBe(networkOf("2001:DB8::1:ffff:ffff:ffff:ffff"));
    expect(networkOf("2001:db8:0:1::1")).not.toBe(networkOf("2001:db8:0:2::1"));
    expect(networkOf("::1")).toBe("0:0:0:0::/64");
    expect(networkOf("192.0.2.1")).toBe("192.0.2.1");
  });

  test("is on in production", () => {
    const production = { SANSET_ENV: "production", SECRET_KEY: SECRET };
    expect(() => loadSettings({ ...production, RATE_LIMIT: "off" })).toThrow(/RATE_LIMIT/);
    expect(loadSettings(production).rateLimit).toBe(true);
  });

  test.each(["localhost", "10.0.0.0/33", "10.0.0.1/x", "1.2.3", "*"])("%s is no proxy to trust", (network) => {
    expect(() => loadSettings({ TRUSTED_PROXIES: network })).toThrow(/TRUSTED_PROXIES/);
  });

  test("trusts the networks that are named and no other", () => {
    const { trustedProxies } = loadSettings({
      SANSET_ENV: "development",
      TRUSTED_PROXIES: "10.0.0.0/8, 192.0.2.1, fd00::/8",
    });
    expect(["10.9.9.9", "192.0.2.1", "fd00::1"].filter(trustedProxies.includes)).toHaveLength(3);
    expect(["11.0.0.1", "192.0.2.2", "fe80::1", "not an address"].filter(trustedProxies.includes)).toEqual([]);
  });
});

describe("the memory of tries", () => {
  test("holds whom it makes wait, whoever else makes up fifty thousand accounts", async () => {
    const [engine] = engines;
    if (!engine) throw new Error("SQLite is always there.");
    const guard = createSignInGuard(await freshShop(engine, guarded));
    const guess = (email: string, address: string) =>
      guard.admit(email, { address, user_agent: null, request_id: null }, async () => false);
    for (let tries = 0; tries < 10; tries++) await guess(EMAIL, `10.0.0.${tries}`);
    for (let tries = 0; tries < 50_000; tries++) {
      await guess(`nobody-${tries}@example.com`, `2001:${(tries >> 8).toString(16)}:${(tries & 255).toString(16)}::1`);
    }
    const refusal: unknown = await guess(EMAIL, "10.0.1.1").catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "too_many_requests" });
  });

  test("takes back one try as if it had never been, and no wait that others brought about", () => {
    let now = 0;
    const patience = { free: 3, firstWaitSeconds: 5, longestWaitSeconds: 60, forgivenEverySeconds: 600 };
    const throttle = createThrottle(patience, () => now);
    const first = throttle.count("asha");
    const second = throttle.count("asha");
    throttle.count("asha");
    throttle.count("asha");
    expect(throttle.wait("asha")).toBe(10);
    // Who was refused in this wait is told so once, also where a try before is taken back.
    expect(throttle.refuse("asha")).toBe(false);
    throttle.undo("asha", first);
    expect(throttle.wait("asha")).toBe(5);
    expect(throttle.refuse("asha")).toBe(true);
    now = 5;
    expect(throttle.refuse("asha")).toBe(false);
    throttle.undo("asha", throttle.count("asha"));
    expect(throttle.wait("asha")).toBe(0);
    throttle.undo("asha", second);
    throttle.count("asha");
    expect(throttle.wait("asha")).toBe(5);
  });
});

describe.each(engines)("two hundred sign-ins at once on $name", (engine) => {
  test("leave the rest of the shop answering, and those whom the queue can't hold are told to come back", async () => {
    const shop = await freshShop(engine, { BCRYPT_COST: "8" });
    await newClient(shop, { email: EMAIL });
    const door = await behindProxy(shop);
    const logins = Array.from({ length: 200 }, () => door.login(PASSWORD, "10.0.0.1"));
    const signedIn = Promise.all(logins);
    const healthy: number[] = [];
    while (Bun.peek.status(signedIn) === "pending") {
      healthy.push((await door.get("/healthz", "10.0.0.2")).status);
      await Bun.sleep(10);
    }
    const answers = await signedIn;
    const busy = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 200).length).toBe(200 - busy.length);
    expect(busy.length).toBeGreaterThan(50);
    expect(busy[0]?.headers.get("retry-after")).toBe("1");
    expect(busy[0]?.body.code).toBe("too_busy");
    // How quick the answers are is measured, not tested: bun run bench sign-in.
    expect(new Set(healthy)).toEqual(new Set([200]));
    await door.stop();
  });
});

describe.each(anyEngine)("the limit on time on $name", (engine) => {
  test("charges the first reader of the document with no wait for the program that makes it", async () => {
    const shop = await freshShop(engine, { ...guarded, RATE_LIMIT_MS_PER_MINUTE: "300" });
    const door = await behindProxy(shop);
    for (let count = 0; count < 3; count++) expect((await door.get("/api-endpoints", "10.0.0.1")).status).toBe(200);
    await door.stop();
  });

  test("charges no client with a wait that others have brought about", async () => {
    const shop = await freshShop(engine, { ...guarded, RATE_LIMIT_MS_PER_MINUTE: "1000" });
    await stockShelf(shop, { slug: "mug" });
    const door = await behindProxy(shop);
    const locked = Promise.withResolvers<void>();
    const holding = shop.database.transaction(async (tx) => {
      if (engine.name === "postgres") await tx.run("LOCK TABLE products IN ACCESS EXCLUSIVE MODE");
      locked.resolve();
      await Bun.sleep(1_500);
    });
    await locked.promise;
    expect((await door.get("/api/v1/products/1", "10.0.0.1")).status).toBe(200);
    expect((await door.get("/api/v1/products/1", "10.0.0.1")).status).toBe(200);
    await holding;
    await door.stop();
  });
});
