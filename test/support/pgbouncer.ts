import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, newFolder, underOtherUser } from "./own-postgres";
import { answers } from "./postgres";

/** PgBouncer in transaction mode, in front of a server. */
export interface Bouncer {
  /** The address given, by way of it. */
  urlOf(address: string): string;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Our startup parameters, as PgBouncer's own error suggests to ignore them. */
export const POOLER_IGNORES = [
  "lock_timeout",
  "statement_timeout",
  "idle_in_transaction_session_timeout",
  "default_transaction_read_only",
  "random_page_cost",
  "sanset.direct",
];

/** Where it lies, or undefined where it is not installed: said in words, and a failure in CI. */
export function pgbouncerProgram(): string | undefined {
  const path = Bun.which("pgbouncer", { PATH: `${process.env["PATH"]}:/usr/sbin` });
  if (path !== null) return path;
  if (process.env["CI"]) throw new Error("In CI what runs through PgBouncer is never skipped: install pgbouncer.");
  console.warn("There is no pgbouncer here: what runs through it is skipped.");
  return undefined;
}

/** Starts one. `ignores` are the startup parameters that it takes and forgets; without them it refuses ours. */
export async function startBouncer(
  address: string,
  { ignores = [], connections = 8 }: { ignores?: readonly string[]; connections?: number } = {},
): Promise<Bouncer> {
  const { hostname, port: target } = new URL(address);
  const folder = await newFolder();
  const port = await freePort();
  const file = join(folder, "pgbouncer.ini");
  await writeFile(join(folder, "users.txt"), '"postgres" ""\n');
  await writeFile(
    file,
    [
      "[databases]",
      `* = host=${hostname} port=${target || 5432} user=postgres`,
      "[pgbouncer]",
      "listen_addr = 127.0.0.1",
      `listen_port = ${port}`,
      "unix_socket_dir =",
      "auth_type = trust",
      `auth_file = ${join(folder, "users.txt")}`,
      "pool_mode = transaction",
      "max_client_conn = 500",
      `default_pool_size = ${connections}`,
      `ignore_startup_parameters = ${ignores.join(",")}`,
      "admin_users = postgres",
    ].join("\n"),
  );
  const at = (url: string) => {
    const way = new URL(url);
    way.host = `127.0.0.1:${port}`;
    return way.href;
  };
  const start = async () => {
    const child = Bun.spawn([...underOtherUser, pgbouncerProgram() ?? "", "-q", file], {
      stdio: ["ignore", "ignore", "ignore"],
    });
    while (!(await answers(at(address)))) {
      if (child.exitCode !== null) throw new Error(`PgBouncer did not start: exit code ${child.exitCode}.`);
      await Bun.sleep(20);
    }
    return child;
  };
  let child = await start();
  const stop = async () => {
    child.kill("SIGTERM");
    await child.exited;
  };
  return {
    urlOf: at,
    restart: async () => {
      await stop();
      child = await start();
    },
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
