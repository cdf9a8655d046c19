import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { watch } from "node:fs";
import type { SeedReport } from "../../src/demo/seed";
import { examine } from "../../src/doctor/doctor";
import { clientOf } from "../support/client";
import { runCommandOrThrow } from "../support/command";
import { engines, type Place } from "../support/engines";
import { newFolder, run, start } from "../support/program";
import { freshShop, SECRET, type TestShop } from "../support/shop";
import { SOURCE } from "../support/usual";

const TINY = ["--products", "60", "--customers", "8", "--orders", "120"];
const SMALL = ["--products", "450", "--customers", "40", "--orders", "600"];

/** Runs `sanset seed …` on a shop and returns what it answered. */
const seed = async (shop: TestShop, ...options: string[]): Promise<SeedReport> =>
  (await runCommandOrThrow(shop, ["seed", ...options])).answer;

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

const counts = async ({ database }: TestShop) => {
  const tables = ["products", "users", "addresses", "orders", "order_items", "stock", "stock_moves"];
  const found = tables.map(async (table) => {
    const row = await database.first<{ count: number }>(`SELECT COUNT(*) AS count FROM ${table}`);
    return [table, row?.count ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(found));
};

async function ordersOfSeed(shop: TestShop, number: string) {
  await seed(shop, ...TINY, "--seed", number);
  return shop.database.all("SELECT user_id, total_minor, placed_at FROM orders ORDER BY id");
}

async function signIn(shop: TestShop, email: string, password: string) {
  const answer = await clientOf(shop).post("/auth/login", { email, password });
  return { status: answer.status, client: clientOf(shop, answer.body?.access_token) };
}

describe.each(engines)("sanset seed on $name", (engine) => {
  let shop: TestShop;
  let report: SeedReport;

  beforeAll(async () => {
    shop = await freshShop(engine);
    report = await seed(shop, ...SMALL);
  });

  test("makes as much as asked for, and says so", async () => {
    expect(report.products).toEqual({ added: 450, already_there: 0 });
    expect(report.customers).toEqual({ added: 40, already_there: 0 });
    expect(report.orders).toEqual({ added: 600, already_there: 0 });
    expect(await counts(shop)).toMatchObject({ products: 450, users: 41, addresses: 40, orders: 600, stock: 450 });
    expect(report.order_lines).toBe((await counts(shop))["order_items"] ?? 0);
  });

  test("the shop can be walked through: aisles, filters, what is sold out, what sells best", async () => {
    const visitor = clientOf(shop);
    const aisles = await visitor.get("/categories");
    expect(aisles.body.length).toBeGreaterThanOrEqual(12);
    const tea = await visitor.get("/products?category=Tea%20and%20Coffee&attr.caffeine=none&sort=popular");
    expect(tea.body.total).toBeGreaterThan(0);
    expect(tea.body.items[0].attributes).toMatchObject({ caffeine: "none", diet: "vegan", unit: expect.any(String) });
    const organic = await visitor.get("/products?attr.organic=false&size=1");
    expect(organic.body.total).toBeGreaterThan(100);
    const all = await visitor.get("/products?in_stock=true&size=1");
    expect(450 - all.body.total).toBeWithin(3, 40);
  });

  test("the doctor finds nothing to complain about", async () => {
    expect(await examine(shop)).toEqual([]);
  });

  test("both demo accounts can sign in, and the admin is one", async () => {
    const admin = await signIn(shop, "admin@sanset.com", "admin123456");
    expect((await admin.client.get("/users/me")).body).toMatchObject({ email: "admin@sanset.com", is_admin: true });
    const om = await signIn(shop, "om@example.com", "password123");
    expect((await om.client.get("/users/me")).body).toMatchObject({
      is_admin: false,
      preferences: { taste: "tea people" },
    });
    const orders = await om.client.get("/orders");
    expect(Number(orders.headers.get("x-total-count"))).toBeGreaterThan(20);
    expect((await om.client.get("/orders/addresses")).body).toMatchObject([{ city: "Pune", state: "Maharashtra" }]);
  });

  test("nobody else has a password", async () => {
    const able = await shop.database.all<{ email: string }>(
      "SELECT email FROM users WHERE password_hash IS NOT NULL ORDER BY email",
    );
    expect(able.map(({ email }) => email)).toEqual(["admin@sanset.com", "om@example.com"]);
  });

  test("orders carry an address of their customer and prices that add up", async () => {
    const wrong = await shop.database.all(
      `SELECT o.id FROM orders o JOIN order_items i ON i.order_id = o.id
       GROUP BY o.id HAVING o.total_minor <> SUM(i.qty * i.price_minor)`,
    );
    expect(wrong).toEqual([]);
    const strangers = await shop.database.all(
      `SELECT o.id FROM orders o LEFT JOIN addresses a ON a.user_id = o.user_id
       AND CAST(a.id AS TEXT) = CAST(o.address ->> 'id' AS TEXT) WHERE a.id IS NULL`,
    );
    expect(strangers).toEqual([]);
  });

  test("the ledger adds up to the counters, and only recent orders hold stock back", async () => {
    const wrong = await shop.database.all(
      `SELECT s.product_id FROM stock s LEFT JOIN (
         SELECT product_id, SUM(on_hand_change) AS on_hand, SUM(reserved_change) AS reserved FROM stock_moves GROUP BY product_id
       ) m ON m.product_id = s.product_id
       WHERE s.on_hand <> COALESCE(m.on_hand, 0) OR s.reserved <> COALESCE(m.reserved, 0)`,
    );
    expect(wrong).toEqual([]);
    const waiting = await shop.database.first<{ orders: number; units: number }>(
      `SELECT COUNT(DISTINCT o.id) AS orders, SUM(i.qty) AS units FROM orders o JOIN order_items i ON i.order_id = o.id
       WHERE o.status = 'placed'`,
    );
    expect(waiting?.orders).toBeWithin(1, 30);
    const held = await shop.database.first("SELECT SUM(reserved) AS units FROM stock");
    expect(held).toEqual({ units: waiting?.units ?? 0 });
    const ordered = await shop.database.first("SELECT SUM(ordered) AS units FROM stock");
    expect(ordered).toEqual(await shop.database.first("SELECT SUM(qty) AS units FROM order_items"));
  });

  test("a shop that is not empty is left alone without --yes", async () => {
    const before = await counts(shop);
    expect(await failureOf(seed(shop, ...SMALL))).toMatchObject({ code: "conflict" });
    expect(await counts(shop)).toEqual(before);
  });

  test("seeding twice doubles nothing, also a day later", async () => {
    const before = await counts(shop);
    const stock = "SELECT product_id, on_hand, reserved, ordered FROM stock ORDER BY product_id";
    const shelves = await shop.database.all(stock);
    shop.pass(86_400);
    const again = await seed(shop, ...SMALL, "--yes");
    expect(again).toMatchObject({
      products: { added: 0 },
      customers: { added: 0 },
      orders: { added: 0 },
      order_lines: 0,
    });
    expect(await counts(shop)).toEqual(before);
    expect(await shop.database.all(stock)).toEqual(shelves);
  });
});

describe.each(engines)("sanset seed beside a running shop on $name", (engine) => {
  test("leaves accounts as they are, and makes nobody an admin", async () => {
    const shop = await freshShop(engine);
    const phone = "123";
    await clientOf(shop).post("/auth/register", {
      email: "ADMIN@sanset.com",
      password: "my own password",
      phone,
      full_name: "Me",
    });
    await seed(shop, ...TINY, "--yes");
    expect((await signIn(shop, "admin@sanset.com", "admin123456")).status).toBe(401);
    const mine = await signIn(shop, "admin@sanset.com", "my own password");
    expect((await mine.client.get("/users/me")).body).toMatchObject({ full_name: "Me", is_admin: false });
  });

  test("what was killed in the middle is completed", async () => {
    const whole = await freshShop(engine);
    const broken = await freshShop(engine);
    await seed(whole, ...TINY);
    await seed(broken, ...TINY);
    await broken.database.transaction(async (tx) => {
      await tx.run("DELETE FROM stock_moves WHERE order_id > 60");
      await tx.run("DELETE FROM order_items WHERE order_id > 60");
      await tx.run("DELETE FROM order_history WHERE order_id > 60");
      await tx.run("DELETE FROM payments WHERE order_id > 60");
      await tx.run("DELETE FROM orders WHERE id > 60");
      await tx.run("UPDATE stock SET reserved = 0, ordered = 0");
    });
    const report = await seed(broken, ...TINY, "--yes");
    expect(report.orders).toEqual({ added: 60, already_there: 60 });
    expect(await counts(broken)).toEqual(await counts(whole));
  });

  test("a production shop is never seeded", async () => {
    const environment = {
      SANSET_ENV: "production",
      BCRYPT_COST: "10",
      RATE_LIMIT: "on",
    };
    const shop = await freshShop(engine, environment);
    expect(await failureOf(seed(shop, ...TINY, "--yes"))).toMatchObject({ code: "forbidden" });
    expect(await counts(shop)).toMatchObject({ products: 0, users: 0 });
  });

  test("the same seed makes the same shop, another seed other orders", async () => {
    const shops = await Promise.all([1, 2, 3].map(() => freshShop(engine)));
    const [first, second, third] = shops as [TestShop, TestShop, TestShop];
    const once = await ordersOfSeed(first, "7");
    expect(await ordersOfSeed(second, "7")).toEqual(once);
    expect(await ordersOfSeed(third, "8")).not.toEqual(once);
  });
});

describe.each(engines)("sanset demo on $name", (engine) => {
  const cwd = newFolder();
  let place: Place;
  let env: Record<string, string>;

  beforeAll(async () => {
    place = await engine.newPlace();
    env = { DATABASE_URL: place.url, SECRET_KEY: SECRET };
  });

  afterAll(() => place.remove());

  /** What it prints when it serves. */
  async function welcome(): Promise<string> {
    const child = start(["demo", "--port", "0"], { cwd, env });
    let said = "";
    for await (const chunk of child.stdout) {
      said += new TextDecoder().decode(chunk);
      if (said.endsWith("\n") && said.includes("/docs")) break;
    }
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    return said;
  }

  test("is refused in production, before anything is made", async () => {
    const production = { ...env, SANSET_ENV: "production", BCRYPT_COST: "10" };
    const { exitCode, out, err } = await run(["demo", "--port", "0"], { cwd, env: production });
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toMatch(/^This is a production shop: .+\n$/);
    expect((await run(["user", "list", "--json"], { cwd, env })).out).toBe("[]\n");
  });

  test("somebody's own shop is served as it is, without accounts that it does not have", async () => {
    const own = ["user", "create", "asha@example.com", "--name", "Asha", "--password-stdin"];
    expect((await run(own, { cwd, env, stdin: "a long enough one" })).exitCode).toBe(0);
    expect(await welcome()).toMatch(
      /^Sanset \S+ serves at http:\S+: DEVELOPMENT · database .+ · docs http:\S+\/docs\n$/,
    );
    expect(JSON.parse((await run(["user", "list", "--json"], { cwd, env })).out)).toHaveLength(1);
  });

  test("has its pages bundled before anybody looks at one", async () => {
    const temporary = newFolder();
    const bundled = Promise.withResolvers<void>();
    let folders = 0;
    // Each page is put together in a folder that is removed afterwards. A built program has its pages already.
    const watcher = watch(temporary, (event, name) => {
      if (event === "rename" && name?.startsWith("sanset-web-") && ++folders === 4) bundled.resolve();
    });
    const child = start(["demo", "--port", "0"], { cwd, env: { ...env, TMPDIR: temporary }, program: SOURCE });
    await bundled.promise;
    watcher.close();
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
  });

  test("a demo shop names those who can sign in as published, and nobody else", async () => {
    expect((await run(["seed", ...TINY, "--yes"], { cwd, env })).exitCode).toBe(0);
    expect((await run(["retrain", "--force"], { cwd, env })).exitCode).toBe(0);
    const both = await welcome();
    expect(both).toContain("admin@sanset.com / admin123456");
    expect(both).toContain("om@example.com / password123");
    const passwd = ["user", "passwd", "om@example.com", "--password-stdin"];
    expect((await run(passwd, { cwd, env, stdin: "nobody knows this one" })).exitCode).toBe(0);
    const one = await welcome();
    expect(one).toContain("admin@sanset.com / admin123456");
    expect(one).not.toContain("om@example.com");
  });
});
