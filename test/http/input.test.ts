import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { serve } from "../../src/server";
import { call, type Client, newBuyer, newClient } from "../support/client";
import { anyEngine } from "../support/engines";
import { stockShelf } from "../support/goods";
import { fillPath, type Operation, readDocument } from "../support/operations";
import { isSigned } from "../support/rules";
import { freshShop, type TestShop } from "../support/shop";

const BOM = "\ufeff";
const LARGEST = 1_048_576;
const json = { "content-type": "application/json" };

interface Bad {
  what: string;
  status: number;
  body: Bun.BodyInit | null;
  headers: Record<string, string>;
}

const unreadable: Bad[] = [
  { what: "no body", status: 400, body: null, headers: json },
  { what: "an empty body", status: 400, body: "", headers: json },
  { what: "blanks", status: 400, body: "  \n ", headers: json },
  { what: "half an object", status: 400, body: '{"qty":', headers: json },
  { what: "two values", status: 400, body: "{} {}", headers: json },
  { what: "a comment", status: 400, body: "{} // yes", headers: json },
  { what: "single quotes", status: 400, body: "{'qty': 1}", headers: json },
  { what: "NaN", status: 400, body: '{"qty": NaN}', headers: json },
  { what: "a byte order mark", status: 400, body: `${BOM}{}`, headers: json },
  { what: "UTF-16", status: 400, body: Buffer.from('{"qty":1}', "utf16le"), headers: json },
  {
    what: "bytes that are no UTF-8",
    status: 400,
    body: new Uint8Array([123, 34, 255, 34, 58, 49, 125]),
    headers: json,
  },
  { what: "a field twice", status: 400, body: '{"qty":1,"qty":2}', headers: json },
  { what: "a field twice, once in disguise", status: 400, body: '{"qty":1,"\\u0071ty":2}', headers: json },
  { what: "a field twice deep inside", status: 400, body: '{"a":[{"b":{"c":1,"c":2}}]}', headers: json },
  { what: "__proto__", status: 400, body: '{"__proto__":{"is_admin":true}}', headers: json },
  { what: "ten thousand brackets", status: 400, body: "[".repeat(10_000), headers: json },
  { what: "no content type", status: 415, body: new Uint8Array([123, 125]), headers: {} },
  { what: "text", status: 415, body: "{}", headers: { "content-type": "text/plain" } },
  { what: "XML", status: 415, body: "<a/>", headers: { "content-type": "application/xml" } },
  { what: "another charset", status: 415, body: "{}", headers: { "content-type": "application/json; charset=utf-7" } },
  { what: "gzip", status: 415, body: Bun.gzipSync("{}"), headers: { ...json, "content-encoding": "gzip" } },
  { what: "a file", status: 415, body: new FormData(), headers: {} },
  { what: "too much", status: 413, body: `{"a":"${"x".repeat(LARGEST)}"}`, headers: json },
  { what: "too much, in pieces", status: 413, body: endless(LARGEST + 1), headers: json },
];

/** A stream without a length, made anew for every reader. */
function endless(bytes: number): Bun.BodyInit {
  return new Blob(["x".repeat(bytes)]).stream();
}

const objectOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1]));
const textsOf = (count: number) => ({ product_id: [["x"], ...Array.from({ length: count - 2 }, () => "x")] });
const formOf = (count: number) => Array.from({ length: count }, (_, at) => `f${at}=1`).join("&");
/** Parameters of paths that are no number. */
const GOOD: Record<string, string> = { page: "shop", file: `${"0".repeat(32)}-480.webp` };
const listOfAny = (value: string, count: number) =>
  `{"preferences":{"a":[${Array.from({ length: count }, () => value).join()}]}}`;
const listOf = (count: number) => ({ preferences: { list: Array.from({ length: count - 2 }, () => "x") } });

describe.each(anyEngine)("what comes in on $name", (engine) => {
  let shop: TestShop;
  let admin: Client;
  let buyer: Client & { address_id: number };
  let operations: Operation[];

  beforeAll(async () => {
    shop = await freshShop(engine);
    admin = await newClient(shop, { admin: true });
    buyer = await newBuyer(shop);
    operations = (await readDocument(shop)).operations;
  });
  afterAll(() => shop.close());

  const send = (
    operation: Pick<Operation, "method" | "path">,
    { body, headers }: Omit<RequestInit, "headers"> & { headers: Record<string, string> },
  ) =>
    call(
      shop,
      operation.method,
      fillPath(operation.path, (name) => (name === "page" ? "admin" : "1")),
      {
        body: body instanceof ReadableStream ? endless(LARGEST + 1) : (body ?? null),
        headers: { authorization: `Bearer ${admin.token}`, ...headers },
      },
    );

  test.each(unreadable)(
    "$what is refused with $status by every route that reads JSON",
    async ({ status, body, headers }) => {
      for (const operation of operations.filter(
        ({ name, bodies, bodyRequired }) => bodyRequired && "application/json" in bodies && !isSigned(name),
      )) {
        const answer = await send(operation, { body, headers });
        expect(`${operation.name}: ${answer.status}`).toBe(`${operation.name}: ${status}`);
        expectProblem(answer);
      }
    },
  );

  test.each([
    "application/json",
    "APPLICATION/JSON",
    'application/json; charset="utf-8"',
    "application/json;charset=UTF-8",
  ])("%s is JSON", async (type) => {
    const body = JSON.stringify({ full_name: "Asha R." });
    const answer = await send({ method: "PUT", path: "/api/v1/users/me" }, { body, headers: { "content-type": type } });
    expect(answer.status).toBe(200);
  });

  test.each([
    "0x10",
    "1e2",
    "1.0",
    "-0",
    "-1",
    "0",
    "%00",
    "..%2f",
    "18446744073709551616",
    "2147483648",
    "1%20",
    "%20",
    "+1",
    "1;2",
    "١",
    "%ff",
    "1'--",
    "NaN",
    "null",
    "true",
  ])("the id %s is refused by every route", async (id) => {
    for (const operation of operations) {
      const number = operation.parameters.some(
        ({ in: place, schema }) => place === "path" && schema.type === "integer",
      );
      if (!number) continue;
      const path = fillPath(operation.path, () => id);
      const answer = await call(shop, operation.method, path, {
        headers: { authorization: `Bearer ${admin.token}`, ...(operation.bodyRequired && json) },
        ...(operation.bodyRequired && { body: "{}" }),
      });
      expect(`${operation.name}: ${answer.status}`).toBeOneOf(
        [404, 422].map((status) => `${operation.name}: ${status}`),
      );
    }
  });

  test("a NUL in an address is refused by every route, also by those that take names", async () => {
    const pages = ["GET", "POST"].map((method) => ({ method, path: "/api/v1/payments/mock/pages/{reference}" }));
    for (const { method, path } of [...operations.filter(({ path: named }) => named.includes("{")), ...pages]) {
      const body = path.includes("pages") ? '{"choice":"pay"}' : "{}";
      const { status } = await call(
        shop,
        method,
        fillPath(path, () => "a%00b"),
        {
          headers: { authorization: `Bearer ${admin.token}`, ...(method !== "GET" && json) },
          ...(method !== "GET" && { body }),
        },
      );
      expect(`${method} ${path}: ${status}`).toBeOneOf([404, 422].map((refused) => `${method} ${path}: ${refused}`));
    }
  });

  test.each([0, -1, 1.5, 1e308, 2 ** 53, 10_001, "5", "0x10", true, null, [], {}, [1]].map((qty) => ({ qty })))(
    "a quantity of $qty is refused, and nothing is kept",
    async ({ qty }) => {
      const product = await admin.post("/products", {
        slug: `mug-${Bun.randomUUIDv7()}`,
        name: "Mug",
        category: "Home",
        price: 4,
        stock: 9,
      });
      const item = { product_id: product.body.id, qty };
      for (const path of ["/cart/add", "/cart/items"]) expect((await buyer.post(path, item)).status).toBe(422);
      expect((await buyer.put(`/cart/items/${product.body.id}`, { qty })).status).toBe(422);
      expect((await buyer.get("/cart")).body.items).toEqual([]);
    },
  );

  test.each(["NaN", "Infinity", "-Infinity", "01", "1.", ".5", "0x1", "1_000"])(
    "a quantity written %s is no JSON",
    async (written) => {
      const answer = await call(shop, "POST", "/api/v1/cart/add", {
        body: `{"product_id":1,"qty":${written}}`,
        headers: { ...json, authorization: `Bearer ${buyer.token}` },
      });
      expect(answer.status).toBe(400);
    },
  );

  test.each([
    ["NUL", "a\0b"],
    ["half a surrogate pair", "a\ud83d"],
    ["the other half", "\ude00b"],
    ["a million characters", "x".repeat(1_000_000)],
  ])("%s in any text is refused", async (_, text) => {
    // What is more than a body may hold is not looked at.
    const refused = text.length > 1_000 ? [413, 422] : [422];
    const person = { full_name: text };
    const address = { label: text, address_line: text, city: text, state: text, pincode: text };
    const product = { slug: "a", name: text, category: text, description: text, price: 1 };
    for (const field of Object.keys(address)) {
      const good = { label: "Home", address_line: "1", city: "Pune", pincode: "1" };
      expect((await buyer.post("/orders/addresses", { ...good, [field]: text })).status).toBeOneOf(refused);
    }
    for (const field of ["name", "category", "description", "image_url"]) {
      const good = { slug: "b", name: "Mug", category: "Home", price: 1 };
      expect((await admin.post("/products", { ...good, [field]: text })).status).toBeOneOf(refused);
    }
    expect((await buyer.put("/users/me", person)).status).toBeOneOf(refused);
    expect((await admin.post("/products", product)).status).toBeOneOf(refused);
    expect((await buyer.put("/users/me", { preferences: { [text]: 1 } })).status).toBeOneOf(refused);
    expect((await buyer.put("/users/me", { preferences: { deep: [{ text }] } })).status).toBeOneOf(refused);
  });

  test.each([
    ["control characters", "\u0001\u001b[31m\u007f"],
    ["lines", "a\r\nb\tc"],
    ["right-to-left marks", "\u202eabc\u202c\u200f"],
    ["emoji and combining marks", "e\u0301 👩‍👩‍👧 \u{10ffff}"],
    ["SQL", `'; DROP TABLE users; -- " \\ % _ $1 ?1`],
    ["a byte order mark", "\ufeffAsha"],
    ["HTML", "<script>alert(1)</script>"],
  ])("%s in a text are kept exactly", async (_, text) => {
    const person = { full_name: text, preferences: { [text]: text } };
    expect((await buyer.put("/users/me", person)).status).toBe(200);
    expect((await buyer.get("/users/me")).body).toMatchObject(person);
    const address = { label: text, address_line: text, city: text, state: text, pincode: text.slice(0, 20) };
    expect((await buyer.post("/orders/addresses", address)).body).toMatchObject(address);
  });

  test.each([
    "'",
    '"',
    "';--",
    "1 OR 1=1",
    "%' OR '1'='1",
    "$1",
    "?1",
    "{id}",
    "\\",
    "UNION SELECT password_hash FROM users",
    "price_asc; DROP TABLE products",
  ])("%s in a query is inert", async (text) => {
    const q = encodeURIComponent(text);
    const count = (await admin.get("/products")).body.total;
    for (const path of [
      `/products?category=${q}`,
      `/products?q=${q}`,
      `/products?attr.brand=${q}`,
      `/products?attr.colour=${q}`,
      `/users?q=${q}`,
      `/products/slug/${q}`,
    ]) {
      expect(`${path}: ${(await admin.get(path)).status}`).toBeOneOf(
        [200, 404, 422].map((status) => `${path}: ${status}`),
      );
    }
    expect((await admin.get(`/products?attr.${q}=1`)).status).toBeOneOf([200, 422]);
    expect((await admin.get(`/products?sort=${q}`)).status).toBe(422);
    expect((await admin.get("/products")).body.total).toBe(count);
    expect((await admin.get("/users/me")).status).toBe(200);
  });

  test("a method that an address does not know is 405 with those it knows", async () => {
    const known = Map.groupBy(operations, ({ path }) => path);
    for (const [path, calls] of known) {
      const methods = new Set(calls.flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method])));
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "QUERY"].filter(
        (one) => !methods.has(one),
      )) {
        const answer = await call(
          shop,
          method,
          fillPath(path, () => "1"),
        );
        // Two patterns may fit one address, as /users/me and /users/{id} do: then the other one answers.
        if (answer.status === 401 || answer.status === 422) continue;
        expect(`${method} ${path}: ${answer.status}`).toBe(`${method} ${path}: 405`);
        expect(new Set(answer.headers.get("allow")?.split(", "))).toEqual(
          new Set(answer.headers.get("allow")?.split(", ")).union(methods),
        );
        expectProblem(answer);
      }
    }
  });

  test("HEAD answers as GET does, without the body", async () => {
    for (const { path } of operations.filter(({ method }) => method === "GET")) {
      const headers = { authorization: `Bearer ${admin.token}` };
      const full = await call(
        shop,
        "GET",
        fillPath(path, () => "1"),
        { headers },
      );
      const head = await call(
        shop,
        "HEAD",
        fillPath(path, () => "1"),
        { headers },
      );
      expect(`${path}: ${head.status} ${head.text}`).toBe(`${path}: ${full.status} `);
    }
  });

  test("two hundred unknown fields are refused in a short answer, more before they are looked at", async () => {
    const { status, body } = await buyer.post("/cart/add", objectOf(200));
    expect({ status, errors: body.errors.length }).toEqual({ status: 422, errors: 100 });
    expect((await buyer.post("/cart/add", objectOf(256))).status).toBe(422);
    expect(await buyer.post("/cart/add", objectOf(257))).toMatchObject({ status: 400, body: { code: "unreadable" } });
  });

  test("a field of the query that a route does not know is refused, also where a route knows none", async () => {
    const asking = operations.filter(
      ({ method, path, bodies }) =>
        ["GET", "DELETE"].includes(method) && path.startsWith("/api/") && Object.keys(bodies).length === 0,
    );
    expect(asking.length).toBeGreaterThan(60);
    for (const { name, method, path } of asking) {
      const target = fillPath(path, (parameter) => GOOD[parameter] ?? "1");
      const headers = { authorization: `Bearer ${admin.token}`, origin: "http://localhost" };
      const { status, body } = await call(shop, method, `${target}?coupon_kode=X`, { headers });
      expect([name, status, body.errors]).toEqual([
        name,
        422,
        expect.arrayContaining([
          { path: "coupon_kode", message: "There is no such field.", code: "unrecognized_keys" },
        ]),
      ]);
    }
    expect((await buyer.post("/cart/add?qty=2", { product_id: 1 })).status).toBe(422);
    expect((await call(shop, "GET", "/api/v1/cart?x=1")).status).toBe(401);
    expect((await call(shop, "GET", "/healthz?at=1")).status).toBe(200);
  });

  test("three hundred names and texts are looked at, and no more before any of them is", async () => {
    expect((await buyer.post("/cart/add", textsOf(300))).status).toBe(422);
    expect(await buyer.post("/cart/add", textsOf(301))).toMatchObject({ status: 400, body: { code: "unreadable" } });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect((await call(shop, "POST", "/api/v1/auth/token", { body: formOf(32), headers })).status).toBe(422);
    expect((await call(shop, "POST", "/api/v1/auth/token", { body: formOf(33), headers })).status).toBe(400);
  });

  test("free JSON may hold a thousand names and texts", async () => {
    expect((await buyer.put("/users/me", listOf(1_000))).status).toBe(200);
    expect((await buyer.put("/users/me", listOf(1_001))).status).toBe(400);
  });

  test("numbers, lists and objects are bounded too, and none that is beyond every number is kept as nothing", async () => {
    const headers = { ...json, authorization: `Bearer ${buyer.token}` };
    const sendPreferences = (body: string) => call(shop, "PUT", "/api/v1/users/me", { body, headers });
    for (const value of ["1", "[]", "{}", "null"]) {
      expect([value, (await sendPreferences(listOfAny(value, 1_900))).status]).toEqual([value, 200]);
      expect([value, (await sendPreferences(listOfAny(value, 4_100))).status]).toEqual([value, 400]);
    }
    for (const value of ["1e999", "-1e999", "9".repeat(400)]) {
      expect([value, (await sendPreferences(listOfAny(value, 1))).status]).toEqual([value, 422]);
    }
  });

  test("names that collide in the hash of JavaScriptCore cost no more than others", async () => {
    const colliding: string[] = [];
    for (let at = 0; colliding.length < 2_000; at++) {
      const name = at.toString(36).padStart(8, "0");
      if ((Bun.hash.rapidhash(name, 0n) & 0x3ffn) === 0x123n) colliding.push(name);
    }
    const body = JSON.stringify(Object.fromEntries(colliding.map((name) => [name, 0])));
    for (const operation of operations.filter(({ bodies }) => "application/json" in bodies)) {
      const answer = await send(operation, { body, headers: json });
      if (!isSigned(operation.name)) expect(`${operation.name}: ${answer.status}`).toMatch(/: (400|413)$/);
    }
  });

  test("prototypes can't be reached through free JSON", async () => {
    const preferences = { constructor: { prototype: { is_admin: true } }, toString: 1 };
    expect((await buyer.put("/users/me", { preferences })).body.preferences).toEqual(preferences);
    expect(Reflect.get({}, "is_admin")).toBeUndefined();
  });

  test("an order of the dearest goods in the largest numbers stays exact", async () => {
    const slug = `ring-${Bun.randomUUIDv7()}`;
    const { body } = await admin.post("/products", {
      slug,
      name: "Ring",
      category: "Gold",
      price: 10_000_000,
      stock: 0,
    });
    expect((await buyer.put(`/cart/items/${body.id}`, { qty: 10_000 })).body.total).toBe(100_000_000_000);
    // Two hundred such lines, in minor units.
    expect(10_000_000 * 100 * 10_000 * 200).toBeLessThan(2 ** 53);
    expect(
      (await admin.post("/products", { slug: "x", name: "X", category: "Gold", price: 10_000_000.01 })).status,
    ).toBe(422);
    await buyer.delete("/cart");
  });

  test("in a currency of three digits, what no longer counts exactly is neither put into a cart nor bought", async () => {
    const kuwait = await freshShop(engine, { CURRENCY: "KWD" });
    const shopkeeper = await newClient(kuwait, { admin: true });
    const customer = await newBuyer(kuwait);
    const dearest = 9_999_999.999;
    const rings: number[] = [];
    for (let ring = 0; ring <= 90; ring++)
      rings.push((await stockShelf(kuwait, { price: ring < 90 ? dearest : 1, stock: 10_000 })).id);
    const put = (ring: number | undefined, qty: number) => customer.put(`/cart/items/${ring}`, { qty });
    for (const ring of rings) expect((await put(ring, ring === rings[90] ? 1 : 10_000)).status).toBe(200);

    await shopkeeper.patch(`/products/${rings[90]}`, { price: dearest });
    const refused = await put(rings[90], 10_000);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: "qty", code: "too_big" }] } });
    const added = await customer.post("/cart/add", { product_id: rings[90], qty: 9_999 });
    expect(added.status).toBe(422);
    expect((await customer.get("/cart")).body.items.at(-1).qty).toBe(1);

    await shopkeeper.patch(`/products/${rings[90]}`, { price: 1 });
    expect((await put(rings[90], 10_000)).status).toBe(200);
    await shopkeeper.patch(`/products/${rings[90]}`, { price: dearest });
    expect((await customer.get("/cart")).status).toBe(200);
    const checkout = { payment_method: "cod", address_id: customer.address_id };
    const tooMuch = await customer.post("/orders/checkout", checkout);
    expect(tooMuch).toMatchObject({ status: 422, body: { code: "invalid" } });
    expectProblem(tooMuch);
    expect((await customer.get("/orders")).body).toEqual([]);

    expect((await customer.delete(`/cart/items/${rings[90]}`)).status).toBe(200);
    const bought = await customer.post("/orders/checkout", checkout);
    expect(bought).toMatchObject({ status: 201, body: { total_amount: (90 * 10_000 * 9_999_999_999) / 1_000 } });
  });
});

describe.each(anyEngine)("over the wire on $name", (engine) => {
  test("a client that sends too much, with or without saying so, gets 413 and is told why", async () => {
    const shop = await freshShop(engine);
    const server = serve(shop, { host: "127.0.0.1", port: 0 });
    const post = async (path: string, body: Bun.BodyInit) => {
      const response = await fetch(`${server.url}${path}`, { method: "POST", body, headers: json });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
    };
    const login = "/api/v1/auth/login";
    for (const megabytes of [1.1, 3, 17, 40]) {
      for (const body of ["x".repeat(Math.ceil(megabytes * LARGEST)), endless(Math.ceil(megabytes * LARGEST))]) {
        const answer = await post(login, body);
        expect(answer.status).toBe(413);
        expect(answer.body.code).toBe("too_large");
        expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
        expectProblem(answer);
      }
      // Who is nowhere hears that, however much they send.
      const nowhere = await post("/nowhere", "x".repeat(Math.ceil(megabytes * LARGEST)));
      expect(nowhere.status).toBe(404);
      expectProblem(nowhere);
    }
    expect((await post(login, endless(1000))).status).toBe(400);
    await server.stop();
  });
});

/** Every failure has one shape, and says nothing of how we are made (F68). */
function expectProblem({
  headers,
  body,
  text,
  status,
}: Pick<Awaited<ReturnType<typeof call>>, "headers" | "body" | "text" | "status">): void {
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(body).toMatchObject({ status, request_id: headers.get("x-request-id") });
  expect(text).not.toMatch(/SELECT|INSERT|sqlite|postgres|node_modules|at \w+ \(|\.ts:/i);
}
