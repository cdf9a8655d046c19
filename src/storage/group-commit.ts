import { AsyncLocalStorage } from "node:async_hooks";
import type { Transaction } from "./database";

/** What group commit needs of the one connection that writes. */
export interface WriteConnection {
  run(sql: string): unknown;
  inTransaction(): boolean;
  isBusy(error: unknown): boolean;
  /** The engine's error in the shop's words, where it has some. */
  explain(error: unknown): unknown;
}

interface Job {
  work: (tx: Transaction) => Promise<unknown>;
  succeed(result: unknown): void;
  fail(error: unknown): void;
}

/** A bound on how much one commit holds, so that the first in it does not wait for too many others. */
const MOST_PER_COMMIT = 128;

/**
 * Makes one connection serve many transactions at the price of few disk syncs. Transactions that queue up while one is
 * being written join the next commit, each in a savepoint of its own, and everyone is answered after the commit that
 * holds their work. A failure inside one undoes that one alone; a commit that fails undoes and fails them all.
 */
export function groupCommit(connection: WriteConnection, tx: Transaction, patienceMs: number) {
  const waiting: Job[] = [];
  let draining = false;

  async function drain(): Promise<void> {
    draining = true;
    while (waiting.length > 0) {
      try {
        undo();
        await beginImmediate(connection, patienceMs);
      } catch (error) {
        // Those who came meanwhile have waited less: they get a try of their own.
        for (const job of waiting.splice(0)) job.fail(connection.explain(error));
        continue;
      }
      await commitTogether();
    }
    draining = false;
  }

  async function commitTogether(): Promise<void> {
    const answers: (() => void)[] = [];
    const jobs: Job[] = [];
    try {
      for (let job = waiting.shift(); job; job = jobs.length < MOST_PER_COMMIT ? waiting.shift() : undefined) {
        jobs.push(job);
        answers.push(await inSavepoint(job));
      }
      connection.run("COMMIT");
    } catch (error) {
      for (const job of jobs) job.fail(connection.explain(error));
      try {
        undo();
      } catch {
        // The next one tries again before it begins, and tells whoever waits for it where that fails too.
      }
      return;
    }
    for (const answer of answers) answer();
  }

  function undo(): void {
    if (connection.inTransaction()) connection.run("ROLLBACK");
  }

  /** Runs one job and returns how to answer it. Throws when the whole transaction is lost, not the job alone. */
  async function inSavepoint(job: Job): Promise<() => void> {
    connection.run("SAVEPOINT job");
    const lent = lend(tx);
    try {
      const result = await job.work(lent.tx);
      connection.run("RELEASE job");
      return () => job.succeed(result);
    } catch (error) {
      // A full disk or an I/O error ends the whole transaction, and with it what the others did.
      if (!connection.inTransaction()) throw error;
      connection.run("ROLLBACK TO job");
      connection.run("RELEASE job");
      return () => job.fail(connection.explain(error));
    } finally {
      lent.end();
    }
  }

  return <Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
    new Promise<Result>((resolve, reject) => {
      // Each job keeps the asynchronous context of its caller, not that of whoever happened to start the draining.
      waiting.push({ work: AsyncLocalStorage.bind(work), succeed: resolve, fail: reject });
      if (!draining) void drain();
    });
}

/** IMMEDIATE takes the write lock up front: a read that leads to a write never has to start over. */
async function beginImmediate(connection: WriteConnection, patienceMs: number): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    try {
      connection.run("BEGIN IMMEDIATE");
      return;
    } catch (error) {
      if (!connection.isBusy(error) || performance.now() > giveUpAt) throw error;
      await Bun.sleep(pauseMs * (0.5 + Math.random()));
    }
  }
}

/** A transaction that stops working when its owner is done, so that a forgotten `await` can't write into another's. */
function lend(tx: Transaction): { tx: Transaction; end(): void } {
  let over = false;
  const guard = () => {
    if (over) throw new Error("This transaction is over: something in it was not awaited.");
  };
  return {
    tx: {
      engine: tx.engine,
      all: async (sql, values) => (guard(), tx.all(sql, values)),
      first: async (sql, values) => (guard(), tx.first(sql, values)),
      run: async (sql, values) => (guard(), tx.run(sql, values)),
    },
    end: () => {
      over = true;
    },
  };
}
