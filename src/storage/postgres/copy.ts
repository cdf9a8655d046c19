import { SQL } from "bun";
import { ShopError } from "../../base/errors";
import { serverAddress, withoutPassword } from "../address";

/** PostgreSQL's own programs make and take its copies. They read the password from the environment, never from an argument. */
async function runTool(tool: "pg_dump" | "pg_restore", words: readonly string[], url: string): Promise<void> {
  const path = Bun.which(tool);
  if (path === null) {
    throw new ShopError(
      "unusable",
      `${tool} is not installed here, and only PostgreSQL's own programs copy its databases: install postgresql-client.`,
    );
  }
  const password = decodeURIComponent(new URL(serverAddress(url)?.urls[0] ?? url).password);
  const child = Bun.spawn([path, ...words, `--dbname=${withoutPassword(url)}`], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...(password !== "" && { PGPASSWORD: password }) },
  });
  const [said, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (code !== 0) throw new ShopError("unusable", `${tool} failed: ${said.trim().split("\n").at(-1) ?? ""}`);
}

/** Writes one consistent moment of the database into a file, compressed as pg_dump does it. */
export function copyPostgres(url: string, target: string): Promise<void> {
  return runTool("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", `--file=${target}`], url);
}

/** How many connections others have to the database. */
export async function otherConnections(url: string): Promise<number> {
  const sql = new SQL(serverAddress(url)?.urls[0] ?? url, { max: 1 });
  try {
    return await countOthers(sql);
  } finally {
    await sql.close();
  }
}

/** The server counts a connection until it has noticed that it is over: of a program that has just ended, for a moment more. */
const LINGERING_MS = 1_000;

async function countOthers(sql: SQL): Promise<number> {
  for (const until = performance.now() + LINGERING_MS; ; await Bun.sleep(50)) {
    const [others] = await sql.unsafe(
      `SELECT CAST(COUNT(*) AS INTEGER) AS count FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    );
    if (others.count === 0 || performance.now() > until) return others.count;
  }
}

/** Throws `conflict` while a program other than this one is connected, or where the database is not empty. */
export async function replacePostgres(url: string, file: string): Promise<void> {
  const sql = new SQL(serverAddress(url)?.urls[0] ?? url, { max: 1 });
  try {
    const others = await countOthers(sql);
    if (others > 0) {
      throw new ShopError("conflict", `${others} connections use the database. Stop the shop, then restore.`);
    }
    const [tables] = await sql.unsafe(
      "SELECT CAST(COUNT(*) AS INTEGER) AS count FROM pg_tables WHERE schemaname = current_schema()",
    );
    if (tables.count > 0) {
      const name = withoutPassword(url);
      throw new ShopError(
        "conflict",
        `${name} is not empty. Make a new database (createdb) and name it in DATABASE_URL, then restore into that.`,
      );
    }
  } finally {
    await sql.close();
  }
  await runTool("pg_restore", ["--exit-on-error", "--no-owner", "--no-privileges", file], url);
}
