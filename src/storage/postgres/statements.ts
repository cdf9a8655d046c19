import { Json, type Reader, type Transaction, type Value } from "../database";
import type { Line, Rows, Send } from "./pool";

/** Type numbers of the columns that Bun hands over as text: bigint and numeric (what SUM of bigint gives). */
const INT8 = 20;
const NUMERIC = 1700;

/** Runs a statement somewhere. */
type Run = (sql: string, values: readonly Value[], send: Send) => Promise<Rows>;

/** What goes wrong within a transaction is explained when all of it is over: until then it may only need another try. */
export function readerOn(run: Run, explained: (error: unknown) => unknown = (error) => error): Reader {
  const rows = async <Row>(sql: string, values: readonly Value[] = []): Promise<Row[]> => {
    try {
      // The shape of a row is what its query says; nothing can check it here.
      return [...withNumbers(await run(sql, values, sendRead))] as Row[];
    } catch (error) {
      throw explained(error);
    }
  };
  return {
    engine: "postgres",
    all: rows,
    first: async <Row>(sql: string, values?: readonly Value[]) => (await rows<Row>(sql, values))[0],
  };
}

export function transactionOn(line: Line): Transaction {
  const run: Run = (sql, values, send) => line.run(sql, values, send);
  return {
    ...readerOn(run),
    run: async (sql, values = []) => (await run(sql, values, sendPrepared)).count,
  };
}

/** With values apart from the text. */
const sendPrepared: Send = (connection, sql, values) => connection.unsafe(sql, values.map(encode)) as PromiseLike<Rows>;

/** The same for what only reads, which is one statement. */
const sendRead: Send = (connection, sql, values) =>
  values.length === 0 ? sendText(connection, sql, values) : sendPrepared(connection, sql, values);

/**
 * One statement without values, as a template: Bun sends it behind others that are under way. What `unsafe` is given without
 * values waits until all of them are answered.
 */
const sendText: Send = (connection, sql) => {
  const template = Object.defineProperty([sql], "raw", { value: [sql] });
  return connection(template) as unknown as PromiseLike<Rows>;
};

/** Text alone, one statement or several. */
export const sendSimply: Send = (connection, sql) => connection.unsafe(sql).simple() as PromiseLike<Rows>;

/** Bun sends a string bound to jsonb as a JSON string, an object as a JSON object. */
function encode(value: Value) {
  return value instanceof Json ? value.content : value;
}

/** Bigints arrive as text. All of ours stay below 2^53, so they become the numbers that SQLite gives. */
function withNumbers(rows: Rows): Rows {
  const texts = rows.columns?.filter(({ type }) => type === INT8 || type === NUMERIC) ?? [];
  for (const { name } of texts) {
    for (const row of rows) if (row[name] !== null) row[name] = Number(row[name]);
  }
  return rows;
}

/** How many statements the server keeps prepared for our reads, by name, on each connection. */
const STATEMENTS_KEPT = 256;

/** A text that was asked for so often will be asked for again. */
const TIMES_BEFORE_KEPT = 3;

/**
 * Which texts are worth a statement that the server keeps: those that come again and again. What callers think up, by
 * ever other filters, runs once and is forgotten.
 */
export class FrequentTexts {
  private readonly times = new Map<string, number>();
  private readonly frequent = new Set<string>();

  constructor(private readonly most = STATEMENTS_KEPT) {}

  get size(): number {
    return this.frequent.size;
  }

  has(sql: string): boolean {
    if (this.frequent.has(sql)) return true;
    const times = (this.times.get(sql) ?? 0) + 1;
    this.times.delete(sql);
    if (times >= TIMES_BEFORE_KEPT && this.frequent.size < this.most) {
      this.frequent.add(sql);
      return true;
    }
    this.times.set(sql, times);
    for (const oldest of this.times.keys()) {
      if (this.times.size > this.most) this.times.delete(oldest);
      break;
    }
    return false;
  }
}
