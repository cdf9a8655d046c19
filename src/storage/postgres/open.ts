import { SQL } from "bun";
import { ShopError } from "../../base/errors";
import { type EngineDatabase, Json, type Reader, type Transaction, type Value } from "../database";

export interface PostgresOptions {
  /** For transactions. */
  connections?: number;
  /** More, for reads alone: where every transaction waits for a row, browsing goes on. */
  readers?: number;
  /** How long a transaction waits for a connection, and a statement for what somebody else holds. */
  patienceMs?: number;
}

/** https://www.postgresql.org/docs/15/errcodes-appendix.html */
const SERIALIZATION_FAILURE = "40001";
const DEADLOCK = "40P01";
const LOCK_NOT_AVAILABLE = "55P03";
const DISK_FULL = "53100";
/** Whole classes: out of memory, connections or something else, cut off or shut down. */
const OUT_OF_RESOURCES = /^53/;
const UNREACHABLE = /^(08|57P)/;
const MOST_TRIES = 10;

/** Type numbers of the columns that Bun hands over as text: bigint and numeric (what SUM of bigint gives). */
const INT8 = 20;
const NUMERIC = 1700;

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
  const close = async () => void (await Promise.all([writes.close(), reads.close()]));
  try {
    await writes.unsafe("SELECT 1");
  } catch (error) {
    await close().catch(() => {});
    throw new ShopError("unusable", `PostgreSQL at ${withoutPassword(url)}: ${reason(error)}.`, {}, { cause: error });
  }
  return {
    ...readerOn(reads, explain),
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

interface Rows extends Array<Record<string, unknown>> {
  count: number;
  columns?: { name: string; type: number }[];
}

/** What goes wrong within a transaction is explained when all of it is over: until then it may only need another try. */
function readerOn(connection: SQL, explained = (error: unknown) => error): Reader {
  const rows = async <Row>(sql: string, values: readonly Value[] = []): Promise<Row[]> => {
    try {
      // The shape of a row is what its query says; nothing can check it here.
      return [...withNumbers(await statement(connection, sql, values))] as Row[];
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

function transactionOn(connection: SQL): Transaction {
  return {
    ...readerOn(connection),
    run: async (sql, values = []) => (await statement(connection, sql, values)).count,
  };
}

async function statement(connection: SQL, sql: string, values: readonly Value[]): Promise<Rows> {
  return (await connection.unsafe(sql, values.map(encode))) as Rows;
}

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

/** PostgreSQL may ask for another try; a transaction only reads and writes, so it can simply run again. */
async function retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const state = sqlState(error);
      if (state !== SERIALIZATION_FAILURE && state !== DEADLOCK) throw explain(error);
      if (tries >= MOST_TRIES) throw busy(error);
      await Bun.sleep(2 ** tries * Math.random());
    }
  }
}

/** What the server or the way to it did, in words; anything else stays what it is. */
function explain(error: unknown): unknown {
  if (!(error instanceof SQL.PostgresError)) return error;
  const state = sqlState(error);
  if (state === DISK_FULL) {
    return new ShopError("database_full", "There is no space left to write to.", {}, { cause: error });
  }
  if (state === undefined || UNREACHABLE.test(state)) {
    return new ShopError("database_failed", "The database can't be reached.", {}, { cause: error });
  }
  return state === LOCK_NOT_AVAILABLE || OUT_OF_RESOURCES.test(state) ? busy(error) : error;
}

const busy = (cause?: unknown) =>
  new ShopError("database_busy", "The database is busy. Try again in a moment.", {}, { cause });

/** Bun keeps the SQLSTATE in `errno`; its own connection errors have none. */
function sqlState(error: unknown): string | undefined {
  return error instanceof SQL.PostgresError && typeof error.errno === "string" ? error.errno : undefined;
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}

function withoutPassword(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return "the given address";
  parsed.password = "";
  return parsed.href;
}
