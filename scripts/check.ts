/**
 * What `bun run check` runs: types, lint, format, tests. It ends with one line of its own, `N passed, N failed`, and exits
 * with 0 only when nothing failed.
 */
import { postgresOrWords } from "./postgres";

interface Count {
  passed: number;
  failed: number;
}

const bun = process.execPath;

async function step(
  name: string,
  command: string[],
  environment: Record<string, string> = {},
): Promise<string | undefined> {
  console.log(`\n── ${name}`);
  const child = Bun.spawn(command, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...environment } });
  const [out, err] = await Promise.all([echoed(child.stdout, process.stdout), echoed(child.stderr, process.stderr)]);
  return (await child.exited) === 0 ? out + err : undefined;
}

/** Shows what comes and keeps it. */
async function echoed(from: ReadableStream<Uint8Array>, to: NodeJS.WriteStream): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of from) {
    to.write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

async function gate(name: string, command: string[]): Promise<Count> {
  const passed = (await step(name, command)) !== undefined;
  return { passed: Number(passed), failed: Number(!passed) };
}

async function tests(): Promise<Count> {
  const postgres = await postgresOrWords();
  const environment = { SANSET_TEST_POSTGRES: postgres?.url ?? "none" };
  const first = await testRun("tests", ["--parallel=2", ...process.argv.slice(2)], environment);
  // A browser that other tests starve sometimes dies and takes the tests of its file along: those files get a second
  // chance, one after the other. Whatever fails then failed.
  const inBrowser = first.filter(({ file, failed }) => failed > 0 && file.startsWith("test/web/"));
  const second =
    inBrowser.length === 0
      ? []
      : await testRun(
          "the browser's tests again",
          inBrowser.map(({ file }) => `./${file}`),
          environment,
        );
  await postgres?.stop();
  const latest = new Map([...first, ...second].map((count) => [count.file, count]));
  return {
    passed: [...latest.values()].reduce((sum, { passed }) => sum + passed, 0),
    failed: [...latest.values()].reduce((sum, { failed }) => sum + failed, 0),
  };
}

interface FileCount extends Count {
  file: string;
}

/** Runs tests and returns the count of each file. */
async function testRun(name: string, words: string[], environment: Record<string, string>): Promise<FileCount[]> {
  const report = `${await temporaryFolder()}/junit.xml`;
  const command = [
    bun,
    "test",
    // A machine that does something else beside may take long; no test says how long something takes.
    "--timeout=60000",
    "--reporter=junit",
    `--reporter-outfile=${report}`,
    ...words,
  ];
  const passed = (await step(name, command, environment)) !== undefined;
  const counts = await countsOfFiles(report);
  const failed = counts.some((count) => count.failed > 0);
  // Tests that never got to run failed too.
  return passed || failed ? counts : [...counts, { file: "", passed: 0, failed: 1 }];
}

async function countsOfFiles(junit: string): Promise<FileCount[]> {
  const file = Bun.file(junit);
  const text = (await file.exists()) ? await file.text() : "";
  // Those of a file stand at the outer level; what is described in it stands further in.
  return [...text.matchAll(/^ {2}<testsuite [^>]*>/gm)].map(([suite]) => {
    const value = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(suite)?.[1] ?? "";
    const failed = Number(value("failures")) + Number(value("errors"));
    return {
      file: value("file"),
      passed: Number(value("tests")) - failed - Number(value("skipped")),
      failed,
    };
  });
}

async function temporaryFolder(): Promise<string> {
  const { mkdtemp } = await import("node:fs/promises");
  return mkdtemp(`${process.env["TMPDIR"] ?? "/tmp"}/sanset-check-`);
}

const counts = [
  await gate("types", [bun, "check", "--no-script"]),
  await gate("types of the pages", [bun, "check", "--no-script", "-p", "web"]),
  await gate("lint", [bun, "x", "--no-install", "oxlint", "--type-aware", "--deny-warnings"]),
  await gate("format", [bun, "fmt", "--no-script", "--check"]),
  await tests(),
];
const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed`);
process.exit(sum("failed") === 0 ? 0 : 1);
