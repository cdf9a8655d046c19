import { AsyncLocalStorage } from "node:async_hooks";
import { type Payer, turns } from "../base/turns";
import type { Transaction } from "./database";
import { lend } from "./lend";

/** What group commit needs of the one connection that writes. */
export interface WriteConnection {
  run(sql: string): unknown;
  inTransaction(): boolean;
  isBusy(error: unknown): boolean;
  /** The engine's error in the shop's words, where it has some. */
  explain(error: unknown): unknown;
}

interface Job {
  /** Whose call it is a part of. */
  payer: Payer | undefined;
  work: (tx: Transaction) => Promise<unknown>;
  queuedAt: number;
  succeed(result: unknown): void;
  fail(error: unknown): void;
}

/** A bound on how much one commit holds, so that the first in it does not wait for too many others. */
const JOBS_PER_COMMIT = 128;

/** While a whole commit waits already no other job need join it, but the rest of the shop gets its turn this often. */
const LONGEST_TURN_MS = 25;

/** How long callers who come one after the other may hold up those who wait for their commit. */
const LONGEST_JOINING_MS = 5;

/** How long to pause before asking again whether another process is done. Asking costs a few microseconds. */
const PAUSE_MS = 1;

/**
 * Makes one connection serve many transactions at the price of few disk syncs. Transactions that queue up while one is
 * being written join the next commit, each in a savepoint of its own, and every caller is answered after the commit that
 * holds its work. A failure inside one undoes that one alone; a commit that fails undoes and fails them all.
 */
export class CommitQueue {
  private readonly waiting: Job[] = [];
  private draining: Promise<void> | undefined;
  private committed: (transactions: number) => void = () => {};

  constructor(
    private readonly connection: WriteConnection,
    private readonly tx: Transaction,
    /** How long a job waits for another process to let go of the database. */
    private readonly patienceMs: number,
    /** How long to leave the database to other processes after each commit: longer than they pause between two looks. */
    private readonly gapMs = 0,
  ) {}

  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({
        // Each job keeps the asynchronous context of its caller, not that of the one that happened to start the draining.
        work: AsyncLocalStorage.bind(work),
        payer: turns.payer,
        queuedAt: performance.now(),
        succeed: (result) => resolve(result as Result),
        fail: reject,
      });
      this.draining ??= this.drain();
    });
  }

  /** Tells the listener of every commit how many transactions it held. */
  watch(listener: (transactions: number) => void): void {
    this.committed = listener;
  }

  /** Waits until every transaction so far is answered. */
  async settled(): Promise<void> {
    await this.draining;
  }

  private async drain(): Promise<void> {
    let turnEndsAt = 0;
    while (this.waiting.length > 0) {
      // Callers that are ready now get a turn to join: it costs a few microseconds, and a commit for each would cost a sync.
      if (this.waiting.length < JOBS_PER_COMMIT || performance.now() > turnEndsAt) {
        await this.othersJoined();
        turnEndsAt = performance.now() + LONGEST_TURN_MS;
      }
      try {
        beginImmediate(this.connection);
      } catch (error) {
        if (!this.connection.isBusy(error)) this.refuse(this.waiting.splice(0), error);
        // Another process is writing. Each job waits its own time for it, and none of them in the event loop.
        this.refuse(this.takeOverdue(), error);
        await Bun.sleep(PAUSE_MS);
        continue;
      }
      await this.commitTogether();
      if (this.gapMs > 0) await Bun.sleep(this.gapMs);
    }
    this.draining = undefined;
  }

  /** Goes on when a turn of the event loop brought nobody else, or a commit is full. */
  private async othersJoined(): Promise<void> {
    const until = performance.now() + LONGEST_JOINING_MS;
    let joined = 0;
    do {
      joined = this.waiting.length;
      await nextTurn();
    } while (this.waiting.length > joined && this.waiting.length < JOBS_PER_COMMIT && performance.now() < until);
  }

  private refuse(jobs: readonly Job[], error: unknown): void {
    for (const job of jobs) job.fail(this.connection.explain(error));
  }

  /** They came in this order, so the overdue ones are first. */
  private takeOverdue(): Job[] {
    const since = performance.now() - this.patienceMs;
    const firstInTime = this.waiting.findIndex((job) => job.queuedAt > since);
    return this.waiting.splice(0, firstInTime < 0 ? this.waiting.length : firstInTime);
  }

  private async commitTogether(): Promise<void> {
    const answers: (() => void)[] = [];
    const jobs: Job[] = [];
    try {
      for (
        let job = this.waiting.shift();
        job;
        job = jobs.length < JOBS_PER_COMMIT ? this.waiting.shift() : undefined
      ) {
        jobs.push(job);
        turns.payFor(job.payer);
        answers.push(await this.inSavepoint(job));
      }
      turns.payFor(undefined);
      this.connection.run("COMMIT");
    } catch (error) {
      turns.payFor(undefined);
      rollBack(this.connection);
      this.refuse(jobs, error);
      return;
    }
    for (const answer of answers) answer();
    this.committed(jobs.length);
  }

  /** Runs one job and returns how to answer it. Throws when the whole transaction is lost, not the job alone. */
  private async inSavepoint(job: Job): Promise<() => void> {
    const { connection } = this;
    connection.run("SAVEPOINT job");
    const lent = lend(this.tx);
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
}

/** IMMEDIATE takes the write lock up front: a read that leads to a write never has to start over. */
function beginImmediate(connection: WriteConnection): void {
  // A rollback that failed earlier, on a disk that did, leaves its transaction behind.
  if (connection.inTransaction()) connection.run("ROLLBACK");
  connection.run("BEGIN IMMEDIATE");
}

/** SQLite rolls back by itself after some errors. That a rollback fails too must not keep a caller from being answered. */
function rollBack(connection: WriteConnection): void {
  try {
    if (connection.inTransaction()) connection.run("ROLLBACK");
  } catch {
    // The next transaction tries again before it begins.
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
