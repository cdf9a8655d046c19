import { describe, expect, test } from "bun:test";
import { flushAll } from "../../src/jobs/write-behind";
import { KEY_SCOPES, NEVER_BY_KEY } from "../../src/base/scopes";
import { routeTable } from "../../src/http/declared";
import { redactText } from "../../src/telemetry/redact";
import { tableNames } from "../../src/storage/tables";
import { buy } from "../support/buying";
import { type Client, clientOf, newBuyer, newClient } from "../support/client";
import { runCommand } from "../support/command";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const keyWith = async (shop: TestShop, admin: Client, scopes: string[], more = {}) => {
  const { body } = await admin.post("/keys", { name: "Accounting", scopes, ...more });
  return { ...body, program: clientOf(shop, body.key) };
};

describe.each(engines)("keys for programs on $name", (engine) => {
  async function shopWithAdmin(settings: Record<string, string> = {}) {
    const shop = await freshShop(engine, settings);
    const admin = await newClient(shop, { admin: true, email: "keeper@example.com" });
    return { shop, admin, mug: await stockShelf(shop) };
  }

  test("a key does what its scopes say and nothing else", async () => {
    const { shop, admin, mug } = await shopWithAdmin();
    const { program } = await keyWith(shop, admin, ["orders:read", "products:write"]);
    expect((await program.get("/orders/all")).status).toBe(200);
    expect((await program.patch(`/products/${mug.id}`, { price: 5 })).status).toBe(200);
    const refused = await program.post("/orders/1/packing");
    expect(refused).toMatchObject({
      status: 403,
      body: { detail: "This key may not do this: it needs the scope orders:write." },
    });
    expect((await program.get("/coupons")).status).toBe(403);
    expect((await program.get("/admin/audit")).status).toBe(403);
  });

  test("no key makes or ends keys, signs in, or changes accounts", async () => {
    const { shop, admin } = await shopWithAdmin();
    const { program, id } = await keyWith(shop, admin, KEY_SCOPES.slice(0, 50));
    const calls = [
      program.get("/keys"),
      program.post("/keys", { name: "x", scopes: ["orders:read"] }),
      program.delete(`/keys/${id}`),
      program.get("/auth/sessions"),
      program.post("/auth/logout-all"),
      program.patch(`/users/${admin.id}`, { is_admin: false }),
      program.delete(`/users/${admin.id}`),
    ];
    for (const call of calls) expect((await call).status).toBe(403);
    for (const scope of ["keys:write", "auth:read", "users:write", "nothing:read"]) {
      expect((await admin.post("/keys", { name: "x", scopes: [scope] })).status).toBe(422);
    }
    expect((await program.get("/users")).status).toBe(200);
  });

  test("a key is shown once, and stands nowhere else", async () => {
    const { shop, admin } = await shopWithAdmin();
    const made = await keyWith(shop, admin, ["orders:read"]);
    expect(made.key).toMatch(/^sk_[\w-]{43}$/);
    expect(made.prefix).toBe(made.key.slice(0, 8));
    expect((await admin.get("/keys")).body[0]).not.toHaveProperty("key");
    for (const table of await tableNames(shop.database)) {
      expect(JSON.stringify(await shop.database.all(`SELECT * FROM ${table}`))).not.toContain(made.key);
    }
    expect(redactText(`what about ${made.key}?`)).toBe("what about [masked]?");
  });

  test("a key that is revoked, too old or wrong opens nothing, from the next call on", async () => {
    const { shop, admin } = await shopWithAdmin();
    const expires_at = new Date(shop.now().getTime() + 60_000).toISOString();
    const short = await keyWith(shop, admin, ["orders:read"], { expires_at });
    const long = await keyWith(shop, admin, ["orders:read"]);
    shop.pass(59);
    expect((await short.program.get("/orders/all")).status).toBe(200);
    shop.pass(1);
    expect((await short.program.get("/orders/all")).status).toBe(401);
    expect((await long.program.get("/orders/all")).status).toBe(200);
    expect((await admin.delete(`/keys/${long.id}`)).body.revoked_at).toBe(shop.now().toISOString());
    expect((await long.program.get("/orders/all")).status).toBe(401);
    expect((await admin.delete(`/keys/${long.id}`)).status).toBe(404);
    expect((await clientOf(shop, `sk_${"x".repeat(43)}`).get("/orders/all")).status).toBe(401);
  });

  test("a key is no good without the admin who made it", async () => {
    const { shop, admin } = await shopWithAdmin();
    const other = await newClient(shop, { admin: true });
    const { program } = await keyWith(shop, other, ["orders:read"]);
    await admin.patch(`/users/${other.id}`, { is_admin: false });
    expect((await program.get("/orders/all")).status).toBe(401);
    await admin.patch(`/users/${other.id}`, { is_admin: true });
    expect((await program.get("/orders/all")).status).toBe(200);
    await admin.patch(`/users/${other.id}`, { is_active: false });
    expect((await program.get("/orders/all")).status).toBe(401);
  });

  test("the audit names the key that something was done with", async () => {
    const { shop, admin, mug } = await shopWithAdmin();
    const { program, id } = await keyWith(shop, admin, ["orders:write"]);
    const { order_id } = (await buy(await newBuyer(shop), [mug])).body;
    await program.post(`/orders/${order_id}/packing`);
    const [entry] = (await admin.get("/admin/audit")).body;
    expect(entry).toMatchObject({
      action: "POST /api/v1/orders/:id/packing",
      user_id: admin.id,
      details: { by_key: `${id} Accounting` },
    });
  });

  test("when a key was used last is known to the minute", async () => {
    const { shop, admin } = await shopWithAdmin();
    const { program } = await keyWith(shop, admin, ["orders:read"]);
    expect((await admin.get("/keys")).body[0].last_used_at).toBeNull();
    shop.pass(90);
    await program.get("/orders/all");
    await flushAll(shop);
    expect((await admin.get("/keys")).body[0].last_used_at).toBe("2030-01-01T09:01:00.000Z");
  });

  test("a key has the calls of one client, however many addresses it calls from", async () => {
    const { shop, admin } = await shopWithAdmin({
      RATE_LIMIT: "on",
      RATE_LIMIT_PER_MINUTE: "20",
      RATE_LIMIT_MS_PER_MINUTE: "1000000",
      TRUSTED_PROXIES: "127.0.0.1",
    });
    const { key } = await keyWith(shop, admin, ["orders:read"]);
    const statuses: number[] = [];
    for (let call = 0; call < 22; call++) statuses.push((await clientOf(shop, key).get("/orders/all")).status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(20);
    expect(statuses.at(-1)).toBe(429);
  });

  test("the command line makes, lists and revokes keys", async () => {
    const { shop, admin } = await shopWithAdmin();
    const customer = await newClient(shop);
    const run = (...words: (string | number)[]) => runCommand(shop, ["key", ...words]);
    const made = await run(
      "create",
      "Till",
      "orders:read",
      "orders:write",
      "--by",
      "keeper@example.com",
      "--expires",
      "2030-01-31",
    );
    expect(made.answer).toMatchObject({ made_by: admin.id, expires_at: "2030-01-31T23:59:59.999Z" });
    expect((await clientOf(shop, made.answer.key).get("/orders/all")).status).toBe(200);
    expect((await run("create", "Till", "orders:read", "--by", customer.id)).failed).toContain("no admin");
    expect((await run("list")).answer).toHaveLength(1);
    await run("revoke", made.answer.id);
    expect((await clientOf(shop, made.answer.key).get("/orders/all")).status).toBe(401);
  });
});

test("scopes are what the routes are about", async () => {
  const shop = await freshShop(engines[0]!);
  const tags = new Set(routeTable(shop.app.routes).flatMap(({ access, tag }) => (access === "public" ? [] : [tag])));
  const scopes = [...tags]
    .flatMap((tag) => [`${tag}:read`, `${tag}:write`])
    .filter((scope) => !NEVER_BY_KEY.has(scope));
  expect(scopes.filter((scope) => !KEY_SCOPES.includes(scope))).toEqual([]);
});
