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
  const report = `${await temporaryFolder()}/junit.xml`;
  const postgres = await postgresOrWords();
  const command = [
    bun,
    "test",
    "--parallel=2",
    // A machine that does something else beside may take long; no test says how long something takes.
    "--timeout=60000",
    "--reporter=junit",
    `--reporter-outfile=${report}`,
    ...process.argv.slice(2),
  ];
  const ended = await step("tests", command, { SANSET_TEST_POSTGRES: postgres?.url ?? "none" });
  await postgres?.stop();
  const counts = await countTests(report);
  // Tests that never got to run failed too.
  return ended === undefined && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function countTests(junit: string): Promise<Count> {
  const file = Bun.file(junit);
  const head = (await file.exists()) ? (/<testsuites [^>]*>/.exec(await file.text())?.[0] ?? "") : "";
  const number = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const failed = number("failures") + number("errors");
  return { passed: number("tests") - failed - number("skipped"), failed };
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
