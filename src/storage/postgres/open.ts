import { SQL } from "bun";
import { ShopError } from "../../base/errors";
import { asksForAnotherTry, busy, explain, reasonOf, withoutPassword } from "./errors";
import type { EngineDatabase } from "../database";
import { FrequentTexts, readerOn, transactionOn } from "./statements";

export interface PostgresOptions {
  /** For transactions. */
  connections?: number;
  /** More, for reads alone: where every transaction waits for a row, browsing goes on. */
  readers?: number;
  /** How long a transaction waits for a connection, and a statement for what somebody else holds. */
  patienceMs?: number;
}

const TRIES_MOST = 10;

/** For statements that the server does not keep. */
const SELDOM_CONNECTIONS = 2;
const SELDOM_IDLE_SECONDS = 30;

/** Opens pools on a PostgreSQL server. Throws ShopError `unusable` when the server can't be reached. */
export async function openPostgres(
  url: string,
  { connections = 10, readers = 4, patienceMs = 5_000 }: PostgresOptions = {},
): Promise<EngineDatabase> {
  const writes = new SQL(url, { max: connections, connection: { lock_timeout: patienceMs } });
  const reads = new SQL(url, {
    max: readers,
    connection: { lock_timeout: patienceMs, default_transaction_read_only: "on" },
  });
  const seldom = new SQL(url, {
    max: SELDOM_CONNECTIONS,
    prepare: false,
    idleTimeout: SELDOM_IDLE_SECONDS,
    connection: { lock_timeout: patienceMs, default_transaction_read_only: "on" },
  });
  const frequent = new FrequentTexts();
  const close = async () => void (await Promise.all([writes.close(), reads.close(), seldom.close()]));
  try {
    await writes.unsafe("SELECT 1");
  } catch (error) {
    await close().catch(() => {});
    throw new ShopError("unusable", `PostgreSQL at ${withoutPassword(url)}: ${reasonOf(error)}.`, {}, { cause: error });
  }
  return {
    ...readerOn((sql) => (frequent.has(sql) ? reads : seldom), explain),
    statementsKept: async () => frequent.size,
    transaction: (work) =>
      retried(() => {
        const giveUpAt = performance.now() + patienceMs;
        return writes.begin((connection) => {
          // Those before it may have held all connections for as long as they were willing to wait themselves.
          if (performance.now() > giveUpAt) throw busy();
          return work(transactionOn(connection));
        });
      }),
    isInPlace: async () => true,
    close,
  };
}

/** PostgreSQL may ask for another try; a transaction only reads and writes, so it can simply run again. */
async function retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!asksForAnotherTry(error)) throw explain(error);
      if (tries >= TRIES_MOST) throw busy(error);
      await Bun.sleep(2 ** tries * Math.random());
    }
  }
}
