import { Elysia } from "elysia";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { getUser } from "../../src/accounts/accounts";
import { routeTable } from "../../src/http/declared";
import { type Answer, call, type Client, clientOf, newBuyer, newClient, PASSWORD } from "../support/client";
import { engines } from "../support/engines";
import { expiringToken } from "../support/forgeries";
import { readDocument } from "../support/operations";
import { issueInvoice } from "../../src/invoices/invoices";
import { belongings, rules, shared } from "../support/rules";
import { freshShop, SECRET, type TestShop } from "../support/shop";

const parametersOf = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

/** Only our own pages call these, and say so: see test/auth/page-sessions.test.ts. */
const isOfPages = ({ path }: { path: string }) => path.startsWith("/api/v1/auth/pages/");

describe.each(engines)("who may do what on $name", (engine) => {
  let shop: TestShop;
  let asha: Awaited<ReturnType<typeof ownerOf>>;
  let ravi: Client;
  let admin: Client;
  let disabled: Client;
  let expired: string;

  beforeAll(async () => {
    shop = await freshShop(engine);
    admin = await newClient(shop, { admin: true, email: "keeper@example.com" });
    asha = await ownerOf(shop, admin);
    ravi = await newClient(shop, { email: "ravi@example.com" });
    await newClient(shop, { email: "passer-by@example.com" });
    disabled = await newClient(shop);
    await admin.patch(`/users/${disabled.id}`, { is_active: false });
    expired = await expiringToken(shop, ravi, -1);
  });
  afterAll(() => shop.close());

  const routes = () => routeTable(shop.app.routes);

  async function send(route: { method: string; path: string }, as: string | undefined, body: unknown = {}) {
    const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => asha.parameter(nameOf(route), name));
    const isEmpty = Object.keys(body ?? {}).length === 0;
    const withBody = route.method !== "GET" && (route.method !== "DELETE" || !isEmpty);
    const answer = await call(shop, route.method, path, {
      headers: {
        ...(as !== undefined && { authorization: `Bearer ${as}` }),
        ...(withBody && { "content-type": "application/json" }),
      },
      ...(withBody && { body: JSON.stringify(body) }),
    });
    expectNoSecrets(answer, nameOf(route));
    return answer;
  }

  /** Some calls end the session that they are made with. */
  const tokenOf = async (email: string): Promise<string> =>
    (await clientOf(shop).post("/auth/login", { email, password: PASSWORD })).body.access_token;

  test("every route is in the table, and says of itself what the table says", () => {
    const said = Object.fromEntries(routes().map((route) => [nameOf(route), route.access]));
    const expected = Object.keys(said).map((name) => [name, rules[name] === "signed" ? "public" : rules[name]]);
    // A new route is missing here? Think about who may call it, then write it into support/rules.ts.
    expect(said).toEqual(Object.fromEntries(expected));
  });

  test("the document says the same as the routes", async () => {
    const { operations } = await readDocument(shop);
    const access = new Map(routes().map((route) => [nameOf(route).replaceAll(/:(\w+)/g, "{$1}"), route.access]));
    for (const operation of operations)
      expect([operation.name, operation.access]).toEqual([operation.name, access.get(operation.name) ?? "public"]);
  });

  test("without a good token every route that is not open answers 401", async () => {
    for (const route of routes().filter(({ access }) => access !== "public")) {
      const strangers = { nobody: undefined, disabled: disabled.token, expired, refresh: ravi.refreshToken, junk: "x" };
      for (const [who, token] of Object.entries(strangers)) {
        const { status, headers } = await send(route, token);
        expect(`${who} ${nameOf(route)}: ${status}`).toBe(`${who} ${nameOf(route)}: 401`);
        expect(headers.get("www-authenticate")).toBe("Bearer");
      }
    }
  });

  test("a customer on a route of admins gets 403, an admin gets in", async () => {
    for (const route of routes().filter(({ access }) => access === "admin")) {
      for (const token of [asha.client.token, ravi.token]) {
        const { status, body } = await send(route, token);
        expect(`${nameOf(route)}: ${status} ${body.code}`).toBe(`${nameOf(route)}: 403 forbidden`);
      }
    }
    for (const route of routes().filter(({ access }) => access === "admin")) {
      expect(
        `${nameOf(route)}: ${(await send(nowhere(route), await tokenOf("keeper@example.com"))).status}`,
      ).not.toMatch(/40[13]$/);
    }
  });

  test("who is signed in gets into every route for those, and everybody into the open ones", async () => {
    for (const route of routes().filter((one) => one.access !== "admin" && !isOfPages(one))) {
      for (const email of ["passer-by@example.com", "keeper@example.com"]) {
        const { status, text } = await send(nowhere(route), await tokenOf(email));
        expect(text, nameOf(route)).not.toMatch(/canary/i);
        // What is signed is not for people: without a signature, or without a secret, nobody gets in.
        if (rules[nameOf(route)] === "signed") expect([401, 404]).toContain(status);
        // A page shows by a header that a form of another site could not send that it is itself who asks.
        else if (route.path.includes("/auth/pages/")) expect(status).toBeOneOf([403, 422]);
        else if (route.path.endsWith("/:user_id") && !email.startsWith("keeper")) expect(status).toBe(403);
        else expect(`${nameOf(route)}: ${status}`).not.toMatch(/40[13]$/);
      }
      if (route.access === "user" || rules[nameOf(route)] === "signed") continue;
      for (const token of [undefined, disabled.token, expired, "x"])
        if (!route.path.includes("/auth/pages/")) {
          expect(`${nameOf(route)}: ${(await send(route, token)).status}`).not.toMatch(/40[13]$/);
        }
    }
  });

  test("what is Asha's does not exist for Ravi, in the same words as what nobody has", async () => {
    const personal = routes().filter(
      ({ access, path }) => access === "user" && parametersOf(path).some((name) => !shared.has(name)),
    );
    for (const route of personal) {
      const belonging = belongings[nameOf(route)];
      if (!belonging) throw new Error(`Whose is what ${nameOf(route)} names? Say so in support/rules.ts.`);
      const body = belonging.of === "address" ? asha.address : {};
      const foreign = await send(route, ravi.token, body);
      expect(`${nameOf(route)}: ${foreign.status}`).toBe(`${nameOf(route)}: ${belonging.stranger}`);
      if (belonging.stranger !== 404) continue;
      const unknown = await send(nowhere(route), ravi.token, body);
      expect({ ...unknown.body, request_id: "" }).toEqual({ ...foreign.body, request_id: "" });
    }
    // And nothing of it has happened.
    expect((await asha.client.get("/auth/sessions")).status).toBe(200);
    expect((await asha.client.get(`/orders/${asha.orderId}`)).body.status).toBe("placed");
    expect((await asha.client.get("/users/me/addresses")).body).toMatchObject([asha.address]);
  });

  test("nobody checks out to somebody else's address", async () => {
    await ravi.put(`/cart/items/${asha.productId}`, { qty: 1 });
    const checkout = { payment_method: "cod", address_id: asha.client.address_id };
    expect((await ravi.post("/orders/checkout", checkout)).status).toBe(404);
    expect((await ravi.get("/orders")).body).toEqual([]);
    await ravi.delete("/cart");
  });

  test("lists hold what is mine and nothing else", async () => {
    for (const path of ["/orders", "/users/me/addresses", "/orders/addresses"]) {
      for (const query of ["", "?user_id=1", `?user_id=${asha.client.id}`, "?size=100&page=1"]) {
        const { status, body } = await ravi.get(`${path}${query}`);
        expect(status).toBeOneOf([200, 422]);
        if (status === 200) expect(body).toEqual([]);
      }
    }
    expect((await ravi.get("/cart")).body.user_id).toBe(ravi.id);
  });

  test("nobody sets through a body what is not theirs to set", async () => {
    const grab = {
      id: 1,
      user_id: asha.client.id,
      role: "admin",
      is_admin: true,
      is_active: true,
      total: 0,
      discount: 0,
      payment_status: "paid",
      password_hash: "x",
      created_at: "2020-01-01T00:00:00.000Z",
    };
    const { operations } = await readDocument(shop);
    let tried = 0;
    for (const operation of operations.filter(
      ({ access, bodies }) => access !== "admin" && "application/json" in bodies,
    )) {
      const route = { method: operation.method, path: operation.path.replaceAll(/\{(\w+)\}/g, ":$1") };
      if (rules[nameOf(route)] === "signed" || isOfPages(route)) continue;
      const token = await tokenOf("canary@example.com");
      const { status, body } = await send(route, token, grab);
      expect(`${nameOf(route)}: ${status}`).toBe(`${nameOf(route)}: 422`);
      const refused = body.errors.filter(({ code }: { code: string }) => code === "unrecognized_keys");
      expect(
        refused.map(({ path }: { path: string }) => path),
        nameOf(route),
      ).toEqual(Object.keys(grab));
      tried++;
    }
    expect(tried).toBeGreaterThan(12);
    const account = await getUser(shop, asha.client.id);
    expect(account.is_admin).toBe(false);
  });

  test("an account opened with a role in its body is refused", async () => {
    const person = { full_name: "Eve", email: "eve@example.com", phone: "-", password: "correct horse battery" };
    for (const extra of [{ is_admin: true }, { role: "admin" }, { id: 1 }, { is_active: true }])
      expect((await clientOf(shop).post("/auth/register", { ...person, ...extra })).status).toBe(422);
    const { body } = await clientOf(shop).post("/auth/register", person);
    expect(body.is_admin).toBe(false);
  });

  test("the last admin stays one, also when two demote each other at once", async () => {
    const shop = await freshShop(engine);
    const [one, two] = [await newClient(shop, { admin: true }), await newClient(shop, { admin: true })];
    const answers = await Promise.all([
      one.patch(`/users/${two.id}`, { is_admin: false }),
      two.patch(`/users/${one.id}`, { is_active: false }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const admins = await shop.database.all("SELECT id FROM users WHERE is_admin = 1 AND is_active = 1");
    expect(admins).toHaveLength(1);
    await shop.close();
  });
});

/** A customer with something of everything that a stranger could ask for. */
async function ownerOf(shop: TestShop, admin: Client) {
  const client = await newBuyer(shop, { email: "canary@example.com" });
  const address = { label: "Home", address_line: "1 Canary Lane", city: "Pune", pincode: "411001" };
  await client.put(`/users/me/addresses/${client.address_id}`, address);
  const product = await admin.post("/products", { slug: "mug", name: "Mug", category: "Home", price: 4, stock: 9 });
  await client.post("/cart/add", { product_id: product.body.id });
  const order = await client.post("/orders/checkout", { payment_method: "cod", address_id: client.address_id });
  const [session] = (await client.get("/auth/sessions")).body;
  const ids: Record<string, string> = {
    order: String(order.body.order_id),
    address: String(client.address_id),
    session: session.id,
    user: String(client.id),
    invoice: String((await issueInvoice(shop, order.body.order_id)).id),
  };
  return {
    client,
    address,
    orderId: order.body.order_id as number,
    productId: product.body.id as number,
    /** What stands in a path for a parameter: something of this owner where it names such a thing. */
    parameter: (route: string, name: string): string =>
      ids[belongings[route]?.of ?? ""] ?? ({ slug: "mug", page: "admin" } as Record<string, string>)[name] ?? "1",
  };
}

describe("a route that does not say who may call it", () => {
  test("keeps the shop from starting", () => {
    const routes = new Elysia().get("/open", () => "to everybody").routes;
    expect(() => routeTable(routes)).toThrow("GET /open does not say who may call it");
  });

  test("is in no page of the docs: docs/routes.md is what sanset routes prints", async () => {
    const root = join(import.meta.dir, "../..");
    const command = Bun.spawn([process.execPath, "cli/main.ts", "routes", "--markdown"], { cwd: root, stdout: "pipe" });
    // Made by: bun sanset routes --markdown > docs/routes.md
    expect(await command.stdout.text()).toBe(await Bun.file(join(root, "docs/routes.md")).text());
  });
});

/** No answer holds a hash, a secret, or what is Asha's where Asha has not asked (E55). */
function expectNoSecrets({ text, body, headers }: Answer, name: string): void {
  const all = text + JSON.stringify([...headers]);
  expect(all, name).not.toMatch(/\$2[aby]\$/);
  expect(all, name).not.toContain(SECRET);
  if (body?.code === undefined) expect(all, name).not.toMatch(/password_hash|token_hash/);
  else expect(all, name).not.toMatch(/canary/i);
}

/** A route with nothing behind it: whoever gets in finds that out, and does no harm. */
const nowhere = <Route extends { path: string }>(route: Route): Route => ({
  ...route,
  path: route.path.replaceAll(/:\w+/g, "2147483647"),
});
