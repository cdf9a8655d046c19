import { type Command, Option } from "commander";
import { type Format, formats } from "../src/exports/format";
import { openOutput } from "./output-file";
import type { Terminal } from "./terminal";
import { many } from "../src/base/many";

export interface ExportOptions {
  format: Format;
  out?: string;
  excel?: boolean;
}

export const withExportOptions = (command: Command): Command =>
  command
    .addOption(new Option("--format <format>", "csv, or JSON lines").choices([...formats]).default("csv"))
    .option("--out <file>", "write it there")
    .option("--excel", "begin with a byte order mark, by which Excel sees that it is UTF-8");

/** Writes pieces of text as they come: a whole shop need not fit into memory. */
export async function writeExport(
  { print, write }: Pick<Terminal, "print" | "write">,
  pieces: AsyncIterable<string>,
  { format, out, excel }: ExportOptions,
): Promise<void> {
  const file = out === undefined ? undefined : openOutput(out);
  const put = (text: string) => (file ? file.write(text) : write?.(text));
  if (excel && format === "csv") put("\ufeff");
  // The heading is no row.
  let rows = format === "csv" ? -1 : 0;
  try {
    for await (const piece of pieces) {
      put(piece);
      rows++;
    }
  } finally {
    file?.close();
  }
  if (file) print({ rows, file: out }, `${many(rows, "row is", "rows are")} in ${out}.`);
}
