/** What a statement may be given. Objects for JSON columns are wrapped, so that each engine encodes them its own way. */
export type Value = string | number | null | Uint8Array | Json;

/** An object or array on its way into a JSON column. */
export class Json {
  constructor(readonly content: object) {}
}

/** A JSON column as it came back: SQLite hands over text, PostgreSQL the parsed value. */
export function fromJson(column: unknown): unknown {
  return typeof column === "string" ? JSON.parse(column) : column;
}

/** A JSON column that holds an object. What is in it was checked when it was written. */
export function objectFrom(column: unknown): Record<string, unknown> {
  const value = fromJson(column);
  if (typeof value !== "object" || value === null) throw new Error("A JSON column does not hold an object.");
  return value as Record<string, unknown>;
}

export type Engine = "sqlite" | "postgres";

/**
 * Can look, cannot touch. SQL is written once for both engines: placeholders are `$1`, `$2`, … (each may stand more than
 * once), whole numbers come back as JavaScript numbers, times are ISO 8601 text, flags are 0 and 1.
 */
export interface Reader {
  readonly engine: Engine;
  all<Row>(sql: string, values?: readonly Value[]): Promise<Row[]>;
  first<Row>(sql: string, values?: readonly Value[]): Promise<Row | undefined>;
}

/** Only a transaction can write, so every write has a known beginning and end. */
export interface Transaction extends Reader {
  /** Runs one statement and returns how many rows it changed. */
  run(sql: string, values?: readonly Value[]): Promise<number>;
}

/** What a read must not miss: nothing that was written before it, or only what is older than a copy may lag. */
export type Freshness = "complete" | "lagging";

export interface Database extends Reader {
  /** Whether servers on other machines may be at it too, which then take turns at what only one of them need do. */
  readonly isShared: boolean;
  /**
   * Runs `work` wholly or not at all, and answers once it is on disk. The work may run again from the start when the
   * engine asks for it (PostgreSQL: serialization failure, deadlock), so it must not do anything but read and write here.
   * Throws ShopError `database_busy` when another process holds the database for too long, `database_full` when there is
   * no space left, `too_busy` at once when too many wait already; a transaction within a transaction throws.
   */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** True while a transaction would be refused as `too_busy`. */
  isOverloaded(): boolean;
  /** How many transactions of this process wait or are under way. */
  writesUnderWay(): number;
  /**
   * What keeps the database from being written to, in a sentence: a file that was moved while it was open, which goes on
   * taking writes that will never be found again; a page of it that some statement could not read; a disk that is full; a
   * server that is a standby.
   */
  problem(): Promise<string | undefined>;
  /** Tells what another process saw: pages of the file are damaged. `problem` says so until the database is opened anew. */
  reportDamage(): void;
  /** What is not in the way yet and will be, in a sentence: a log that grows because some other program holds it. */
  warning(): string | undefined;
  /**
   * Changes whenever anything in the database does, by this process or another. Undefined where the engine does not say so
   * without being asked over the network.
   */
  version(): number | undefined;
  /** Tells the listener of every commit from now on how many transactions it holds. PostgreSQL's hold one each, of which it hears nothing. */
  watchCommits(listener: (transactions: number) => void): void;
  /** Whether there is a copy that may answer reads. */
  readonly hasReplica: boolean;
  /** Runs `work`, whose reads a copy may answer if it is as fresh as `freshness` says, which is asked at the first of them. */
  onReplica<Result>(freshness: () => Freshness, work: () => Result): Result;
  /** Runs `work`, whose reads are answered by the database itself, also within `onReplica`. */
  onPrimary<Result>(work: () => Result): Result;
  /** How many prepared statements a connection keeps at most: bounded, whatever callers ask. */
  statementsKept(): Promise<number>;
  close(): Promise<void>;
}

/** What an engine brings; storage/open.ts adds what is the same for all of them. */
export type EngineDatabase = Omit<
  Database,
  "isOverloaded" | "writesUnderWay" | "hasReplica" | "onReplica" | "onPrimary"
>;
