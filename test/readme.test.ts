import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { createProgram, leavesOf, pathOf } from "../cli/program";
import type { Terminal } from "../cli/terminal";
import { quiet } from "./support/command";
import { newFolder, run, startServer } from "./support/program";

setDefaultTimeout(120_000);

const readme = await Bun.file(join(import.meta.dir, "../README.md")).text();
const guides = await Promise.all(
  ["README.md", "docs/operating.md", "docs/moving.md", "docs/importing.md", "docs/performance.md"].map(
    async (path) => ({
      path,
      text: await Bun.file(join(import.meta.dir, "..", path)).text(),
    }),
  ),
);

describe("what the documents say of the program", () => {
  test.each(guides)("$path calls commands as they are", async ({ text }) => {
    const blocks = [...text.matchAll(/```(?:bash|sh)?\n([^]*?)```/g)].flatMap(([, block = ""]) => block.split("\n"));
    const calls = blocks.flatMap((line) => {
      const [, words] = /^(?:sudo -u \w+ (?:env \S+ )?)?(?:\.\/)?sanset ([^#|>&]+)/.exec(line.trim()) ?? [];
      return words === undefined ? [] : [words.trim()];
    });
    for (const words of calls.filter((one) => !/<\w+>/.test(one)))
      expect([words, await misuse(words)]).toEqual([words, undefined]);
  });

  test("README names every group of commands, and none that is not there", () => {
    const program = createProgram({} as Terminal, () => {});
    const groups = new Set(leavesOf(program).map((command) => pathOf(command).split(" ")[0]));
    const table = readme.slice(readme.indexOf("| command "), readme.indexOf("Settings come from the environment"));
    const named = [...table.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`(?:sanset )?([a-z]+)(?: \w+)?`/g)].map(([, name = ""]) => name),
    );
    expect(named.filter((name) => !groups.has(name))).toEqual([]);
    const missing = [...groups].filter((name) => name !== undefined && !named.includes(name));
    expect(missing.filter((name) => !["help", "completion", "openapi", "export"].includes(name ?? ""))).toEqual([]);
  });

  test("README's calls of the API answer as it shows, in a demo shop", async () => {
    const cwd = newFolder();
    await run(["seed", "--products", "300", "--customers", "40", "--orders", "400"], { cwd });
    const server = await startServer({ cwd });
    const block = /```bash\n(API=[^]*?)```/.exec(readme)?.[1] ?? "";
    const script = block
      .replace(/^API=.*$/m, `API=${server.url}/api/v1`)
      .replaceAll(/^curl /gm, "curl -sS -w '\\n%{http_code}\\n' ");
    const child = Bun.spawnSync(["bash", "-c", script], { cwd, stderr: "pipe" });
    const statuses = child.stdout.toString().match(/^\d{3}$/gm) ?? [];
    expect([child.stderr.toString(), statuses]).toEqual(["", ["200", "200", "200", "200", "200", "201"]]);
    await server.stop();
  });
});

/** What commander says against these words; nothing runs. */
async function misuse(words: string): Promise<string | undefined> {
  const nothing = new Error("It would run.");
  const stopped = () => {
    throw nothing;
  };
  const split = [...words.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");
  return quiet(createProgram({} as Terminal, () => {}, stopped))
    .parseAsync(split, { from: "user" })
    .then(
      () => undefined,
      (error: unknown) => (error === nothing ? undefined : String(error)),
    );
}
