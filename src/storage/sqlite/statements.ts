import type { Database as Connection, SQLQueryBindings, Statement } from "bun:sqlite";
import { Json, type Reader, type Transaction, type Value } from "../database";
import { explain as usually } from "./errors";

/** How many statements a connection keeps. A shop's own are about a hundred; the rest are as many as callers think up. */
const STATEMENTS_KEPT = 256;

/**
 * SQLite numbers `$1` by where it first stands, `?1` by its number. A plan is made for the very number that a LIMIT is given, so
 * that each binding of a plain `LIMIT ?1` has the statement prepared again at its next step, which costs as much as all the
 * rest of it: a sum is no such number. (Since 3.46; https://sqlite.org/c3ref/c_stmtstatus_counter.html, REPREPARE.)
 */
const spelledForSqlite = (sql: string): string =>
  sql.replaceAll(/\$(\d+)/g, "?$1").replaceAll(/\b(LIMIT|OFFSET) (\?\d+)/g, "$1 $2 + 0");

/**
 * Preparing costs four times as much as running, so statements are kept, under the text that they were asked for. Those
 * used least recently make room for others: what only leaves a map would stay in memory until the connection closes.
 */
export class StatementCache {
  private readonly kept = new Map<string, Kept>();
  private asked = 0;

  constructor(
    private readonly connection: Connection,
    private readonly most = STATEMENTS_KEPT,
  ) {}

  get size(): number {
    return this.kept.size;
  }

  prepare(sql: string): Statement {
    const known = this.kept.get(sql);
    if (known) {
      known.askedAt = ++this.asked;
      return known.statement;
    }
    const statement = this.connection.prepare(spelledForSqlite(sql));
    if (this.kept.size >= this.most) this.forgetOldest();
    this.kept.set(sql, { statement, askedAt: ++this.asked });
    return statement;
  }

  /** A connection with statements left stays half open, and the WAL file beside the database with it. */
  finalize(): void {
    for (const { statement } of this.kept.values()) statement.finalize();
    this.kept.clear();
  }

  /** Looks through all of them: a hit, of which there are thousands for each miss, only notes its number. */
  private forgetOldest(): void {
    let oldest: [sql: string, kept: Kept] | undefined;
    for (const entry of this.kept) {
      if (!oldest || entry[1].askedAt < oldest[1].askedAt) oldest = entry;
    }
    if (!oldest) return;
    this.kept.delete(oldest[0]);
    oldest[1].statement.finalize();
  }
}

interface Kept {
  statement: Statement;
  /** The how manieth it was when it was last asked for. */
  askedAt: number;
}

export type Prepare = (sql: string) => Statement;

/** `explain` says in words what a read failed with. */
export function readerOn(prepare: Prepare, explain: (error: unknown) => unknown = usually): Reader {
  const explained = <Result>(read: () => Result): Result => {
    try {
      return read();
    } catch (error) {
      throw explain(error);
    }
  };
  return {
    engine: "sqlite",
    all: async <Row>(sql: string, values: readonly Value[] = []) =>
      explained(() => prepare(sql).all(...encoded(values)) as Row[]),
    first: async <Row>(sql: string, values: readonly Value[] = []) =>
      explained(() => (prepare(sql).get(...encoded(values)) as Row | null) ?? undefined),
  };
}

export function transactionOn(prepare: Prepare): Transaction {
  return {
    ...readerOn(prepare),
    run: async (sql, values = []) => prepare(sql).run(...encoded(values)).changes,
  };
}

/** Most statements have no JSON among their values, and then there is nothing to do. */
function encoded(values: readonly Value[]): readonly SQLQueryBindings[] {
  return values.some((value) => value instanceof Json) ? values.map(encode) : (values as readonly SQLQueryBindings[]);
}

function encode(value: Value): SQLQueryBindings {
  return value instanceof Json ? JSON.stringify(value.content) : value;
}
