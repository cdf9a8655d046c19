import { Elysia } from "elysia";
import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import redoc from "redoc/package.json";
import { z } from "zod";
import { about } from "../../src/http/openapi/about";
import { docs } from "../../src/http/docs/routes";
import type { OpenApi } from "../../src/http/openapi/build";
import { PASSWORD, call, newClient } from "../support/client";
import { engines } from "../support/engines";
import { type TestShop, freshShop } from "../support/shop";

const words = { title: "A shop", version: "1", summary: "Mugs", description: "More mugs" };

const sampleApp = () => {
  const Mug = z.object({ id: z.int() }).meta({ id: "Mug" });
  const app = new Elysia()
    .get("/api/v1/mugs", () => [], { response: z.array(Mug), detail: { summary: "List mugs" } })
    .post("/api/v1/mugs", () => ({ id: 1 }), { response: { 201: Mug }, detail: { "x-access": "admin" } as object });
  return app.use(docs(app, { ...words, tags: {} }));
};

const get = (app: { handle(request: Request): Promise<Response> }, path: string, headers = {}) =>
  app.handle(new Request(`http://localhost${path}`, { headers }));

/** The address of a file that a page loads. */
async function fileOf(app: { handle(request: Request): Promise<Response> }, page: string, ending: string) {
  const address = addressesIn(await (await get(app, page)).text()).find((one) => one.endsWith(ending));
  return `/${address}`;
}

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
    // From where the page stands, so that they are right behind a prefix too.
    expect(addresses).toContain("api/v1/openapi.json");
    expect(addresses.length).toBeGreaterThanOrEqual(3);
    for (const address of addresses) {
      expect(address).toMatch(/^(docs|api)\//);
      expect((await get(app, `/${address}`)).status).toBe(200);
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
    const app = sampleApp();
    const script = await (await get(app, await fileOf(app, "/redoc", ".js"))).text();
    expect(script.length).toBeGreaterThan(500_000);
    expect(script).not.toContain("cdn.redoc.ly");
  });

  test("ReDoc is the one whose styles the page allows", () => {
    // For another version: open /redoc in a browser; if its console misses a style, it also says the hash to allow.
    expect(redoc.version).toBe("2.5.4");
  });

  test("scripts and styles have their types", async () => {
    const app = sampleApp();
    for (const [ending, type] of Object.entries({ ".js": "text/javascript", ".css": "text/css" })) {
      const file = await get(app, await fileOf(app, "/docs", ending));
      expect(file.headers.get("content-type")).toBe(`${type}; charset=utf-8`);
      expect(file.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    }
  });

  test("go out a quarter as large as they are, in the best encoding that the reader takes", async () => {
    const app = sampleApp();
    for (const page of ["/docs", "/redoc"]) {
      const path = await fileOf(app, page, ".js");
      const plain = await get(app, path);
      const size = (await plain.bytes()).length;
      expect(plain.headers.get("content-encoding")).toBeNull();
      const sizes: Record<string, number> = {};
      for (const [accepted, encoding] of [
        ["gzip, deflate", "gzip"],
        ["gzip, deflate, br, zstd", "br"],
        ["gzip, br;q=0", "gzip"],
      ] as const) {
        const packed = await get(app, path, { "accept-encoding": accepted });
        expect(packed.headers.get("content-encoding")).toBe(encoding);
        expect(packed.headers.get("vary")).toContain("accept-encoding");
        expect(packed.headers.get("etag")).not.toBe(plain.headers.get("etag"));
        sizes[encoding] = (await packed.bytes()).length;
      }
      expect(sizes["br"]).toBeLessThan(size / 3.5);
      expect(sizes["gzip"]).toBeLessThan(size / 2.8);
    }
  });

  test("what a browser has already is not sent again", async () => {
    const app = sampleApp();
    const script = await fileOf(app, "/docs", ".js");
    for (const path of ["/docs", "/redoc", script, "/api/v1/openapi.json"]) {
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

// Nothing of this depends on the engine, so one is enough.
describe.each(engines.slice(0, 1))("the document of the shop", (engine) => {
  test("has every route but the pages that show it", async () => {
    const shop = await freshShop(engine);
    const documented = (await endpointsOf(shop)).map(({ method, path }) => `${method} ${path}`);
    const served = shop.app.routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
    const missing = served.filter((route) => !documented.includes(route) && !route.startsWith("OPTIONS "));
    const pages = ["/api/v1/openapi.json", "/docs", "/docs/files/{name}"];
    const ofShop = ["/admin", "/shop"].flatMap((page) => [page, `${page}/*`, `${page}/files/{name}`]);
    const more = ["/redoc", ...ofShop];
    const mock = ["GET", "POST"].map((method) => `${method} /api/v1/payments/mock/pages/{reference}`);
    const expected = [...[...pages, ...more].map((path) => `GET ${path}`), ...mock];
    expect(missing.toSorted()).toEqual(expected.toSorted());
  });

  test("says in words what each endpoint does, under a tag that is explained", async () => {
    const { tags } = await documentOf(await freshShop(engine));
    const explained = new Set(tags.map(({ name }) => name));
    for (const { operation } of await endpointsOf(await freshShop(engine))) {
      expect(operation.summary, operation.operationId).toMatch(/^[A-Z]/);
      expect(explained, operation.operationId).toContain(operation.tags?.[0] ?? "none");
    }
    expect([...explained].every((tag) => tag in about.tags)).toBe(true);
  });

  test("names the shape of every body", async () => {
    for (const { operation } of await endpointsOf(await freshShop(engine))) {
      const contents = [
        operation.requestBody?.content,
        ...Object.values(operation.responses).map((one) => one.content),
      ];
      const schemas = contents.flatMap((content) => Object.values(content ?? {})).map(({ schema }) => schema);
      const items = schemas.map((schema) => schema.items ?? schema);
      // One of several shapes is named where each of them is.
      const unnamed = items
        .flatMap((schema) => (typeof schema === "object" && "anyOf" in schema ? (schema.anyOf ?? []) : [schema]))
        .filter((schema) => !isNamed(schema));
      expect(unnamed, operation.operationId).toEqual([]);
    }
  });

  test("tells the truth about who may call", async () => {
    const shop = await freshShop(engine);
    const asCustomer = { authorization: `Bearer ${(await newClient(shop)).token}` };
    for (const { method, path, operation } of await endpointsOf(shop)) {
      const address = path.replace(/\{\w+\}/g, "1");
      const codeFor = async (headers = {}) => {
        const answer = await call(shop, method, address, { headers });
        return answer.status === 401 || answer.status === 403 ? answer.body.code : "let in";
      };
      const access = operation["x-access"];
      // A page shows by a header of its own that it is itself who asks.
      if (path.includes("/auth/pages/")) continue;
      expect(await codeFor(), operation.operationId).toBe(access === "public" ? "let in" : "not_signed_in");
      expect(operation.security.length > 0).toBe(access !== "public");
      if (access === "admin") expect(await codeFor(asCustomer), operation.operationId).toBe("forbidden");
      if (access !== "public") expect(operation.responses).toHaveProperty("401");
      if (access === "admin") expect(operation.responses).toHaveProperty("403");
      // What answers 403 asks who is calling; but signing in is refused to those who are locked out, and metrics to strangers.
      if (access === "public" && !operation.tags?.includes("auth") && path !== "/metrics")
        expect(operation.responses).not.toHaveProperty("403");
    }
  });

  test("lets Authorize in Swagger UI sign in", async () => {
    const shop = await freshShop(engine);
    const client = await newClient(shop, { email: "om@example.com" });
    const { tokenUrl } = (await documentOf(shop)).components.securitySchemes.oauth2.flows.password;
    const body = new URLSearchParams({ grant_type: "password", username: "om@example.com", password: PASSWORD });
    // Swagger UI sends the client fields too, even when they are empty.
    const headers = { authorization: `Basic ${btoa(":")}`, "x-requested-with": "XMLHttpRequest" };
    const { body: tokens } = await call(shop, "POST", tokenUrl, { body, headers });
    const me = await call(shop, "GET", "/api/v1/users/me", {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(me.body).toMatchObject({ id: client.id, email: "om@example.com" });
  });

  test("passes the linter without a warning", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sanset-openapi-"));
    const file = join(folder, "openapi.json");
    await Bun.write(file, (await call(await freshShop(engine), "GET", "/api/v1/openapi.json")).text);
    const redocly = join(import.meta.dir, "../../node_modules/@redocly/cli/bin/cli.js");
    const lint = Bun.spawn(
      [
        process.execPath,
        redocly,
        "lint",
        "--format=json",
        `--config=${join(import.meta.dir, "../../redocly.yaml")}`,
        file,
      ],
      {
        cwd: join(import.meta.dir, "../.."),
        env: { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
        stderr: "ignore",
      },
    );
    const { problems } = JSON.parse(await lint.stdout.text());
    expect(problems).toEqual([]);
    expect(await lint.exited).toBe(0);
    await rm(folder, { recursive: true });
  });
});

async function documentOf(shop: TestShop): Promise<OpenApi> {
  return (await call(shop, "GET", "/api/v1/openapi.json")).body;
}

async function endpointsOf(shop: TestShop) {
  const { paths } = await documentOf(shop);
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** A shape with a name, or nothing that needs one. */
const isNamed = (schema: unknown) =>
  z.union([z.object({ $ref: z.string() }), z.object({ type: z.enum(["string", "integer"]) })]).safeParse(schema)
    .success;

function sha256(text: string): string {
  return `'sha256-${new Bun.CryptoHasher("sha256").update(text).digest("base64")}'`;
}
