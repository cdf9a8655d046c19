import type { Reader, Transaction } from "../storage/database";
import { secondsNow } from "../storage/sql";

export interface Lease {
  job: string;
  serverId: string;
  seconds: number;
}

/** False when another server is at it, or began it less than `pauseSeconds` ago. */
export async function takeLease(tx: Transaction, { job, serverId, seconds }: Lease, pauseSeconds: number) {
  const now = secondsNow(tx.engine);
  const changed = await tx.run(
    `INSERT INTO job_leases (job, server_id, taken, until) VALUES ($1, $2, ${now}, ${now} + $3)
     ON CONFLICT (job) DO UPDATE SET server_id = excluded.server_id, taken = excluded.taken, until = excluded.until
     WHERE job_leases.until <= excluded.taken AND job_leases.taken <= excluded.taken - $4`,
    [job, serverId, seconds, pauseSeconds],
  );
  return changed === 1;
}

export async function renewLease(tx: Transaction, { job, serverId, seconds }: Lease): Promise<void> {
  await tx.run(`UPDATE job_leases SET until = ${secondsNow(tx.engine)} + $3 WHERE job = $1 AND server_id = $2`, [
    job,
    serverId,
    seconds,
  ]);
}

/** Whose turn it is from now on is open, but for the pause. */
export async function releaseLease(tx: Transaction, { job, serverId }: Lease): Promise<void> {
  await tx.run(`UPDATE job_leases SET until = ${secondsNow(tx.engine)} WHERE job = $1 AND server_id = $2`, [
    job,
    serverId,
  ]);
}

export interface ServerRecord {
  id: string;
  host: string;
  process: number;
  version: string;
  started_at: string;
}

/** Notes that a server lives, and forgets those that have not been heard of for so long. */
export async function upsertServer(tx: Transaction, server: ServerRecord, forgottenAfterSeconds: number) {
  const now = secondsNow(tx.engine);
  await tx.run(
    `INSERT INTO servers (id, host, process, version, started_at, heard) VALUES ($1, $2, $3, $4, $5, ${now})
     ON CONFLICT (id) DO UPDATE SET heard = excluded.heard`,
    [server.id, server.host, server.process, server.version, server.started_at],
  );
  await tx.run(`DELETE FROM servers WHERE heard < ${now} - $1`, [forgottenAfterSeconds]);
}

export async function deleteServer(tx: Transaction, id: string): Promise<void> {
  await tx.run("DELETE FROM servers WHERE id = $1", [id]);
}

export function listServers(reader: Reader): Promise<(ServerRecord & { silent_seconds: number })[]> {
  return reader.all(
    `SELECT id, host, process, version, started_at, ${secondsNow(reader.engine)} - heard AS silent_seconds
     FROM servers ORDER BY started_at, id`,
  );
}

/** The jobs that a server is at, or was at last. */
export function listLeases(
  reader: Reader,
): Promise<{ job: string; server_id: string; held: number; ago_seconds: number }[]> {
  const now = secondsNow(reader.engine);
  return reader.all(
    `SELECT job, server_id, CASE WHEN until > ${now} THEN 1 ELSE 0 END AS held, ${now} - taken AS ago_seconds
     FROM job_leases ORDER BY job`,
  );
}
