import { beforeAll, describe, expect, test } from "bun:test";
import { CommanderError } from "commander";
import { createProgram, leavesOf } from "../../cli/program";
import { createBars } from "../../cli/progress";
import type { Terminal } from "../../cli/terminal";
import { ShopError } from "../../src/base/errors";
import { paymentProviders } from "../../src/payments/providers";
import { settingNames } from "../../src/shop/settings";
import { migrationStatus } from "../../src/storage/migrate";
import { clientOf, newClient } from "../support/client";
import { runCommandOrThrow } from "../support/command";
import { engines } from "../support/engines";
import { newFolder, run, startOnTerminal } from "../support/program";
import { freshShop, type TestShop } from "../support/shop";

const refusalOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe.each(engines)("commands on $name", (engine) => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await freshShop(engine);
  });

  const PASSWORD = "a long enough one";

  const create = (email: string, ...more: string[]) =>
    runCommandOrThrow(shop, ["user", "create", email, "--name", "Asha Rao", "--password-stdin", ...more], PASSWORD);

  const signIn = async (email: string, password = PASSWORD) => {
    const { status, body } = await clientOf(shop).post("/auth/login", { email, password });
    return { status, client: clientOf(shop, body.access_token) };
  };

  describe("user", () => {
    test("create opens an account that can sign in", async () => {
      const { text, answer } = await create("asha@example.com", "--phone", "+91 1");
      expect(answer).toMatchObject({
        email: "asha@example.com",
        full_name: "Asha Rao",
        phone: "+91 1",
        is_admin: false,
      });
      expect(text).toContain("asha@example.com is a customer now");
      const { status, client } = await signIn("asha@example.com");
      expect(status).toBe(200);
      expect((await client.get("/users")).status).toBe(403);
    });

    test("create --admin makes a real admin", async () => {
      expect((await create("boss@example.com", "--admin")).answer).toMatchObject({ is_admin: true });
      const { client } = await signIn("boss@example.com");
      expect((await client.get("/users")).status).toBe(200);
    });

    test("create refuses an e-mail that is taken", async () => {
      await create("taken@example.com");
      expect(await refusalOf(create("TAKEN@example.com"))).toMatchObject({ code: "duplicate" });
    });

    test("create refuses what the API would refuse", async () => {
      expect(await refusalOf(create("no-address"))).toMatchObject({
        code: "invalid",
        details: { errors: [{ path: "email" }] },
      });
      const short = runCommandOrThrow(
        shop,
        ["user", "create", "short@example.com", "--name", "S", "--password-stdin"],
        "short",
      );
      expect(await refusalOf(short)).toMatchObject({ code: "invalid", details: { errors: [{ path: "password" }] } });
    });

    test("nothing that was printed holds a password or its hash", async () => {
      const { answer, text } = await create("printed@example.com");
      expect(JSON.stringify(answer) + text).not.toMatch(/long enough|\$2[aby]\$|hash/);
      const { answer: list } = await runCommandOrThrow(shop, ["user", "list"]);
      expect(JSON.stringify(list)).not.toMatch(/\$2[aby]\$|hash/);
    });

    test("list shows who there is, all of them or those asked for", async () => {
      await create("listed@example.com");
      const all = await runCommandOrThrow(shop, ["user", "list"]);
      expect(all.text).toMatch(/^ID +E-MAIL +NAME +STANDING +SINCE\n/);
      expect(all.text).toMatch(/listed@example\.com +Asha Rao +customer +2030-01-01T09:00:00\.000Z/);
      const some = await runCommandOrThrow(shop, ["user", "list", "--q", "LISTED@"]);
      expect(some.answer).toMatchObject([{ email: "listed@example.com" }]);
      expect(some.text.split("\n")).toHaveLength(2);
    });

    test("passwd sets a new password and ends every session", async () => {
      const client = await newClient(shop, { email: "forgot@example.com" });
      const { text } = await runCommandOrThrow(
        shop,
        ["user", "passwd", "forgot@example.com", "--password-stdin"],
        "a new one, long",
      );
      expect(text).toContain("forgot@example.com has a new password");
      expect((await client.get("/users/me")).status).toBe(401);
      expect((await signIn("forgot@example.com", "a new one, long")).status).toBe(200);
      expect((await signIn("forgot@example.com", "correct horse battery")).status).toBe(401);
    });

    test("passwd refuses a password that is too short, and the old one stays", async () => {
      const client = await newClient(shop, { email: "keeps@example.com" });
      const words = ["user", "passwd", String(client.id), "--password-stdin"];
      expect(await refusalOf(runCommandOrThrow(shop, words, "short"))).toMatchObject({ code: "invalid" });
      expect((await client.get("/users/me")).status).toBe(200);
    });

    test.each([
      ["promote", { is_admin: true }, "promote@example.com is an admin now."],
      ["demote", { is_admin: false }, "demote@example.com is a customer now."],
      ["disable", { is_active: false }, "disable@example.com is locked out now."],
      ["enable", { is_active: true }, "enable@example.com may sign in again, as a customer."],
    ])("%s", async (verb, standing, saying) => {
      const email = `${verb}@example.com`;
      await create(email, ...(verb === "demote" ? ["--admin"] : []));
      await create(`other-${verb}@example.com`, "--admin");
      if (verb === "enable") await runCommandOrThrow(shop, ["user", "disable", email]);
      const { answer, text } = await runCommandOrThrow(shop, ["user", verb, email]);
      expect(answer).toMatchObject({ email, ...standing });
      expect(text).toBe(saying);
      expect((await signIn(email)).status).toBe(verb === "disable" ? 403 : 200);
    });

    test("promote says so when the new admin is locked out", async () => {
      await create("out@example.com");
      await runCommandOrThrow(shop, ["user", "disable", "out@example.com"]);
      const { text } = await runCommandOrThrow(shop, ["user", "promote", "out@example.com"]);
      expect(text).toBe("out@example.com is an admin now, but still locked out.");
    });

    test("the last admin stays one", async () => {
      const own = await freshShop(engine);
      await newClient(own, { admin: true, email: "only@example.com" });
      for (const verb of ["demote", "disable"]) {
        expect(await refusalOf(runCommandOrThrow(own, ["user", verb, "only@example.com"]))).toMatchObject({
          code: "forbidden",
        });
      }
      await own.close();
    });

    test("somebody unknown is not found", async () => {
      for (const name of ["nobody@example.com", "999999"]) {
        expect(await refusalOf(runCommandOrThrow(shop, ["user", "promote", name]))).toMatchObject({
          code: "not_found",
        });
      }
    });
  });

  describe("migrate", () => {
    test("status lists the migrations, and up has nothing left to do", async () => {
      const { answer, text } = await runCommandOrThrow(shop, ["migrate", "status"]);
      expect(answer).toEqual(await migrationStatus(shop.database));
      expect(text).toMatch(/^MIGRATION +RAN AT\n0001_shop +\d{4}-/);
      const up = await runCommandOrThrow(shop, ["migrate", "up"]);
      expect(up).toMatchObject({ answer: { ran: [] }, text: expect.stringContaining("Nothing to do") });
    });
  });

  test("every command can answer in JSON", async () => {
    expect((await runCommandOrThrow(shop, ["user", "list", "--json"])).json).toBe(true);
    expect((await runCommandOrThrow(shop, ["user", "list"])).json).toBe(false);
    const program = createProgram({} as Terminal, () => {});
    for (const leaf of leavesOf(program)) expect(leaf.options.map(({ long }) => long)).toContain("--json");
  });

  test("the help names only settings that there are", () => {
    for (const leaf of leavesOf(createProgram({} as Terminal, () => {}))) {
      for (const name of leaf.helpInformation().match(/\b[A-Z]+_[A-Z_]+\b/g) ?? [])
        expect(settingNames(paymentProviders)).toContain(name);
    }
  });

  test("no command takes a password where others can read it", () => {
    for (const leaf of leavesOf(createProgram({} as Terminal, () => {}))) {
      for (const { long, required, optional } of leaf.options) {
        if (/pass|secret|token/.test(long ?? ""))
          expect({ long, required, optional }).toMatchObject({ required: false, optional: false });
      }
      for (const argument of leaf.registeredArguments) expect(argument.name()).not.toMatch(/pass|secret/);
    }
  });

  test.each([
    [["user", "create", "x@example.com"]],
    [["user", "create", "x@example.com", "--name", "X", "--password", "hunter2hunter2"]],
    [["user", "create", "--name", "X"]],
    [["user", "promote"]],
    [["user", "fire", "x@example.com"]],
    [["serve", "--port", "http"]],
    [["serve", "--port", "65536"]],
    [["import", "orders", "x.csv", "--stock", "-1"]],
    [["dance"]],
  ])("%p is no command of ours", async (words) => {
    expect(await refusalOf(runCommandOrThrow(shop, words))).toBeInstanceOf(CommanderError);
  });

  test("what failed is a failure of the shop, in a sentence", async () => {
    const error = await refusalOf(runCommandOrThrow(shop, ["import", "orders", "/no/such/file.csv"]));
    expect(error).toBeInstanceOf(ShopError);
    expect(String(error)).toMatch(/there is no such file\. Nothing was changed\.$/);
  });
});

describe("the program", () => {
  const cwd = newFolder();
  const env = { DATABASE_URL: "sqlite:///./shop.db" };
  const asha = ["user", "create", "asha@example.com", "--name", "Asha Rao", "--password-stdin"];

  test("ends with 0, its answer on stdout and nothing else there", async () => {
    const created = await run([...asha, "--json"], { cwd, env, stdin: "a long enough one\nand a second line" });
    expect(created).toMatchObject({ exitCode: 0, err: "" });
    expect(JSON.parse(created.out)).toMatchObject({ email: "asha@example.com", full_name: "Asha Rao" });
    const listed = await run(["user", "list"], { cwd, env });
    expect(listed).toMatchObject({ exitCode: 0, err: "" });
    expect(listed.out).toContain("asha@example.com");
    expect(listed.out).not.toContain("\u001b");
  });

  test("ends with 1 where it failed, with one clear line on stderr", async () => {
    const again = await run(asha, { cwd, env, stdin: "a long enough one" });
    expect(again).toMatchObject({ exitCode: 1, out: "" });
    expect(again.err).toBe("There is an account with this e-mail already.\n");
  });

  test("answers in JSON wherever --json stands", async () => {
    const after = await run(["user", "list", "--json"], { cwd, env });
    expect(JSON.parse(after.out)).toMatchObject([{ email: "asha@example.com" }]);
    expect(await run(["--json", "user", "list"], { cwd, env })).toEqual(after);
    expect(await run(["user", "--json", "list"], { cwd, env })).toEqual(after);
  });

  test.each([
    ["a refusal", 1, asha, {}, { code: "duplicate", detail: "There is an account with this e-mail already." }],
    [
      "a wrong field",
      1,
      ["user", "create", "no-address", "--name", "X"],
      {},
      { code: "invalid", detail: "Some of what was given is not valid.", errors: [{ path: "email" }] },
    ],
    ["a wrong setting", 1, ["user", "list"], { PORT: "x" }, { code: "unusable", detail: /PORT is not a whole number/ }],
    [
      "an unknown option",
      2,
      ["user", "list", "--colour"],
      {},
      { code: "invalid", detail: "unknown option '--colour'" },
    ],
    ["an unknown command", 2, ["dance"], {}, { code: "invalid", detail: /^unknown command 'dance'/ }],
  ])("%s is JSON too where that was asked for", async (_, exitCode, words, settings, problem) => {
    for (const asked of [
      ["--json", ...words],
      [...words, "--json"],
    ]) {
      const failed = await run(asked, { cwd, env: { ...env, ...settings }, stdin: "a long enough one" });
      expect(failed).toMatchObject({ exitCode, out: "" });
      const { detail, ...said } = JSON.parse(failed.err);
      expect({ ...said, detail: problem.detail }).toMatchObject(problem);
      expect(detail).toMatch(problem.detail);
    }
  });

  test("ends with 1 where a field is wrong, and names it", async () => {
    const short = await run(["user", "passwd", "asha@example.com", "--password-stdin"], { cwd, env, stdin: "short\n" });
    expect(short).toMatchObject({ exitCode: 1, out: "" });
    expect(short.err).toContain("8");
  });

  test.each([[["user", "create"]], [["serve", "--port", "x"]], [["dance"]], [["user", "list", "--colour"]], [[]]])(
    "ends with 2 where it is used as in %p",
    async (words) => {
      const { exitCode, out, err } = await run(words, { cwd, env });
      expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
      expect(err).not.toBe("");
    },
  );

  test.each([[["--help"]], [["user", "create", "--help"]], [["--version"]]])("%p is an answer", async (words) => {
    const { exitCode, out, err } = await run(words, { cwd, env });
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(out).not.toBe("");
  });

  test("asks for no password where nobody can type one", async () => {
    const { exitCode, err } = await run(["user", "create", "x@example.com", "--name", "X"], { cwd, env });
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: "There is no terminal to ask for a password on: use --password-stdin.\n",
    });
  });

  describe("on a terminal", () => {
    const ravi = ["user", "create", "ravi@example.com", "--name", "Ravi"];
    const PASSWORD = "a long enough one";

    test("what is wrong with the rest is said before anybody types a password", async () => {
      const { exitCode, shown } = await startOnTerminal(["user", "create", "no-address", "--name", " "], {
        cwd,
        env,
      }).end();
      expect(exitCode).toBe(1);
      expect(shown).not.toContain("Password");
      expect(shown).toContain("<email>: ");
      expect(shown).toContain("--name: ");
    });

    test.each([
      ["Ctrl-C", "\u0003"],
      ["Ctrl-D", "\u0004"],
    ])("%s gives up", async (_, key) => {
      const terminal = startOnTerminal(ravi, { cwd, env });
      await terminal.answer("Password: ", `half${key}`);
      const { exitCode, shown } = await terminal.end();
      expect(exitCode).toBe(1);
      expect(Bun.stripANSI(shown)).toEndWith("Given up; nothing was changed.\r\n");
    });

    test("Ctrl-U begins anew, Backspace takes one back, arrows and other keys without a letter do nothing", async () => {
      const terminal = startOnTerminal(ravi, { cwd, env });
      const [left, up, remove, tab] = ["\u001b[D", "\u001bOA", "\u001b[3~", "\t"];
      await terminal.answer("Password: ", `wrong\u0015a long${left}x\u007f enough${up}${remove}${tab} one\r`);
      await terminal.answer("Once more: ", `${PASSWORD}\r`);
      const { exitCode, shown } = await terminal.end();
      expect(shown).toContain("ravi@example.com is a customer now");
      expect(shown).not.toContain("long");
      expect(exitCode).toBe(0);
    });
  });

  test("takes back no password that it was not meant to have", async () => {
    const { exitCode, err, out } = await run(
      ["user", "create", "x@example.com", "--name", "X", "--password", "hunter2hunter2"],
      { cwd, env },
    );
    expect(exitCode).toBe(2);
    expect(err + out).not.toContain("hunter2");
  });
});

/** What has been written, and bars whose clock is moved by hand. */
function barsOn({ isTTY }: { isTTY: boolean }) {
  const written: string[] = [];
  let time = 0;
  const bars = createBars({ isTTY, write: (text) => written.push(String(text)) > 0 }, () => time);
  return { written, bars, pass: (milliseconds: number) => (time += milliseconds) };
}

describe("bars", () => {
  test("on a terminal they share a line, and leave it to whatever is written next", () => {
    const { written, bars, pass } = barsOn({ isTTY: true });
    const [reading, writing] = [bars.bar("Reading"), bars.bar("Writing")];
    reading.update(1, 4);
    bars.clear();
    expect(written).toEqual([]);
    pass(1_000);
    reading.update(1, 4);
    writing.update(0, 4);
    bars.clear();
    bars.clear();
    expect(written).toEqual([
      "\r\x1b[KReading [#######---------------------] 25 %",
      "\r\x1b[KWriting [----------------------------] 0 %",
      "\r\x1b[K",
    ]);
    pass(100);
    writing.update(4, 4);
    expect(written.at(-1)).toBe("\r\x1b[KWriting [############################] 100 %");
  });

  test("in a log they are lines that stay, now and then", () => {
    const { written, bars, pass } = barsOn({ isTTY: false });
    const bar = bars.bar("Indexing");
    for (let second = 0; second <= 21; second++, pass(1_000)) bar.update(second);
    bars.clear();
    expect(written).toEqual(["Indexing 1\n", "Indexing 11\n", "Indexing 21\n"]);
  });
});
