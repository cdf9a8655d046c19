import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { routeTable } from "../../src/http/declared";
import { serve, type Server } from "../../src/server";
import { call, clientOf, newClient } from "../support/client";
import { anyEngine } from "../support/engines";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

/** What the server says to these very bytes: the status, the headers by name, and the rest. */
async function raw(server: Server, lines: string[], body = "") {
  const { hostname, port } = new URL(server.url);
  const text = await new Promise<string>((resolve, reject) => {
    let received = "";
    const socket = connect(Number(port), hostname, () => socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`));
    socket.on("data", (bytes) => (received += bytes.toString()));
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
  });
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const headers = Object.fromEntries(
    head
      .split("\r\n")
      .slice(1)
      .map((line) => {
        const [name = "", ...value] = line.split(": ");
        return [name.toLowerCase(), value.join(": ")] as const;
      }),
  );
  return { status: Number(head.split(" ")[1]), headers, text: rest.join("\r\n\r\n") };
}

const leftIn = (headers: Record<string, string>): number => Number(/r=(\d+)/.exec(headers["ratelimit"] ?? "")?.[1]);

const ODD_HOSTS = [
  "",
  "x/y",
  "[",
  "%",
  "é",
  "a b",
  "a?b",
  "a#b",
  "x\\y",
  "a@b",
  "-",
  ".a",
  "a:b",
  "a:1:2",
  "[::1",
  "a,b",
];
const GOOD_HOSTS = ["a", "ab", "abc", "a:80", "shop.example", "shop_1:5000", "127.0.0.1", "[::1]", "[2001:db8::1]:443"];

const policyIn = (headers: Record<string, string>) => headers["content-security-policy"];
const fieldsOf = (count: number) => Array.from({ length: count }, (_, at) => `f${at}=1`).join("&");

const attributesOf = (count: number) => Array.from({ length: count }, (_, at) => `attr.a${at}=1`).join("&");

describe.each(anyEngine)("how a call arrives on $name", (engine) => {
  let shop: TestShop;
  let server: Server;
  beforeAll(async () => {
    shop = await freshShop(engine, {
      RATE_LIMIT: "on",
      RATE_LIMIT_PER_MINUTE: "1000000",
      RATE_LIMIT_MS_PER_MINUTE: "60000000",
    });
    await stockShelf(shop, { slug: "mug" });
    server = serve(shop, { host: "127.0.0.1", port: 0 });
  });
  afterAll(async () => {
    await server.stop();
    await shop.close();
  });

  const get = (target: string, host: string, ...more: string[]) =>
    raw(server, [`GET ${target} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...more]);

  test.each(ODD_HOSTS)("a Host of %p is refused everywhere, as a problem", async (host) => {
    for (const target of ["/api/v1/categories", "/healthz?/api/v1/auth/login", "/nowhere", "/api/v1/search?q=a,b"]) {
      const { status, headers, text } = await get(target, host);
      expect([target, status, headers["content-type"]]).toEqual([target, 400, "application/problem+json"]);
      expect(JSON.parse(text)).toMatchObject({ code: "bad_host", request_id: headers["x-request-id"] });
    }
  });

  test("two Host lines are refused", async () => {
    expect((await get("/api/v1/categories", "a", "Host: b")).status).toBe(400);
  });

  test.each(GOOD_HOSTS)(
    "with a Host of %p every route is counted as what it is",
    async (host) => {
      const counted = async (method: string, target: string) => {
        const before = leftIn((await get("/api/v1/categories", "localhost")).headers);
        await raw(server, [`${method} ${target} HTTP/1.1`, `Host: ${host}`, "Connection: close", "Content-Length: 0"]);
        return before - leftIn((await get("/api/v1/categories", "localhost")).headers) - 1;
      };
      for (const { method, path, weight } of routeTable(shop.app.routes)) {
        const target = path.replaceAll(/:\w+/g, "1");
        expect([method, path, await counted(method, target)]).toEqual([method, path, weight]);
      }
      expect(await counted("POST", "/healthz?/api/v1/auth/login")).toBe(1);
      expect(await counted("GET", "/metrics?/api/v1/search?q=rice")).toBe(1);
      expect(await counted("GET", "//api/v1/auth/login")).toBe(1);
      expect(await counted("GET", "/api/v1/auth/login/")).toBe(1);
      expect(await counted("POST", "/api/v1/auth/login/")).toBe(10);
    },
    60_000,
  );

  test.each(GOOD_HOSTS)("with a Host of %p nothing after the question mark is taken for the path", async (host) => {
    const ask = async (method: string, target: string) =>
      (await raw(server, [`${method} ${target} HTTP/1.1`, `Host: ${host}`, "Connection: close", "Content-Length: 0"]))
        .status;
    expect(await ask("POST", "/healthz?/api/v1/auth/login")).toBe(405);
    expect(await ask("DELETE", "/?/api/v1/cart")).toBe(405);
    expect(await ask("HEAD", "/healthz?/api/v1/products/none")).toBe(200);
    expect(await ask("GET", "/nowhere?/api/v1/categories")).toBe(404);
    expect(await ask("HEAD", "/nowhere?/api/v1/categories")).toBe(404);
    expect(await ask("PUT", "/x/?/api/v1/users/me")).toBe(404);
  });

  test("HTTP/1.0 without a Host is served, since some that watch over programs speak it", async () => {
    const { status, text } = await raw(server, ["GET /healthz HTTP/1.0"]);
    expect({ status, text }).toEqual({ status: 200, text: '{"status":"healthy"}' });
  });

  test.each([
    ["/api/v1/%70roducts/1", 200],
    ["/%61pi/v1/products/%31", 200],
    ["/api/v1/products/slug/%6d%75g", 200],
    ["/%68ealthz", 200],
    ["/%64ocs", 200],
    ["/api%2Fv1/products/1", 404],
    ["/api/v1/products%2F1", 404],
    ["/api/v1/%2570roducts/1", 404],
    ["/api/v1/pr%6", 404],
  ])("%s is answered with %i, as the address that it means", async (target, status) => {
    const answer = await get(target, "localhost");
    expect(answer.status).toBe(status);
    expect(answer.headers["x-request-id"]).toMatch(/^[\w.:-]{8,}$/);
    if (status === 200) {
      expect(policyIn(answer.headers)).toBe(policyIn((await get(decodeURIComponent(target), "localhost")).headers));
    }
    expect(await call(shop, "GET", target)).toMatchObject({ status });
  });

  test("a wrong method on an address in another spelling is told the right ones", async () => {
    const answer = await call(shop, "DELETE", "/%68ealthz");
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  test("links of a list name the path, whatever the host was called", async () => {
    const { headers } = await get("/api/v1/search?q=mug&size=1", "abc");
    expect(headers["link"]).toContain('</api/v1/search?q=mug&size=1&page=1>; rel="first"');
  });

  test("the audit names the path of what an admin did, whatever the host was called", async () => {
    const admin = await newClient(shop, { admin: true });
    const body = '{"is_active":true}';
    await raw(
      server,
      [
        `PATCH /api/v1/users/${admin.id} HTTP/1.1`,
        "Host: a",
        "Connection: close",
        `Authorization: Bearer ${admin.token}`,
        "Content-Type: application/json",
        `Content-Length: ${body.length}`,
      ],
      body,
    );
    const { body: entries } = await clientOf(shop, admin.token).get("/admin/audit?size=1");
    expect(entries[0]).toMatchObject({ action: "PATCH /api/v1/users/:id", subject: `/api/v1/users/${admin.id}` });
  });

  test("thirty-two fields in a query are looked at, and one more is refused before any is", async () => {
    const errors = (await call(shop, "GET", `/api/v1/products?${fieldsOf(32)}`)).body.errors;
    expect(errors).toHaveLength(32);
    for (const query of [fieldsOf(33), "&".repeat(32)]) {
      const answer = await call(shop, "GET", `/api/v1/products?${query}`);
      expect([answer.status, answer.body.code, answer.body.errors]).toEqual([422, "invalid", undefined]);
    }
  });

  test("eight attributes may be asked for at once, and no name that every object has", async () => {
    for (const path of ["/api/v1/products", "/api/v1/search/products"]) {
      expect((await call(shop, "GET", `${path}?${attributesOf(8)}`)).status).toBe(200);
      const { status, body } = await call(shop, "GET", `${path}?${attributesOf(9)}`);
      expect([status, body.errors]).toEqual([422, [expect.objectContaining({ path: "attr" })]]);
      const inherited = await call(shop, "GET", `${path}?constructor=1&toString=2`);
      expect(inherited.body.errors.map((error: { path: string }) => error.path)).toEqual(["constructor", "toString"]);
    }
  });
});
