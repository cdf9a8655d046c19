import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFileSync, renameSync } from "node:fs";
import { version } from "../../package.json";
import { createApp } from "../../src/app";
import { openShop } from "../../src/shop/shop";
import { openDatabase } from "../../src/storage/open";
import { type Answer, call, type Client, clientOf, newClient } from "../support/client";
import { engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const JSON_TYPE = { "content-type": "application/json" };

const from = (origin: string, headers: Record<string, string> = {}) => ({ headers: { origin, ...headers } });

function expectProblem(answer: Answer, status: number, code: string) {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({ type: "about:blank", status, code });
  expect(answer.status).toBe(status);
  expect(answer.body.title).toMatch(/^[A-Z][\w ]+$/);
  expect(answer.body.detail).toMatch(/^[A-Z].*[.…]$/s);
  expect(answer.body.request_id).toBe(answer.headers.get("x-request-id"));
  expect(answer.text).not.toMatch(/ at .*\.ts:\d+|SELECT|INSERT|node_modules/);
}

describe.each(engines)("HTTP on $name", (engine) => {
  let shop: TestShop;
  let anybody: Client;
  let mug: number;

  beforeAll(async () => {
    shop = await freshShop(engine);
    anybody = clientOf(shop);
    mug = (await stockShelf(shop, { slug: "mug" })).id;
  });

  const login = (body: NonNullable<RequestInit["body"]>, headers: Record<string, string> = JSON_TYPE) =>
    call(shop, "POST", "/api/v1/auth/login", { body, headers });

  /** An answer of each kind. */
  const answers = async () => [
    await call(shop, "GET", "/healthz"),
    await call(shop, "GET", "/nowhere"),
    await call(shop, "DELETE", "/healthz"),
    await anybody.get(`/products/${mug}`),
    await anybody.get("/users/me"),
    await anybody.post("/auth/login", {}),
    await login("{"),
  ];

  test("a browser that asks for an icon is told that there is none, for a day", async () => {
    const { status, headers, text } = await call(shop, "GET", "/favicon.ico");
    expect([status, headers.get("cache-control"), text]).toEqual([204, "public, max-age=86400", ""]);
    expect((await call(shop, "HEAD", "/favicon.ico")).status).toBe(204);
  });

  describe("problems", () => {
    test("an unknown address is not found", async () => {
      for (const path of [
        "/nowhere",
        "/api/v1/nowhere",
        "/api/v1",
        "/api/v1/products/1/2",
        "/api/v1/../../etc/passwd",
      ]) {
        expectProblem(await call(shop, "GET", path), 404, "not_found");
      }
    });

    test.each([
      ["DELETE", "/healthz", "GET, HEAD"],
      ["GET", "/api/v1/auth/login", "POST"],
      ["PATCH", "/api/v1/cart", "DELETE, GET, HEAD"],
      ["POST", "/api/v1/products/7", "DELETE, GET, HEAD, PATCH, PUT"],
      ["PROPFIND", "/api/v1/categories", "GET, HEAD"],
    ])("%s %s is told which methods there are: %s", async (method, path, allow) => {
      const answer = await call(shop, method, path);
      expectProblem(answer, 405, "method_not_allowed");
      expect(answer.headers.get("allow")).toBe(allow);
    });

    test("what is not valid is said field by field", async () => {
      const answer = await anybody.post("/auth/register", { email: "x", password: "short", surprise: 1 });
      expectProblem(answer, 422, "invalid");
      const errors: { path: string; message: string; code: string }[] = answer.body.errors;
      expect(errors.map(({ path }) => path).toSorted()).toEqual([
        "email",
        "full_name",
        "password",
        "phone",
        "surprise",
      ]);
      for (const error of errors) expect(Object.keys(error).toSorted()).toEqual(["code", "message", "path"]);
    });

    test("nothing of what was sent comes back", async () => {
      const canary = "c4n4ry";
      const answers = [
        await anybody.post("/auth/register", { email: canary, password: canary, [`<b>${canary}`]: canary }),
        await anybody.get(`/products?sort=${canary}&size=${canary}`),
        await anybody.get(`/products/${canary}`),
        await call(shop, "GET", `/${canary}`),
        await login(`{"email": "${canary}`),
      ];
      for (const { text, status } of answers) {
        expect(status).toBeGreaterThanOrEqual(400);
        expect(text).not.toContain(canary);
      }
    });

    test("what nobody foresaw is logged whole and shown plain", async () => {
      const broken = await freshShop(engine);
      await broken.database.transaction((tx) => tx.run("DROP TABLE cart_items"));
      const client = await newClient(broken);
      const answer = await client.get("/cart");
      expectProblem(answer, 500, "internal");
      const logged = broken.logged.find(({ level }) => level === "error");
      expect(logged?.about).toMatchObject({ request_id: answer.body.request_id });
      expect(String(logged?.about?.["error"])).toContain("cart_items");
      await broken.close();
    });
  });

  describe("bodies", () => {
    test.each([
      ["nothing", ""],
      ["half an object", `{"email": "a@b.example"`],
      ["a comma too many", `{"email": "a@b.example", "password": "x",}`],
      ["plain text", "email=a"],
      ["a byte order mark", `\ufeff{"email": "a@b.example", "password": "x"}`],
      ["NaN", `{"email": NaN}`],
    ])("%s can't be read", async (_, body) => {
      expectProblem(await login(body), 400, "unreadable");
    });

    test("what is not UTF-8 can't be read", async () => {
      expectProblem(await login(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])), 400, "unreadable");
    });

    test.each(["null", "[]", `"text"`, "7", "true"])("%s is JSON, but no object", async (body) => {
      expectProblem(await login(body), 422, "invalid");
    });

    test.each([
      "text/plain",
      "application/xml",
      "multipart/form-data; boundary=x",
      "application/x-www-form-urlencoded",
    ])("a body of %s is not taken", async (type) => {
      expectProblem(await login("{}", { "content-type": type }), 415, "unsupported_type");
    });

    test("a compressed body is not taken", async () => {
      const body = Bun.gzipSync(Buffer.from(`{"email":"a@b.example","password":"x"}`));
      expectProblem(await login(body, { ...JSON_TYPE, "content-encoding": "gzip" }), 415, "unsupported_type");
    });

    test("JSON may say its character set", async () => {
      const answer = await login(`{"email":"a@b.example","password":"x"}`, {
        "content-type": "application/json; charset=utf-8",
      });
      expectProblem(answer, 401, "wrong_credentials");
    });

    const large = `{"email":"${"x".repeat(1_100_000)}"}`;

    test("a body of more than a megabyte is not read", async () => {
      expectProblem(await login(large, { ...JSON_TYPE, "content-length": String(large.length) }), 413, "too_large");
    });

    test("neither is one that does not say how large it is", async () => {
      expectProblem(await login(new Blob([large]).stream()), 413, "too_large");
    });

    test("who is not signed in hears that before what is wrong with their body", async () => {
      for (const [body, type] of [
        ["{", "application/json"],
        ["{}", "text/plain"],
        [`{"qty":"x"}`, "application/json"],
      ] as const) {
        const answer = await call(shop, "POST", "/api/v1/cart/add", { body, headers: { "content-type": type } });
        expectProblem(answer, 401, "not_signed_in");
      }
    });
  });

  describe("every answer", () => {
    test("has an id of its own", async () => {
      const ids = (await answers()).map(({ headers }) => headers.get("x-request-id"));
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[\w.:-]{8,}$/);
    });

    test("tells browsers to guess and embed nothing", async () => {
      for (const { headers } of await answers()) {
        expect(headers.get("x-content-type-options")).toBe("nosniff");
        expect(headers.get("referrer-policy")).toBe("no-referrer");
        expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
        expect(headers.get("server")).toBeNull();
        expect(headers.get("x-powered-by")).toBeNull();
      }
    });

    test("keeps the id that the caller gave it", async () => {
      const headers = { "x-request-id": "checkout-2030:01.a_b" };
      for (const path of ["/healthz", "/nowhere"]) {
        const answer = await call(shop, "GET", path, { headers });
        expect(answer.headers.get("x-request-id")).toBe("checkout-2030:01.a_b");
      }
    });

    test.each(["short", "with space in it", `{"level":"error"}`, "x".repeat(101)])(
      "%s is no id: it could forge a line of the log",
      async (id) => {
        const answer = await call(shop, "GET", "/healthz", { headers: { "x-request-id": id } });
        expect(answer.headers.get("x-request-id")).not.toBe(id);
      },
    );
  });

  describe("HEAD", () => {
    test.each(["/", "/healthz", "/readyz", "/api/v1/products", "/api/v1/products/slug/mug", "/api/v1/categories"])(
      "%s is answered as GET is, without the body",
      async (path) => {
        const [get, head] = [await call(shop, "GET", path), await call(shop, "HEAD", path)];
        expect(head.status).toBe(get.status);
        expect(head.text).toBe("");
        for (const name of ["content-type", "etag"]) expect(head.headers.get(name)).toBe(get.headers.get(name));
      },
    );

    test("what is not there is not there for HEAD either", async () => {
      expect(await call(shop, "HEAD", "/api/v1/products/999999")).toMatchObject({ status: 404, text: "" });
      expect((await call(shop, "HEAD", "/nowhere")).status).toBe(404);
      expect((await call(shop, "HEAD", "/api/v1/users/me")).status).toBe(401);
    });
  });

  describe("other sites", () => {
    const asked = { "access-control-request-method": "POST", "access-control-request-headers": "authorization" };

    const settings = {
      development: {},
      production: { SANSET_ENV: "production", BCRYPT_COST: "10", RATE_LIMIT: "on" },
      listed: { CORS_ORIGINS: "https://shop.example, https://admin.shop.example" },
    };
    const shops: Partial<Record<keyof typeof settings, TestShop>> = {};

    beforeAll(async () => {
      for (const name of ["development", "production", "listed"] as const) {
        shops[name] = await freshShop(engine, settings[name]);
      }
    });

    afterAll(async () => {
      for (const shop of Object.values(shops)) await shop.close();
    });

    const allowed = async (name: keyof typeof settings, origin: string, method = "GET", path = "/api/v1/products") => {
      const shop = shops[name];
      if (!shop) throw new Error("There is no such shop.");
      const { headers } = await call(shop, method, path, from(origin, method === "OPTIONS" ? asked : {}));
      expect(headers.get("access-control-allow-credentials")).toBeNull();
      return headers.get("access-control-allow-origin");
    };

    test("every one may call a shop in development", async () => {
      for (const method of ["GET", "OPTIONS"]) {
        expect([await allowed("development", "http://localhost:3000", method)]).toContainAnyValues([
          "*",
          "http://localhost:3000",
        ]);
      }
    });

    test("none may call a shop in production, unless it is set", async () => {
      for (const method of ["GET", "OPTIONS"]) {
        expect(await allowed("production", "https://shop.example", method)).toBeNull();
      }
    });

    test.each(["https://shop.example", "https://admin.shop.example"])("%s may, where it is set", async (origin) => {
      expect(await allowed("listed", origin)).toBe(origin);
      expect(await allowed("listed", origin, "OPTIONS")).toBe(origin);
      // Also for what fails: a page should read why.
      expect(await allowed("listed", origin, "GET", "/api/v1/users/me")).toBe(origin);
    });

    test.each([
      "https://evil.example",
      "null",
      "http://shop.example",
      "https://shop.example.evil.example",
      "https://notshop.example",
      "https://shop.example:8443",
      "https://SHOP.example.",
    ])("%s may not", async (origin) => {
      for (const method of ["GET", "OPTIONS"]) {
        expect(await allowed("listed", origin, method)).not.toBe(origin);
        expect(await allowed("listed", origin, method)).not.toBe("*");
      }
    });

    test("a page may send what the API reads and read what it says", async () => {
      const shop = shops.listed;
      if (!shop) throw new Error("There is no such shop.");
      const preflight = await call(shop, "OPTIONS", "/api/v1/cart/add", from("https://shop.example", asked));
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get("access-control-allow-methods")).toContain("DELETE");
      for (const name of ["Authorization", "Content-Type", "If-Match", "Idempotency-Key"]) {
        expect(preflight.headers.get("access-control-allow-headers")).toContain(name);
      }
      const answer = await call(shop, "GET", "/api/v1/products", from("https://shop.example"));
      for (const name of ["ETag", "Link", "X-Total-Count", "X-Request-Id"]) {
        expect(answer.headers.get("access-control-expose-headers")).toContain(name);
      }
      // What is allowed depends on who asks, and caches must know.
      expect(answer.headers.get("vary")?.toLowerCase()).toContain("origin");
    });
  });

  describe("outside of the API", () => {
    test("the shop says who it is", async () => {
      expect(await call(shop, "GET", "/")).toMatchObject({
        status: 200,
        body: { message: "Welcome to Sanset", version, docs: "/docs", api: "/api/v1" },
      });
    });

    test.each([
      [{}, "/shop"],
      [{ SHOP_PAGE: "off" }, "/docs"],
      [{ SHOP_PAGE: "off", DOCS: "off" }, null],
    ])("a browser at the root of a shop with %j is led to %s", async (environment, page) => {
      const own = await freshShop(engine, environment);
      const headers = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
      const answer = await call(own, "GET", "/", { headers });
      expect([answer.status, answer.headers.get("location")]).toEqual([page === null ? 200 : 302, page]);
      expect((await call(own, "GET", "/", { headers: { accept: "*/*" } })).body.message).toBe("Welcome to Sanset");
    });

    test("the document and its pages are not there where they are switched off", async () => {
      const paths = ["/docs", "/redoc", "/api-endpoints", "/api/v1/openapi.json"];
      const own = await freshShop(engine, { DOCS: "off" });
      const statuses = (from: TestShop) =>
        Promise.all(paths.map(async (path) => (await call(from, "GET", path)).status));
      expect(await statuses(own)).toEqual([404, 404, 404, 404]);
      expect(await statuses(shop)).toEqual([200, 200, 200, 200]);
    });

    test("the shop is healthy and ready", async () => {
      expect(await call(shop, "GET", "/healthz")).toMatchObject({ status: 200, body: { status: "healthy" } });
      expect(await call(shop, "GET", "/readyz")).toMatchObject({ status: 200, body: { status: "ready" } });
    });

    test("a shop whose database was not migrated is healthy, but not ready", async () => {
      const place = await engine.newPlace();
      const database = await openDatabase(place.address);
      const empty: TestShop = { ...shop, database, app: createApp(openShop(database, shop.settings, { log() {} })) };
      expect((await call(empty, "GET", "/healthz")).status).toBe(200);
      const answer = await call(empty, "GET", "/readyz");
      expectProblem(answer, 503, "database_failed");
      expect(answer.body.detail).toContain("sanset migrate up");
      expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
      await database.close();
      await place.remove();
    });

    test("a shop stays ready while a newer program has migrated its database, as in a rolling deploy", async () => {
      const newer = "INSERT INTO sanset_migrations VALUES ('9999_newer', 'x', '2040-01-01T00:00:00.000Z')";
      await shop.database.transaction((tx) => tx.run(newer));
      expect((await call(shop, "GET", "/readyz")).status).toBe(200);
      await shop.database.transaction((tx) => tx.run("DELETE FROM sanset_migrations WHERE name = '9999_newer'"));
    });

    test("a shop whose database is gone is healthy, but not ready", async () => {
      const place = await engine.newPlace();
      const database = await openDatabase(place.address);
      const gone: TestShop = { ...shop, database, app: createApp(openShop(database, shop.settings, { log() {} })) };
      await database.close();
      expect((await call(gone, "GET", "/healthz")).status).toBe(200);
      expectProblem(await call(gone, "GET", "/readyz"), 503, "database_failed");
      await place.remove();
    });

    test("a shop whose file was moved away or swapped is not ready, for what it writes is lost", async () => {
      const { address } = shop.place;
      // PostgreSQL holds its own files.
      if (address.engine === "postgres") return;
      const aside = `${address.path}.aside`;
      renameSync(address.path, aside);
      const answer = await call(shop, "GET", "/readyz");
      expectProblem(answer, 503, "database_failed");
      expect(answer.body.detail).toContain("moved or deleted");
      copyFileSync(aside, address.path);
      expectProblem(await call(shop, "GET", "/readyz"), 503, "database_failed");
      renameSync(aside, address.path);
      expect((await call(shop, "GET", "/readyz")).status).toBe(200);
    });
  });
});
