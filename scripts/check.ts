/**
 * What `bun run check` runs: types, lint and format, and beside them the tests. It ends with one line of its own, `N passed, N failed`,
 * and exits with 0 only when nothing failed.
 */
import { access, chmod, constants, mkdtemp, rm, statfs } from "node:fs/promises";
import { availableParallelism, freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { Glob } from "bun";
import { postgresOrWords } from "./postgres";

interface Count {
  passed: number;
  failed: number;
}

const bun = process.execPath;

/** What is to be ended and removed, also where somebody stops the check: a server, a folder that may be in memory. */
const endings: (() => Promise<void>)[] = [];

async function end(): Promise<void> {
  for (const ending of endings.splice(0).toReversed()) await ending();
}

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

/** Runs beside the tests, and says what came of it in one piece. */
async function gate(name: string, command: string[]): Promise<Count> {
  const child = Bun.spawn(command, { stdio: ["ignore", "pipe", "pipe"] });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  console.log(`\n── ${name}\n${out}${err}`);
  return { passed: Number(code === 0), failed: Number(code !== 0) };
}

async function tests(scratch: string): Promise<Count> {
  const postgres = await postgresOrWords({ own: true });
  if (postgres) endings.push(() => postgres.stop());
  const environment = {
    SANSET_TEST_POSTGRES: postgres?.url ?? "none",
    SANSET_TEST_PROGRAM: await buildProgram(scratch),
    TMPDIR: scratch,
  };
  const first = await testRun("tests", [...(await beside()), ...process.argv.slice(2)], environment, scratch);
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
          scratch,
        );
  const latest = new Map([...first, ...second].map((count) => [count.file, count]));
  return {
    passed: [...latest.values()].reduce((sum, { passed }) => sum + passed, 0),
    failed: [...latest.values()].reduce((sum, { failed }) => sum + failed, 0),
  };
}

/**
 * The program that tests start hundreds of times, as it is delivered, but with its bytecode: it starts in a third of the time that its
 * source takes. Other runs of tests start the source.
 */
async function buildProgram(scratch: string): Promise<string> {
  const program = join(scratch, "sanset");
  const words = ["scripts/build.ts", "", program, "--bytecode", "--format=esm"];
  if ((await step("the program", [bun, ...words])) === undefined) throw new Error("The program can't be built.");
  return program;
}

/** What runs files beside each other. Many tests wait for programs and clocks, so there is one more of them than processors. */
async function beside(): Promise<string[]> {
  const timings = Bun.file(TIMINGS);
  const known = ((await timings.exists()) ? await timings.json().catch(() => undefined) : undefined)?.files;
  const guessed = [...new Glob("test/**/*.test.ts").scanSync()].map((file) => [file, LONG.test(file) ? 30_000 : 1_000]);
  const files = { ...Object.fromEntries(guessed), ...known };
  await Bun.write(timings, JSON.stringify({ version: 1, files }));
  // Files share what they import, as they do wherever several are run by `bun test`.
  return [`--parallel=${availableParallelism() + 1}`, "--no-isolate", `--timings=${TIMINGS}`, "--update-timings"];
}

/** How long each file took at the last check: the longest begin first, so that none of them ends alone. */
const TIMINGS = "node_modules/.cache/sanset-check/timings.json";

/** Those that are long as far as is known before the first check. */
const LONG = /^test\/(whole-shop|web)\/|\/(plans|seed|opening|setting-up|order-commands|settings)\.test/;

interface FileCount extends Count {
  file: string;
}

/** Runs tests and returns the count of each file. */
async function testRun(
  name: string,
  words: string[],
  environment: Record<string, string>,
  scratch: string,
): Promise<FileCount[]> {
  const report = `${await mkdtemp(join(scratch, "report-"))}/junit.xml`;
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

/** Enough for everything that tests write at once. */
const ROOM_BYTES = 6_000_000_000;

/** A folder for all that tests write: in memory where there is room, since thousands of databases are made and waited for. */
async function newScratch(): Promise<string> {
  const inMemory = "/dev/shm";
  const room = await access(inMemory, constants.W_OK)
    .then(() => statfs(inMemory))
    .catch(() => undefined);
  const hasRoom = room !== undefined && Math.min(room.bavail * room.bsize, freemem()) > ROOM_BYTES;
  const scratch = await mkdtemp(join(hasRoom ? inMemory : tmpdir(), "sanset-check-"));
  // PostgreSQL runs as somebody else where we are root.
  await chmod(scratch, 0o755);
  endings.push(() => rm(scratch, { recursive: true, force: true }));
  return scratch;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void end().finally(() => process.exit(1)));
}
const scratch = await newScratch();
process.env["TMPDIR"] = scratch;
const counts = await Promise.all([
  gate("types", [bun, "check", "--no-script"]),
  gate("types of the pages", [bun, "check", "--no-script", "-p", "web"]),
  gate("lint", [bun, "x", "--no-install", "oxlint", "--type-aware", "--deny-warnings"]),
  gate("format", [bun, "fmt", "--no-script", "--check"]),
  tests(scratch),
]);
await end();
const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0);
console.log(`\n${sum("passed")} passed, ${sum("failed")} failed`);
process.exit(sum("failed") === 0 ? 0 : 1);
