import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { Glob } from "bun";
import { join } from "node:path";
import { routeTable } from "../src/http/declared";
import { createProgram, leavesOf, pathOf } from "../cli/program";
import type { Terminal } from "../cli/terminal";
import { misuse } from "./support/command";
import { demoSize, seedShop } from "../src/demo/seed";
import { explain } from "../src/recommend/serve/explain";
import type { Explanation } from "../src/recommend/schema";
import { retrain } from "../src/recommend/train/retrain";
import { engines } from "./support/engines";
import { newFolder, run, startServer } from "./support/program";
import { freshShop } from "./support/shop";

setDefaultTimeout(120_000);

const root = join(import.meta.dir, "..");
const readme = await Bun.file(join(root, "README.md")).text();
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

  test("what they run by bun is there: a script, a bench", async () => {
    const { scripts } = JSON.parse(await Bun.file(join(root, "package.json")).text()) as { scripts: object };
    const benches = [...new Glob("*.ts").scanSync({ cwd: join(root, "bench") })].map((file) => file.replace(".ts", ""));
    const calls = (await everyPage()).flatMap(([page, text]) =>
      [...text.matchAll(/\bbun(?:@[\d.]+)? run ([a-z][\w:-]*)(?: ([a-z][\w-]*))?/g)].map(([, script = "", word]) => ({
        page,
        script,
        bench: script === "bench" ? word : undefined,
      })),
    );
    expect(calls.length).toBeGreaterThan(20);
    expect(calls.filter(({ script }) => !(script in scripts))).toEqual([]);
    expect(calls.filter(({ bench }) => bench !== undefined && !benches.includes(bench))).toEqual([]);
  });

  test("what they ask by curl is a call that there is, and what they set in YAML can be read", async () => {
    const shop = await freshShop(engines[0]!);
    const paths = routeTable(shop.app.routes).map(
      ({ path }) => new RegExp(`^${path.replaceAll(/:\w+|\*/g, "[^/]+")}$`),
    );
    for (const [page, text] of await everyPage()) {
      for (const [, language = "", block = ""] of text.matchAll(/```(\w*)\n([^]*?)\n```/g)) {
        if (language === "yaml") expect(Bun.YAML.parse(block)).toBeObject();
        const asked = [...block.matchAll(/curl [^|#]*?(?:\$SHOP|\$API|:5000)(\/[\w/.-]*)/g)].map(
          ([, path = ""]) => path,
        );
        const whole = asked.map((path) => (block.includes(`$API${path}`) ? `/api/v1${path}` : path));
        expect([page, whole.filter((path) => !paths.some((one) => one.test(path)))]).toEqual([page, []]);
      }
    }
  });

  test("README's customers of a demo shop are recommended what it shows", async () => {
    const shop = await freshShop(engines[0]!);
    await seedShop(shop, { ...demoSize, yes: true });
    expect((await retrain(shop, { askedBy: "a test" })).state).toBe("served");
    const block = /Three customers of the demo shop[^]*?```\n([^]*?)\n```/.exec(readme)?.[1] ?? "";
    const customers = [...block.matchAll(/ \((\d+)\) has bought /g)].map(([, id]) => Number(id));
    expect(customers).toHaveLength(3);
    const shown = await Promise.all(customers.map(async (id) => shortened(await explain(shop, id, 8))));
    expect(block).toBe(shown.join("\n\n"));
  }, 600_000);
});

/** Every page of words, by its path. */
function everyPage(): Promise<[page: string, text: string][]> {
  const pages = ["*.md", "docs/*.md", "client/*.md", "deploy/**/*.md"].flatMap((pattern) => [
    ...new Glob(pattern).scanSync({ cwd: root }),
  ]);
  return Promise.all(
    pages.map(async (page): Promise<[string, string]> => [page, await Bun.file(join(root, page)).text()]),
  );
}

const SHOWN = 3;

/** What `sanset recommend explain` says of a customer, without what they bought lately. */
function shortened({ customer, categories, recommendations }: Explanation): string {
  const favourites = categories.slice(0, 4).map(({ category, products }) => `${category} (${products})`);
  const lines = recommendations
    .slice(0, SHOWN)
    .map(({ name, score, reason }) => `  ${score.toFixed(2)}  ${name.padEnd(40)}  ${reason}`);
  return [`${customer.full_name} (${customer.id}) has bought ${favourites.join(", ")}.`, ...lines].join("\n");
}
