/**
 * `bun run mutate [files…]`: puts small faults into the source, one at a time, and says which of them no test notices.
 * The faults are a sample by seed; each is run against the tests that could see it, on SQLite first and on both engines where
 * that saw nothing. It works in a copy and leaves the tree as it is.
 *   --changed BASE   only lines that differ from this commit      --sample N   how many faults (40)
 *   --seed S         another sample (1)                           --least .85  exits 1 below this score, of five or more
 *   --seconds N      ends after so long, and counts those that were tried until then
 *   --near           only the tests of a file's own area: no need to measure first which tests run which lines
 *   --tests PATH     only the tests of this file or folder are measured and tried; may be given more than once
 */
import { Glob } from "bun";
import { parseArgs } from "node:util";
import { linesChangedSince } from "./mutate/changed";
import { shuffled } from "./mutate/sample";
import { measureCoverage, testsIn, withoutCoverage } from "./mutate/coverage";
import { reasonFor } from "./mutate/equivalent";
import { type Mutation, mutationsOf } from "./mutate/mutations";
import { copyTree, type Verdict, verdictOn } from "./mutate/run";
import { crossedSettings } from "./mutate/settings";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    changed: { type: "string" },
    sample: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    least: { type: "string", default: "0" },
    seconds: { type: "string" },
    jobs: { type: "string", default: "2" },
    near: { type: "boolean", default: false },
    tests: { type: "string", multiple: true, default: ["test"] },
  },
});

/** The share of fewer says nothing. */
const TELLING_FAULTS = 5;

const isSource = (file: string) => /^(src|cli)\/.*\.ts$/.test(file) && !file.endsWith(".d.ts");
const changed = values.changed === undefined ? undefined : await linesChangedSince(values.changed);
const files = changed ? [...changed.keys()].filter(isSource) : filesAt(positionals);
const crossed = await crossedSettings();
const all = (await Promise.all(files.map(async (file) => mutationsOf(file, await Bun.file(file).text(), crossed))))
  .flat()
  .filter(({ file, line }) => changed?.get(file)?.has(line) ?? true);
const sample = shuffled(all, Number(values.seed)).slice(0, Number(values.sample));
console.log(
  `${files.length} files, ${all.length} possible faults, ${sample.length} of them tried (seed ${values.seed}).`,
);
const tests = testsIn(values.tests);
if (tests.length === 0) throw new Error(`There are no tests in ${values.tests.join(", ")}.`);
const coverage = values.near
  ? withoutCoverage(tests)
  : await measureCoverage(tests, Number(values.jobs), (line) => console.log(`  coverage of ${line}`));

const end = new AbortController();
const timer = values.seconds === undefined ? undefined : setTimeout(() => end.abort(), Number(values.seconds) * 1000);
const verdicts = new Map<Mutation, Verdict>();
const queue = [...sample];
await Promise.all(
  Array.from({ length: Number(values.jobs) }, async () => {
    using tree = await copyTree();
    for (let mutation = queue.shift(); mutation && !end.signal.aborted; mutation = queue.shift()) {
      const reason = await reasonFor(mutation);
      const verdict: Verdict = reason
        ? { outcome: "equivalent", by: reason }
        : await verdictOn(mutation, tree, coverage, end.signal);
      if (end.signal.aborted) break;
      verdicts.set(mutation, verdict);
      console.log(
        `${verdict.outcome.padEnd(10)} ${mutation.file}:${mutation.line} ${mutation.kind} ${verdict.by ?? ""}`,
      );
    }
  }),
);

clearTimeout(timer);
if (verdicts.size < sample.length) console.log(`${verdicts.size} of them were tried before the time was over.`);

const count = (outcome: Verdict["outcome"], area?: string) =>
  [...verdicts].filter(([{ file }, verdict]) => verdict.outcome === outcome && (!area || areaOf(file) === area)).length;
const score = (area?: string) => {
  const [noticed, survived] = [count("noticed", area), count("survived", area)];
  return noticed + survived === 0 ? 1 : noticed / (noticed + survived);
};

console.log("\narea                noticed  survived  can't matter  not valid  score");
for (const area of [...new Set(sample.map(({ file }) => areaOf(file)))].toSorted()) {
  const cells = [count("noticed", area), count("survived", area), count("equivalent", area), count("invalid", area)];
  console.log(area.padEnd(18), ...cells.map((cell) => String(cell).padStart(9)), score(area).toFixed(2).padStart(9));
}
console.log("\nNoticed by no test:");
for (const [mutation, { outcome }] of verdicts) {
  if (outcome !== "survived") continue;
  console.log(
    `  ${mutation.file}:${mutation.line} ${mutation.kind}: ${oneLine(mutation.was)} → ${oneLine(mutation.replacement)}`,
  );
}
console.log(`\nScore ${score().toFixed(2)} of ${count("noticed") + count("survived")} valid faults.`);
const valid = count("noticed") + count("survived");
process.exit(score() >= Number(values.least) || valid < TELLING_FAULTS ? 0 : 1);

function filesAt(positionals: readonly string[]): string[] {
  const patterns = positionals.length > 0 ? positionals : ["src", "cli"];
  const expanded = patterns.flatMap((one) => [...new Glob(one.endsWith(".ts") ? one : `${one}/**/*.ts`).scanSync()]);
  return [...new Set(expanded)].filter(isSource).toSorted();
}

function areaOf(file: string): string {
  const [top, area = ""] = file.split("/");
  return top === "cli" ? "cli" : area;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}
