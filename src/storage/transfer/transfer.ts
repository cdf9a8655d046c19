import { ShopError } from "../../base/errors";
import type { Database, Reader, Transaction, Value } from "../database";
import { insertRows } from "../rows";
import { countOf } from "../sql";
import { isUnderTransfer } from "../tables";
import { batchesOf, type CopiedRow, keyOf, quoted, sumOf, type TableSum, valueOf } from "./rows";
import { copiedTables, type CopiedTable } from "./tables";

export interface TransferReport {
  tables: (TableSum & { name: string })[];
  rows: number;
}

/** How far it has come: so many rows of one of the steps. */
export type Progress = (step: "copying" | "comparing", rows: number) => void;

/**
 * Copies all that the shop holds from one database into another, which is empty and has the same schema, and compares both
 * by counts and checksums. A run that was killed is completed by the next one. What is made of other tables (the index of
 * the search, kept counts) is not copied. Throws `conflict` where the target is not empty, and where both differ in the end.
 */
export async function transfer(source: Database, target: Database, progress: Progress): Promise<TransferReport> {
  await begin(target, await copiedTables(target, source));
  // One transaction sees one moment of the source. On SQLite it also keeps others from writing meanwhile.
  return source.transaction(async (tx) => {
    await seeOneMoment(tx);
    const tables = await copiedTables(tx, target);
    for (const table of tables) await copyTable(tx, target, table, progress);
    for (const table of tables) await linkRows(tx, target, table);
    await target.transaction((writing) => setSequences(tx, writing, tables));
    const report = await compare(tx, target, tables, progress);
    await target.transaction((writing) => writing.run("DROP TABLE sanset_transfer"));
    return report;
  });
}

/** Notes on the target how far the copy has come. While they are there, it is not whole, and no shop is served from it. */
async function begin(target: Database, tables: readonly CopiedTable[]): Promise<void> {
  if (await isUnderTransfer(target)) return;
  for (const table of ["users", "products", "orders"]) {
    if (await target.first(`SELECT 1 AS one FROM ${table} LIMIT 1`)) {
      throw new ShopError("conflict", `The target is not empty: it has ${table}. Name a new database.`);
    }
  }
  await target.transaction(async (tx) => {
    await tx.run("CREATE TABLE sanset_transfer (name TEXT PRIMARY KEY, last_key TEXT, is_done INTEGER NOT NULL)");
    // What migrations put there comes from the source too.
    for (const { name } of tables.toReversed()) await tx.run(`DELETE FROM ${name}`);
  });
}

async function seeOneMoment(tx: Transaction): Promise<void> {
  if (tx.engine === "postgres") await tx.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

async function copyTable(source: Reader, target: Database, table: CopiedTable, progress: Progress): Promise<void> {
  const mark = await target.first<{ last_key: string | null; is_done: number }>(
    "SELECT last_key, is_done FROM sanset_transfer WHERE name = $1",
    [table.name],
  );
  if (mark?.is_done === 1) return;
  const from: Value[] | undefined = mark?.last_key ? (JSON.parse(mark.last_key) as Value[]) : undefined;
  for await (const batch of batchesOf(source, table, from)) {
    await target.transaction(async (tx) => {
      await insertRows(
        tx,
        table.name,
        batch.map((row) => rowFor(table, row)),
      );
      await note(tx, table, JSON.stringify(keyOf(table, batch.at(-1) ?? {})), 0);
    });
    progress("copying", batch.length);
  }
  await target.transaction((tx) => note(tx, table, null, 1));
}

/** A row without what names others of its table, which may not be there yet. */
const rowFor = ({ columns, linkedLater }: CopiedTable, row: CopiedRow): Record<string, Value> =>
  Object.fromEntries(columns.map(({ name }) => [quoted(name), linkedLater.includes(name) ? null : valueOf(row[name])]));

const note = (tx: Transaction, { name }: CopiedTable, key: string | null, isDone: number): Promise<number> =>
  tx.run(
    `INSERT INTO sanset_transfer (name, last_key, is_done) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET last_key = excluded.last_key, is_done = excluded.is_done`,
    [name, key, isDone],
  );

/** Writes what names rows that came later, page by page: a shop may have as many variants as products. */
async function linkRows(source: Reader, target: Database, table: CopiedTable): Promise<void> {
  const { key, linkedLater } = table;
  if (linkedLater.length === 0) return;
  const written = [...key, ...linkedLater];
  const columns = table.columns.filter(({ name }) => written.includes(name));
  for await (const batch of batchesOf(source, { ...table, columns })) {
    const children = batch.filter((row) => linkedLater.some((column) => row[column] !== null));
    const last = children.at(-1);
    if (last === undefined) continue;
    // Filled up with its last, so that pages of all lengths make few statements.
    while (Math.log2(children.length) % 1 !== 0) children.push(last);
    const values = children.flatMap((row) => written.map((column) => valueOf(row[column])));
    await target.transaction((tx) => tx.run(linkingText(table, written, children.length), values));
  }
}

function linkingText(
  { name, key, columns, linkedLater }: CopiedTable,
  written: readonly string[],
  rows: number,
): string {
  const given = (column: string) => `given.column${written.indexOf(column) + 1}`;
  const typeOf = (column: string) => columns.find((one) => one.name === column)?.typeThere;
  // The first row says what the others are: PostgreSQL takes a parameter that nothing types for text.
  const tuple = (_: unknown, row: number) =>
    `(${written.map((column, at) => (row === 0 ? `CAST($${at + 1} AS ${typeOf(column)})` : `$${row * written.length + at + 1}`)).join()})`;
  return `UPDATE ${name} SET ${linkedLater.map((column) => `${quoted(column)} = ${given(column)}`).join()}
    FROM (VALUES ${Array.from({ length: rows }, tuple).join()}) AS given
    WHERE ${key.map((column) => `${name}.${quoted(column)} = ${given(column)}`).join(" AND ")}`;
}

/** New rows get ids above all that were ever given, as they would have on the source. */
async function setSequences(source: Reader, target: Transaction, tables: readonly CopiedTable[]): Promise<void> {
  for (const { name, columns } of tables) {
    if (!columns.some((column) => column.name === "id")) continue;
    const last = Math.max(await lastId(source, name), await largestId(target, name));
    if (last < 1) continue;
    if (target.engine === "sqlite") {
      await target.run("DELETE FROM sqlite_sequence WHERE name = $1", [name]);
      await target.run("INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)", [name, last]);
    } else {
      await target.all(
        "SELECT setval(CAST(sequence AS regclass), CAST($2 AS BIGINT)) FROM (SELECT pg_get_serial_sequence($1, 'id') AS sequence) AS own WHERE sequence IS NOT NULL",
        [name, last],
      );
    }
  }
}

async function lastId(source: Reader, table: string): Promise<number> {
  if (source.engine === "sqlite") {
    const row = await source.first<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = $1", [table]);
    return row?.seq ?? 0;
  }
  const row = await source.first<{ last: number | null }>(
    `SELECT last_value AS last FROM pg_sequences
     WHERE schemaname = current_schema() AND schemaname || '.' || sequencename = pg_get_serial_sequence($1, 'id')`,
    [table],
  );
  return row?.last ?? 0;
}

async function largestId(reader: Reader, table: string): Promise<number> {
  const row = await reader.first<{ id: number | string | null }>(`SELECT MAX(id) AS id FROM ${table}`);
  return typeof row?.id === "number" ? row.id : 0;
}

async function compare(
  source: Reader,
  target: Reader,
  tables: readonly CopiedTable[],
  progress: Progress,
): Promise<TransferReport> {
  const sums: (TableSum & { name: string })[] = [];
  for (const table of tables) {
    const here = await sumOf(source, table, (rows) => progress("comparing", rows));
    const there = await sumOf(target, table, () => {});
    if (here.rows !== there.rows || here.checksum !== there.checksum) {
      throw new ShopError(
        "conflict",
        `${table.name} differs: ${here.rows} rows (${here.checksum}) here, ${there.rows} (${there.checksum}) there. Was the source written to? Begin again with a new database.`,
      );
    }
    sums.push({ name: table.name, ...here });
  }
  return { tables: sums, rows: sums.reduce((total, { rows }) => total + rows, 0) };
}

/** How many rows there are to copy, for the progress. */
export async function countRows(source: Reader): Promise<number> {
  let rows = 0;
  for (const { name } of await copiedTables(source, source))
    rows += await countOf(source, `SELECT COUNT(*) FROM ${name}`);
  return rows;
}
