import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../src/log";
import { withSentry } from "../src/sentry";

const main = join(import.meta.dir, "../cli/main.ts");
const EMAIL = "asha@example.com";
const PASSWORD = "canary-hunter22-of-asha";

/** Serves a shop as an operator would, lets `work` call it, and gives what it wrote on stderr, line by line. */
async function logOf(work: (url: string) => Promise<void>): Promise<Record<string, unknown>[]> {
  const folder = mkdtempSync(join(tmpdir(), "sanset-log-"));
  const environment = { PATH: process.env["PATH"] ?? "", LOG_LEVEL: "debug", BCRYPT_COST: "4", RATE_LIMIT: "on" };
  const server = Bun.spawn([process.execPath, main, "serve", "--port", "0", "--json"], {
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

describe("the log of a running shop", () => {
  test("has one line a request, without secrets, that nobody can forge (J90)", async () => {
    const secrets: string[] = [PASSWORD];
    const lines = await logOf(async (url) => {
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
      await fetch(`${url}/api/v1/users/me`, { headers: { authorization, "x-request-id": "asked-by-asha" } });
      await fetch(`${url}/api/v1/orders/999?token=${secrets[1]}`, { headers: { authorization } });
      await fetch(`${url}/nowhere/${PASSWORD}%0a%7B%22forged%22:1%7D`, {
        headers: { "x-request-id": 'a"}{"forged":1' },
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
      "GET /api/v1/orders/:id 404",
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
      user_id: 1,
    });
    const all = JSON.stringify(lines);
    for (const secret of secrets) expect(all).not.toContain(secret);
    expect(all).not.toContain("forged");
  }, 30_000);
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
      error: "Error: Bearer hunter22hunter22",
      password: "hunter22",
    });
    const envelope = await promise;
    expect(envelope).toContain("A request failed.");
    expect(envelope).toContain("r-1");
    expect(envelope).not.toMatch(/hunter22|only a warning/);
    expect(lines).toHaveLength(2);
    await sentry.stop(true);
  });
});
