import { cellOf } from "../src/base/csv-cell";

/** Rows as CSV with a heading, as RFC 4180 has it. */
export function csvOf<Row extends object>(columns: readonly (keyof Row & string)[], rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map((column) => cellOf(row[column])).join(","));
  return [columns.join(","), ...lines].join("\r\n");
}
