import { ShopError } from "../../base/errors";
import type { EngineDatabase, Transaction } from "../database";
import { lend } from "../lend";
import { serverAddress, withoutPassword } from "../address";
import { beginStatement, type ConnectOptions, Connector, TAKES_WRITES } from "./connect";
import { asksForAnotherTry, busy, explain, isReadOnly, isTooManyConnections, reasonOf } from "./errors";
import { type Line, Pool } from "./pool";
import { FrequentTexts, readerOn, sendSimply, transactionOn } from "./statements";

export interface PostgresOptions {
  /** For transactions. */
  connections?: number;
  /** More, for reads alone: where every transaction waits for a row, browsing goes on. */
  readers?: number;
  /** How long a transaction waits for a connection, and a statement for what another one holds. */
  patienceMs?: number;
  /** How long a statement may take before its connection counts as dead. Undefined for commands, which have the time. */
  deadlineMs?: number | undefined;
  /** Whether a pooler in transaction mode stands in between; found out by itself where the pooler says so. */
  pooled?: boolean;
  /** How long a transaction may stand still before the server ends it and gives its rows to others. */
  idleInTransactionMs?: number;
}

const TRIES_MOST = 20;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 500;

/** For statements that the server does not keep. */
const SELDOM_CONNECTIONS = 2;

/** What the server gives up by itself, a little before we give up the connection. */
const STATEMENT_SHARE = 0.9;
/** A server of ours that stands still, as a frozen machine does, lets go of its rows after so long. */
const IDLE_IN_TRANSACTION_MS = 3_000;
/** Commands may think for longer between two statements. */
const COMMAND_IDLE_IN_TRANSACTION_MS = 120_000;

/** Opens pools on a PostgreSQL server. Throws ShopError `unusable` when the server can't be reached. */
export async function openPostgres(
  url: string,
  {
    connections = 10,
    readers = 4,
    patienceMs = 5_000,
    deadlineMs,
    pooled = false,
    idleInTransactionMs = deadlineMs === undefined ? COMMAND_IDLE_IN_TRANSACTION_MS : IDLE_IN_TRANSACTION_MS,
  }: PostgresOptions = {},
): Promise<EngineDatabase> {
  const address = serverAddress(url);
  if (!address) throw new ShopError("unusable", "DATABASE_URL is no address of a PostgreSQL server.");
  const connector = new Connector(address, pooled);
  const limits = {
    pooled,
    lockMs: patienceMs,
    deadlineMs,
    statementMs: deadlineMs && Math.round(deadlineMs * STATEMENT_SHARE),
    idleInTransactionMs,
  };
  const pool = (most: number, options: Pick<ConnectOptions, "prepare" | "readOnly">) =>
    new Pool({
      connect: (onLost) => connector.connect({ ...limits, ...options }, onLost),
      most,
      deadlineMs,
      patienceMs,
    });
  const writes = pool(connections, { prepare: true, readOnly: false });
  const reads = pool(readers, { prepare: true, readOnly: true });
  const seldom = pool(SELDOM_CONNECTIONS, { prepare: false, readOnly: true });
  const frequent = new FrequentTexts();
  const close = async () => void (await Promise.all([writes.close(), reads.close(), seldom.close()]));
  try {
    writes.giveBack(await writes.take());
  } catch (error) {
    await close();
    throw new ShopError("unusable", `PostgreSQL at ${withoutPassword(url)}: ${reasonOf(error)}.`, {}, { cause: error });
  }

  async function onTakenLine<Result>(work: (line: Line) => Promise<Result>): Promise<Result> {
    const line = await writes.take();
    try {
      return await work(line);
    } finally {
      writes.giveBack(line);
    }
  }

  async function attempt<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const line = await writes.take();
    const lent = lend(transactionOn(line));
    try {
      await line.run(beginStatement(connector.isPooled, { ...limits, prepare: true, readOnly: false }), [], sendSimply);
      const result = await work(lent.tx);
      await commit(line);
      return result;
    } catch (error) {
      // A connection that can't even roll back is of no more use.
      if (!line.isOver) await line.run("ROLLBACK", [], sendSimply).catch(() => line.end(0));
      if (isReadOnly(error)) writes.renew();
      throw error;
    } finally {
      lent.end();
      writes.giveBack(line);
    }
  }

  return {
    ...readerOn(
      async (sql, values, send) => {
        const from = frequent.has(sql) ? reads : seldom;
        try {
          return await from.run(sql, values, send);
        } catch (error) {
          // A standby breaks off what it must no longer show.
          if (asksForAnotherTry(error)) return from.run(sql, values, send);
          // The server has no connection left for reads alone.
          if (isTooManyConnections(error)) return onTakenLine((line) => line.run(sql, values, send));
          throw error;
        }
      },
      // That a reader writes is a mistake of ours.
      (error) => (isReadOnly(error) ? error : explain(error)),
    ),
    transaction: (work) => retried(() => attempt(work), patienceMs + (deadlineMs ?? patienceMs)),
    isShared: true,
    version: () => undefined,
    watchCommits: () => {},
    statementsKept: async () => frequent.size,
    warning: () => undefined,
    // It looks after its own files.
    reportDamage: () => {},
    problem: async () => {
      try {
        const [row] = await onTakenLine((line) => line.run(TAKES_WRITES, [], sendSimply));
        if (row?.["takes_writes"] === true) return undefined;
        writes.renew();
        return "The database takes no writes at the moment.";
      } catch (error) {
        return reasonOf(explain(error));
      }
    },
    close,
  };
}

/** The server answers ROLLBACK where a statement of the transaction had failed, though its work went on. */
async function commit(line: Line): Promise<void> {
  const answer = await line.run("COMMIT", [], sendSimply);
  if (answer.command === "ROLLBACK") throw new Error("A statement of this transaction failed, so none of it was kept.");
}

/** PostgreSQL may ask for another try; a transaction only reads and writes, so it can simply run again. */
async function retried<Result>(attempt: () => Promise<Result>, patienceMs: number): Promise<Result> {
  const giveUpAt = performance.now() + patienceMs;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!asksForAnotherTry(error)) throw explain(error);
      if (tries >= TRIES_MOST || performance.now() > giveUpAt) throw busy(error);
      // Long enough for the other one of a deadlock to take what it waited for.
      await Bun.sleep(Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS) * (0.5 + Math.random()));
    }
  }
}
