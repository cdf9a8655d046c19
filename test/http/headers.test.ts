import { describe, expect, test } from "bun:test";
import { loadSettings } from "../support/settings";
import { call, clientOf, newClient } from "../support/client";
import { anyEngine } from "../support/engines";
import { fillPath, readDocument } from "../support/operations";
import { freshShop, type TestShop } from "../support/shop";

const preflight = (shop: TestShop, origin: string) =>
  call(shop, "OPTIONS", "/api/v1/cart", { headers: { origin, "access-control-request-method": "GET" } });

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
