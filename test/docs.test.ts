import { describe, expect, test } from "bun:test";
import { Glob } from "bun";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dir, "..");
const pages = ["*.md", "docs/**/*.md", "client/*.md"]
  .flatMap((pattern) => [...new Glob(pattern).scanSync({ cwd: root })])
  .toSorted();
const read = (path: string) => Bun.file(join(root, path)).text();

describe("the documents", () => {
  test("ARCHITECTURE.md shows the levels that the test of imports holds", async () => {
    const levels = (await read("docs/levels.txt")).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    expect(await read("ARCHITECTURE.md")).toContain(`\`\`\`\n${levels.join("\n")}\n\`\`\``);
  });

  test("the index of decisions has each of them, by its heading", async () => {
    const index = await read("docs/decisions/README.md");
    for (const page of pages.filter((path) => /^docs\/decisions\/\d{4}/.test(path))) {
      const heading = (await read(page)).split("\n")[0]?.replace(/^# /, "") ?? "";
      expect(index).toContain(`](${page.split("/").at(-1)}) | ${heading} |`);
    }
  });

  test("a recipe names no file and nothing in the code that is not there", async () => {
    const recipes = (await read("CONTRIBUTING.md")).split("## Recipes")[1] ?? "";
    const named = [...new Set([...recipes.matchAll(/`([^`\s]+)`/g)].map(([, name = ""]) => name))];
    const files = named.filter((name) => name.includes("/") && /^[\w./-]+(\.(ts|tsx|md|json|yml|txt)|\/)$/.test(name));
    const folders = ["", "src"];
    expect(files.length).toBeGreaterThan(80);
    expect(files.filter((file) => !folders.some((folder) => existsSync(join(root, folder, file))))).toEqual([]);
    const paths = [...new Glob("{src,cli,web,client,test,bench}/**/*.{ts,tsx}").scanSync({ cwd: root })];
    const code = (await Promise.all(paths.filter((path) => path !== "test/docs.test.ts").map(read))).join("\n");
    const words = new Set(code.match(/[A-Za-z_]\w*/g));
    const names = named.filter((name) => /^[A-Za-z_]\w+$/.test(name));
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !words.has(name))).toEqual([]);
  });

  test.each(pages)("%s leads nowhere that is not there", async (page) => {
    const text = (await read(page)).replaceAll(/```[^]*?```/g, "");
    const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
    const missing = links.filter((link) => !/^[a-z]+:/.test(link) && !existsSync(join(root, dirname(page), link)));
    expect(missing).toEqual([]);
    // Files of ours that are named in backticks are there too.
    const named = [...text.matchAll(/`((?:src|cli|web|client|test|docs|scripts|deploy|bench|data)\/[\w./-]+\.\w+)`/g)];
    expect(named.map(([, path = ""]) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
