import { closeSync, openSync, writeSync } from "node:fs";
import { ShopError } from "../src/base/errors";
import { cellOf } from "../src/base/csv-cell";

/** A file that gets a line for each thing that was done, as it is done: a table that spreadsheets read. */
export interface ReportFile {
  add(...cells: (string | number | null)[]): void;
  close(): void;
}

/** Throws `unusable` where there can be no such file. */
export function openReport(path: string, columns: readonly string[]): ReportFile {
  let file: number;
  try {
    file = openSync(path, "w");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new ShopError("unusable", `${path} can't be written: ${code}. Nothing was changed.`, {}, { cause: error });
  }
  let waiting = `${columns.join(",")}\n`;
  const flush = () => {
    writeSync(file, waiting);
    waiting = "";
  };
  return {
    add(...cells) {
      waiting += `${cells.map(cellOf).join(",")}\n`;
      if (waiting.length > WRITTEN_AT_ONCE) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}

const WRITTEN_AT_ONCE = 65_536;
