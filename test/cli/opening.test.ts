import { describe, expect, test } from "bun:test";
import { Database as Connection } from "bun:sqlite";
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeAnswer } from "../../cli/output";
import { ShopError } from "../../src/base/errors";
import { newFolder, run, start, startServer } from "../support/program";
import { PROGRAM } from "../support/usual";

/** A folder for a shop that is not there yet. */
function place() {
  const cwd = newFolder();
  return { cwd, file: join(cwd, "data/shop.db"), env: { DATABASE_URL: "sqlite:///./data/shop.db" } };
}

const ADMIN = ["user", "create", "asha@example.com", "--name", "Asha", "--admin", "--password-stdin"];
const stdin = "a long enough one";

/** As an older Sanset left it: its last migration has not run. */
function makeOlder(file: string): void {
  const connection = new Connection(file);
  connection.run("ALTER TABLE recommend_runs DROP COLUMN process");
  connection.run("DELETE FROM sanset_migrations WHERE name = '0111_training_process'");
  connection.close();
}

describe("a command that looks", () => {
  test.each([
    [["user", "list"]],
    [["order", "list"]],
    [["doctor"]],
    [["jobs"]],
    [["migrate", "status"]],
    [["retrain"]],
    [["search", "reindex"]],
    [["stock", "adjust", "1", "5", "--reason", "found"]],
  ])("makes no shop where there is none: %p", async (words) => {
    const { cwd, env, file } = place();
    const { exitCode, out, err } = await run(words, { cwd, env });
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: "" });
    expect(err).toStartWith(`There is no shop at ${file}. Is DATABASE_URL right?`);
    expect(existsSync(join(cwd, "data"))).toBe(false);
  });

  test("takes an empty file for no shop, and leaves it empty", async () => {
    const { cwd, env, file } = place();
    mkdirSync(join(cwd, "data"));
    writeFileSync(file, "");
    expect((await run(["user", "list"], { cwd, env })).err).toStartWith(`There is no shop at ${file}.`);
    expect((await run(["migrate", "status"], { cwd, env })).out).toContain("pending");
  });

  test("and one that changes something leave an older shop as it is, and say what would be done", async () => {
    const { cwd, env, file } = place();
    expect((await run(ADMIN, { cwd, env, stdin })).exitCode).toBe(0);
    makeOlder(file);
    for (const words of [
      ["user", "list"],
      ["seed", "--orders", "0", "--yes"],
    ]) {
      const { exitCode, err } = await run(words, { cwd, env });
      expect(exitCode).toBe(1);
      expect(err).toContain("written by an older Sanset: 1 migration is pending (0111_training_process)");
      expect(err).toContain("sanset migrate up");
    }
    const status = await run(["migrate", "status"], { cwd, env });
    expect(status.out).toMatch(/0111_training_process +pending/);
    expect(readdirSync(join(cwd, "data")).filter((name) => name.includes("before"))).toEqual([]);
  });
});

describe("an older shop", () => {
  test("is brought up to date by migrate up, after a copy beside it that is whole", async () => {
    const { cwd, env, file } = place();
    await run(ADMIN, { cwd, env, stdin });
    makeOlder(file);
    const up = await run(["migrate", "up"], { cwd, env });
    const copy = join(cwd, "data/shop.before-0111_training_process.db");
    expect(up.out).toBe("Ran 0111_training_process.\n");
    expect(up.err).toContain(`Copied the database to ${copy} before changing it.`);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(copied(copy)).toEqual({ users: 1, ran: 0 });
    expect((await run(["user", "list", "--json"], { cwd, env })).exitCode).toBe(0);
    expect((await run(["audit"], { cwd, env })).out).toContain("migrate up");
    // A second time the copy of the first is not written over.
    makeOlder(file);
    await run(["migrate", "up"], { cwd, env });
    expect(existsSync(join(cwd, "data/shop.before-0111_training_process-2.db"))).toBe(true);
    expect((await run(["migrate", "up"], { cwd, env })).out).toBe("Nothing to do: the database is up to date.\n");
  });

  test("is brought up to date by serve too, after a copy", async () => {
    const { cwd, env, file } = place();
    await run(ADMIN, { cwd, env, stdin });
    makeOlder(file);
    const server = await startServer({ cwd, env });
    expect(await server.stop()).toBe(0);
    expect(copied(join(cwd, "data/shop.before-0111_training_process.db"))).toEqual({ users: 1, ran: 0 });
    expect((await run(["user", "list"], { cwd, env })).exitCode).toBe(0);
  });
});

function copied(file: string): { users: number; ran: number } {
  const connection = new Connection(file, { readonly: true });
  const count = (sql: string) => (connection.query(sql).get() as { count: number }).count;
  const users = count("SELECT COUNT(*) AS count FROM users");
  const ran = count("SELECT COUNT(*) AS count FROM sanset_migrations WHERE name = '0111_training_process'");
  connection.close();
  return { users, ran };
}

describe("files", () => {
  test("are made for their owner alone, and wider ones are warned of at the start", async () => {
    const { cwd, env, file } = place();
    await run(ADMIN, { cwd, env, stdin });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(cwd, "data")).mode & 0o777).toBe(0o700);
    const quiet = await startServer({ cwd, env });
    await quiet.stop();
    expect(await new Response(quiet.child.stderr).text()).not.toContain("chmod");
    chmodSync(file, 0o644);
    const hidden = await startServer({ cwd, env });
    await hidden.stop();
    expect(await new Response(hidden.child.stderr).text()).not.toContain("chmod");
    chmodSync(join(cwd, "data"), 0o755);
    const warned = await startServer({ cwd, env });
    await warned.stop();
    const said = await new Response(warned.child.stderr).text();
    // The log beside it may be there already, and is as readable.
    expect(said).toContain(`Other users of this machine can read ${join(cwd, "data/shop.db")}`);
    expect(said).toContain(`chmod 600 ${join(cwd, "data/shop.db")}`);
  });
});

describe("settings that are mistyped", () => {
  test("are named with the right one by every command that opens the shop", async () => {
    const { cwd, env } = place();
    writeFileSync(join(cwd, ".env"), "PUBILC_URL=https://x\nPOTR=81\nCORS_ORIGIN=\nSANSET_MODE=x\nEDITOR=vi\n");
    const { err } = await run(["user", "list"], { cwd, env: { ...env, DATABSE_URL: "x" } });
    expect(err.split("\n").filter((line) => line.includes("no setting"))).toEqual([
      "PUBILC_URL in .env is no setting. Is PUBLIC_URL meant?",
      "POTR in .env is no setting. Is PORT meant?",
      "CORS_ORIGIN in .env is no setting. Is CORS_ORIGINS meant?",
      "SANSET_MODE in .env is no setting.",
      "DATABSE_URL in the environment is no setting. Is DATABASE_URL meant?",
    ]);
  });

  test("lines without = are named: they set nothing", async () => {
    const { cwd, env } = place();
    writeFileSync(join(cwd, ".env"), "PORT 7000\nHOST: ::1\nexport LOG_LEVEL\nSHOP_NAME = a b\n# PORT 1\nEDITOR vi\n");
    const { err } = await run(["user", "list"], { cwd, env });
    expect(err.split("\n").filter((line) => line.includes("sets nothing"))).toEqual([
      "PORT in .env sets nothing: write PORT=…",
      "HOST in .env sets nothing: write HOST=…",
      "LOG_LEVEL in .env sets nothing: write LOG_LEVEL=…",
    ]);
  });

  test("make sanset config fail, which prints what is in force, without secrets", async () => {
    const { cwd } = place();
    const env = {
      DATABASE_URL: "postgres://shop:hunter2@127.0.0.1/shop",
      SECRET_KEY: "hunter2hunter2",
      SMTP_URL: "smtp://shop:hunter2@mail.example:587",
      MAIL_FROM: "shop@example.com",
      SENTRY_DSN: "https://hunter2@sentry.example/1",
    };
    writeFileSync(join(cwd, ".env"), "PORT=81\nHOST=localhost\n");
    const { exitCode, out, err } = await run(["config"], { cwd, env });
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(out).not.toContain("hunter2");
    expect(out).toMatch(/^PORT +81 +\.env$/m);
    expect(out).toMatch(/^CURRENCY +INR +default$/m);
    expect(out).toMatch(/^SECRET_KEY +\[masked\] +environment$/m);
    expect(out).toMatch(/^DATABASE_URL +postgres:\/\/shop:\[masked\]@127\.0\.0\.1\/shop +environment$/m);
    expect(out).toMatch(/^SMTP_URL +smtp:\/\/shop:\[masked\]@mail\.example:587 +environment$/m);
    const set = await run(["config", "--set", "--json"], { cwd, env: { ...env, POTR: "1" } });
    expect(set.exitCode).toBe(1);
    const answer = JSON.parse(set.out);
    expect(answer.mistyped).toEqual(["POTR in the environment is no setting. Is PORT meant?"]);
    expect(answer.settings).toContainEqual({ name: "HOST", value: "localhost", from: ".env" });
    expect(answer.settings.map(({ name }: { name: string }) => name)).not.toContain("CURRENCY");
    const wrong = await run(["config"], { cwd, env: { ...env, PORT: "no" } });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.out).toMatch(/^PORT +no +environment$/m);
    expect(wrong.err).toContain("PORT is not a whole number");
  });
});

describe("a start", () => {
  test("says what it is that starts", async () => {
    const { cwd, env } = place();
    const child = start(["serve", "--port", "0"], { cwd, env });
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    child.kill("SIGHUP");
    expect(await child.exited).toBe(0);
    expect(new TextDecoder().decode(value)).toMatch(
      /^Sanset \d\S+ serves at http:\/\/127\.0\.0\.1:\d+: DEVELOPMENT · database sqlite \/.+\/data\/shop\.db · mail to the log · payments cod, mock \(mock: goods are free\) · CORS any site · docs http:\S+\/docs\n$/,
    );
  });

  test("of a real shop says where customers reach it", async () => {
    const { cwd, env } = place();
    const real = { SANSET_ENV: "production", BCRYPT_COST: "10", PUBLIC_URL: "https://api.shop.example" };
    const child = start(["serve", "--port", "0"], { cwd, env: { ...env, ...real, SECRET_KEY: crypto.randomUUID() } });
    const { value } = await child.stdout.getReader().read();
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
    expect(new TextDecoder().decode(value)).toContain(
      ": production · for customers https://api.shop.example · database",
    );
  });

  test("of a shop in development that says where it is reached says so, and that it is where it listens if not", async () => {
    const { cwd, env } = place();
    const said = async (more: Record<string, string>, words: string[] = []) => {
      const child = start(["serve", "--port", "0", ...words], { cwd, env: { ...env, ...more } });
      const { value } = await child.stdout.getReader().read();
      child.kill("SIGTERM");
      await child.exited;
      return new TextDecoder().decode(value);
    };
    const PUBLIC_URL = "https://shop.example/backend";
    expect(await said({ PUBLIC_URL })).toContain(`: DEVELOPMENT · for customers ${PUBLIC_URL} · database`);
    const { url, public_url } = JSON.parse(await said({}, ["--json"]));
    expect(public_url).toBe(url);
  });

  test("for others to reach needs SANSET_ENV, by option as by setting", async () => {
    const { cwd, env } = place();
    const { exitCode, err } = await run(["serve", "--port", "0", "--host", "0.0.0.0"], {
      cwd,
      env: { ...env, SANSET_ENV: "" },
    });
    expect(exitCode).toBe(1);
    expect(err).toContain("SANSET_ENV must be set, since others can reach 0.0.0.0");
  });
});

describe("a command that is stopped", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("by %s says how far it came and how to go on", async (signal, code) => {
    const { cwd, env, file } = place();
    const child = start(["seed", "--orders", "3000000"], { cwd, env });
    while (child.exitCode === null && !hasProducts(file)) await Bun.sleep(20);
    child.kill(signal);
    const err = await new Response(child.stderr).text();
    expect(await child.exited).toBe(code);
    expect(err).toMatch(
      /Stopped\. .*What is in the shop stays\. The same command with --yes adds what is missing\.\n$/,
    );
  });
});

describe("an evaluation that is stopped", () => {
  test("ends soon, without the table that it was asked for", async () => {
    const { cwd, env } = place();
    expect(
      (await run(["seed", "--products", "300", "--customers", "300", "--orders", "4000"], { cwd, env })).exitCode,
    ).toBe(0);
    const child = start(["recommend", "evaluate"], { cwd, env });
    const err = child.stderr.getReader();
    const { value } = await err.read();
    expect(new TextDecoder().decode(value)).toStartWith("Evaluating");
    child.kill("SIGINT");
    expect(await new Response(child.stdout).text()).toBe("");
    expect(await child.exited).toBe(130);
  }, 60_000);
});

describe("an answer", () => {
  test("that could not be written is a failure, and a reader who has enough is none", async () => {
    const { cwd } = place();
    const toFull = Bun.spawn(["sh", "-c", `"$@" openapi > /dev/full`, "sh", ...PROGRAM], {
      cwd,
      stderr: "pipe",
    });
    expect(await toFull.exited).toBe(1);
    expect(await new Response(toFull.stderr).text()).toContain("could not be written: there is no space left");
    const toHead = Bun.spawn(["sh", "-c", `"$@" openapi | head -c 1`, "sh", ...PROGRAM], {
      cwd,
      stderr: "pipe",
      stdout: "pipe",
    });
    expect(await new Response(toHead.stdout).text()).toBe("{");
    expect(await new Response(toHead.stderr).text()).toBe("");
    // A help as well; who reads it is gone before it comes.
    const toNobody = Bun.spawn(["sh", "-c", `"$@" backup --help | true`, "sh", ...PROGRAM], {
      cwd,
      stderr: "pipe",
    });
    expect(await new Response(toNobody.stderr).text()).toBe("");
  });

  test("is written whole, however little of it is taken at once", () => {
    const taken: string[] = [];
    let isFull = true;
    writeAnswer("müsli", (bytes) => {
      isFull = !isFull;
      if (!isFull) throw Object.assign(new Error("full"), { code: "EAGAIN" });
      const some = bytes.slice(0, 3);
      taken.push(Buffer.from(some).toString("latin1"));
      return some.length;
    });
    expect(Buffer.from(taken.join(""), "latin1").toString()).toBe("müsli");
    expect(breaks).toThrow(ShopError);
    expect(breaks).toThrow("EIO");
  });
});

function hasProducts(file: string): boolean {
  if (!existsSync(file)) return false;
  const connection = new Connection(file);
  try {
    return connection.query("SELECT 1 FROM products LIMIT 1").get() !== null;
  } catch {
    return false;
  } finally {
    connection.close();
  }
}

function breaks() {
  writeAnswer("x", () => {
    throw Object.assign(new Error("broken"), { code: "EIO" });
  });
}

test.each([
  ["mail templates NOWHERE", {}],
  ["openapi --out NOWHERE", {}],
  ["export products --out NOWHERE", {}],
  ["backup create", { BACKUP_TO: "NOWHERE" }],
  ["backup create", { TMPDIR: "NOWHERE" }],
])("%s where nobody can write (%p) names the place and the reason", async (words, settings) => {
  const { cwd, env } = place();
  // A file is no folder, for root neither.
  writeFileSync(join(cwd, "file"), "");
  const nowhere = join(cwd, "file", "x");
  expect((await run(["migrate", "up"], { cwd, env })).exitCode).toBe(0);
  const there = (text: string) => text.replace("NOWHERE", nowhere);
  const more = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, there(value)]));
  const { exitCode, err } = await run(words.split(" ").map(there), { cwd, env: { ...env, ...more } });
  expect([exitCode, err]).toEqual([1, expect.stringContaining(nowhere)]);
  expect(err).not.toMatch(/should not|E[A-Z]{4,}/);
});
