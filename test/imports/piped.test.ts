import { expect, test } from "bun:test";
import { readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newFolder, run, start } from "../support/program";

const asideOf = () => readdirSync(tmpdir()).filter((name) => name.startsWith("sanset-import-"));

test("a file that is piped in is taken in like any other, and nothing of it is left behind", async () => {
  const cwd = newFolder();
  const before = asideOf();
  const first = await run(["import", "products", "-"], { cwd, stdin: "name;price\nTea;4,50\nCup;dear\n" });
  expect(first).toMatchObject({ exitCode: 1 });
  expect(first.out).toContain("Products: 1 new, 0 changed, 0 unchanged, 1 refused (of 2 rows)");
  const { out } = await run(["product", "export", "--format", "jsonl"], { cwd });
  expect(JSON.parse(out)).toMatchObject({ slug: "tea", price: 4.5 });
  const again = await run(["product", "import", "-", "--update"], { cwd, stdin: out });
  expect(again).toMatchObject({ exitCode: 0, out: "Products: 0 new, 0 changed, 1 unchanged, 0 refused (of 1 row)\n" });
  expect(asideOf().filter((name) => !before.includes(name))).toEqual([]);
});

test("an import that is interrupted says how to go on, and the next one completes it", async () => {
  const cwd = newFolder();
  const products = 20_000;
  const lines = Array.from({ length: products }, (_, at) => `thing-${at},Thing ${at},Things,${1 + (at % 90)}.50,3`);
  writeFileSync(join(cwd, "big.csv"), ["slug,name,category,price,stock", ...lines].join("\n"));
  const child = start(["import", "products", "big.csv", "--report", "report.csv"], { cwd });
  const told = async () =>
    (
      await Bun.file(join(cwd, "report.csv"))
        .text()
        .catch(() => "")
    ).split("\n").length;
  while (child.exitCode === null && (await told()) < 100) await Bun.sleep(5);
  child.kill("SIGINT");
  const err = await new Response(child.stderr).text();
  expect(await child.exited).not.toBe(0);
  expect(err).toContain("What is in stays. Run it again: it goes on where it ended, and doubles nothing.");
  const again = JSON.parse((await run(["import", "products", "big.csv", "--json"], { cwd })).out);
  expect(again.new).toBeGreaterThan(0);
  expect(again.unchanged).toBeGreaterThan(0);
  expect(again.new + again.unchanged).toBe(products);
}, 120_000);
