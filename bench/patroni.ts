import { SQL } from "bun";
import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { postgresAt } from "../test/support/engines";
import { childrenOf, findPrograms, freePort, newFolder, underOtherUser } from "../test/support/own-postgres";
import {
  ask,
  type Caller,
  checkOutOver,
  type FileShop,
  fileShop,
  type Heard,
  missing,
  type Served,
  startServer,
} from "../test/support/served";
import { type Way, wayTo } from "../test/support/way";
import { type Figure, quantile, report } from "./harness";

const NODES = 3;
const SERVERS = 2;
const BUYERS = 12;
/** How long a leader stands still or is cut off: longer than it keeps its lease. */
const AWAY_MS = 1_000 * Number(process.env["BENCH_AWAY_SECONDS"] ?? 30);
const TTL_SECONDS = 20;

/** One machine of the cluster: Patroni with its PostgreSQL, and the ways on which others reach it and it reaches etcd. */
interface Node {
  name: string;
  port: number;
  folder: string;
  way: Way;
  toEtcd: Way;
  start(): void;
  /** Patroni, PostgreSQL and all that it runs. */
  signal(name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void;
}

/**
 * Patroni with etcd, three nodes on this machine, synchronous: its leader is killed, paused and cut off while two servers of
 * Sanset sell. Needs `patroni` and `etcd`.
 */
export async function run(): Promise<boolean> {
  const ends: (() => unknown)[] = [];
  const end = async () => {
    for (const one of ends.splice(0).toReversed()) await one();
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void end().finally(() => process.exit(1)));
  try {
    const nodes = await startCluster(ends);
    const first = await leaderOf(nodes);
    const shop = await fileShop({ engine: postgresAt(first.way.url), buyers: BUYERS, stock: 10_000_000 });
    const { pathname } = new URL(shop.environment["DATABASE_URL"] ?? "");
    const hosts = nodes.map(({ way }) => new URL(way.url).host).join();
    shop.environment["DATABASE_URL"] = `postgres://postgres@${hosts}${pathname}?target_session_attrs=read-write`;
    await administer(first.way.url, `ALTER DATABASE ${pathname.slice(1)} RESET ALL`);
    const servers: Served[] = [];
    ends.push(() => Promise.all(servers.map((server) => server.kill())));
    for (let count = 0; count < SERVERS; count++) servers.push(await startServer(shop));
    const figures: Figure[] = [];
    for (const [what, away, back] of FAULTS) {
      const leader = await leaderOf(nodes);
      figures.push(...(await during(what, shop, servers, nodes, leader, away, back)));
    }
    return report("Patroni and etcd, three nodes, synchronous: what customers saw", figures);
  } finally {
    await end();
  }
}

type Fault = [what: string, away: (leader: Node) => void, back: (leader: Node) => void];

const FAULTS: readonly Fault[] = [
  ["killed", (leader) => leader.signal("SIGKILL"), (leader) => leader.start()],
  ["paused", (leader) => leader.signal("SIGSTOP"), (leader) => leader.signal("SIGCONT")],
  [
    "cut off",
    (leader) => {
      leader.way.fallSilent();
      leader.toEtcd.fallSilent();
    },
    (leader) => {
      leader.way.open();
      leader.toEtcd.open();
    },
  ],
];

async function startCluster(ends: (() => unknown)[]): Promise<Node[]> {
  const folder = await newFolder();
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const [client, peer] = [await freePort(), await freePort()];
  const [asked, among] = [client, peer].map((port) => `http://127.0.0.1:${port}`);
  const options = [
    `--data-dir ${join(folder, "etcd")} --log-level error --listen-client-urls ${asked} --advertise-client-urls ${asked}`,
    `--listen-peer-urls ${among} --initial-advertise-peer-urls ${among} --initial-cluster default=${among}`,
  ].flatMap((some) => some.split(" "));
  const etcd = Bun.spawn([...underOtherUser, "etcd", ...options], { stdio: ["ignore", "ignore", "ignore"], cwd: "/" });
  ends.push(() => etcd.kill("SIGKILL"));
  while (!(await isHealthy(`${asked}/health`))) await Bun.sleep(200);
  const nodes: Node[] = [];
  for (let number = 1; number <= NODES; number++) {
    const node = await newNode(folder, `node${number}`, client);
    nodes.push(node);
    ends.push(() => node.signal("SIGKILL"));
    node.start();
    // One after the other, so that the first makes the cluster and the others copy it.
    await untilFollowers(nodes, number - 1);
  }
  return nodes;
}

const isHealthy = (url: string): Promise<boolean> =>
  fetch(url).then(
    async (answer) => (await answer.text()).includes('"true"'),
    () => false,
  );

async function newNode(folder: string, name: string, etcd: number): Promise<Node> {
  const [port, rest] = [await freePort(), await freePort()];
  const way = wayTo(`postgres://postgres@127.0.0.1:${port}/postgres`);
  const toEtcd = wayTo(`postgres://127.0.0.1:${etcd}/`);
  const data = join(folder, name);
  const file = join(folder, `${name}.yml`);
  await writeFile(file, await configuration({ name, folder, data, port, rest, way, toEtcd }));
  let patroni: ReturnType<typeof Bun.spawn> | undefined;
  return {
    name,
    port,
    folder: data,
    way,
    toEtcd,
    start: () => {
      patroni = Bun.spawn([...underOtherUser, "patroni", file], {
        stdio: ["ignore", "ignore", process.env["BENCH_LOUD"] ? "inherit" : "ignore"],
        cwd: "/",
        env: { PATH: process.env["PATH"] ?? "", HOME: folder, LC_ALL: "C.UTF-8" },
      });
    },
    signal: (signal) => {
      const postmaster = postmasterOf(data);
      const all = [patroni?.pid, postmaster, ...(postmaster ? childrenOf(postmaster) : [])];
      for (const pid of all) {
        try {
          if (pid) process.kill(pid, signal);
        } catch {
          // It has ended.
        }
      }
    },
  };
}

function postmasterOf(data: string): number | undefined {
  try {
    return Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
  } catch {
    return undefined;
  }
}

interface Configured {
  name: string;
  folder: string;
  data: string;
  port: number;
  rest: number;
  way: Way;
  toEtcd: Way;
}

/** As docs/moving.md shows it; short times, so that a run does not take long. */
async function configuration({ name, folder, data, port, rest, way, toEtcd }: Configured): Promise<string> {
  return `
scope: sanset
name: ${name}
restapi:
  listen: 127.0.0.1:${rest}
  connect_address: 127.0.0.1:${rest}
etcd3:
  hosts: [${new URL(toEtcd.url).host}]
  use_proxies: true
bootstrap:
  dcs:
    ttl: ${TTL_SECONDS}
    loop_wait: 4
    retry_timeout: 8
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      remove_data_directory_on_rewind_failure: true
      remove_data_directory_on_diverged_timelines: true
      parameters:
        max_connections: 100
        wal_keep_size: 256MB
  initdb: [{ encoding: UTF8 }, { locale: C }, { auth: trust }]
postgresql:
  listen: 127.0.0.1:${port}
  connect_address: ${new URL(way.url).host}
  data_dir: ${data}
  bin_dir: ${(await findPrograms()).folder}
  pgpass: ${join(folder, `${name}.pgpass`)}
  authentication:
    superuser: { username: postgres, password: postgres }
    replication: { username: replicator, password: replicator }
    rewind: { username: postgres, password: postgres }
  pg_hba:
    - host all all 127.0.0.1/32 trust
    - host replication replicator 127.0.0.1/32 trust
  parameters:
    unix_socket_directories: "${folder}"
`;
}

async function administer(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const admin = new SQL(url, { max: 1, connectionTimeout: 2 });
  try {
    return await Promise.race([
      admin.unsafe(statement),
      Bun.sleep(3_000).then(() => Promise.reject(new Error("It did not answer."))),
    ]);
  } finally {
    void admin.close({ timeout: 0 }).catch(() => {});
  }
}

async function leaderOf(nodes: readonly Node[]): Promise<Node> {
  for (;;) {
    for (const node of nodes) {
      const rows = await administer(node.way.url, "SELECT 1 WHERE NOT pg_is_in_recovery()").catch(() => []);
      if (rows.length > 0) return node;
    }
    await Bun.sleep(200);
  }
}

/** Until so many follow the leader, one of them synchronously. */
async function untilFollowers(nodes: readonly Node[], count: number): Promise<void> {
  for (;;) {
    const leader = await leaderOf(nodes);
    const states = await administer(leader.way.url, "SELECT sync_state FROM pg_stat_replication").catch(() => []);
    const isSynchronous = count === 0 || states.some((row) => row["sync_state"] === "sync");
    if (states.length >= count && isSynchronous) return;
    await Bun.sleep(200);
  }
}

/** Asks again while the cluster is busy with itself. */
async function answered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 10) throw error;
      await Bun.sleep(3_000);
    }
  }
}

async function during(
  what: string,
  shop: FileShop,
  servers: readonly Served[],
  nodes: readonly Node[],
  leader: Node,
  away: (leader: Node) => void,
  back: (leader: Node) => void,
): Promise<Figure[]> {
  const over = new AbortController();
  const acknowledged = new Map<string, number>();
  const took: number[] = [];
  const statuses: Record<string, number> = {};
  let lastSoldAt = 0;
  const gaps: number[] = [];
  const timed = async (call: () => Promise<Heard>): Promise<Heard> => {
    const askedAt = performance.now();
    const heard = await call();
    took.push(performance.now() - askedAt);
    return heard;
  };
  const buyer = async (caller: Caller, index: number) => {
    for (let order = 0; !over.signal.aborted; order++) {
      const url = servers[(index + order) % servers.length]?.url ?? "";
      const key = `${what}-${index}-${order}`;
      await timed(() => ask(url, caller, "PUT", `/cart/items/${shop.product}`, { qty: 1 }));
      const { status, body } = await timed(() => checkOutOver(url, caller, key));
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status !== 201) {
        await Bun.sleep(100);
        continue;
      }
      acknowledged.set(key, body.order_id);
      const now = performance.now();
      if (lastSoldAt > 0) gaps.push(now - lastSoldAt);
      lastSoldAt = now;
    }
  };
  const selling = shop.buyers.map(buyer);
  await Bun.sleep(3_000);
  away(leader);
  await Bun.sleep(AWAY_MS);
  back(leader);
  await untilFollowers(nodes, NODES - 1);
  await Bun.sleep(3_000);
  over.abort();
  await Promise.all(selling);
  const lost = await answered(() => missing(shop, acknowledged));
  const problems = await answered(() => shop.problems());
  console.log(`${what}: ${JSON.stringify(statuses)}${problems.map((problem) => `\n  ${problem}`).join("")}`);
  return [
    { name: `${what}: orders acknowledged`, measured: acknowledged.size, unit: "" },
    { name: `${what}: of these lost`, measured: lost.length, unit: "", limit: { atMost: 0 } },
    { name: `${what}: what does not add up`, measured: problems.length, unit: "", limit: { atMost: 0 } },
    { name: `${what}: longest without an order`, measured: Math.max(...gaps) / 1000, unit: "s" },
    {
      name: `${what}: longest wait for an answer`,
      measured: quantile(took, 1) / 1000,
      unit: "s",
      limit: { atMost: 8 },
    },
  ];
}
