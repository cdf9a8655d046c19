import { SQL } from "bun";
import { ShopError } from "../errors";
import { type EngineDatabase, Json, type Reader, type Transaction, type Value } from "./database";

export interface PostgresOptions {
  connections?: number;
}

/** https://www.postgresql.org/docs/15/errcodes-appendix.html */
const SERIALIZATION_FAILURE = "40001";
const DEADLOCK = "40P01";
const OUT_OF_SPACE = "53";
const MOST_TRIES = 10;

/** Type numbers of the columns that Bun hands over as text: bigint and numeric (what SUM of bigint gives). */
const INT8 = 20;
const NUMERIC = 1700;

/** Opens a pool on a PostgreSQL server. Throws ShopError `unusable` when the server can't be reached. */
export async function openPostgres(url: string, { connections = 10 }: PostgresOptions = {}): Promise<EngineDatabase> {
  const pool = new SQL(url, { max: connections });
  try {
    await pool.unsafe("SELECT 1");
  } catch (error) {
    await pool.close().catch(() => {});
    throw new ShopError("unusable", `PostgreSQL at ${withoutPassword(url)}: ${reason(error)}.`, {}, { cause: error });
  }
  return {
    ...readerOn(pool),
    transaction: (work) => retried(() => pool.begin((connection) => work(transactionOn(connection)))),
    isInPlace: async () => true,
    close: () => pool.close(),
  };
}

interface Rows extends Array<Record<string, unknown>> {
  count: number;
  columns?: { name: string; type: number }[];
}

function readerOn(connection: SQL): Reader {
  const rows = async <Row>(sql: string, values: readonly Value[] = []): Promise<Row[]> =>
    // The shape of a row is what its query says; nothing can check it here.
    [...withNumbers(await statement(connection, sql, values))] as Row[];
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
      if (state !== SERIALIZATION_FAILURE && state !== DEADLOCK) throw explain(error, state);
      if (tries >= MOST_TRIES) {
        throw new ShopError("database_busy", "The database is busy. Try again in a moment.", {}, { cause: error });
      }
      await Bun.sleep(2 ** tries * Math.random());
    }
  }
}

function explain(error: unknown, state: string | undefined): unknown {
  if (state?.startsWith(OUT_OF_SPACE)) {
    return new ShopError("database_full", "There is no space left to write to.", {}, { cause: error });
  }
  if (error instanceof SQL.PostgresError && state === undefined) {
    return new ShopError("database_failed", "The database can't be reached.", {}, { cause: error });
  }
  return error;
}

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
