import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoAccounts } from "../src/demo/accounts";

export interface Running {
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/** Signs what the servers of one run take. Drawn anew, since production takes none that stands in a repository. */
const SECRET = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");

/** A folder for a benchmark's database, removed when the work is done. */
export async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(process.env["BENCH_FOLDER"] ?? tmpdir(), "sanset-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The environment of whatever works on the database in this folder. */
export function environmentIn(folder: string): Record<string, string> {
  return {
    ...(process.env as Record<string, string>),
    DATABASE_URL: `sqlite:///${join(folder, "shop.db")}`,
    SECRET_KEY: SECRET,
    LOG_LEVEL: "warn",
    // Counted as in production, but never too many.
    RATE_LIMIT_PER_MINUTE: "100000000",
    RATE_LIMIT_MS_PER_MINUTE: "60000000",
    GUEST_ORDERS_PER_HOUR: "0",
  };
}

/**
 * Settings of a real shop that has nothing configured: it keeps no mails in a folder, as one in development does. Its limits
 * are the highest that production takes, which a benchmark of a minute stays below.
 */
export const IN_PRODUCTION = {
  SANSET_ENV: "production",
  PUBLIC_URL: "http://localhost:5000",
  RATE_LIMIT_PER_MINUTE: "100000",
};

/** Runs the command line to its end and gives what it printed. */
export function sanset(folder: string, ...words: string[]): Promise<string> {
  return sansetHears("", folder, ...words);
}

/** The same, with this on its stdin. */
export async function sansetHears(stdin: string, folder: string, ...words: string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, "cli/main.ts", ...words], {
    env: environmentIn(folder),
    stdio: [Buffer.from(stdin), "pipe", "inherit"],
  });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`sanset ${words.join(" ")} failed.`);
  return text;
}

/** Makes a demo shop that production serves: one whose passwords nobody knows. */
export async function seedForProduction(folder: string, ...words: string[]): Promise<void> {
  await sanset(folder, "seed", ...words);
  for (const { email } of Object.values(demoAccounts))
    await sansetHears(SECRET, folder, "user", "passwd", email, "--password-stdin");
}

/** Starts a server that prints JSON with its `url` or `port` when it listens. */
export async function start(command: string[], environment: Record<string, string>): Promise<Running> {
  const child = Bun.spawn(command, { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const chunk of child.stdout) {
    said += new TextDecoder().decode(chunk);
    if (said.includes("}")) break;
  }
  const { url, port } = JSON.parse(said) as { url?: string; port?: number };
  return {
    port: port ?? Number(new URL(url ?? "").port),
    pid: child.pid,
    stop: async () => {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}

/** The server as it runs in production, but for a limit on calls that no client here reaches. */
export function startSanset(folder: string, more: Record<string, string> = {}): Promise<Running> {
  const environment = {
    ...environmentIn(folder),
    SANSET_ENV: "development",
    CORS_ORIGINS: "http://localhost:3000",
    ...more,
  };
  return start([process.execPath, "cli/main.ts", "serve", "--port", "0", "--json"], environment);
}
