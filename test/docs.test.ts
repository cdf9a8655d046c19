import { Elysia } from "elysia";
import { describe, expect, test } from "bun:test";
import redoc from "redoc/package.json";
import { z } from "zod";
import { docs } from "../src/http/docs";

const sampleApp = () => {
  const Mug = z.object({ id: z.int() }).meta({ id: "Mug" });
  const app = new Elysia()
    .get("/api/v1/mugs", () => [], { response: z.array(Mug), detail: { summary: "List mugs" } })
    .post("/api/v1/mugs", () => ({ id: 1 }), { response: { 201: Mug }, detail: { "x-access": "admin" } as object });
  return app.use(docs(app, { title: "A shop", version: "1", description: "", tags: {}, problem: z.object({}) }));
};

const get = (app: { handle(request: Request): Promise<Response> }, path: string, headers = {}) =>
  app.handle(new Request(`http://localhost${path}`, { headers }));

/** Every address in a page or style that a browser would load. */
const addressesIn = (text: string) =>
  [...text.matchAll(/(?:src|href|spec-url)="([^"]+)"|"url":"([^"]+)"/g)].map(([, one, other]) => one ?? other ?? "");

describe("the docs pages", () => {
  test.each(["/docs", "/redoc"])("%s loads everything from this server", async (path) => {
    const app = sampleApp();
    const page = await get(app, path);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const html = await page.text();
    const addresses = addressesIn(html).filter((address) => !address.startsWith("data:"));
    expect(addresses).toContain("/api/v1/openapi.json");
    expect(addresses.length).toBeGreaterThanOrEqual(3);
    for (const address of addresses) {
      expect(address).toStartWith("/");
      expect((await get(app, address)).status).toBe(200);
    }
  });

  test.each(["/docs", "/redoc"])("%s lets nothing run but what it brings", async (path) => {
    const page = await get(sampleApp(), path);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toStartWith("default-src 'none'; ");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    for (const [, script = ""] of (await page.text()).matchAll(/<script>([^]*?)<\/script>/g)) {
      expect(policy).toContain(sha256(script));
    }
  });

  test("ReDoc asks nobody for its maker's logo", async () => {
    const script = await (await get(sampleApp(), "/redoc/redoc.js")).text();
    expect(script).not.toContain("cdn.redoc.ly");
  });

  test("ReDoc is the one whose styles the page allows", () => {
    // For another version: open /redoc in a browser; if its console misses a style, it also says the hash to allow.
    expect(redoc.version).toBe("2.5.4");
  });

  test("scripts and styles have their types", async () => {
    const app = sampleApp();
    const types = { "/docs/swagger-ui.js": "text/javascript", "/docs/swagger-ui.css": "text/css" };
    for (const [path, type] of Object.entries(types)) {
      expect((await get(app, path)).headers.get("content-type")).toBe(`${type}; charset=utf-8`);
    }
  });

  test("what a browser has already is not sent again", async () => {
    const app = sampleApp();
    for (const path of ["/docs", "/redoc", "/docs/swagger-ui.js", "/redoc/redoc.js", "/api/v1/openapi.json"]) {
      const first = await get(app, path);
      const etag = first.headers.get("etag") ?? "";
      expect(etag).toMatch(/^"\w+"$/);
      const again = await get(app, path, { "if-none-match": etag });
      expect(again.status).toBe(304);
      expect(await again.text()).toBe("");
      expect((await get(app, path, { "if-none-match": '"other"' })).status).toBe(200);
    }
  });
});

describe("the document", () => {
  test("holds what is there, and not the pages that show it", async () => {
    const answer = await get(sampleApp(), "/api/v1/openapi.json");
    expect(answer.headers.get("content-type")).toBe("application/json");
    const { openapi, paths } = (await answer.json()) as { openapi: string; paths: object };
    expect(openapi).toBe("3.1.1");
    expect(Object.keys(paths)).toEqual(["/api/v1/mugs", "/api-endpoints"]);
  });

  test("is also there as a short list of endpoints", async () => {
    const answer = await get(sampleApp(), "/api-endpoints");
    expect(await answer.json()).toEqual({
      total: 3,
      endpoints: [
        { method: "GET", path: "/api/v1/mugs", summary: "List mugs", access: "public" },
        { method: "POST", path: "/api/v1/mugs", summary: "", access: "admin" },
        { method: "GET", path: "/api-endpoints", summary: "List every endpoint", access: "public" },
      ],
    });
  });
});

function sha256(text: string): string {
  return `'sha256-${new Bun.CryptoHasher("sha256").update(text).digest("base64")}'`;
}
