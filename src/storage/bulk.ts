import type { Transaction, Value } from "./database";

/** Below the most parameters that SQLite (32,766) and PostgreSQL (65,535) take in one statement. */
const MOST_VALUES = 16_384;

/** Rows on their way into a table. `tail` may say what to do about conflicts: `ON CONFLICT DO NOTHING`. */
export interface Rows {
  table: string;
  columns: readonly string[];
  rows: readonly (readonly Value[])[];
  tail?: string;
}

/** Inserts many rows in few statements and returns how many were inserted. */
export async function insertMany(tx: Transaction, rows: Rows): Promise<number> {
  let inserted = 0;
  for (const { sql, values } of statements(rows)) inserted += await tx.run(sql, values);
  return inserted;
}

/** As `insertMany`, with a `tail` that ends in RETURNING: gives what it says of each row inserted, in no promised order. */
export async function insertManyReturning<Row>(tx: Transaction, rows: Rows & { tail: string }): Promise<Row[]> {
  const returned: Row[][] = [];
  for (const { sql, values } of statements(rows)) returned.push(await tx.all<Row>(sql, values));
  return returned.flat();
}

function* statements({ table, columns, rows, tail = "" }: Rows): Generator<{ sql: string; values: Value[] }> {
  for (let start = 0; start < rows.length;) {
    // Powers of two, so that rows of any number need a handful of different statements, which the engines keep prepared.
    const size = 2 ** Math.floor(Math.log2(Math.min(rows.length - start, MOST_VALUES / columns.length)));
    yield {
      sql: `INSERT INTO ${table} (${columns.join()}) VALUES ${tuples(size, columns.length)} ${tail}`,
      values: rows.slice(start, start + size).flat(),
    };
    start += size;
  }
}

const kept = new Map<string, string>();

/** `($1,$2),($3,$4),…` Kept, since thousands of parameters take longer to spell out than their rows to write. */
function tuples(rows: number, columns: number): string {
  const key = `${rows} ${columns}`;
  let text = kept.get(key);
  if (text === undefined) {
    let parameter = 0;
    const tuple = () => `(${Array.from({ length: columns }, () => `$${++parameter}`).join()})`;
    text = Array.from({ length: rows }, tuple).join();
    kept.set(key, text);
  }
  return text;
}
