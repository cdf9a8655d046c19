import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../src/telemetry/log";
import { redact } from "../../src/telemetry/redact";
import { withSentry } from "../../src/telemetry/sentry";
import { call, clientOf, newBuyer } from "../support/client";
import { anyEngine, type TestEngine } from "../support/engines";
import { freshShop, type TestShop } from "../support/shop";
import { PROGRAM } from "../support/usual";

const EMAIL = "asha@example.com";
const PASSWORD = "canary-hunter22-of-asha";
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

/** Serves a shop as an operator would, lets `work` call it, and gives what it wrote on stderr, line by line. */
async function logOf(engine: TestEngine, work: (url: string) => Promise<void>): Promise<Record<string, unknown>[]> {
  const folder = mkdtempSync(join(tmpdir(), "sanset-log-"));
  const place = await engine.newPlace();
  const environment = {
    PATH: process.env["PATH"] ?? "",
    DATABASE_URL: place.url,
    LOG_LEVEL: "debug",
    BCRYPT_COST: "4",
    RATE_LIMIT: "on",
  };
  const server = Bun.spawn([...PROGRAM, "serve", "--port", "0", "--json"], {
    cwd: folder,
    env: environment,
    stdout: "pipe",
    stderr: "pipe",
  });
  const log = server.stderr.text();
  let said = "";
  for await (const chunk of server.stdout) {
    said += new TextDecoder().decode(chunk);
    if (said.includes("}")) break;
  }
  await work(JSON.parse(said).url);
  server.kill("SIGTERM");
  await server.exited;
  rmSync(folder, { recursive: true, force: true });
  await place.remove();
  return (await log)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

async function post(url: string, path: string, body: unknown, headers = {}): Promise<Record<string, string>> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return response.status === 204 ? {} : ((await response.json()) as Record<string, string>);
}

describe.each(anyEngine)("the log of a running shop on $name", (engine) => {
  test("has one line a request, without secrets, that nobody can forge", async () => {
    const secrets: string[] = [PASSWORD];
    const lines = await logOf(engine, async (url) => {
      const person = {
        full_name: 'x\n{"level":"error","message":"forged"}',
        email: EMAIL,
        phone: "-",
        password: PASSWORD,
      };
      await post(url, "/auth/register", person);
      await post(url, "/auth/login", { email: EMAIL, password: `${PASSWORD}-wrong` });
      const tokens = await post(url, "/auth/login", { email: EMAIL, password: PASSWORD });
      secrets.push(String(tokens["access_token"]), String(tokens["refresh_token"]));
      const authorization = `Bearer ${tokens["access_token"]}`;
      const named = { authorization, "x-request-id": "asked-by-asha", traceparent: `00-${TRACE}-${SPAN}-01` };
      await fetch(`${url}/api/v1/users/me`, { headers: named });
      await fetch(`${url}/api/v1/orders/999?token=${secrets[1]}`, { headers: { authorization } });
      await fetch(`${url}/nowhere/${tokens["access_token"]}%0a%7B%22level%22:1%7D`, {
        headers: { "x-request-id": 'a"}{"forged":1', traceparent: `00-${"0".repeat(32)}-${SPAN}-01` },
      });
      await post(url, "/auth/refresh", { refresh_token: tokens["refresh_token"] });
      await post(url, "/auth/logout", {}, { authorization });
      await fetch(`${url}/healthz`);
    });
    const requests = lines.filter(({ message }) => message === "request");
    expect(requests.map(({ method, route, status }) => [method, route, status].join(" "))).toEqual([
      "POST /api/v1/auth/register 201",
      "POST /api/v1/auth/login 401",
      "POST /api/v1/auth/login 200",
      "GET /api/v1/users/me 200",
      "GET /api/v1/orders/:id 422",
      "GET none 404",
      "POST /api/v1/auth/refresh 200",
      "POST /api/v1/auth/logout 204",
    ]);
    expect(requests[3]).toEqual({
      time: expect.any(String),
      level: "info",
      message: "request",
      method: "GET",
      route: "/api/v1/users/me",
      status: 200,
      ms: expect.any(Number),
      request_id: "asked-by-asha",
      trace_id: TRACE,
      parent_span_id: SPAN,
      user_id: 1,
    });
    // What there is nothing at is looked for by its path.
    expect(requests[5]).toMatchObject({ route: "none", path: "/nowhere/[masked]%0a%7B%22level%22:1%7D" });
    expect(requests.filter(({ trace_id }) => trace_id !== undefined)).toEqual([requests[3]!]);
    const all = JSON.stringify(lines);
    for (const secret of secrets) expect(all).not.toContain(secret);
    expect(all).not.toContain("forged");
  }, 30_000);
});

test.each(anyEngine)(
  "failed sign-ins are told apart in the log of a shop on $name, which names nobody",
  async (engine) => {
    const lines = await logOf(engine, async (url) => {
      await post(url, "/auth/register", { full_name: "Asha", email: EMAIL, phone: "-", password: PASSWORD });
      for (const email of [EMAIL, "ASHA@Example.com", "nobody@example.com"])
        await post(
          url,
          "/auth/login",
          { email, password: "another one" },
          { "x-request-id": `try-of-${email.length}` },
        );
      await post(url, "/auth/login", { email: EMAIL, password: PASSWORD });
    });
    const failed = lines.filter(({ message }) => message === "A sign-in failed.");
    const digests = failed.map(({ email_digest }) => String(email_digest));
    expect(failed[2]).toEqual({
      time: expect.any(String),
      level: "info",
      message: "A sign-in failed.",
      reason: "wrong_credentials",
      email_digest: expect.stringMatching(/^[0-9a-f]{16}$/),
      request_id: "try-of-18",
    });
    expect(digests[0]).toBe(digests[1]);
    expect(new Set(digests).size).toBe(2);
    // Without the shop's key nobody finds out by trying.
    const plain = new Bun.CryptoHasher("sha256").update(`failed sign-in ${EMAIL}`).digest("hex");
    expect(digests[0]).not.toBe(plain.slice(0, 16));
    expect(JSON.stringify(failed)).not.toContain("example");
  },
  30_000,
);

const asked = (shop: TestShop, path: string) =>
  call(shop, "GET", `/api/v1${path}`, { headers: { "user-agent": "Fox/1" } });

describe.each(anyEngine)("what is said of each request on $name", (engine) => {
  test("is its route; where it is asked for, its path and who called, and never what was searched for", async () => {
    const brief = await freshShop(engine, { LOG_LEVEL: "info" });
    await asked(brief, "/products/7");
    expect(brief.logged[0]?.about).toMatchObject({ route: "/api/v1/products/:id", status: 404 });
    expect(Object.keys(brief.logged[0]?.about ?? {})).not.toContain("path");
    const full = await freshShop(engine, { LOG_LEVEL: "info", LOG_REQUESTS: "full" });
    await asked(full, "/search?q=secret-wish");
    await clientOf(full).post("/auth/login", { email: EMAIL, password: "another one" });
    const [search, login] = full.logged.filter(({ message }) => message === "request");
    expect(search?.about).toMatchObject({ path: "/api/v1/search", bytes: 0, user_agent: "Fox/1" });
    expect(search?.about).toHaveProperty("address");
    expect(login?.about).toMatchObject({ path: "/api/v1/auth/login", bytes: expect.any(Number), status: 401 });
    expect(JSON.stringify(full.logged)).not.toContain("secret-wish");
  });

  test("is a warning where it took longer than SLOW_CALL_MS, also where nothing else is logged", async () => {
    const shop = await freshShop(engine, { LOG_LEVEL: "warn", SLOW_CALL_MS: "20" });
    const buyer = await newBuyer(shop);
    shop.logged.length = 0;
    // Others hold what the answer needs, for longer than that.
    const held = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const other = shop.database.transaction(async (tx) => {
      await tx.run("UPDATE users SET phone = phone WHERE id = $1", [buyer.id]);
      begun.resolve();
      await held.promise;
    });
    await begun.promise;
    const changing = buyer.put("/users/me", { full_name: "Asha Rao" });
    await Bun.sleep(40);
    held.resolve();
    await other;
    expect((await changing).status).toBe(200);
    expect(shop.logged).toContainEqual({
      level: "warn",
      message: "A request took long.",
      about: expect.objectContaining({ route: "/api/v1/users/me", method: "PUT" }),
    });
  });
});

describe("masking", () => {
  const opaque = Buffer.from("a refresh token, thirty-two bytes").subarray(0, 32).toString("base64url");

  test.each([
    ['{"password":"hunter22 horse battery"}', '{"password":"[masked]"}'],
    ['{"password":"hunter22 \\"horse\\" battery","qty":1}', '{"password":"[masked]","qty":1}'],
    ['body "{\\"password\\":\\"hunter22 horse\\",\\"qty\\":1}"', 'body "{\\"password\\":\\"[masked]\\",\\"qty\\":1}"'],
    ["{ password: 'hunter22 horse', qty: 1 }", "{ password: '[masked]', qty: 1 }"],
    ["?token=hunter22&page=2", "?token=[masked]&page=2"],
    ["SECRET_KEY=hunter22 PORT=80", "SECRET_KEY=[masked] PORT=80"],
    [
      "passphrase: hunter22, passcode: hunter22, pwd=hunter22",
      "passphrase: [masked], passcode: [masked], pwd=[masked]",
    ],
    ["redis://:hunter22@host/0", "redis://:[masked]@host/0"],
    ["postgres://shop:hunter22@host/db", "postgres://shop:[masked]@host/db"],
    ["postgres://shop:p@hunter22@host/db failed", "postgres://shop:[masked]@host/db failed"],
    ["postgres://shop:p/hunter22@host/db", "postgres://shop:[masked]@host/db"],
    ["key sk_live_hunter22, rk_live_hunter22", "key [masked], [masked]"],
    ["sk_test_hunter22 whsec_hunter22+hunter22=", "[masked] [masked]"],
    ["Basic dXNlcjpodW50ZXIyMg== sent", "Basic [masked] sent"],
    [opaque, "[masked]"],
    [`refused ${opaque}.`, "refused [masked]."],
    [`/reset?t=${opaque}`, "/reset?t=[masked]"],
  ])("of %s leaves %s", (text, expected) => {
    expect(redact(text)).toBe(expected);
    expect(redact({ error: [text, text] })).toEqual({ error: [expected, expected] });
  });

  test.each([
    "pwd",
    "passcode",
    "passphrase",
    "credentials",
    "signature",
    "stripe-signature",
    "auth",
    "db_password",
    "sentry_dsn",
    "SENTRY_DSN",
  ])("takes what is called %s for a secret", (name) => {
    const text = JSON.stringify(redact({ [name]: "hunter22", deeper: { [name]: ["hunter22"] } }));
    expect(text).toBe(`{"${name}":"[masked]","deeper":{"${name}":"[masked]"}}`);
  });

  test.each([
    "A mug, 2 at http://localhost:5000/docs",
    "http://localhost:5000/api/v1/users/me",
    "0199f0aa-1a2b-7c3d-8e4f-a1b2c3d4e5f6",
    "a-red-cotton-shirt-with-long-sleeves-and-dots",
    "error: duplicate key value violates unique constraint",
    "pincode 411001, author Asha, compass",
  ])("leaves %s as it is", (text) => {
    expect(redact(text)).toBe(text);
    expect(redact({ author: text, pincode: text })).toEqual({ author: text, pincode: text });
  });
});

describe("a log", () => {
  test("keeps one line a message, whatever is in it, and masks what is secret", () => {
    const lines: string[] = [];
    const log = createLog({ logLevel: "info" }, (line) => lines.push(line));
    log("error", "failed", { text: 'a\nb\r\u2028{"level":"info"}', error: new Error("no").message, token: "hunter22" });
    log("debug", "not wanted");
    expect(lines).toHaveLength(1);
    expect(lines[0]?.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "error", token: "[masked]" });
  });

  test("tells Sentry of errors alone, with the same masking", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const sentry = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: async (request) => {
        const bytes = new Uint8Array(await request.arrayBuffer());
        const zipped = request.headers.get("content-encoding") === "gzip";
        resolve(new TextDecoder().decode(zipped ? Bun.gunzipSync(bytes) : bytes));
        return Response.json({});
      },
    });
    const lines: string[] = [];
    const inner = createLog({ logLevel: "info" }, (line) => lines.push(line));
    const log = await withSentry(`http://key@127.0.0.1:${sentry.port}/1`, "test", inner);
    log("warn", "only a warning");
    log("error", "A request failed.", {
      request_id: "r-1",
      trace_id: TRACE,
      parent_span_id: SPAN,
      error: "Error: Bearer hunter22hunter22",
      password: "hunter22",
    });
    const envelope = await promise;
    expect(envelope).toContain("A request failed.");
    expect(envelope).toContain("r-1");
    const event = envelope
      .split("\n")
      .map((line) => JSON.parse(line))
      .find(({ message }) => message !== undefined);
    expect(event.contexts.trace).toMatchObject({ trace_id: TRACE, parent_span_id: SPAN });
    expect(envelope).not.toMatch(/hunter22|only a warning/);
    expect(lines).toHaveLength(2);
    await sentry.stop(true);
  });
});
