import { describe, expect, test } from "bun:test";
import { loadSettings } from "../support/settings";
import { call, clientOf, newBuyer, newClient } from "../support/client";
import { anyEngine } from "../support/engines";
import { stockShelf } from "../support/goods";
import { fillPath, readDocument } from "../support/operations";
import { freshShop, type TestShop } from "../support/shop";

const preflight = (shop: TestShop, origin: string) =>
  call(shop, "OPTIONS", "/api/v1/cart", { headers: { origin, "access-control-request-method": "GET" } });

/** What every answer says, whatever it is. */
const EVERYWHERE = {
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /^no-referrer$/,
  "content-security-policy": /default-src 'none'.*frame-ancestors 'none'/,
  "x-request-id": /^[\w.:-]{8,100}$/,
};

/** A black bitmap. */
function bitmap(size = 64): Buffer {
  const bytes = Buffer.alloc(54 + size * size * 3);
  bytes.write("BM");
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(size, 18);
  bytes.writeInt32LE(size, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}

const as = (token: string | undefined, more = {}) => ({ authorization: `Bearer ${token}`, ...more });

const isPersonal = (path: string) => /^\/api\/v1\/(auth|orders|cart|users|admin)/.test(path);

describe.each(anyEngine)("headers on $name", (engine) => {
  test("every answer says that it is what it says, loads nothing, and not what made it", async () => {
    const shop = await freshShop(engine);
    const admin = await newClient(shop, { admin: true });
    const { operations } = await readDocument(shop);
    const calls = [
      ...operations,
      { method: "GET", path: "/nowhere" },
      { method: "POST", path: "/" },
      { method: "GET", path: "/docs" },
    ];
    for (const { method, path } of calls) {
      for (const token of [undefined, "junk", admin.token]) {
        const { headers } = await call(
          shop,
          method,
          fillPath(path, () => "1"),
          {
            headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }) },
          },
        );
        expect(headers.get("x-content-type-options"), path).toBe("nosniff");
        expect(headers.get("content-security-policy"), path).toContain("default-src 'none'");
        expect(headers.get("x-request-id"), path).toMatch(/^[\w.:-]{8,100}$/);
        for (const name of ["server", "x-powered-by", "set-cookie"])
          expect(headers.has(name), `${path} ${name}`).toBe(false);
      }
      if (isPersonal(path)) {
        const again = (await newClient(shop, { admin: true })).token;
        const { headers } = await call(
          shop,
          method,
          fillPath(path, () => "1"),
          { headers: { authorization: `Bearer ${again}` } },
        );
        expect(headers.get("cache-control"), `${method} ${path}`).toBe("no-store");
      }
    }
    const tokens = await clientOf(shop).post("/auth/refresh", { refresh_token: admin.refreshToken });
    expect(tokens.headers.get("cache-control")).toBe("no-store");
  });

  test("each kind of answer has each of these headers by its name, streams, files and refusals too", async () => {
    const shop = await freshShop(engine, { RATE_LIMIT: "on", METRICS: "on", SHOP_PAGE: "on" });
    const admin = await newClient(shop, { admin: true });
    const buyer = await newBuyer(shop);
    const product = await stockShelf(shop);
    await buyer.post("/cart/add", { product_id: product.id });
    const { body: order } = await buyer.post("/orders/checkout", {
      payment_method: "mock",
      address_id: buyer.address_id,
    });
    const picture = await shop.app.handle(
      new Request(`http://localhost/api/v1/products/${product.id}/images`, {
        method: "POST",
        headers: { authorization: `Bearer ${admin.token}`, "content-type": "image/png" },
        body: await new Bun.Image(bitmap()).png().bytes(),
      }),
    );
    const { images } = (await admin.get(`/products/${product.id}`)).body;
    expect(await picture.text()).toContain('"sizes"');
    const etag = (await call(shop, "GET", "/api/v1/products")).headers.get("etag") ?? "";
    const stream = { accept: "text/event-stream" };
    const html = { accept: "text/html" };
    const kinds: [status: number, method: string, path: string, headers?: Record<string, string>, body?: string][] = [
      [200, "GET", "/api/v1/products"],
      [304, "GET", "/api/v1/products", { "if-none-match": etag }],
      [200, "HEAD", "/api/v1/products"],
      [200, "GET", images[0].url],
      [200, "GET", "/admin"],
      [200, "GET", "/shop/anything/below"],
      [200, "GET", "/docs"],
      [200, "GET", "/redoc"],
      [200, "GET", "/metrics"],
      [200, "GET", "/healthz"],
      [200, "GET", "/readyz"],
      [204, "GET", "/favicon.ico"],
      [302, "GET", "/", html],
      [200, "GET", new URL(order.payment_url, "http://localhost").pathname],
      [200, "GET", "/api/v1/admin/orders/export?format=csv", as(admin.token)],
      [200, "GET", `/api/v1/orders/${order.order_id}/packing-slip`, as(admin.token)],
      [200, "GET", `/api/v1/orders/${order.order_id}/events`, as(buyer.token, stream)],
      [204, "OPTIONS", "/api/v1/cart", { origin: "https://a.example", "access-control-request-method": "GET" }],
      [400, "GET", "/api/v1/products", { host: "a b" }],
      [400, "POST", "/api/v1/auth/login", {}, "{"],
      [401, "GET", "/api/v1/users/me"],
      [403, "GET", "/api/v1/users", as(buyer.token)],
      [404, "GET", "/nowhere"],
      [405, "PUT", "/api/v1/products"],
      [413, "POST", "/api/v1/auth/login", {}, JSON.stringify({ email: "x".repeat(20_000) })],
      [415, "POST", "/api/v1/auth/login", { "content-type": "text/plain" }, "x"],
      [422, "GET", "/api/v1/products?size=x"],
      [204, "POST", "/api/v1/auth/logout", as(buyer.token)],
    ];
    const ask = async (method: string, path: string, headers = {}, body?: string) => {
      const type = body === undefined ? {} : { "content-type": "application/json" };
      const init = { method, headers: { host: "localhost", ...type, ...headers }, ...(body !== undefined && { body }) };
      const response = await shop.app.handle(new Request(`http://localhost${path}`, init));
      await response.body?.cancel();
      return response;
    };
    const missing: string[] = [];
    const look = (name: string, { headers }: Response) => {
      for (const [header, value] of Object.entries(EVERYWHERE))
        if (!value.test(headers.get(header) ?? "")) missing.push(`${name}: ${header}`);
    };
    for (const [status, method, path, headers, body] of kinds) {
      const answer = await ask(method, path, headers, body);
      look(`${method} ${path} ${status}`, answer);
      if (answer.status !== status) missing.push(`${method} ${path}: ${answer.status} instead of ${status}`);
    }
    let limited = await ask("GET", "/nowhere");
    for (let calls = 0; calls < 700 && limited.status !== 429; calls++) limited = await ask("GET", "/nowhere");
    expect(limited.status).toBe(429);
    look("429", limited);
    expect(missing).toEqual([]);
  });

  test("a request id is kept when it is one, and made anew when it could forge a line", async () => {
    const shop = await freshShop(engine);
    const idFor = async (given: string) =>
      (await call(shop, "GET", "/healthz", { headers: { "x-request-id": given } })).headers.get("x-request-id");
    expect(await idFor("order-77:retry.1")).toBe("order-77:retry.1");
    for (const forged of ['"}{"level":"info"', "short", "x".repeat(101), "a b c d e f g"])
      expect(await idFor(forged)).not.toBe(forged);
  });

  test("in production no other site may call by default", async () => {
    const shop = await freshShop(engine, { SANSET_ENV: "production", BCRYPT_COST: "10", RATE_LIMIT: "on" });
    for (const origin of ["https://evil.example", "null", "http://localhost"]) {
      expect((await preflight(shop, origin)).headers.has("access-control-allow-origin")).toBe(false);
      const { headers } = await call(shop, "GET", "/api/v1/categories", { headers: { origin } });
      expect(headers.has("access-control-allow-origin")).toBe(false);
    }
  });

  test("the sites that are listed may call, their twins may not, and nobody with cookies", async () => {
    const shop = await freshShop(engine, { CORS_ORIGINS: "https://shop.example, http://localhost:3000" });
    for (const origin of ["https://shop.example", "http://localhost:3000"]) {
      for (const answer of [
        await preflight(shop, origin),
        await call(shop, "GET", "/api/v1/categories", { headers: { origin } }),
        await call(shop, "GET", "/api/v1/cart", { headers: { origin } }),
      ]) {
        expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
        expect(answer.headers.get("vary")).toBe("Origin");
        expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
      }
    }
    const twins = [
      "https://evil.example",
      "null",
      "https://shop.example.evil.example",
      "https://evilshop.example",
      "http://shop.example",
      "https://shop.example:8443",
      "https://sub.shop.example",
      "https://SHOP.example",
      "shop.example",
      "*",
      "",
    ];
    for (const origin of twins) {
      for (const answer of [
        await preflight(shop, origin),
        await call(shop, "GET", "/api/v1/categories", { headers: { origin } }),
      ])
        expect(answer.headers.get("access-control-allow-origin"), origin).toBeNull();
    }
  });

  test("in development any site may call, and caches may keep one answer for all of them", async () => {
    const shop = await freshShop(engine);
    for (const origin of ["https://one.example", "https://two.example"]) {
      for (const answer of [
        await preflight(shop, origin),
        await call(shop, "GET", "/api/v1/categories", { headers: { origin } }),
      ]) {
        expect(answer.headers.get("access-control-allow-origin")).toBe("*");
        expect(answer.headers.get("vary") ?? "").not.toContain("*");
        expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
      }
    }
  });

  test.each(["https://shop.example/", "shop.example", "https://shop.example/path", "*", "null"])(
    "%s is no origin",
    (origin) => {
      expect(() => loadSettings({ CORS_ORIGINS: origin })).toThrow(/CORS_ORIGINS/);
    },
  );
});
