import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { recordAlone } from "../../src/audit/audit";
import { issueInvoice } from "../../src/invoices/invoices";
import { mailChannel } from "../../src/notifications/channel";
import { knownColumns, personalData } from "../../src/privacy/personal-data";
import { erasePersonById } from "../../src/privacy/privacy";
import { tableNames } from "../../src/storage/tables";
import { buy } from "../support/buying";
import { type Client, clientOf, newBuyer, newClient, PASSWORD } from "../support/client";
import { deliver } from "../support/deliveries";
import { type TestEngine, engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const EMAIL = "Meera.Unique@example.com";
const NAME = "Meera Unicornsen";
const PHONE = "+91 77777 12345";
const STREET = "99 Nowhere Lane";
const WORDS = [EMAIL, EMAIL.toLowerCase(), NAME, PHONE, STREET, "Xanaduville"];

/** A customer who has left a trace wherever a customer can. */
async function shopWithMeera(engine: TestEngine) {
  const shop = await freshShop(engine, { INVOICES: "paid", SHOP_NAME: "Shop" });
  const admin = await newClient(shop, { admin: true });
  const registered = await clientOf(shop).post("/auth/register", {
    full_name: NAME,
    email: EMAIL,
    phone: PHONE,
    password: PASSWORD,
  });
  const { body } = await clientOf(shop).post("/auth/login", { email: EMAIL, password: PASSWORD });
  const meera: Client = clientOf(shop, body.access_token, registered.body.id, body.refresh_token);
  await meera.put("/users/me", { preferences: { likes: `letters to ${EMAIL}` } });
  const address = { label: "Home", address_line: STREET, city: "Xanaduville", pincode: "411001" };
  const address_id = (await meera.post("/orders/addresses", address)).body.id as number;
  const mug = await stockShelf(shop, { stock: 50 });
  const buyer = { ...meera, address_id };
  const { order_id } = (await buy(buyer, [mug], {}, { "idempotency-key": "mine" })).body;
  await meera.post("/cart/add", { product_id: mug.id });
  await meera.post("/events", { type: "view", product_id: mug.id });
  await deliver(shop, mailChannel);
  const over = async (id: number) => {
    for (const step of ["shipment", "delivery"]) await admin.post(`/orders/${id}/${step}`);
  };
  return { shop, admin, meera, mug, buyer, order_id: order_id as number, over };
}

const BINARY = /Uint8Array|Buffer/;

/** Every place in the database where one of the words stands, as `table.column`. */
async function traces(shop: TestShop, words: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const table of await tableNames(shop.database)) {
    for (const row of await shop.database.all<Record<string, unknown>>(`SELECT * FROM ${table}`)) {
      for (const [column, value] of Object.entries(row)) {
        const name = Object.prototype.toString.call(value);
        const text = BINARY.test(name) ? Buffer.from(value as Uint8Array).toString("latin1") : JSON.stringify(value);
        if (words.some((word) => text.toLowerCase().includes(word.toLowerCase()))) found.add(`${table}.${column}`);
      }
    }
  }
  return [...found].toSorted();
}

/** Letters and other files beside the database, but for the database itself, whose rows are looked at. */
function fileTraces(shop: TestShop, words: readonly string[]): string[] {
  const { databaseUrl } = shop.settings;
  if (databaseUrl.engine !== "sqlite") return [];
  const folder = join(dirname(databaseUrl.path), "mails");
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((file) =>
    words.some((word) => readFileSync(join(folder, file), "utf8").includes(word)),
  );
}

describe.each(engines)("a person's own data on $name", (engine) => {
  test("every column of the database is on the list of what is personal, and none is on it that is not there", async () => {
    const shop = await freshShop(engine);
    const listed = Object.fromEntries(
      Object.entries(personalData).map(([table, rule]) => [table, knownColumns(rule).toSorted()]),
    );
    const there: Record<string, string[]> = {};
    // The index of the search is made of products alone.
    for (const table of (await tableNames(shop.database)).filter((name) => !name.startsWith("search_index"))) {
      const columns = await shop.database.all<{ name: string }>(
        engine.name === "sqlite"
          ? `SELECT name FROM pragma_table_info('${table}')`
          : `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '${table}' AND is_generated = 'NEVER'`,
      );
      there[table] = columns.map(({ name }) => name).toSorted();
    }
    // Think about it in src/privacy/personal-data.ts: whose is it, and what becomes of it?
    expect(listed).toEqual(there);
  });

  test("once erased, a person's e-mail, name, phone and address stand nowhere but on invoices", async () => {
    const { shop, admin, meera, order_id, over } = await shopWithMeera(engine);
    // As older programs have written it.
    await shop.database.transaction((tx) =>
      tx.run(
        `INSERT INTO audit (at, user_id, action, subject, details) VALUES ('2030-01-01T00:00:00.000Z', NULL, 'sanset user create', $1, $2)`,
        [EMAIL, JSON.stringify({ name: NAME, phone: PHONE })],
      ),
    );
    await over(order_id);
    await issueInvoice(shop, order_id);
    expect(await traces(shop, WORDS)).toEqual(
      expect.arrayContaining([
        "users.email",
        "users.full_name",
        "addresses.address_line",
        "orders.address",
        "audit.subject",
        "invoices.document",
      ]),
    );
    expect((await meera.delete("/users/me")).status).toBe(400);
    const gone = await call(shop, meera, PASSWORD);
    expect(gone.status).toBe(204);
    expect(await traces(shop, WORDS)).toEqual(["invoices.document"]);
    expect(fileTraces(shop, WORDS)).toEqual([]);
    expect((await admin.get(`/orders/all?user_id=${meera.id}`)).body).toMatchObject([
      { id: order_id, total_amount: 120 },
    ]);
    expect((await admin.get(`/users/${meera.id}`)).body).toMatchObject({
      full_name: "Erased",
      email: `erased-${meera.id}@erased.invalid`,
      phone: "-",
      is_active: false,
      preferences: {},
    });
    expect((await meera.get("/users/me")).status).toBe(401);
    expect((await clientOf(shop).post("/auth/login", { email: EMAIL, password: PASSWORD })).status).toBe(401);
    expect(await shop.database.all("SELECT type FROM outbox WHERE type = 'user.erased'")).toHaveLength(1);
    // The address may be used again, by whoever has it now.
    const again = { full_name: "Other", email: EMAIL, phone: "1", password: PASSWORD };
    expect((await clientOf(shop).post("/auth/register", again)).status).toBe(201);
  });

  test("entries of the audit that mention a person go wherever they stand, and those that come meanwhile", async () => {
    const { shop, meera, order_id, over } = await shopWithMeera(engine);
    await over(order_id);
    const note = (subject: string) => recordAlone(shop, { action: "noted", subject });
    const left = () =>
      shop.database.all<{ subject: string | null }>("SELECT subject FROM audit WHERE action = 'noted' ORDER BY id");
    await note(`early, of ${NAME}`);
    await shop.database.transaction(async (tx) => {
      for (let entry = 0; entry < 2_500; entry++)
        await tx.run("INSERT INTO audit (at, action, details) VALUES ($1, 'other', $2)", [
          shop.now().toISOString(),
          "{}",
        ]);
    });
    await note(`late, of ${NAME.toUpperCase()}`);
    await note("of others");
    // Somebody writes about them while it is looked for what was written before.
    const database: TestShop["database"] = {
      ...shop.database,
      transaction: async (work) => {
        await note(`meanwhile, of ${NAME}`);
        return shop.database.transaction(work);
      },
    };
    await erasePersonById({ ...shop, database }, meera.id);
    expect((await left()).map(({ subject }) => subject)).toEqual([null, null, "of others", null]);
  }, 60_000);

  test("what others have is as it was", async () => {
    const { shop, admin, meera, order_id, over, mug } = await shopWithMeera(engine);
    const other = await newBuyer(shop, { email: "other@example.com" });
    await buy(other, [mug]);
    await other.post("/cart/add", { product_id: mug.id });
    const look = async () => [
      (await other.get("/users/me")).body,
      (await other.get("/orders/addresses")).body,
      (await other.get("/orders")).body,
      (await other.get("/cart")).body,
    ];
    const before = await look();
    await over(order_id);
    expect((await admin.delete(`/users/${meera.id}`)).status).toBe(204);
    expect(await look()).toEqual(before);
  });

  test("a wrong password erases nobody", async () => {
    const { shop, meera, order_id, over } = await shopWithMeera(engine);
    await over(order_id);
    const refused = await call(shop, meera, "not the password");
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "password", code: "wrong_password" }] } });
    expect((await meera.get("/users/me")).body.full_name).toBe(NAME);
  });

  test.each([["placed"], ["shipped"]])("a person with an order that is %s is not erased yet", async (status) => {
    const { admin, meera, order_id } = await shopWithMeera(engine);
    if (status === "shipped") await admin.post(`/orders/${order_id}/shipment`);
    const answer = await admin.delete(`/users/${meera.id}`);
    expect(answer).toMatchObject({
      status: 409,
      body: { code: "conflict", detail: expect.stringContaining(`Order ${order_id}`) },
    });
    expect((await meera.get("/users/me")).body.email).toBe(EMAIL);
  });

  test.each([
    ["flagged", "flag = 'Look at it.'", "flag = NULL"],
    ["disputed", "disputed_at = '2030-01-01T00:00:00.000Z'", "disputed_at = NULL"],
  ])("a payment that is %s is waited for, also a former try", async (_, waits, over) => {
    const { admin, meera, order_id, over: end, shop } = await shopWithMeera(engine);
    await end(order_id);
    const erase = async () => (await admin.delete(`/users/${meera.id}`)).status;
    const set = (change: string) =>
      shop.database.transaction((tx) => tx.run(`UPDATE payments SET ${change} WHERE order_id = $1`, [order_id]));
    await set(waits);
    expect(await erase()).toBe(409);
    await set(`is_current = 0, ${waits}`);
    expect(await erase()).toBe(409);
    expect(await traces(shop, [EMAIL])).toContain("users.email");
    await set(over);
    expect(await erase()).toBe(204);
  });

  test("a refund that is on its way, and a return that is waited for, are waited for", async () => {
    const { admin, meera, order_id, over, shop } = await shopWithMeera(engine);
    await over(order_id);
    const erase = async () => (await admin.delete(`/users/${meera.id}`)).status;
    await meera.post(`/orders/${order_id}/returns`);
    expect(await erase()).toBe(409);
    await admin.post("/returns/1/receipt");
    const states = (state: string) =>
      shop.database.transaction((tx) => tx.run("UPDATE refunds SET state = $1", [state]));
    for (const state of ["owed", "sent"]) {
      await states(state);
      expect(await erase()).toBe(409);
    }
    await states("done");
    expect(await erase()).toBe(204);
  });

  test("a return is not waited for whose goods have come back by another way", async () => {
    const { admin, meera, order_id, over } = await shopWithMeera(engine);
    await over(order_id);
    await meera.post(`/orders/${order_id}/returns`);
    const refused = await admin.delete(`/users/${meera.id}`);
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining("close its returns")]);
    await admin.post(`/orders/${order_id}/return`);
    expect((await admin.delete(`/users/${meera.id}`)).status).toBe(204);
  });

  test("the last admin stays", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    expect((await admin.delete(`/users/${admin.id}`)).status).toBe(403);
    expect((await admin.get("/users/me")).body.full_name).toBe("Asha Rao");
    expect((await admin.delete("/users/999")).status).toBe(404);
  });

  test("an export has all of a person's rows, and no key, no hash and nothing of others", async () => {
    const { shop, admin, meera, order_id } = await shopWithMeera(engine);
    await newBuyer(shop, { email: "other@example.com" });
    await admin.post(`/orders/${order_id}/notes`, { note: "Called back." });
    const { body, text } = await meera.get("/users/me/export");
    // What the shop wrote of her is hers to see, who wrote it is not.
    expect(body.tables.order_notes).toEqual([
      { id: 1, order_id, created_at: shop.now().toISOString(), note: "Called back." },
    ]);
    expect(body).toMatchObject({
      user_id: meera.id,
      exported_at: shop.now().toISOString(),
      tables: {
        users: [{ full_name: NAME, email: EMAIL, phone: PHONE, preferences: { likes: `letters to ${EMAIL}` } }],
        addresses: [{ address_line: STREET }],
        orders: [{ id: order_id, address: expect.objectContaining({ address_line: STREET }) }],
        order_items: [{ order_id, qty: 1 }],
        cart_items: [{ qty: 1 }],
        recommend_events: [{ type: "view" }],
      },
    });
    for (const hidden of ["password_hash", "token_hash", "salt", "fingerprint", "other@example.com"]) {
      expect(text).not.toContain(hidden);
    }
    expect((await admin.get(`/users/${meera.id}/export`)).body.tables).toEqual(body.tables);
    expect((await meera.get(`/users/${admin.id}/export`)).status).toBe(403);
  });

  test("an entry of the audit can be erased and not otherwise changed", async () => {
    const shop = await freshShop(engine);
    await newClient(shop);
    const change = (sql: string) =>
      shop.database
        .transaction((tx) => tx.run(sql))
        .then(
          () => "done",
          () => "refused",
        );
    for (const sql of [
      "UPDATE audit SET action = 'x', subject = NULL, address = NULL, details = '{\"erased\":true}'",
      "UPDATE audit SET subject = NULL, address = NULL, details = '{\"erased\":false}'",
      "UPDATE audit SET subject = 'x', address = NULL, details = '{\"erased\":true}'",
      "UPDATE audit SET subject = NULL, address = 'x', details = '{\"erased\":true}'",
      "UPDATE audit SET user_id = 99, subject = NULL, address = NULL, details = '{\"erased\":true}'",
      "UPDATE audit SET at = 'x', subject = NULL, address = NULL, details = '{\"erased\":true}'",
      "DELETE FROM audit",
    ]) {
      expect([sql, await change(sql)]).toEqual([sql, "refused"]);
    }
    expect(await change("UPDATE audit SET subject = NULL, address = NULL, details = '{\"erased\":true}'")).toBe("done");
  });

  test("what an admin does to a person is in the audit by number, without how to reach them", async () => {
    const { shop, admin, meera } = await shopWithMeera(engine);
    await admin.patch(`/users/${meera.id}`, { is_active: false });
    await admin.post("/webhooks", { url: `https://example.com/?to=${EMAIL}`, types: ["order.placed"] });
    const entries = (await admin.get("/admin/audit")).body;
    expect(entries[1]).toMatchObject({ subject: `/api/v1/users/${meera.id}` });
    expect(JSON.stringify(entries)).not.toContain(EMAIL);
    expect(await traces(shop, [EMAIL])).not.toContain("audit.details");
  });
});

/** A DELETE that has a body. */
async function call(shop: TestShop, client: Client, password: string) {
  const response = await shop.app.handle(
    new Request("http://localhost/api/v1/users/me", {
      method: "DELETE",
      headers: { authorization: `Bearer ${client.token}`, "content-type": "application/json" },
      body: JSON.stringify({ password }),
    }),
  );
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}
