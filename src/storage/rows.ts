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
  for (const chunk of chunks(rows, columns.length)) {
    yield { sql: insertText(table, columns, chunk.length, tail), values: chunk.flat() };
  }
}

const texts = new WeakMap<readonly string[], Map<string, string>>();

/** Kept for lists of columns that stay the same: statements are found by their text, and spelling it costs as much. */
function insertText(table: string, columns: readonly string[], rows: number, tail: string): string {
  const known = texts.get(columns) ?? new Map<string, string>();
  texts.set(columns, known);
  const key = `${rows} ${table} ${tail}`;
  let text = known.get(key);
  if (text === undefined) {
    text = `INSERT INTO ${table} (${columns.join()}) VALUES ${tuples(rows, columns.length)} ${tail}`;
    known.set(key, text);
  }
  return text;
}

/** Adds to one column of many rows, by whole-number key, in few statements. */
export async function addMany(
  tx: Transaction,
  { table, key, column }: { table: string; key: string; column: string },
  amounts: ReadonlyMap<number, number>,
): Promise<void> {
  for (const chunk of chunks([...amounts], 2)) {
    // The first row says what the others are: PostgreSQL takes a parameter that nothing types for text.
    const rows = tuples(chunk.length, 2).replace("($1,$2)", "(CAST($1 AS INTEGER),CAST($2 AS INTEGER))");
    await tx.run(
      `UPDATE ${table} SET ${column} = ${column} + added.column2 FROM (VALUES ${rows}) AS added WHERE ${key} = added.column1`,
      chunk.flat(),
    );
  }
}

/** Powers of two, so that rows of any number need a handful of different statements, which the engines keep prepared. */
function* chunks<Row>(rows: readonly Row[], columns: number): Generator<Row[]> {
  for (let start = 0; start < rows.length;) {
    const size = 2 ** Math.floor(Math.log2(Math.min(rows.length - start, MOST_VALUES / columns)));
    yield rows.slice(start, start + size);
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
