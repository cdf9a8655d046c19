import type { Reader } from "./database";

/** A server that follows this one. */
export interface Replica {
  name: string;
  state: string;
  /** Whether a commit waits for it. */
  synchronous: boolean;
  lag_seconds: number | null;
}

/** What PostgreSQL says of those that copy it: all of it to a role that may read it, and otherwise their number. */
export async function listReplicas(reader: Reader): Promise<Replica[]> {
  if (reader.engine === "sqlite") return [];
  const rows = await reader.all<{ name: string; state: string | null; sync: string | null; lag: number | null }>(
    `SELECT application_name AS name, state, sync_state AS sync, CAST(EXTRACT(EPOCH FROM replay_lag) AS DOUBLE PRECISION) AS lag
     FROM pg_stat_replication ORDER BY application_name, pid`,
  );
  return rows.map(({ name, state, sync, lag }) => ({
    name,
    state: state ?? "unknown",
    synchronous: sync === "sync" || sync === "quorum",
    lag_seconds: lag,
  }));
}
