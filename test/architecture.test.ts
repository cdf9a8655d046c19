import { describe, expect, test } from "bun:test";
import { Glob } from "bun";
import { dirname, join, normalize, relative } from "node:path";

/** Who may import what. A rule that this file does not check is only a wish. */
const only: { module: RegExp; within: RegExp }[] = [
  {
    module: /^elysia$|^@elysiajs\//,
    within: /routes\.ts$|^src\/(app|server)\.ts$|^src\/http\/|^src\/auth\/tokens\.ts$|^src\/idempotency\/header\.ts$/,
  },
  { module: /^bun:sqlite$/, within: /^src\/storage\/sqlite\// },
  { module: /^ml-matrix$/, within: /^src\/recommend\// },
  { module: /^commander$/, within: /^cli\// },
  { module: /^cli\//, within: /^cli\// },
  { module: /^src\/.*routes$/, within: /^src\/app\.ts$/ },
  { module: /^src\/app$/, within: /^src\/server\.ts$|^cli\/commands\/(openapi|routes|jobs)\.ts$/ },
  { module: /^src\/server$/, within: /^cli\// },
  { module: /^src\/storage\/(sqlite\/|postgres\/|group-commit$)/, within: /^src\/storage\// },
  { module: /^src\/storage\/open$/, within: /^src\/shop\/settings\.ts$|^cli\// },
  // Everything that HTTP knows stays with HTTP: an area's verbs serve the command line too.
  {
    module: /^src\/http\//,
    within:
      /routes\.ts$|^src\/(app|server)\.ts$|^src\/(http|auth)\/|^src\/idempotency\/header\.ts$|^cli\/commands\/(openapi|routes)\.ts$/,
  },
  // A queries file is an area's own: the command line asks its verbs, as routes do.
  { module: /queries$/, within: /^src\// },
  { module: /^data\//, within: /^src\/demo\/|^data\// },
  { module: /^src\//, within: /^(src|cli)\// },
  // What tests and measures the shop is no part of it.
  { module: /^(bench|test)\//, within: /^$/ },
];

/** Of all areas, these files know only so much. */
const atMost: { files: RegExp; may: RegExp }[] = [
  // Shapes stand below everything. Beside them only the words of a subject, which import nothing themselves.
  { files: /schema\.ts$/, may: /schema$|^src\/(accounts\/common-passwords|orders\/states)(\.txt)?$/ },
  // SQL stands on shapes and on other SQL: the parts of a statement that are too many for one file.
  {
    files: /queries\.ts$/,
    may: /(schema|queries)$|^src\/storage\/|^src\/(catalog\/filters|search-index\/(dialect|documents|engines|terms|write))$/,
  },
  { files: /^src\/storage\//, may: /^src\/storage\// },
  // What all areas share knows none of them.
  { files: /^src\/base\//, may: /^$/ },
];

const transpiler = new Bun.Transpiler({ loader: "ts" });
const root = normalize(join(import.meta.dir, ".."));

/** What a file imports: packages by name, own files from the root without their ending. Types are erased: they bind nothing at run time. */
async function importsOf(file: string): Promise<string[]> {
  const found = transpiler.scanImports(await Bun.file(join(root, file)).text());
  return found.map(({ path }) => (path.startsWith(".") ? relative(root, join(root, dirname(file), path)) : path));
}

const AREA = /^src\/(?!(base|shop|telemetry|jobs)\/)[^/]+\//;

const files = [...new Glob("{src,cli,data}/**/*.ts").scanSync({ cwd: root })].toSorted();

describe("imports point inward", () => {
  test.each(files)("%s", async (file) => {
    const limits = atMost.filter(({ files }) => files.test(file));
    const strays = (await importsOf(file)).filter(
      (path) =>
        only.some(({ module, within }) => module.test(path) && !within.test(file)) ||
        (AREA.test(path) && limits.some(({ may }) => !may.test(path))),
    );
    expect(strays).toEqual([]);
  });
});

test("areas form no circle", async () => {
  const needs = new Map<string, Set<string>>();
  // Routes stand above all areas: nothing but the app imports them.
  for (const file of files.filter((path) => AREA.test(path) && !path.endsWith("routes.ts"))) {
    const area = areaOf(file);
    const others = (await importsOf(file)).filter((path) => AREA.test(path)).map(areaOf);
    const known = needs.get(area) ?? new Set();
    needs.set(area, known.union(new Set(others.filter((other) => other !== area && !foundation.has(other)))));
  }
  for (const foundational of foundation) needs.delete(foundational);
  expect(circleIn(needs)).toEqual([]);
});

/** What areas stand on rather than beside: the port, and what HTTP shares. */
const foundation = new Set(["storage", "http", "idempotency", "auth"]);

const areaOf = (file: string): string => file.split("/")[1] ?? "";

function circleIn(needs: Map<string, Set<string>>): string[] {
  const walk = (area: string, path: string[]): string[] => {
    if (path.includes(area)) return [...path.slice(path.indexOf(area)), area];
    for (const next of needs.get(area) ?? []) {
      const circle = walk(next, [...path, area]);
      if (circle.length > 0) return circle;
    }
    return [];
  };
  for (const area of needs.keys()) {
    const circle = walk(area, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
