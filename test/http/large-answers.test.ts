import { describe, expect, test } from "bun:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { newClient } from "../support/client";
import { anyEngine, engines } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const ask = (shop: TestShop, path: string, headers: Record<string, string> = {}) =>
  Promise.resolve(shop.app.handle(new Request(`http://localhost/api/v1${path}`, { headers })));

describe.each(anyEngine)("large answers on $name", (engine) => {
  async function fullShop(settings: Record<string, string> = {}) {
    const shop = await freshShop(engine, settings);
    for (let at = 0; at < 8; at++)
      await stockShelf(shop, { name: `Tea ${at}`, slug: `tea-${at}`, description: "Malty. ".repeat(30) });
    return shop;
  }

  test("come in the encoding that the caller takes, and mean the same", async () => {
    const shop = await fullShop();
    const plain = await (await ask(shop, "/products")).text();
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
    for (const [encoding, unpacked] of Object.entries(unpack)) {
      // The second comes from the memory of answers.
      for (const _ of ["made", "remembered"]) {
        const answer = await ask(shop, "/products", { "accept-encoding": encoding });
        expect(answer.headers.get("content-encoding")).toBe(encoding);
        expect(answer.headers.get("vary")).toContain("accept-encoding");
        const bytes = new Uint8Array(await answer.arrayBuffer());
        expect(bytes.length).toBeLessThan(plain.length / 3);
        expect(unpacked(bytes).toString()).toBe(plain);
      }
    }
    const refused = await ask(shop, "/products", { "accept-encoding": "br;q=0, gzip;q=0" });
    expect([refused.headers.get("content-encoding"), await refused.text()]).toEqual([null, plain]);
  });

  test("are left as they are where they are small, tell secrets, or are switched off", async () => {
    const shop = await fullShop();
    const br = { "accept-encoding": "br" };
    expect((await ask(shop, "/shop", br)).headers.get("content-encoding")).toBe(null);
    const admin = await newClient(shop, { admin: true });
    const token = { authorization: `Bearer ${admin.token}`, ...br };
    for (let at = 0; at < 12; at++)
      await admin.post("/webhooks", { url: `https://shop.example/${at}`, types: ["order.placed"] });
    expect((await ask(shop, "/webhooks", token)).headers.get("content-encoding")).toBe(null);
    expect((await ask(shop, "/users?size=100", token)).status).toBe(200);
    const without = await fullShop({ COMPRESSION: "off" });
    expect((await ask(without, "/products", br)).headers.get("content-encoding")).toBe(null);
  });

  test("have tags with which what was read compressed can be asked for and edited", async () => {
    const shop = await fullShop();
    const admin = await newClient(shop, { admin: true });
    const { id } = await stockShelf(shop, { name: "Long", slug: "long", description: "Long. ".repeat(400) });
    const br = { "accept-encoding": "br" };
    const etag = (await ask(shop, `/products/${id}`, br)).headers.get("etag") ?? "";
    expect(etag).toEndWith('-br"');
    expect((await ask(shop, `/products/${id}`, { ...br, "if-none-match": etag })).status).toBe(304);
    expect((await admin.patch(`/products/${id}`, { price: 5 }, { "if-match": etag })).status).toBe(200);
    expect((await admin.patch(`/products/${id}`, { price: 6 }, { "if-match": etag })).status).toBe(412);
  });
});

describe.each(anyEngine)("caches on the way on $name", (engine) => {
  test("may keep the public catalog for a moment, and nothing of one person or that failed", async () => {
    const shop = await freshShop(engine);
    const { id } = await stockShelf(shop);
    const admin = await newClient(shop, { admin: true });
    const token = { authorization: `Bearer ${admin.token}` };
    const cached = async (path: string, headers = {}) => (await ask(shop, path, headers)).headers.get("cache-control");
    const paths = ["/products", `/products/${id}`, "/categories", "/search?q=mug", "/search/products?q=mug", "/shop"];
    for (const path of paths) {
      expect([path, await cached(path)]).toEqual([path, "public, max-age=0, s-maxage=10, stale-while-revalidate=10"]);
    }
    const { headers } = await ask(shop, "/products");
    const again = await ask(shop, "/products", { "if-none-match": headers.get("etag") ?? "" });
    expect([again.status, again.headers.get("cache-control")]).toEqual([304, headers.get("cache-control")]);
    expect(await cached("/products/999")).toBe("no-store");
    expect(await cached("/products?size=0")).toBe("no-store");
    expect(await cached("/users/me", token)).toBe("no-store");
    expect(await cached("/shipping-methods/all", token)).toBe("no-store");
    expect(await cached("/products", token)).toBe(null);
    const off = await freshShop(engine, { CATALOG_CACHE_SECONDS: "0" });
    expect((await ask(off, "/products")).headers.get("cache-control")).toBe("no-cache");
  });
});

test("behind a prefix every address that the shop gives has it", async () => {
  const [sqlite] = engines;
  const shop = await freshShop(sqlite!, { SANSET_ENV: "development", PUBLIC_URL: "https://shop.example/backend" });
  const admin = await newClient(shop, { admin: true });
  await stockShelf(shop);
  const created = await admin.post("/products", { slug: "cup", name: "Cup", category: "Home", price: 4 });
  expect(created.headers.get("location")).toStartWith("/backend/api/v1/products/");
  for (const path of ["/search?q=cup", "/users", "/coupons"]) {
    const link = (await admin.get(path)).headers.get("link") ?? "";
    expect([
      path,
      [...link.matchAll(/<([^>]+)>/g)].every(([, address]) => address?.startsWith("/backend/api/v1/")),
    ]).toEqual([path, true]);
  }
  const root = await Promise.resolve(shop.app.handle(new Request("http://localhost/"))).then((answer) => answer.json());
  expect(root).toMatchObject({ docs: "/backend/docs", api: "/backend/api/v1" });
  // Tests say what they expect of it by matching, not by type.
  // oxlint-disable-next-line typescript/no-explicit-any
  const document = (await (await ask(shop, "/openapi.json")).json()) as any;
  expect(document.servers).toEqual([{ url: "https://shop.example/backend" }]);
  expect(document.components.securitySchemes.oauth2.flows.password.tokenUrl).toBe(
    "https://shop.example/backend/api/v1/auth/token",
  );
  const page = await Promise.resolve(shop.app.handle(new Request("http://localhost/docs"))).then((answer) =>
    answer.text(),
  );
  expect(page).not.toMatch(/(src|href)="\//);
});
