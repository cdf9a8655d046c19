import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Coverage } from "./coverage";
import type { Mutation } from "./mutations";

export interface Verdict {
  outcome: "noticed" | "survived" | "invalid" | "equivalent";
  /** Which tests noticed it, or why it can't matter. */
  by?: string;
}

export interface Tree extends Disposable {
  folder: string;
}

/** A copy of the project to put faults into, removed at the end. Throws where the copy itself does not pass the type check. */
export async function copyTree(): Promise<Tree> {
  const folder = join(mkdtempSync(join(tmpdir(), "sanset-mutate-")), "sanset");
  const tree = { folder, [Symbol.dispose]: () => rmSync(join(folder, ".."), { recursive: true, force: true }) };
  const listed = await Bun.$`git ls-files --cached --others --exclude-standard -z`.text();
  for (const file of listed.split("\0").filter((name) => name && existsSync(name))) cpSync(file, join(folder, file));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  if ((await run(tree, ["check", "--no-script"], 120)) === "passed") return tree;
  tree[Symbol.dispose]();
  throw new Error("The source does not pass the type check before any fault is put in. Run bun run check first.");
}

/** Puts one fault in, runs what could notice it, and takes it out again. What it says once it is told to end means nothing. */
export async function verdictOn(
  mutation: Mutation,
  tree: Tree,
  coverage: Coverage,
  ended: AbortSignal,
): Promise<Verdict> {
  const path = join(tree.folder, mutation.file);
  // As it was when the faults were found, whatever has become of it outside meanwhile.
  const text = await Bun.file(path).text();
  writeFileSync(path, text.slice(0, mutation.start) + mutation.replacement + text.slice(mutation.end));
  try {
    if ((await run(tree, ["check", "--no-script"], 60, ended)) !== "passed") return { outcome: "invalid" };
    const tests = testsFor(mutation, coverage);
    for (const engines of ["none", undefined]) {
      const noticed = await firstThatNotices(tree, tests, coverage, ended, engines);
      if (noticed) return { outcome: "noticed", by: `by ${noticed}` };
    }
    return { outcome: "survived" };
  } finally {
    writeFileSync(path, text);
  }
}

/** The tests that run the line, and those of its own area; the nearest and the shortest first. */
function testsFor({ file, line }: Mutation, coverage: Coverage): string[] {
  const area = file.startsWith("cli/") ? "test/cli/" : `test/${file.split("/")[1]}/`;
  const seen = new Set((coverage.lines[file]?.[line] ?? []).map((index) => coverage.tests[index] ?? ""));
  const near = testsNear(file, area, coverage.tests);
  const distance = (test: string) => (test.startsWith(area) ? 0 : 1000) + (coverage.seconds[test] ?? 0);
  return [...seen.union(new Set(near))].toSorted((a, b) => distance(a) - distance(b));
}

/** Those of its area, or where that has none of its own, those that import something of it. */
function testsNear(file: string, area: string, tests: readonly string[]): string[] {
  const own = tests.filter((test) => test.startsWith(area));
  const folder = `${file.split("/").slice(0, 2).join("/")}/`;
  return own.length > 0 ? own : tests.filter((test) => readFileSync(test, "utf8").includes(folder));
}

/** Runs few files at a time, so that a fault that the first of them sees costs no more than those. */
async function firstThatNotices(
  tree: Tree,
  tests: string[],
  coverage: Coverage,
  ended: AbortSignal,
  postgres: string | undefined,
): Promise<string | undefined> {
  for (let at = 0, size = 2; at < tests.length; at += size, size = Math.min(size * 2, 8)) {
    const some = tests.slice(at, at + size);
    const seconds = some.reduce((sum, test) => sum + (coverage.seconds[test] ?? 0), 0) * 6 + 60;
    const outcome = await run(
      tree,
      ["test", "--timeout=60000", "--bail", ...some.map((test) => `./${test}`)],
      seconds,
      ended,
      postgres,
    );
    if (outcome !== "passed") return outcome === "failed" ? some.join(", ") : "a test that never ended";
  }
  return undefined;
}

type Outcome = "passed" | "failed" | "timed out";

async function run(
  tree: Tree,
  words: string[],
  seconds: number,
  ended?: AbortSignal,
  postgres?: string,
): Promise<Outcome> {
  const child = Bun.spawn([process.execPath, ...words], {
    cwd: tree.folder,
    stdio: ["ignore", "ignore", "ignore"],
    env: { ...process.env, ...(postgres ? { SANSET_TEST_POSTGRES: postgres } : {}) },
  });
  const end = () => child.kill("SIGKILL");
  ended?.addEventListener("abort", end);
  if (ended?.aborted) end();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill("SIGKILL");
  }, seconds * 1000);
  const code = await child.exited;
  clearTimeout(timer);
  ended?.removeEventListener("abort", end);
  if (timedOut) return "timed out";
  return code === 0 ? "passed" : "failed";
}
