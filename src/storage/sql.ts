import { COUNTED_MOST } from "../base/page";
import type { Engine, Reader, Value } from "./database";

/** SQL for a WHERE, with its values. */
export interface Condition {
  sql: string;
  values: Value[];
}

/**
 * SQL for `IN …` with its values, whose placeholders come after `before` others. The list is filled up to a power of two by
 * its last value, so that lists of all lengths make a handful of statements. No value is in an empty list.
 */
export function listOf(values: readonly Value[], before = 0): Condition {
  const last = values.at(-1);
  if (last === undefined) return { sql: "(NULL)", values: [] };
  const filled = Array.from({ length: 2 ** Math.ceil(Math.log2(values.length)) }, (_, index) => values[index] ?? last);
  return { sql: placeholders(filled.length, before), values: filled };
}

const texts = new Map<string, string>();

/** `($3,$4,…)`, kept: there are as many as powers of two and places to begin. */
function placeholders(length: number, before: number): string {
  const key = `${length} ${before}`;
  let text = texts.get(key);
  if (text === undefined) {
    text = `(${Array.from({ length }, (_, index) => `$${before + index + 1}`).join()})`;
    texts.set(key, text);
  }
  return text;
}

/**
 * A column that the engine is not to look up by an index, where the order of the rows is worth more. PostgreSQL weighs that
 * by itself.
 */
export const unindexed = (engine: Engine, column: string): string => (engine === "sqlite" ? `+${column}` : column);

/** After a table's name: that it is read by an index alone, whose rows are narrower. PostgreSQL weighs that by itself. */
export const byIndex = (engine: Engine, index: string): string => (engine === "sqlite" ? `INDEXED BY ${index}` : "");

/** The number that a `SELECT COUNT(*) …` gives. */
export async function countOf(reader: Reader, sql: string, values: readonly Value[] = []): Promise<number> {
  const [count] = Object.values(one(await reader.first<Record<string, number>>(sql, values)));
  return count ?? 0;
}

/** How many rows a statement gives: exactly up to COUNTED_MOST, and beyond that at least so many. */
export async function countUpTo(
  reader: Reader,
  sql: string,
  values: readonly Value[] = [],
): Promise<{ total: number; total_is_at_least?: boolean }> {
  const counted = await countOf(
    reader,
    `SELECT COUNT(*) FROM (SELECT 1 FROM (${sql}) AS one LIMIT ${COUNTED_MOST + 1}) AS counted`,
    values,
  );
  return counted > COUNTED_MOST ? { total: COUNTED_MOST, total_is_at_least: true } : { total: counted };
}

/** SQL for what comes after a place in a list ordered by these columns, all in one direction. */
export function after(columns: readonly string[], placeholders: readonly string[], descending: boolean): string {
  return `(${columns.join()}) ${descending ? "<" : ">"} (${placeholders.join()})`;
}

/** SQL for the time by the database's own clock, in seconds since 1970: the clocks of servers may be apart. */
export const secondsNow = (engine: Engine): string =>
  engine === "sqlite" ? "unixepoch('subsec')" : "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS DOUBLE PRECISION)";

/** SQL: whether a text has anything in it but printable ASCII, of which the engines know what is a capital letter. */
export const isForeign = (engine: Engine, column: string): string =>
  engine === "sqlite" ? `${column} GLOB '*[^ -~]*'` : `${column} ~ '[^ -~]'`;

/** The row of a statement that always gives one: `INSERT … RETURNING`, an aggregate. */
export function one<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error("A statement that always gives a row gave none.");
  return row;
}

/** SQL: the numbers of a column as the text of a JSON array; null, or an empty one, of no rows. */
export const jsonList = (engine: Engine, column: string): string =>
  engine === "sqlite" ? `json_group_array(${column})` : `CAST(json_agg(${column}) AS TEXT)`;

/**
 * SQL for one field of a JSON object as text, `true` and `false` included, in the same words on both engines.
 * `field` is SQL for the field's name: a parameter, or a quoted name where an index on it should serve.
 */
export function jsonText(engine: Engine, column: string, field: string): string {
  return engine === "sqlite"
    ? `(CASE ${column} -> ${field} WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(${column} ->> ${field} AS TEXT) END)`
    : `(${column} ->> ${field})`;
}

/**
 * What an INSERT does about a row that is there already, so that nobody else changes what hangs on it before this
 * transaction ends. SQLite has one writer, and writing the row again would only cost its page.
 */
export function orHold(engine: Engine, key: string): string {
  return engine === "sqlite"
    ? `ON CONFLICT (${key}) DO NOTHING`
    : `ON CONFLICT (${key}) DO UPDATE SET ${key} = excluded.${key}`;
}

/** SQL: the function that makes a JSON object of names and values. */
export const jsonObject = (engine: Engine): string => (engine === "sqlite" ? "json_object" : "jsonb_build_object");

/** SQL: the function that says where in a text another begins; 0 where it is not in it. */
export const placeIn = (engine: Engine): string => (engine === "sqlite" ? "instr" : "strpos");

/** SQL: whether a JSON value is a list that has any of the texts in it. */
export const listHasAny = (engine: Engine, json: string, wanted: string): string =>
  engine === "sqlite"
    ? `(json_type(${json}) = 'array' AND EXISTS (SELECT 1 FROM json_each(${json}) AS element WHERE CAST(element.value AS TEXT) IN (${wanted})))`
    : `EXISTS (SELECT 1 FROM jsonb_array_elements_text(CASE jsonb_typeof(${json}) WHEN 'array' THEN ${json} ELSE '[]'::jsonb END) AS element WHERE element IN (${wanted}))`;

/** SQL: tables whose ids of four bytes are more than half used up, and the last of them. SQLite's ids have eight. */
export const idsRunningOut = (engine: Engine): string =>
  engine === "sqlite"
    ? "SELECT '' AS name, 0 AS last_id WHERE 1 = 0"
    : `SELECT REPLACE(sequencename, '_id_seq', '') AS name, last_value AS last_id FROM pg_sequences
       WHERE schemaname = current_schema() AND data_type = CAST('integer' AS regtype) AND last_value > 1073741823
       ORDER BY sequencename`;
