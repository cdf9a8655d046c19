import { fromJson, Json, type Reader, type Value } from "../database";
import { after } from "../sql";
import type { CopiedTable } from "./tables";

/** A row as it is between two databases: JSON as what it says, everything else as a statement gives it. */
export type CopiedRow = Record<string, unknown>;

/** Small enough for one statement on both engines, and for little memory. */
const ROWS_AT_ONCE = 500;

/** The rows after a key, by it. */
async function rowsAfter(reader: Reader, table: CopiedTable, key: readonly Value[] | undefined): Promise<CopiedRow[]> {
  const { name, columns, key: by } = table;
  const where = key
    ? `WHERE ${after(
        by,
        by.map((_, at) => `$${at + 1}`),
        false,
      )}`
    : "";
  const rows = await reader.all<CopiedRow>(
    `SELECT ${columns.map((column) => quoted(column.name)).join()} FROM ${name} ${where}
     ORDER BY ${by.map(quoted).join()} LIMIT ${ROWS_AT_ONCE}`,
    key ?? [],
  );
  return rows.map((row) =>
    Object.fromEntries(
      columns.map((column) => [column.name, column.isJson ? fromJson(row[column.name]) : row[column.name]]),
    ),
  );
}

/** Every row, batch by batch. */
export async function* batchesOf(
  reader: Reader,
  table: CopiedTable,
  from?: readonly Value[],
): AsyncGenerator<CopiedRow[]> {
  let rows = await rowsAfter(reader, table, from);
  while (rows.length > 0) {
    yield rows;
    if (rows.length < ROWS_AT_ONCE) return;
    rows = await rowsAfter(reader, table, keyOf(table, rows.at(-1) ?? {}));
  }
}

export const keyOf = ({ key }: CopiedTable, row: CopiedRow): Value[] => key.map((column) => valueOf(row[column]));

/** As a statement takes it. */
export function valueOf(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || value instanceof Uint8Array) return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "object") return new Json(value);
  throw new Error(`A column holds a ${typeof value}.`);
}

/** What a table holds, in whatever order it is read: so many rows, and a number made of all of them. */
export interface TableSum {
  rows: number;
  checksum: string;
}

export async function sumOf(reader: Reader, table: CopiedTable, progress: (rows: number) => void): Promise<TableSum> {
  let [rows, sum] = [0, 0n];
  for await (const batch of batchesOf(reader, table)) {
    for (const row of batch) sum = BigInt.asUintN(64, sum + Bun.hash(textOf(row)));
    rows += batch.length;
    progress(batch.length);
  }
  return { rows, checksum: sum.toString(16).padStart(16, "0") };
}

/** The same text for the same row on both engines. */
const textOf = (row: CopiedRow): string =>
  JSON.stringify(row, (_, value: unknown) => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    if ("type" in value && value.type === "Buffer" && "data" in value)
      return Buffer.from(value.data as number[]).toString("base64");
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });

export const quoted = (column: string): string => `"${column}"`;
