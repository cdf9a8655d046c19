import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROGRAM } from "./usual";

export interface Ended {
  exitCode: number;
  out: string;
  err: string;
}

export interface Options {
  /** What is set beside the little that every program gets. */
  env?: Record<string, string>;
  stdin?: string;
  /** What starts it, where that may not be what the check has built. */
  program?: readonly string[];
  /** What goes before its name, such as `nice`. */
  under?: readonly string[];
  /** Where it runs; a folder of its own where none is given. */
  cwd?: string;
}

// Nothing of ours: what the tests run with must not decide what is tested.
const environmentIn = (cwd: string) => ({
  PATH: process.env["PATH"] ?? "",
  HOME: cwd,
  SANSET_ENV: "development",
  BCRYPT_COST: "4",
});

/** Starts the program itself, as an operator would. */
export function start(
  words: readonly string[],
  { env = {}, stdin, program = PROGRAM, under = [], cwd = newFolder() }: Options = {},
) {
  return Bun.spawn([...under, ...program, ...words], {
    cwd,
    env: { ...environmentIn(cwd), ...env },
    stdin: stdin === undefined ? "ignore" : new TextEncoder().encode(stdin),
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** Runs the program to its end. */
export async function run(words: readonly string[], options?: Options): Promise<Ended> {
  const child = start(words, options);
  const [out, err, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { exitCode, out, err };
}

/** Starts it on a terminal of its own, where somebody can read and type. */
export function startOnTerminal(words: readonly string[], { env = {}, cwd = newFolder() }: Options = {}) {
  let shown = "";
  let heard: (() => void) | undefined;
  const child = Bun.spawn([...PROGRAM, ...words], {
    cwd,
    env: { ...environmentIn(cwd), ...env },
    terminal: {
      data: (_, bytes) => {
        shown += new TextDecoder().decode(bytes);
        heard?.();
      },
    },
  });
  return {
    /** Types once this was asked. */
    async answer(question: string, keys: string) {
      while (!shown.endsWith(question) && child.exitCode === null) {
        await Promise.race([child.exited, new Promise<void>((resolve) => (heard = resolve))]);
      }
      child.terminal?.write(keys);
    },
    /** Everything that was to be seen, and how it ended. */
    async end() {
      const exitCode = await child.exited;
      child.terminal?.close();
      return { exitCode, shown };
    },
  };
}

/** Starts the server on any port that is free and waits until it listens. */
export async function startServer(options: Options = {}, words: readonly string[] = []) {
  const child = start(["serve", "--port", "0", "--json", ...words], options);
  const url = await urlFrom(child.stdout).catch(async () => {
    throw new Error(`The server did not start: ${await new Response(child.stderr).text()}`);
  });
  return {
    url,
    child,
    /** Ends it as an operator would, and says how it ended. */
    async stop() {
      child.kill("SIGTERM");
      return child.exited;
    },
  };
}

/** Where a server says on stdout that it listens, as JSON. */
export async function urlFrom(stdout: ReadableStream<Uint8Array>): Promise<string> {
  let said = "";
  const decoder = new TextDecoder();
  for await (const chunk of stdout) {
    said += decoder.decode(chunk, { stream: true });
    if (said.includes("}")) break;
  }
  const { url }: { url: string } = JSON.parse(said);
  return url;
}

/**
 * Runs it as a container does: as process 1 among processes of its own, on a machine with a name that nobody else has. Undefined
 * where the system lets nobody do so.
 */
export function inContainer(): readonly string[] | undefined {
  const apart = ["--user", "--map-root-user", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const named = `hostname container-${containers++} && exec "$0" "$@"`;
  const under = ["unshare", ...apart, "sh", "-c", named];
  try {
    return Bun.spawnSync([...under, "true"]).success ? under : undefined;
  } catch {
    return undefined;
  }
}

let containers = 0;

/** Root may write everywhere, so this makes somebody of us who may not. Undefined where that can't be. */
export function asNobody(): readonly string[] | undefined {
  const under = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--clear-groups"] : [];
  const look = `require("node:fs").accessSync(${JSON.stringify(PROGRAM.at(-1))})`;
  try {
    return Bun.spawnSync([...under, process.execPath, "-e", look], { cwd: "/" }).success ? under : undefined;
  } catch {
    return undefined;
  }
}

const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that is removed at the end. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sanset-"));
  folders.push(folder);
  return folder;
}
