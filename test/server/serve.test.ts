import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Tokens } from "../../src/auth/schema";
import { migrate } from "../../src/storage/migrate";
import { openDatabase } from "../../src/storage/open";
import { engines, type Place } from "../support/engines";
import { asNobody, newFolder, run, startServer, urlFrom } from "../support/program";
import { SECRET } from "../support/shop";

type Server = Awaited<ReturnType<typeof startServer>>;

const asha = { email: "asha@example.com", password: "a long enough one" };

const send = (url: string, body: object) =>
  fetch(url, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });

/** A connection on which a request can be sent piece by piece. */
async function wire(server: Pick<Server, "url">) {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let received = "";
  const closed = Promise.withResolvers<string>();
  socket.on("data", (chunk) => (received += chunk.toString()));
  socket.on("error", () => {});
  socket.on("close", () => closed.resolve(received));
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  return { send: (text: string) => socket.write(text), closed: closed.promise };
}

/** Half a request that the server has begun to read, on a connection of its own. */
async function halfSignIn(server: Pick<Server, "url">) {
  const body = JSON.stringify({ email: "nobody@example.com", password: "x" });
  const { send, closed } = await wire(server);
  send(
    `POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  send(body.slice(0, 5));
  // Answered after the half request was read, since it came later.
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  return { finish: () => send(body.slice(5)), closed };
}

/** Resolves when nobody listens there any more. */
async function refused(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(`${url}/healthz`, { keepalive: false });
    } catch {
      return;
    }
    await Bun.sleep(5);
  }
}

describe.each(engines)("the server on $name", (engine) => {
  let place: Place;
  let env: Record<string, string>;
  const cwd = newFolder();

  beforeAll(async () => {
    place = await engine.newPlace();
    env = { DATABASE_URL: place.url, RATE_LIMIT: "off" };
  });

  afterAll(() => place.remove());

  test("makes its database, says where it listens, and ends with 0 when told to", async () => {
    const server = await startServer({ cwd, env });
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: "ready" });
    expect(await server.stop()).toBe(0);
  });

  test("has nothing to index anew in a shop that it was the first to fill", async () => {
    const fresh = await engine.newPlace();
    const options = { cwd, env: { ...env, DATABASE_URL: fresh.url } };
    const seed = ["seed", "--products", "5", "--customers", "2", "--orders", "2", "--yes"];
    expect(await run(seed, options)).toMatchObject({ exitCode: 0 });
    const server = await startServer(options);
    expect(await server.stop()).toBe(0);
    const said = await new Response(server.child.stderr).text();
    expect(said).toContain("Stopping");
    expect(said).not.toContain("index anew");
    await fresh.remove();
  });

  test("speaks HTTP over the wire as it does without", async () => {
    const server = await startServer({ cwd, env });
    const head = await fetch(`${server.url}/api/v1/products`, { method: "HEAD" });
    expect({ status: head.status, text: await head.text() }).toEqual({ status: 200, text: "" });
    const wrong = await fetch(`${server.url}/api/v1/categories`, { method: "DELETE" });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("GET, HEAD");
    const nowhere = await fetch(`${server.url}/nowhere`);
    expect(nowhere.headers.get("content-type")).toBe("application/problem+json");
    const large = await send(`${server.url}/api/v1/auth/login`, { email: "x".repeat(2_000_000) });
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ code: "too_large" });
    expect(await server.stop()).toBe(0);
  });

  test("told to stop, it finishes what is in flight and refuses what is new", async () => {
    const server = await startServer({ cwd, env });
    const inFlight = await halfSignIn(server);
    server.child.kill("SIGTERM");
    await refused(server.url);
    expect(server.child.exitCode).toBeNull();
    inFlight.finish();
    expect(await inFlight.closed).toStartWith("HTTP/1.1 401");
    expect(await server.child.exited).toBe(0);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s to all of bun run, which passes it on once more, lets what is in flight finish",
    async (signal) => {
      const group = Bun.spawn([process.execPath, "run", "sanset", "serve", "--port", "0", "--json"], {
        cwd: join(import.meta.dir, "../.."),
        env: { PATH: process.env["PATH"] ?? "", HOME: cwd, BCRYPT_COST: "4", SECRET_KEY: SECRET, ...env },
        stdio: ["ignore", "pipe", "ignore"],
        detached: true,
      });
      const server = { url: await urlFrom(group.stdout) };
      const inFlight = await halfSignIn(server);
      process.kill(-group.pid, signal);
      await refused(server.url);
      // Once more through bun run alone, and long enough for it to be passed on: both at once may arrive as one.
      group.kill(signal);
      await Bun.sleep(200);
      inFlight.finish();
      expect(await inFlight.closed).toStartWith("HTTP/1.1 401");
      await group.exited;
    },
  );

  test("a mail server that hangs in the middle of a letter does not keep it from ending", async () => {
    // It takes as long as requests have, and no engine has a part in it.
    if (engine.name !== "sqlite") return;
    const began = Promise.withResolvers<void>();
    const hanging = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { open: (socket) => void socket.write("220 ready\r\n"), data: () => began.resolve() },
    });
    const mail = { SMTP_URL: `smtp://127.0.0.1:${hanging.port}`, MAIL_FROM: "shop@example.com" };
    const server = await startServer({ env: { ...env, ...mail }, cwd });
    await send(`${server.url}/api/v1/auth/register`, {
      ...asha,
      email: "hanging@example.com",
      full_name: "A",
      phone: "1",
    });
    await send(`${server.url}/api/v1/auth/password/forgot`, { email: "hanging@example.com" });
    await began.promise;
    expect(await server.stop()).toBe(0);
    hanging.stop(true);
  });

  test("says when labels of invoices are longer than the law of their country lets them be", async () => {
    if (engine.name !== "sqlite") return;
    const invoices = { INVOICES: "paid", COUNTRY: "IN" };
    for (const [INVOICE_LABEL, isSaid] of [
      ["TEA-{kind}-{fiscal_year}-{number}", true],
      ["{kind}/{fiscal_year}/{number}", false],
    ] as const) {
      const server = await startServer({ env: { ...env, ...invoices, INVOICE_LABEL }, cwd });
      await server.stop();
      const said = await new Response(server.child.stderr).text();
      expect([INVOICE_LABEL, said.includes("at most 16 characters")]).toEqual([INVOICE_LABEL, isSaid]);
    }
  });

  test("told again some seconds later, it ends at once", async () => {
    const server = await startServer({ cwd, env });
    const inFlight = await halfSignIn(server);
    server.child.kill("SIGTERM");
    await refused(server.url);
    await Bun.sleep(2_100);
    server.child.kill("SIGTERM");
    expect(await server.child.exited).toBe(1);
    expect(await inFlight.closed).toBe("");
  });

  test("half a question does not hold up the end until whoever runs it has no more patience", async () => {
    const server = await startServer({ cwd, env });
    const half = await wire(server);
    half.send("GET /healthz HT");
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    server.child.kill("SIGINT");
    expect(await server.child.exited).toBe(0);
    expect(await half.closed).toBe("");
  });

  test("what was answered before the end is there after the next start", async () => {
    const first = await startServer({ cwd, env });
    const registered = await send(`${first.url}/api/v1/auth/register`, { ...asha, full_name: "Asha", phone: "1" });
    expect(registered.status).toBe(201);
    first.child.kill("SIGKILL");
    await first.child.exited;
    const second = await startServer({ cwd, env });
    expect((await send(`${second.url}/api/v1/auth/login`, asha)).status).toBe(200);
    expect(await second.stop()).toBe(0);
  });

  test("commands work beside it, and it knows of what they did at once", async () => {
    const server = await startServer({ cwd, env });
    const email = "ravi@example.com";
    const login = () => send(`${server.url}/api/v1/auth/login`, { ...asha, email });
    const words = ["user", "create", email, "--name", "Ravi", "--password-stdin"];
    expect(await run(words, { cwd, env, stdin: asha.password })).toMatchObject({ exitCode: 0, err: "" });
    const tokens = Tokens.parse(await (await login()).json());
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const me = () => fetch(`${server.url}/api/v1/users/me`, { headers });
    expect((await me()).status).toBe(200);
    expect((await run(["user", "disable", email], { cwd, env })).exitCode).toBe(0);
    expect((await me()).status).toBe(401);
    expect((await login()).status).toBe(403);
    expect((await run(["user", "enable", email], { cwd, env })).exitCode).toBe(0);
    expect((await login()).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });

  test("a port that another program has is said in one line", async () => {
    const server = await startServer({ cwd, env });
    const { port } = new URL(server.url);
    const second = await run(["serve", "--port", port], { cwd, env });
    expect(second).toMatchObject({ exitCode: 1, out: "" });
    expect(second.err).toMatch(
      new RegExp(`^Can't listen on 127\\.0\\.0\\.1:${port}: another program listens there\\..+\n$`),
    );
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });

  test.each(["no.such.host.invalid", "999.1.1.1", "203.0.113.7"])("so is %s, which is not ours", async (host) => {
    const { exitCode, out, err } = await run(["serve", "--port", "0"], { cwd, env: { ...env, HOST: host } });
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toBe(`Can't listen on ${host}:0: this machine has no such address: look at HOST or --host.\n`);
  });

  test("a setting that is wrong is said by its name, and nothing is opened", async () => {
    const { exitCode, out, err } = await run(["serve", "--port", "0"], { cwd, env: { ...env, BCRYPT_COST: "much" } });
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toBe("The settings can't be used:\n  BCRYPT_COST is not a whole number\n");
  });

  test("production without a secret does not start", async () => {
    const production = { ...env, SANSET_ENV: "production", BCRYPT_COST: "10", RATE_LIMIT: "on" };
    const { exitCode, err } = await run(["serve", "--port", "0"], { cwd, env: production });
    expect(exitCode).toBe(1);
    expect(err).toContain("SECRET_KEY");
  });

  test(".env in its folder is read, and the environment goes before it", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, ".env"), `DATABASE_URL=${place.url}\nCURRENCY=nonsense\n`);
    const wrong = await run(["user", "list"], { cwd: folder });
    expect(wrong).toMatchObject({ exitCode: 1, out: "" });
    expect(wrong.err).toContain("CURRENCY");
    const right = await run(["user", "list"], { cwd: folder, env: { CURRENCY: "EUR" } });
    expect(right).toMatchObject({ exitCode: 0 });
    expect(right.out).toContain("asha@example.com");
  });

  test(".env that can't be read is said in one line", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, ".env"));
    const { exitCode, out, err } = await run(["user", "list"], { cwd: folder, env });
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toBe(".env can't be read: it is a folder.\n");
  });

  test("a database of a newer program is refused in one line", async () => {
    const newer = await engine.newPlace();
    const database = await openDatabase(newer.address);
    await migrate(database);
    await database.transaction((tx) => tx.run("INSERT INTO sanset_migrations VALUES ('9999_future', 'x', 'y')"));
    await database.close();
    const { exitCode, err } = await run(["serve", "--port", "0"], { cwd, env: { ...env, DATABASE_URL: newer.url } });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^The database was written by a newer Sanset \(it has 9999_future\)\. .+\n$/);
    await newer.remove();
  });
});

const serve = (database: string) => run(["serve", "--port", "0"], { env: { DATABASE_URL: database } });

describe("sanset ready", () => {
  test("says whether the server that the settings name is ready, and why not", async () => {
    const cwd = newFolder();
    const server = await startServer({ cwd });
    const env = { PORT: new URL(server.url).port, HOST: "0.0.0.0", HTTP_PROXY: "http://127.0.0.1:9" };
    const ready = await run(["ready"], { cwd, env });
    expect([ready.exitCode, ready.out]).toEqual([0, "The shop is ready.\n"]);
    renameSync(join(cwd, "data/sanset.db"), join(cwd, "data/moved.db"));
    const moved = await run(["ready"], { cwd, env });
    expect([moved.exitCode, moved.err]).toEqual([1, expect.stringContaining("was moved or deleted")]);
    expect(await server.stop()).toBe(0);
    const stopped = await run(["ready"], { cwd, env });
    expect([stopped.exitCode, stopped.err]).toEqual([1, expect.stringContaining("No shop answers at")]);
  });
});

/** A server under a systemd whose program is this one, which writes into `told`. */
async function toldTo(program: string) {
  const [cwd, folder] = [newFolder(), newFolder()];
  writeFileSync(join(folder, "systemd-notify"), program, { mode: 0o755 });
  const env = { PATH: `${folder}:${process.env["PATH"]}`, NOTIFY_SOCKET: "/run/systemd/notify" };
  const server = await startServer({ cwd, env });
  return { server, told: join(folder, "told") };
}

describe("a server under systemd", () => {
  test("tells it once the shop answers", async () => {
    const asks =
      '#!/bin/sh\necho "$NOTIFY_SOCKET $*" > "$(dirname "$0")/told.part"; mv "$(dirname "$0")/told.part" "$(dirname "$0")/told"\n';
    const { server, told } = await toldTo(asks);
    while (!existsSync(told)) await Bun.sleep(5);
    expect(readFileSync(told, "utf8")).toBe("/run/systemd/notify --ready\n");
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });

  test("serves where that fails, and the log says so", async () => {
    const { server, told } = await toldTo('#!/bin/sh\necho "No such socket" >&2; : > "$(dirname "$0")/told"; exit 1\n');
    while (!existsSync(told)) await Bun.sleep(5);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
    expect(await new Response(server.child.stderr).text()).toContain("No such socket");
  });
});

describe("a database that can't be used is said in one line", () => {
  test("a file that is none", async () => {
    const file = join(newFolder(), "shop.db");
    writeFileSync(file, "id,name\n".repeat(1_000));
    const { exitCode, out, err } = await serve(`sqlite:///${file}`);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toMatch(/^.*shop\.db: this is not an SQLite database\. .+\n$/);
    expect(readFileSync(file, "utf8")).toBe("id,name\n".repeat(1_000));
  });

  test("a folder", async () => {
    const { exitCode, err } = await serve(`sqlite:///${newFolder()}`);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^.*: this is a folder\. DATABASE_URL must name a file in it or elsewhere\.\n$/);
  });

  test("one in memory, which would be lost with the program", async () => {
    const { exitCode, err } = await serve("sqlite:///:memory:");
    expect(exitCode).toBe(1);
    expect(err).toBe(
      "The settings can't be used:\n  DATABASE_URL names no file: a shop in memory would be lost with the program\n",
    );
  });

  test("a server that is not there, named without its password", async () => {
    const { exitCode, err } = await serve("postgres://shop:hunter2@127.0.0.1:1/shop");
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^PostgreSQL at postgres:\/\/shop@127\.0\.0\.1:1\/shop: .+\n$/);
    expect(err).not.toContain("hunter2");
  });
});

const nobody = asNobody();
if (!nobody) console.warn("This user can't become one who may not write: the tests on read-only files are skipped.");

describe.skipIf(!nobody).each([
  ["file", 0o444, 0o777],
  ["folder", 0o666, 0o555],
])("a %s that may only be read", (_, fileMode, folderMode) => {
  test("is said in one line, and the database stays as it was", async () => {
    const cwd = newFolder();
    const file = join(cwd, "shop.db");
    const database = await openDatabase({ engine: "sqlite", path: file });
    await migrate(database);
    await database.close();
    const before = readFileSync(file);
    chmodSync(file, fileMode);
    chmodSync(cwd, folderMode);
    const env = { DATABASE_URL: `sqlite:///${file}`, SECRET_KEY: "4b1d0c7e9f2a8653d7e1b0c4a9f8e762" };
    const { exitCode, out, err } = await run(["serve", "--port", "0"], { cwd, env, under: nobody ?? [] });
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toMatch(/^.*shop\.db: Sanset may not write to the file or its folder, .+\n$/);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(cwd).filter((name) => name.startsWith("shop.db"))).toEqual(["shop.db"]);
  });
});
