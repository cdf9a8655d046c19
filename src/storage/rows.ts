import type { Transaction, Value } from "./database";

/** Below the most parameters that SQLite (32,766) and PostgreSQL (65,535) take in one statement. */
const MOST_VALUES = 16_384;

/** A row by its columns. All rows of one call have the same columns, in the same order. */
export type Row = Readonly<Record<string, Value>>;

/** Inserts many rows in few statements and returns how many were inserted. `tail` may say what to do about conflicts. */
export async function insertRows(tx: Transaction, table: string, rows: readonly Row[], tail = ""): Promise<number> {
  let inserted = 0;
  for (const { sql, values } of statements(table, rows, tail)) inserted += await tx.run(sql, values);
  return inserted;
}

/** As `insertRows`, with a `tail` that ends in RETURNING: gives what it says of each row inserted, in no promised order. */
export async function insertReturning<Returned>(
  tx: Transaction,
  table: string,
  rows: readonly Row[],
  tail: string,
): Promise<Returned[]> {
  const returned: Returned[][] = [];
  for (const { sql, values } of statements(table, rows, tail)) returned.push(await tx.all<Returned>(sql, values));
  return returned.flat();
}

function* statements(table: string, rows: readonly Row[], tail: string): Generator<{ sql: string; values: Value[] }> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  for (const chunk of chunks(rows, columns.length)) {
    yield { sql: insertText(table, columns, chunk.length, tail), values: valuesOf(chunk, columns) };
  }
}

function valuesOf(rows: readonly Row[], columns: readonly string[]): Value[] {
  const values: Value[] = [];
  for (const row of rows) {
    for (const column of columns) {
      const value = row[column];
      if (value === undefined) throw new Error(`A row has no ${column}, as the first of them has.`);
      values.push(value);
    }
  }
  return values;
}

const texts = new Map<string, string>();

/** Kept, since statements are found by their text, and spelling it costs as much as running it. */
function insertText(table: string, columns: readonly string[], rows: number, tail: string): string {
  const key = `${rows} ${table} ${columns.join()} ${tail}`;
  let text = texts.get(key);
  if (text === undefined) {
    text = `INSERT INTO ${table} (${columns.join()}) VALUES ${tuples(rows, columns.length)} ${tail}`;
    texts.set(key, text);
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

/** Sets a column of many rows, each to its own number. */
export async function setMany(
  tx: Transaction,
  { table, key, column }: { table: string; key: string; column: string },
  values: ReadonlyMap<number, number>,
): Promise<void> {
  for (const chunk of chunks([...values], 2)) {
    const rows = tuples(chunk.length, 2).replace("($1,$2)", "(CAST($1 AS INTEGER),CAST($2 AS INTEGER))");
    await tx.run(
      `UPDATE ${table} SET ${column} = given.column2 FROM (VALUES ${rows}) AS given
       WHERE ${key} = given.column1 AND ${column} <> given.column2`,
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
