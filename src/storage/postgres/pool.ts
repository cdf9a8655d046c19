import type { SQL } from "bun";
import type { Connection } from "./connect";
import type { Value } from "../database";
import { busy, isLost } from "./errors";

export interface PoolOptions {
  /** Opens one more connection. Throws when there is none to be had. */
  connect: (onLost: () => void) => Promise<Connection>;
  /** How many connections at most. */
  most: number;
  /** How long a connection may go without finishing a statement before it counts as dead; undefined for ever. */
  deadlineMs: number | undefined;
  /** How long a transaction waits for a connection. */
  patienceMs: number;
}

/** Connections are replaced after this, so that they follow a server that moved, and closed when nothing needs them. */
const LIFETIME_MS = 30 * 60_000;
const IDLE_MS = 5 * 60_000;

/** How long no further line is opened after the server would not have one. */
const PAUSE_AFTER_FAILURE_MS = 1_000;

/** How often the pool looks after its connections while there are any. */
const WATCH_MS = 250;

interface Waiting {
  since: number;
  take(line: Line): void;
  fail(error: unknown): void;
}

/**
 * Our own pool, because Bun's gives up no connection that falls silent: each line is a client of one connection, and one
 * that finishes nothing for too long is closed with all that waits on it, while the others go on. It opens a line when one
 * is needed, and makes do with those it has when the server takes no more.
 */
export class Pool {
  private readonly lines = new Set<Line>();
  private readonly waiting: Waiting[] = [];
  private connecting = 0;
  private nextTryAt = 0;
  private watch: ReturnType<typeof setInterval> | undefined;
  private closed = false;

  constructor(private readonly options: PoolOptions) {}

  /** Runs one statement on a line that others may share. */
  async run(sql: string, values: readonly Value[], send: Send): Promise<Rows> {
    const line = await this.sharedLine();
    return line.run(sql, values, send);
  }

  /** A line for one caller alone until it is given back. Throws `database_busy` when that takes too long. */
  take(): Promise<Line> {
    return new Promise<Line>((resolve, reject) => {
      const now = performance.now();
      const waiting: Waiting = { since: now, take: resolve, fail: reject };
      this.waiting.push(waiting);
      this.serveWaiting();
      this.startWatch();
    });
  }

  giveBack(line: Line): void {
    line.isTaken = false;
    if (line.isOver) this.lines.delete(line);
    this.serveWaiting();
  }

  /** Lets go of every line that is idle, as after a failover: the next ones are opened anew. */
  renew(): void {
    for (const line of this.lines) {
      if (line.isIdle) this.drop(line);
      else line.isOld = true;
    }
  }

  get size(): number {
    return this.lines.size;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.watch);
    for (const { fail } of this.waiting.splice(0)) fail(busy());
    await Promise.all([...this.lines].map((line) => line.end(CLOSE_SECONDS)));
    this.lines.clear();
  }

  private async sharedLine(): Promise<Line> {
    let best: Line | undefined;
    for (const line of this.lines) {
      if (!line.isUsable) continue;
      if (line.inFlight === 0) return line;
      if (!best || line.inFlight < best.inFlight) best = line;
    }
    if (!best) return this.open();
    // What is there serves; another line is opened beside it, one at a time and not again and again where there is none.
    if (this.lines.size < this.options.most && this.connecting === 0 && performance.now() > this.nextTryAt) {
      void this.open().catch(() => {
        this.nextTryAt = performance.now() + PAUSE_AFTER_FAILURE_MS;
      });
    }
    return best;
  }

  private serveWaiting(): void {
    while (this.waiting.length > 0) {
      const idle = [...this.lines].find((line) => line.isIdle);
      if (!idle) break;
      idle.isTaken = true;
      this.waiting.shift()?.take(idle);
    }
    const missing = Math.min(
      this.waiting.length - this.connecting,
      this.options.most - this.lines.size - this.connecting,
    );
    for (let opened = 0; opened < missing; opened++) void this.openForWaiting();
  }

  private async openForWaiting(): Promise<void> {
    try {
      await this.open();
      this.serveWaiting();
    } catch (error) {
      // Where there is no more to be had, the connections there are have to do. Without any, all that wait hear why.
      if (this.lines.size > 0) return;
      for (const { fail } of this.waiting.splice(0)) fail(error);
    }
  }

  private async open(): Promise<Line> {
    this.connecting++;
    try {
      const line = new Line((over) => this.lines.delete(over));
      line.connection = await this.options.connect(() => void line.end(0));
      if (this.closed) await line.end(0);
      this.lines.add(line);
      this.startWatch();
      return line;
    } finally {
      this.connecting--;
    }
  }

  private drop(line: Line): void {
    this.lines.delete(line);
    void line.end(0);
  }

  private startWatch(): void {
    this.watch ??= setInterval(() => this.look(), WATCH_MS);
    this.watch.unref();
  }

  private look(): void {
    const now = performance.now();
    const { deadlineMs, patienceMs } = this.options;
    for (const line of this.lines) {
      const silentMs = now - line.lastHeardAt;
      if (deadlineMs !== undefined && line.inFlight > 0 && silentMs > deadlineMs) {
        this.drop(line);
        // Where one has fallen silent the others may have: nobody is to find that out by waiting for as long again.
        this.renew();
      } else if (line.isIdle && (line.isOld || now - line.openedAt > LIFETIME_MS || silentMs > IDLE_MS))
        this.drop(line);
    }
    while (this.waiting[0] && now - this.waiting[0].since > patienceMs) this.waiting.shift()?.fail(busy());
    this.serveWaiting();
  }
}

/** How long closing waits for statements that still run, and how often it looks. */
const CLOSE_SECONDS = 5;
const CLOSE_LOOK_MS = 5;

export interface Rows extends Array<Record<string, unknown>> {
  count: number;
  command: string;
  columns?: { name: string; type: number }[];
}

/** How a statement is put on a connection. */
export type Send = (connection: SQL, sql: string, values: readonly Value[]) => PromiseLike<Rows>;

/** One connection. */
export class Line {
  readonly openedAt = performance.now();
  lastHeardAt = performance.now();
  inFlight = 0;
  /** By a transaction, which shares it with nobody. */
  isTaken = false;
  /** To be replaced as soon as it is idle. */
  isOld = false;
  isOver = false;

  connection: Connection | undefined;

  constructor(private readonly onLost: (line: Line) => void) {}

  get isUsable(): boolean {
    return !this.isOver && !this.isTaken && !this.isOld;
  }

  get isIdle(): boolean {
    return !this.isOver && !this.isTaken && this.inFlight === 0;
  }

  async run(sql: string, values: readonly Value[], send: Send): Promise<Rows> {
    if (!this.connection) throw new Error("A connection is used before it is there.");
    if (this.inFlight++ === 0) this.lastHeardAt = performance.now();
    try {
      return await send(this.connection.sql, sql, values);
    } catch (error) {
      if (isLost(error)) void this.end(0);
      throw error;
    } finally {
      this.inFlight--;
      this.lastHeardAt = performance.now();
    }
  }

  async end(seconds: number): Promise<void> {
    if (this.isOver) return;
    this.isOver = true;
    this.onLost(this);
    const until = performance.now() + seconds * 1000;
    while (this.inFlight > 0 && performance.now() < until) await Bun.sleep(CLOSE_LOOK_MS);
    await this.connection?.close();
  }
}
