import { hostname } from "node:os";
import { version } from "../../package.json";
import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";
import { type Replica, listReplicas } from "../storage/replication";
import { deleteServer, listLeases, listServers, upsertServer } from "./lease-queries";
import type { Job } from "./registry";

/** How often a server says that it lives, and after what silence it counts as silent, and is forgotten. */
const SAID_EVERY_SECONDS = 5;
const SILENT_AFTER_SECONDS = 15;
const FORGOTTEN_AFTER_SECONDS = 600;

/** This process among the servers of the shop. */
export const serverIdOf = perShop(() => crypto.randomUUID());

const startOf = perShop(() => new Date().toISOString());

export const serverJobs: Job[] = [
  {
    name: "say that this server lives",
    schedule: () => ({ everySeconds: SAID_EVERY_SECONDS }),
    everywhere: true,
    work: async (shop) => {
      if (!shop.database.isShared) return;
      const server = {
        id: serverIdOf(shop),
        host: hostname(),
        process: process.pid,
        version,
        started_at: startOf(shop),
      };
      await shop.database.transaction((tx) => upsertServer(tx, server, FORGOTTEN_AFTER_SECONDS));
    },
  },
];

/** Takes this server out of the list. Where that fails, it is silent there and then forgotten. */
export async function leave(shop: Shop): Promise<void> {
  if (!shop.database.isShared) return;
  await shop.database.transaction((tx) => deleteServer(tx, serverIdOf(shop))).catch(() => {});
}

export interface ClusterStatus {
  servers: {
    id: string;
    host: string;
    process: number;
    version: string;
    started_at: string;
    state: "alive" | "silent";
    silent_seconds: number;
  }[];
  jobs: { job: string; server_id: string; running: boolean; began_seconds_ago: number }[];
  replicas: Replica[];
}

/** Who serves the shop, who does what, and how far copies of the database lag. */
export async function clusterStatus({ database }: Shop): Promise<ClusterStatus> {
  const servers = await listServers(database);
  const leases = await listLeases(database);
  return {
    servers: servers.map((server) => ({
      ...server,
      silent_seconds: round(server.silent_seconds),
      state: server.silent_seconds > SILENT_AFTER_SECONDS ? "silent" : "alive",
    })),
    jobs: leases.map(({ job, server_id, held, ago_seconds }) => ({
      job,
      server_id,
      running: held === 1,
      began_seconds_ago: round(ago_seconds),
    })),
    replicas: await listReplicas(database),
  };
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;
