import { Glob } from "bun";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";

/** For each test file: how long it takes alone, and which lines of which files it runs. */
export interface Coverage {
  seconds: Record<string, number>;
  /** File → line → the tests that run it, by their place in `tests`. */
  lines: Record<string, Record<number, number[]>>;
  tests: string[];
}

const CACHE = "node_modules/.cache/sanset-mutate";

/**
 * Runs each of these test files once, alone, with coverage. What was measured is kept for as long as no source and no test changes.
 * What a test starts as a process of its own is not seen: the tests of the file's own area are always tried beside these.
 */
export async function measureCoverage(
  tests: readonly string[],
  jobs: number,
  log: (line: string) => void,
): Promise<Coverage> {
  const cache = Bun.file(`${CACHE}/${await stateOfTree(tests)}.json`);
  if (await cache.exists()) return cache.json();
  const coverage = withoutCoverage(tests);
  const queue = coverage.tests.entries();
  const measure = async () => {
    for (const [index, file] of queue) await measureFile(coverage, index, file, log);
  };
  await Promise.all(Array.from({ length: jobs }, measure));
  await Bun.write(cache, JSON.stringify(coverage));
  return coverage;
}

async function measureFile(coverage: Coverage, index: number, file: string, log: (line: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), "sanset-coverage-"));
  const began = performance.now();
  const child = Bun.spawn(
    [
      process.execPath,
      "test",
      "--timeout=60000",
      "--coverage",
      "--coverage-reporter=lcov",
      `--coverage-dir=${folder}`,
      `./${file}`,
    ],
    { stdio: ["ignore", "ignore", "ignore"], env: { ...process.env, SANSET_TEST_POSTGRES: "none" } },
  );
  const code = await child.exited;
  coverage.seconds[file] = (performance.now() - began) / 1000;
  const report = Bun.file(`${folder}/lcov.info`);
  if (await report.exists()) addLines(coverage, index, await report.text());
  rmSync(folder, { recursive: true, force: true });
  log(`${file}: ${coverage.seconds[file]?.toFixed(1)} s${code === 0 ? "" : ", NOT GREEN"}`);
}

/** These tests, with nothing known about them. */
export function withoutCoverage(tests: readonly string[]): Coverage {
  return { seconds: {}, lines: {}, tests: [...tests] };
}

/** The test files at these paths: files, or folders and all below them. */
export function testsIn(paths: readonly string[]): string[] {
  const wanted = paths.map((path) => normalize(path).replace(/\/$/, ""));
  return [...new Glob("test/**/*.test.ts").scanSync()]
    .filter((file) => !NEVER.test(file) && wanted.some((path) => file === path || file.startsWith(`${path}/`)))
    .toSorted();
}

/** Tests about the form of the code, which any change of it may break without being noticed as a fault of the shop. */
const NEVER = /architecture\.test|fuzz\.test|mutate\.test/;

function addLines(coverage: Coverage, test: number, lcov: string): void {
  let file = "";
  for (const line of lcov.split("\n")) {
    if (line.startsWith("SF:")) file = line.slice(3);
    const [, number, hits] = /^DA:(\d+),(\d+)/.exec(line) ?? [];
    if (number === undefined || hits === "0" || !/^(src|cli)\//.test(file)) continue;
    ((coverage.lines[file] ??= {})[Number(number)] ??= []).push(test);
  }
}

async function stateOfTree(tests: readonly string[]): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256").update(tests.join("\n"));
  for (const file of [...new Glob("{src,cli,test}/**/*.{ts,sql,txt}").scanSync()].toSorted()) {
    hasher.update(file).update(await Bun.file(file).bytes());
  }
  return hasher.digest("hex").slice(0, 16);
}
