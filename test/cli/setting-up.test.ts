import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createProgram } from "../../cli/program";
import { completionScript, SHELLS } from "../../cli/completion";
import type { Terminal } from "../../cli/terminal";
import { newFolder, run, startOnTerminal, startServer } from "../support/program";

setDefaultTimeout(60_000);

describe("sanset init", () => {
  const flags = [
    "--url",
    "https://api.shop.example",
    "--name",
    "Té & Co",
    "--currency",
    "EUR",
    "--time-zone",
    "Europe/Berlin",
  ];

  test("writes settings with which a shop starts, secrets fresh, for its owner alone", async () => {
    const cwd = newFolder();
    const env = { SANSET_ENV: "production", BCRYPT_COST: "10" };
    const begun = await run(["init", ...flags], { cwd, env });
    expect([begun.exitCode, begun.out]).toEqual([0, expect.stringContaining("Look at its limits of trade")]);
    const text = readFileSync(join(cwd, ".env"), "utf8");
    expect(statSync(join(cwd, ".env")).mode & 0o777).toBe(0o600);
    expect(text).toMatch(/^SECRET_KEY=[0-9a-f]{64}$/m);
    const config = JSON.parse((await run(["config", "--set", "--json"], { cwd, env })).out);
    expect(config.mistyped).toEqual([]);
    const values = Object.fromEntries(
      config.settings.map((one: { name: string; value: string }) => [one.name, one.value]),
    );
    expect(values).toMatchObject({
      SANSET_ENV: "production",
      SHOP_NAME: "Té & Co",
      CURRENCY: "EUR",
      TIME_ZONE: "Europe/Berlin",
      // With these a stranger holds no shop's whole stock for long.
      OPEN_ORDERS_MOST: "20",
      UNPAID_UNITS_MOST: "100",
      COD_HOLD_HOURS: "168",
    });
    expect((await run(["migrate", "up"], { cwd, env })).exitCode).toBe(0);
    const other = newFolder();
    await run(["init", ...flags], { cwd: other, env });
    expect(readFileSync(join(other, ".env"), "utf8")).not.toContain(/SECRET_KEY=(\w+)/.exec(text)?.[1] ?? "none");
  });

  test("leaves a file that is there, and writes none that would not start", async () => {
    const cwd = newFolder();
    await Bun.write(join(cwd, ".env"), "PORT=5000\n");
    const refused = await run(["init", ...flags], { cwd });
    expect([refused.exitCode, refused.err]).toEqual([1, expect.stringContaining("is there already")]);
    expect(readFileSync(join(cwd, ".env"), "utf8")).toBe("PORT=5000\n");
    const wrong = await run(["init", "--file", "new.env", "--url", "http://shop.example"], { cwd });
    expect(wrong.exitCode).toBe(1);
    expect(await Bun.file(join(cwd, "new.env")).exists()).toBe(false);
  });

  test("takes what the environment sets, as that of an image does, since it goes before the file", async () => {
    const cwd = newFolder();
    const env = { DATABASE_URL: `sqlite:///${cwd}/shop.db`, TRUSTED_PROXIES: "172.17.0.1", TIME_ZONE: "" };
    expect((await run(["init", "--url", "https://api.shop.example"], { cwd, env })).exitCode).toBe(0);
    const lines = readFileSync(join(cwd, ".env"), "utf8").split("\n");
    expect(lines).toContain(`DATABASE_URL=sqlite:///${cwd}/shop.db`);
    expect(lines).toContain("TRUSTED_PROXIES=172.17.0.1");
    expect(lines.filter((line) => line.startsWith("TIME_ZONE="))).toHaveLength(1);
  });

  test("asks on a terminal for what no option says, and takes Enter for what is usual", async () => {
    const cwd = newFolder();
    const child = startOnTerminal(
      ["init", "--env", "development", "--url", "http://127.0.0.1:5000", "--currency", "EUR", "--time-zone", "UTC"],
      { cwd },
    );
    await child.answer("What is the shop called? [Our shop] ", "Tea House\r");
    await child.answer("Which country, by its two letters? [IN] ", "\r");
    await child.answer("[sqlite:///./data/sanset.db] ", "\r");
    await child.answer("Which e-mail sends its mails? (empty: none) ", "\r");
    await child.answer("smtps://user:password@host? (empty: none) ", "\r");
    const { exitCode, shown } = await child.end();
    expect([exitCode, shown]).toEqual([0, expect.stringContaining("Next:")]);
    expect(readFileSync(join(cwd, ".env"), "utf8")).toContain('SHOP_NAME="Tea House"');
  });
});

describe("on a terminal", () => {
  test("a question is asked before what can't be undone, and without one it is refused", async () => {
    const cwd = newFolder();
    const seeded = ["seed", "--products", "20", "--customers", "3", "--orders", "4"];
    expect((await run(seeded, { cwd })).exitCode).toBe(0);
    const unasked = await run(["user", "erase", "om@example.com"], { cwd });
    expect([unasked.exitCode, unasked.err]).toEqual([1, expect.stringContaining("--yes")]);
    const no = startOnTerminal(["user", "erase", "om@example.com"], { cwd });
    await no.answer("[y/N] ", "n\r");
    expect(await no.end()).toMatchObject({ exitCode: 1, shown: expect.stringContaining("nothing was changed") });
    expect((await run(["customer", "show", "om@example.com"], { cwd })).exitCode).toBe(0);
  });

  test("tables fit it, times are short and on the shop's clock, and long answers go through the pager", async () => {
    const cwd = newFolder();
    await run(["seed", "--products", "60", "--customers", "30", "--orders", "100"], { cwd });
    const shown = async (words: string[], env: Record<string, string>) => {
      const { shown: text } = await startOnTerminal(words, { cwd, env: { ...env, TIME_ZONE: "Asia/Kolkata" } }).end();
      return text.replaceAll("\r\n", "\n");
    };
    const list = await shown(["order", "list", "--limit", "5"], { PAGER: "cat", NO_COLOR: "1" });
    expect(list.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(list).toMatch(/\d\d \w{3}( \d{4})? \d\d:\d\d/);
    expect(list).not.toMatch(/\d{4}-\d\d-\d\dT/);
    expect(await shown(["order", "list"], { PAGER: "wc -l" })).toMatch(/^\s*5\d\s*$/);
    expect((await run(["order", "list", "--limit", "5"], { cwd })).out).toMatch(
      /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/,
    );
  });
});

const named = (text: string) => text.replaceAll("\u001b", "ESC");

describe("colours", () => {
  test("are on a terminal for headings, states and failures, and change nothing else", async () => {
    const cwd = newFolder();
    await run(["seed", "--products", "30", "--customers", "10", "--orders", "20"], { cwd });
    const on = async (words: string[], env: Record<string, string> = {}) =>
      (await startOnTerminal(words, { cwd, env: { PAGER: "cat", TIME_ZONE: "UTC", ...env } }).end()).shown;
    const words = ["order", "list", "--limit", "5"];
    const plain = await on(words, { NO_COLOR: "1" });
    expect(plain).not.toContain("\u001b");
    expect(await on(words, { TERM: "dumb" })).toBe(plain);
    const coloured = await on(words);
    expect(Bun.stripANSI(coloured)).toBe(plain);
    const [heading = "", first = ""] = named(coloured).split("\r\n");
    expect(heading).toMatch(/^ESC\[1mID .*TOTALESC\[0m$/);
    expect(first).toMatch(/ {2}ESC\[3[23]m[a-z]+ESC\[0m/);
    expect(await on(["order", "list", "--help"])).toContain("\u001b[1mUsage:\u001b[0m");
    expect((await run(["order", "list", "--help"], { cwd })).out).not.toContain("\u001b");
    expect(named(await on(["order", "show", "999"]))).toMatch(/^ESC\[31mThere is no such order\.ESC\[0m/);
    expect(await on([...words, "--json"])).not.toContain("\u001b");
    expect((await run(words, { cwd })).out).not.toContain("\u001b");
  });

  test("go to a pager that shows them, and to no other", async () => {
    const cwd = newFolder();
    await run(["seed", "--products", "60", "--customers", "10", "--orders", "20"], { cwd });
    const less = join(cwd, "less");
    await Bun.write(less, "#!/bin/sh\nexec cat -v\n");
    chmodSync(less, 0o755);
    const on = async (env: Record<string, string>) =>
      (await startOnTerminal(["product", "list", "--limit", "60"], { cwd, env }).end()).shown;
    expect(await on({ PAGER: less })).toContain("^[[1mID");
    expect(await on({ PAGER: less, LESS: "F" })).not.toContain("^[[");
    expect(await on({ PAGER: "cat -v" })).not.toContain("^[[");
  });
});

test("sanset version says the commit, also as JSON", async () => {
  const { out } = await run(["version", "--json"]);
  const { commit, is_dirty, version } = JSON.parse(out);
  expect(version).toEqual(expect.any(String));
  expect(commit).toMatch(/^([0-9a-f]{40}|unknown)$/);
  expect(typeof is_dirty).toBe(commit === "unknown" ? "object" : "boolean");
});

test("sanset help takes the words of a command", async () => {
  const [help, same] = [await run(["help", "order", "refund"]), await run(["order", "refund", "--help"])];
  expect(help.out).toBe(same.out);
  expect(help.out).toContain("sanset order refund");
});

test("sanset migrate up --dry-run says what would run, and changes nothing", async () => {
  const cwd = newFolder();
  const fresh = await run(["migrate", "up", "--dry-run", "--json"], { cwd });
  expect([fresh.exitCode, await Bun.file(join(cwd, "data/sanset.db")).exists()]).toEqual([1, false]);
  expect((await run(["migrate", "up"], { cwd })).exitCode).toBe(0);
  expect((await run(["migrate", "up", "--dry-run"], { cwd })).out).toContain("up to date");
});

test("sanset order list --follow shows orders as they come, until it is stopped", async () => {
  const cwd = newFolder();
  await run(["seed", "--products", "20", "--customers", "3", "--orders", "4"], { cwd });
  const server = await startServer({ cwd });
  const following = startOnTerminal(["order", "list", "--follow", "--limit", "1"], { cwd, env: { PAGER: "cat" } });
  await following.answer("Ctrl-C ends it.\r\n", "");
  const created: Promise<unknown>[] = [];
  for (let count = 0; count < 3; count++)
    created.push(run(["order", "create", "--name", "Asha Rao", "--phone", "1", "--line", "1:1"], { cwd }));
  await Promise.all(created);
  await following.answer("\r\n", "");
  await Bun.sleep(2_500);
  await following.answer("\r\n", "\u0003");
  const { shown } = await following.end();
  expect([...shown.matchAll(/order (\d+) of Asha Rao: \d+/g)].map(([, id]) => id)).toEqual(["5", "6", "7"]);
  await server.stop();
});

const program = createProgram({} as Terminal, () => {});

/** What bash would offer for the last of these words. */
const offered = (...words: string[]) => {
  const script = `${completionScript("bash", program)}
COMP_WORDS=(sanset ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}
_sanset; echo "\${COMPREPLY[*]}"`;
  return Bun.spawnSync(["bash", "-c", script]).stdout.toString().trim().split(" ");
};

describe("completion", () => {
  test.each(SHELLS)("for %s knows every command and what options may say", (shell) => {
    const script = completionScript(shell, program);
    for (const word of ["order", "refund", "stock", "receive", "delivered"]) expect(script).toContain(word);
  });

  test("in bash offers what may come next", () => {
    expect(offered("ord")).toEqual(["order"]);
    expect(offered("order", "re")).toEqual(["refund", "resend", "return", "resolve", "resolve-event"]);
    expect(offered("order", "list", "--status", "pl")).toEqual(["placed"]);
    expect(offered("stock", "receive", "--dry")).toEqual(["--dry-run"]);
    expect(offered("search", "synonyms", "a")).toEqual(["add"]);
  });

  test.each(["zsh", "fish"] as const)("is read by %s without complaint, where it is here", (shell) => {
    if (!Bun.which(shell)) return;
    const script = completionScript(shell, program);
    const words = shell === "zsh" ? ["-n", "-c", script] : ["--no-execute", "-c", script];
    expect(Bun.spawnSync([shell, ...words]).stderr.toString()).toBe("");
  });
});
