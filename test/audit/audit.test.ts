import { routeEvents } from "../../src/events/routing";
import { webhookChannel } from "../../src/webhooks/channel";
import { audited } from "../../src/audit/recording";
import { describe, expect, test } from "bun:test";
import { Elysia } from "elysia";
import { setStanding } from "../../src/auth/standing";
import { updateAccount } from "../../src/accounts/queries";
import { hashPassword } from "../../src/accounts/passwords";
import { adminRoutes, type Web } from "../../src/http/access";
import { front } from "../../src/http/front";
import { createAdmission } from "../../src/http/guard/admission";
import { indexRoutes } from "../../src/http/route-index";
import { routeTable } from "../../src/http/declared";
import { identifier } from "../../src/auth/identify";
import { createTokens } from "../../src/auth/tokens";
import { redact } from "../../src/telemetry/redact";
import { finishRun, insertModel } from "../../src/recommend/train/queries";
import { startRun } from "../../src/recommend/train/runs";
import { tableNames } from "../../src/storage/tables";
import { buy } from "../support/buying";
import { type Answer, call, type Client, clientOf, newBuyer, newClient, PASSWORD } from "../support/client";
import { holdNext } from "../support/hashing";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, SECRET, type TestShop } from "../support/shop";

const EMAIL = "asha@example.com";
/** The smallest picture, as it is sent. */
async function addPicture({ token }: Client, shop: TestShop, id: number): Promise<Answer> {
  const dot = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const headers = { authorization: `Bearer ${token}`, "content-type": "image/png" };
  return call(shop, "POST", `/api/v1/products/${id}/images`, { headers, body: Uint8Array.from(dot) });
}

/** A model that could be put into service. */
async function anOldModel(shop: TestShop): Promise<number> {
  const run_id = await startRun(shop, "a test", {});
  const now = shop.now().toISOString();
  const end = { data: {}, metrics: {}, note: null };
  return shop.database.transaction(async (tx) => {
    await finishRun(tx, run_id, { ...end, state: "kept", finished_at: now });
    const model = {
      run_id,
      role: "kept",
      settings: {},
      metrics: {},
      content: Uint8Array.of(1),
      created_at: now,
    } as const;
    return insertModel(tx, model);
  });
}

const actions = async (shop: TestShop) =>
  (await shop.database.all<{ action: string }>("SELECT action FROM audit ORDER BY id")).map(({ action }) => action);

/** What the audit has of this, oldest first. */
const entriesOf = async (admin: Client, action: string) =>
  (await admin.get(`/admin/audit?action=${encodeURIComponent(action)}&size=100`)).body.toReversed();

describe.each(engines)("the audit on $name", (engine) => {
  test("holds every event of signing in, with who it was about", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: EMAIL });
    const login = (password: string, email = EMAIL) => clientOf(shop).post("/auth/login", { email, password });
    await login("wrong password");
    await login("wrong password", "nobody@example.com");
    await client.post("/auth/logout");
    const second = clientOf(shop, (await login(PASSWORD)).body.access_token);
    await second.post("/auth/password", { current_password: PASSWORD, new_password: "a brand new password" });
    const { body } = await login("a brand new password");
    const { body: renewed } = await clientOf(shop).post("/auth/refresh", { refresh_token: body.refresh_token });
    await clientOf(shop).post("/auth/refresh", { refresh_token: renewed.refresh_token });
    await clientOf(shop).post("/auth/refresh", { refresh_token: body.refresh_token });
    expect(await actions(shop)).toEqual([
      "sign_in",
      "sign_in_failed",
      "sign_in_failed",
      "sign_out",
      "sign_in",
      "password_changed",
      "sign_in",
      "refresh_token_reused",
    ]);
    const rows = await shop.database.all("SELECT user_id, subject, request_id FROM audit ORDER BY id");
    expect(rows[1]).toEqual({ user_id: null, subject: `user ${client.id}`, request_id: expect.any(String) });
    expect(rows[2]).toEqual({ user_id: null, subject: null, request_id: expect.any(String) });
    expect(rows[3]).toMatchObject({ user_id: client.id });
  });

  test("holds what an admin changed, and neither what was refused nor what was only read", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const client = await newClient(shop);
    await admin.get("/users");
    await admin.patch("/users/999", { is_active: false });
    await admin.patch(`/users/${client.id}`, { role: "admin" });
    await client.patch(`/users/${client.id}`, { is_admin: true });
    const { headers } = await admin.patch(`/users/${client.id}`, { is_active: false });
    await admin.post("/products", { slug: "mug", name: "Mug", category: "Home", price: 4 });
    const { body } = await admin.get("/admin/audit?size=2");
    expect(body).toMatchObject([
      { action: "POST /api/v1/products", subject: "/api/v1/products", details: { slug: "mug", price: 4 } },
      {
        action: "PATCH /api/v1/users/:id",
        subject: `/api/v1/users/${client.id}`,
        user_id: admin.id,
        request_id: headers.get("x-request-id"),
        details: { is_active: [true, false] },
      },
    ]);
    expect((await actions(shop)).filter((action) => action.includes("/"))).toHaveLength(2);
  });

  test("holds what signing in was refused for beside a wrong password", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const client = await newClient(shop, { email: EMAIL });
    const login = () => clientOf(shop).post("/auth/login", { email: EMAIL, password: PASSWORD });
    const new_password = "a brand new password";
    await client.post("/auth/password", { current_password: "not my password", new_password });
    await clientOf(shop).post("/auth/password/reset", { token: "no-such-token", new_password });
    const password_hash = await hashPassword(shop, PASSWORD);
    const looking = holdNext("verify");
    const signingIn = login();
    await looking.begun;
    await shop.database.transaction((tx) => updateAccount(tx, client.id, { password_hash }, shop.now().toISOString()));
    looking.letGo();
    expect((await signingIn).status).toBe(401);
    await admin.patch(`/users/${client.id}`, { is_active: false });
    expect((await login()).status).toBe(403);
    const subject = `user ${client.id}`;
    expect(await entriesOf(admin, "password_change_failed")).toMatchObject([{ user_id: client.id, subject }]);
    expect(await entriesOf(admin, "password_reset_failed")).toMatchObject([{ user_id: null, subject: null }]);
    expect(await entriesOf(admin, "sign_in_failed")).toMatchObject([
      { user_id: null, subject, details: { reason: "password_changed" } },
      { user_id: null, subject, details: { reason: "account_disabled" } },
    ]);
  });

  test("holds once for each wait that somebody tried too often", async () => {
    const shop = await freshShop(engine, { RATE_LIMIT: "on", RATE_LIMIT_PER_MINUTE: "100000" });
    const admin = await newClient(shop, { admin: true });
    const { id } = await newClient(shop, { email: EMAIL });
    const login = (email = EMAIL) => clientOf(shop).post("/auth/login", { email, password: "wrong password" });
    for (let tries = 0; tries < 10; tries++) await login();
    for (let tries = 0; tries < 3; tries++) expect((await login()).status).toBe(429);
    const told = () => entriesOf(admin, "too_many_tries");
    expect(await told()).toMatchObject([{ user_id: null, subject: `user ${id}`, request_id: expect.any(String) }]);
    shop.pass(5);
    expect((await login()).status).toBe(401);
    for (let tries = 0; tries < 3; tries++) expect((await login()).status).toBe(429);
    expect(await told()).toHaveLength(2);
    // All come from one address, which waits too: trying other accounts is the same wait.
    for (let tries = 0; tries < 3; tries++) expect((await login(`nobody-${tries}@example.com`)).status).toBe(429);
    expect(await told()).toHaveLength(2);
  });

  test("can be asked for by who and by what, in pages", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const client = await newClient(shop);
    for (let tries = 0; tries < 3; tries++) await client.post("/auth/login", { email: EMAIL, password: "wrong one" });
    const { body, headers } = await admin.get("/admin/audit?action=sign_in_failed&size=2");
    expect(body).toHaveLength(2);
    expect(headers.get("x-total-count")).toBe("3");
    expect((await admin.get(`/admin/audit?user_id=${client.id}`)).body).toMatchObject([{ action: "sign_in" }]);
    expect((await client.get("/admin/audit")).status).toBe(403);
  });

  test("is never changed and never shortened", async () => {
    const shop = await freshShop(engine);
    await newClient(shop);
    const again = "INTO audit (id, at, action, details) SELECT id, at, 'nothing', details FROM audit";
    const replacing =
      engine.name === "sqlite"
        ? `INSERT OR REPLACE ${again}`
        : `INSERT ${again} ON CONFLICT (id) DO UPDATE SET action = excluded.action`;
    for (const statement of ["UPDATE audit SET user_id = 1", "DELETE FROM audit", replacing]) {
      const attempt = shop.database.transaction((tx) => tx.run(statement));
      expect(attempt).rejects.toThrow("only added to");
      await attempt.catch(() => {});
    }
    expect(await actions(shop)).toEqual(["sign_in"]);
  });
});

describe.each(engines)("what an admin does on $name", (engine) => {
  test("happens with its entry in the audit, or not at all: on every route there is", async () => {
    const shop = await freshShop(engine, { RETURN_DAYS: "0" });
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const mug = await stockShelf(shop, { stock: 30 });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    const order = async (...steps: string[]) => {
      const { order_id } = (await buy(buyer, [mug])).body;
      for (const step of steps)
        expect((await admin.post(`/orders/${order_id}/${step}`, step === "refund" ? {} : undefined)).status).toBe(200);
      return `/orders/${order_id}`;
    };
    const [placed, shipped, delivered] = [await order(), await order("shipment"), await order("shipment", "delivery")];
    const packed = await order("packing");
    const giveBack = async () => {
      const { body } = await buyer.post(`${await order("shipment", "delivery")}/returns`);
      return `/returns/${body.id}`;
    };
    const [asked, doubted, awaited] = [await giveBack(), await giveBack(), await giveBack()];
    await admin.post(`${awaited}/approval`);
    const flagged = await order();
    const another = await order();
    const method = `/shipping-methods/${(await admin.post("/shipping-methods", { name: "Post", price: 0 })).body.id}`;
    const rate = `/tax-rates/${(await admin.post("/tax-rates", { name: "VAT", percent: 0 })).body.id}`;
    const unpaid = await order("shipment", "delivery", "refund");
    await shop.database.transaction(async (tx) => {
      const id = Number(unpaid.split("/").at(-1));
      await tx.run("UPDATE refunds SET state = 'failed' WHERE order_id = $1", [id]);
      await tx.run("UPDATE payments SET refunded_minor = 0 WHERE order_id = $1", [id]);
      await tx.run("UPDATE orders SET payment_status = 'paid' WHERE id = $1", [id]);
    });
    const [failed] = (await admin.get(unpaid)).body.refunds;
    const stranger = await newClient(shop);
    const key = (await admin.post("/keys", { name: "Robot", scopes: ["orders:read"] })).body;
    const gone = await stockShelf(shop);
    await admin.delete(`/products/${gone.id}`);
    const hook = { url: "https://example.com/hook", types: ["order.placed"] };
    const webhook = `/webhooks/${(await admin.post("/webhooks", hook)).body.id}`;
    await routeEvents(shop, [webhookChannel()]);
    await order();
    await routeEvents(shop, [webhookChannel()]);
    const [delivery] = (await admin.get("/deliveries")).body;
    const flag = "UPDATE payments SET flag = 'look' WHERE order_id = $1";
    await shop.database.transaction((tx) => tx.run(flag, [Number(flagged.split("/").at(-1))]));
    await admin.put("/categories/Empty", {});
    const { body: picture } = await addPicture(admin, shop, mug.id);
    const model = await anOldModel(shop);
    const calls: Record<string, () => Promise<Answer>> = {
      "DELETE /api/v1/users/:id/sessions": () => admin.delete(`/users/${buyer.id}/sessions`),
      "PATCH /api/v1/users/:id": () => admin.patch(`/users/${buyer.id}`, { is_admin: true }),
      "POST /api/v1/products": () => admin.post("/products", { slug: "cup", name: "Cup", category: "Home", price: 4 }),
      "PUT /api/v1/products/:id": () => admin.put(`/products/${mug.id}`, { price: 4 }),
      "PATCH /api/v1/products/:id": () => admin.patch(`/products/${mug.id}`, { stock: 4 }),
      "DELETE /api/v1/products/:id": () => admin.delete(`/products/${mug.id}`),
      "PATCH /api/v1/admin/products": () =>
        admin.patch("/admin/products", { filter: { ids: [mug.id] }, change: { price_percent: 10 } }),
      "POST /api/v1/admin/products/bulk-upload": () => {
        const headers = { authorization: `Bearer ${admin.token}`, "content-type": "text/csv" };
        return call(shop, "POST", "/api/v1/admin/products/bulk-upload", { headers, body: "slug,price\nmug,7\n" });
      },
      "PUT /api/v1/categories/:name": () => admin.put("/categories/Kitchen", { position: 3 }),
      "DELETE /api/v1/categories/:name": () => admin.delete("/categories/Empty"),
      "POST /api/v1/products/:id/images": () => addPicture(admin, shop, mug.id),
      "PATCH /api/v1/products/:id/images/:image_id": () =>
        admin.patch(`/products/${mug.id}/images/${picture.id}`, { alt: "A mug" }),
      "DELETE /api/v1/products/:id/images/:image_id": () => admin.delete(`/products/${mug.id}/images/${picture.id}`),
      "POST /api/v1/coupons": () => admin.post("/coupons", { code: "TWENTY", percent: 20 }),
      "PATCH /api/v1/coupons/:code": () => admin.patch("/coupons/TEN", { is_active: false }),
      "POST /api/v1/admin/stock/:product_id/adjustment": () =>
        admin.post(`/admin/stock/${mug.id}/adjustment`, { delta: 5, reason: "found" }),
      "POST /api/v1/admin/stock/changes": () =>
        admin.post("/admin/stock/changes", { lines: [{ product: String(mug.id), counted: 30 }], reason: "counted" }),
      "POST /api/v1/admin/search/synonyms": () => admin.post("/admin/search/synonyms", { phrases: ["sofa", "couch"] }),
      "DELETE /api/v1/admin/search/synonyms/:phrase": () => admin.delete("/admin/search/synonyms/sofa"),
      "POST /api/v1/admin/backups": () => admin.post("/admin/backups"),
      "POST /api/v1/orders/:id/packing": () => admin.post(`${placed}/packing`),
      "POST /api/v1/orders/:id/unpacking": () => admin.post(`${packed}/unpacking`),
      "POST /api/v1/orders/:id/shipment": () => admin.post(`${placed}/shipment`),
      "POST /api/v1/orders/:id/delivery": () => admin.post(`${shipped}/delivery`),
      "POST /api/v1/orders/:id/payment-receipt": () =>
        admin.post(`${another}/payment-receipt`, { note: "by transfer" }),
      "POST /api/v1/orders/:id/refund": () => admin.post(`${delivered}/refund`, {}),
      "POST /api/v1/orders/:id/return": () => admin.post(`${delivered}/return`, {}),
      "POST /api/v1/orders/:id/resolution": () => admin.post(`${flagged}/resolution`, { note: "seen" }),
      "POST /api/v1/orders": () =>
        admin.post("/orders", { user_id: buyer.id, lines: [{ product_id: mug.id, qty: 1 }] }),
      "PATCH /api/v1/orders/:id": () => admin.patch(placed, { tags: ["gift"] }),
      "POST /api/v1/orders/:id/notes": () => admin.post(`${placed}/notes`, { note: "called" }),
      "POST /api/v1/orders/:id/refunds/:refund_id/retry": () => admin.post(`${unpaid}/refunds/${failed.id}/retry`),
      "POST /api/v1/shipping-methods": () => admin.post("/shipping-methods", { name: "Bike", price: 1 }),
      "PATCH /api/v1/shipping-methods/:id": () => admin.patch(method, { price: 1 }),
      "DELETE /api/v1/shipping-methods/:id": () => admin.delete(method),
      "POST /api/v1/tax-rates": () => admin.post("/tax-rates", { name: "GST", percent: 1 }),
      "PATCH /api/v1/tax-rates/:id": () => admin.patch(rate, { percent: 1 }),
      "DELETE /api/v1/tax-rates/:id": () => admin.delete(rate),
      "PUT /api/v1/admin/recommend/models/:id/role": () =>
        admin.put(`/admin/recommend/models/${model}/role`, { role: "serving" }),
      "POST /api/v1/recommend/retrain": () => admin.post("/recommend/retrain"),
      "POST /api/v1/products/:id/restoration": () => admin.post(`/products/${gone.id}/restoration`, {}),
      "POST /api/v1/returns/:id/approval": () => admin.post(`${asked}/approval`),
      "POST /api/v1/returns/:id/refusal": () => admin.post(`${doubted}/refusal`),
      "POST /api/v1/returns/:id/receipt": () => admin.post(`${awaited}/receipt`),
      "DELETE /api/v1/users/:id": () => admin.delete(`/users/${stranger.id}`),
      "POST /api/v1/keys": () => admin.post("/keys", { name: "Till", scopes: ["orders:read"] }),
      "DELETE /api/v1/keys/:id": () => admin.delete(`/keys/${key.id}`),
      "POST /api/v1/webhooks": () => admin.post("/webhooks", hook),
      "PATCH /api/v1/webhooks/:id": () => admin.patch(webhook, { state: "paused" }),
      "POST /api/v1/webhooks/:id/rotation": () => admin.post(`${webhook}/rotation`),
      "POST /api/v1/webhooks/:id/test": () => admin.post(`${webhook}/test`),
      "DELETE /api/v1/webhooks/:id": () => admin.delete(webhook),
      "POST /api/v1/deliveries/:id/retry": () => admin.post(`/deliveries/${delivery?.id}/retry`),
    };
    const writing = routeTable(shop.app.routes).filter(({ access, method }) => access === "admin" && method !== "GET");
    // A new route is missing here? Write down how it is called when it would succeed.
    expect(Object.keys(calls).toSorted()).toEqual(writing.map(({ method, path }) => `${method} ${path}`).toSorted());
    await shop.database.transaction((tx) => tx.run("DROP TABLE audit"));
    const before = await contentOf(shop);
    const all = { ...calls, "a cancellation for the shop": () => admin.post(`${placed}/cancellation`) };
    for (const [name, call] of Object.entries(all)) {
      expect([name, (await call()).status]).toEqual([name, 500]);
      expect([name, await contentOf(shop)]).toEqual([name, before]);
    }
  });

  test("can't be done past the audit: a new route that forgets it fails at its first call", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const web: Web = { shop, identify: identifier(shop, createTokens(shop, [SECRET])), audited };
    const pardons = adminRoutes(web, "users", "/pardons")
      .post("/forgetting", () => setStanding(web.shop, admin.id, {}))
      .post("/minding", ({ shop: own }) => setStanding(own, admin.id, {}));
    const app: Elysia = new Elysia();
    app
      .use(
        front(
          shop,
          () => app,
          indexRoutes(() => app.routes),
          createAdmission(shop),
        ),
      )
      .use(pardons);
    const call = (path: string) =>
      app.handle(
        new Request(`http://localhost/pardons${path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${admin.token}` },
        }),
      );
    expect((await call("/minding")).status).toBe(200);
    expect((await call("/forgetting")).status).toBe(500);
  });

  test("has no entry where it was refused, also where only the write could tell", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    await stockShelf(shop, { slug: "mug" });
    await admin.post("/coupons", { code: "TEN", percent: 10 });
    await startRun(shop, "a test", {});
    const before = await actions(shop);
    const refused = [
      admin.post("/coupons", { code: "ten", percent: 20 }),
      admin.post("/products", { slug: "mug", name: "Mug", category: "Home", price: 4 }),
      admin.post("/recommend/retrain"),
      admin.patch(`/users/${admin.id}`, { is_admin: false }),
    ];
    expect((await Promise.all(refused)).map(({ status }) => status)).toEqual([409, 409, 409, 403]);
    expect(await actions(shop)).toEqual(before);
  });

  test("to somebody's order has an entry, and what its buyer does has none", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const mug = await stockShelf(shop);
    const ids = [(await buy(buyer, [mug])).body.order_id, (await buy(buyer, [mug])).body.order_id];
    expect((await buyer.post(`/orders/${ids[0]}/cancellation`)).status).toBe(200);
    expect((await admin.post(`/orders/${ids[1]}/cancellation`)).status).toBe(200);
    expect((await admin.post(`/orders/${ids[1]}/cancellation`)).status).toBe(409);
    expect(await entriesOf(admin, "POST /api/v1/orders/:id/cancellation")).toMatchObject([
      { user_id: admin.id, subject: `/api/v1/orders/${ids[1]}/cancellation` },
    ]);
  });

  test("is written down once, however often its request is repeated", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const mug = await stockShelf(shop);
    const adjust = (key: string) =>
      admin.post(`/admin/stock/${mug.id}/adjustment`, { delta: 5, reason: "found" }, { "idempotency-key": key });
    for (const key of ["one", "one", "two", "one"]) expect((await adjust(key)).status).toBe(200);
    expect(await entriesOf(admin, "POST /api/v1/admin/stock/:product_id/adjustment")).toHaveLength(2);
  });

  test("can be seen with what was there before, whatever else was sent with it", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { id } = await stockShelf(shop, { price: 120, attributes: { token: "brass", cookie: "oat" } });
    const attributes = { token: "silver", cookie: "oat", passphrase: "open sesame" };
    await admin.patch(`/products/${id}`, { price: 1, attributes, description: "x".repeat(9_000) });
    const [{ details }] = await entriesOf(admin, "PATCH /api/v1/products/:id");
    expect(details).toEqual({
      price: [120, 1],
      attributes: [{ token: "brass", cookie: "oat" }, attributes],
      description: [null, `${"x".repeat(1_000)}… (9000 characters)`],
    });
    await admin.post("/coupons", { code: "TEN", percent: 10, categories: ["Home"] });
    await admin.patch("/coupons/ten", { min_total: 40.5, is_active: false });
    expect(await entriesOf(admin, "PATCH /api/v1/coupons/:code")).toMatchObject([
      { details: { min_total: [0, 40.5], is_active: [true, false] } },
    ]);
    const rate = (await admin.post("/tax-rates", { name: "VAT", percent: 9 })).body;
    await admin.patch(`/tax-rates/${rate.id}`, { percent: 12.5 });
    expect((await entriesOf(admin, "PATCH /api/v1/tax-rates/:id"))[0].details).toEqual({ percent: [9, 12.5] });
    const post = (await admin.post("/shipping-methods", { name: "Post", price: 4.5 })).body;
    await admin.patch(`/shipping-methods/${post.id}`, { price: 5, is_active: false });
    const [{ details: changed }] = await entriesOf(admin, "PATCH /api/v1/shipping-methods/:id");
    expect(changed).toEqual({ price: [4.5, 5], is_active: [true, false] });
  });

  test("is kept without what looks like a secret of ours", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { id } = await stockShelf(shop);
    await admin.patch(`/products/${id}`, {
      description: `mine is ${admin.token}`,
      attributes: { note: `${admin.token}` },
    });
    const [{ details }] = await entriesOf(admin, "PATCH /api/v1/products/:id");
    expect(JSON.stringify(details)).not.toContain("eyJ");
  });
});

/** Every row of every table that is written for itself. */
async function contentOf(shop: TestShop): Promise<Record<string, unknown[]>> {
  const tables = (await tableNames(shop.database)).filter((name) => !name.startsWith("search"));
  const content: Record<string, unknown[]> = {};
  for (const table of tables) content[table] = await shop.database.all(`SELECT * FROM ${table}`);
  return content;
}

describe("masking", () => {
  test("leaves no secret, whether its name or its look gives it away", () => {
    const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    const hash = `$2b$10$${"a".repeat(53)}`;
    const about = {
      password: "hunter22",
      new_password: "hunter22",
      refresh_token: "hunter22",
      headers: { Authorization: "Bearer hunter22-hunter22", cookie: "hunter22" },
      list: [{ SECRET_KEY: "hunter22" }, `${jwt} and ${hash}`],
      url: "postgres://shop:hunter22@db.example/shop",
      text: 'failed: {"password":"hunter22"} token=hunter22 Bearer hunter22hunter22',
      plain: "kept as it is",
      count: 3,
    };
    const text = JSON.stringify(redact(about));
    expect(text).not.toMatch(/hunter22|eyJ|\$2b/);
    expect(redact(about)).toMatchObject({ plain: "kept as it is", count: 3 });
  });
});
