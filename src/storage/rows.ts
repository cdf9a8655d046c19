import type { Transaction, Value } from "./database";
import { one } from "./sql";

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

/** One row by one statement, and its id. */
export async function insertOne(tx: Transaction, table: string, row: Row): Promise<number> {
  const sql = insertText(shapeOf(table, Object.keys(row), "RETURNING id"), 1);
  return one(await tx.first<{ id: number }>(sql, Object.values(row))).id;
}

function* statements(table: string, rows: readonly Row[], tail: string): Generator<{ sql: string; values: Value[] }> {
  const [first] = rows;
  if (!first) return;
  const shape = shapeOf(table, Object.keys(first), tail);
  for (const chunk of chunks(rows, shape.columns.length)) {
    yield { sql: insertText(shape, chunk.length), values: valuesOf(chunk, shape.columns) };
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

/** A way in which rows of a table are inserted, with its texts by the number of rows. */
interface Shape {
  table: string;
  columns: readonly string[];
  tail: string;
  texts: Map<number, string>;
}

const shapes = new Map<string, Shape[]>();

/** Kept, since statements are found by their text, and spelling it costs as much as running it. */
function shapeOf(table: string, columns: readonly string[], tail: string): Shape {
  const known = shapes.get(table) ?? [];
  for (const shape of known) if (shape.tail === tail && areSame(shape.columns, columns)) return shape;
  const shape = { table, columns, tail, texts: new Map<number, string>() };
  shapes.set(table, [...known, shape]);
  return shape;
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((column, index) => column === others[index]);
}

function insertText({ table, columns, tail, texts }: Shape, rows: number): string {
  let text = texts.get(rows);
  if (text === undefined) {
    text = `INSERT INTO ${table} (${columns.join()}) VALUES ${tuples(rows, columns.length)} ${tail}`;
    texts.set(rows, text);
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
