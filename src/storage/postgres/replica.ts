import { type ServerAddress, serverAddress } from "../address";
import type { Freshness, Reader, Value } from "../database";
import type { Replica } from "../replica";
import { Connector } from "./connect";
import { isLost } from "./errors";
import { Pool } from "./pool";
import { readerOn } from "./statements";

export interface ReplicaOptions {
  url: string;
  /** How far behind it may be to answer those who have changed nothing. */
  lagMostMs: number;
  connections: number;
  pooled: boolean;
  deadlineMs: number | undefined;
  lockMs: number;
}

/** One that does not answer is left alone for so long; how far it is behind is looked at so often. */
const LEFT_ALONE_MS = 5_000;
const LOOKED_EVERY_MS = 1_000;

/** The primary is there for callers who would wait longer for its copy. */
const DEADLINE_MS = 2_000;

/** Where the next record goes: with synchronous_commit off an answer may precede the writing of what it tells. */
const WRITTEN = "SELECT CAST(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS BIGINT) AS place";
/** A copy that was made the primary follows nobody any more. */
const REPLAYED = `SELECT CAST(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0') AS BIGINT) AS place
  WHERE pg_is_in_recovery()`;

/** A server that follows the primary and answers reads. Where it can't, the primary does: it is never waited for in vain. */
export class PostgresReplica implements Replica {
  private readonly pool: Pool;
  private readonly reader: Reader;
  private leftAloneUntil = 0;
  private lookedAt = -Infinity;
  /** Of the primary, on the clock of performance.now(): what it had written when. */
  private readonly marks: { at: number; place: number }[] = [];
  /** Everything that was written before this moment is there. */
  private hasAllUntil = -Infinity;
  private comparing: Promise<boolean> | undefined;

  constructor(
    private readonly primary: Reader,
    private readonly options: ReplicaOptions,
  ) {
    const deadlineMs = Math.min(options.deadlineMs ?? DEADLINE_MS, DEADLINE_MS);
    const connector = new Connector(addressOf(options.url), options.pooled);
    const limits = { lockMs: options.lockMs, deadlineMs, statementMs: deadlineMs, idleInTransactionMs: deadlineMs };
    this.pool = new Pool({
      connect: (onLost) =>
        connector.connect({ ...limits, pooled: options.pooled, prepare: false, readOnly: true }, onLost),
      most: options.connections,
      deadlineMs,
      patienceMs: deadlineMs,
    });
    this.reader = readerOn((sql, values, send) => this.pool.run(sql, values, send));
  }

  async canAnswer(freshness: Freshness): Promise<boolean> {
    if (performance.now() < this.leftAloneUntil) return false;
    if (freshness === "complete") return this.compare();
    const since = performance.now() - this.lookedAt;
    if (since > LOOKED_EVERY_MS) {
      this.lookedAt = performance.now();
      const looking = this.look();
      // Nobody knows what has become of one that was not looked at for longer.
      if (since > 2 * LOOKED_EVERY_MS || this.hasAllUntil === -Infinity) await looking;
      if (performance.now() < this.leftAloneUntil) return false;
    }
    return performance.now() - this.hasAllUntil <= this.options.lagMostMs;
  }

  async answer<Row>(sql: string, values?: readonly Value[]): Promise<Row[] | undefined> {
    try {
      return await this.reader.all<Row>(sql, values);
    } catch (error) {
      // What it was reading may have been overtaken by what it follows; one that is gone is not asked again at once.
      if (isLost(error)) this.leaveAlone();
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.pool.close();
  }

  /** Whether all is there that was written when this was asked: for all who ask within one turn together. */
  private compare(): Promise<boolean> {
    this.comparing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.comparing = undefined;
      return this.look();
    });
    return this.comparing;
  }

  private async look(): Promise<boolean> {
    try {
      const at = performance.now();
      const written = await placeOn(this.primary, WRITTEN);
      const replayed = await placeOn(this.reader, REPLAYED);
      if (written === undefined || replayed === undefined) return this.leaveAlone();
      this.marks.push({ at, place: written });
      while (this.marks[0] && this.marks[0].place <= replayed) {
        this.hasAllUntil = Math.max(this.hasAllUntil, this.marks[0].at);
        this.marks.shift();
      }
      // The oldest tells how far it is behind; what lies between is as good as the newest.
      if (this.marks.length > MARKS_MOST) this.marks.splice(1, 1);
      return replayed >= written;
    } catch {
      return this.leaveAlone();
    }
  }

  private leaveAlone(): false {
    this.leftAloneUntil = performance.now() + LEFT_ALONE_MS;
    this.hasAllUntil = -Infinity;
    return false;
  }
}

const MARKS_MOST = 100;

async function placeOn(reader: Reader, sql: string): Promise<number | undefined> {
  return (await reader.first<{ place: number | null }>(sql))?.place ?? undefined;
}

/** Any of the servers will do. */
function addressOf(url: string): ServerAddress {
  return { urls: serverAddress(url)?.urls ?? [url], wantsWriter: false };
}
