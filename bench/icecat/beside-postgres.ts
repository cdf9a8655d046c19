import { SQL } from "bun";
import { ownPostgres } from "../../test/support/own-postgres";
import { cpuMicroseconds } from "../cpu";
import { type Figure, quantile } from "../harness";
import { environmentIn, type Running, startSanset } from "../servers";
import { again, misspellings, ROUNDS, searching, timed, typing } from "./asking";
import type { Judgements } from "./quality";

/** What PostgreSQL may take in proportion to SQLite. */
const TWICE = 2;

/**
 * The same products and questions on PostgreSQL beside SQLite in this folder, in turns of a second or so, so that what else the
 * machine does falls on both: what a customer waits for, and what the server and the database work for one call. The database is
 * on this machine and is vacuumed before: a network between them adds its way, three times for a search.
 */
export async function besidePostgres(folder: string, products: string, judgements: Judgements): Promise<Figure[]> {
  const postgres = await ownPostgres(["shared_buffers=128MB", "autovacuum=off"]);
  const sql = new SQL(postgres.url, { max: 1 });
  const servers: Running[] = [];
  try {
    const environment = { ...environmentIn(folder), DATABASE_URL: postgres.url };
    const importing = Bun.spawn([process.execPath, "cli/main.ts", "import", "products", products], {
      env: environment,
      stdio: ["ignore", "ignore", "inherit"],
    });
    if ((await importing.exited) !== 0) throw new Error("The products could not be imported.");
    await sql.unsafe("VACUUM ANALYZE");
    for (const more of [{}, { DATABASE_URL: postgres.url }])
      servers.push(await startSanset(folder, { ANSWER_MEMORY: "off", ...more }));
    const [ours, other] = servers;
    if (!ours || !other) return [];
    const queries = [...judgements.keys()];
    const misspelt = misspellings(judgements, { edits: 1, letters: 4 }, 2).map(({ typed }) => searching(typed));
    const figures: Figure[] = [];
    for (const [name, paths, rounds] of [
      ["search", queries.map(searching), ROUNDS],
      ["typeahead", typing(queries), 4],
      ["misspelt", misspelt, ROUNDS / 2],
    ] as const)
      figures.push(...(await inTurn(name, paths, rounds, [ours, other], sql)));
    return figures;
  } finally {
    for (const server of servers) await server.stop();
    await sql.close();
    await postgres.remove();
  }
}

async function inTurn(
  name: string,
  paths: readonly string[],
  rounds: number,
  [sqlite, postgres]: readonly [Running, Running],
  sql: SQL,
): Promise<Figure[]> {
  const sides = [sqlite, postgres].map((server) => ({ server, latencies: [] as number[], cpu: 0 }));
  for (const { server } of sides) await timed(server.port, again(paths, 3));
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      const pids = side.server === postgres ? [side.server.pid, ...(await backends(sql))] : [side.server.pid];
      const worked = () => pids.reduce((sum, pid) => sum + cpuMicroseconds(pid), 0);
      const before = worked();
      side.latencies.push(...(await timed(side.server.port, paths)));
      side.cpu += worked() - before;
    }
  }
  const beside = (what: string, unit: string, of: (side: (typeof sides)[number]) => number): Figure => {
    const [rival = 0, measured = 0] = sides.map(of);
    return {
      name: `${name}, ${what}`,
      measured,
      unit,
      rival: { name: "SQLite", measured: rival },
      limit: { atMost: TWICE },
    };
  };
  return [
    beside("p50", "ms", ({ latencies }) => quantile(latencies, 0.5)),
    beside("p95", "ms", ({ latencies }) => quantile(latencies, 0.95)),
    beside("processor a call", "ms", ({ latencies, cpu }) => cpu / 1_000 / latencies.length),
  ];
}

/** The processes of PostgreSQL that work for our servers. */
async function backends(sql: SQL): Promise<number[]> {
  const rows = await sql.unsafe("SELECT pid FROM pg_stat_activity WHERE application_name = 'sanset'");
  return rows.map(({ pid }: { pid: number }) => pid);
}
