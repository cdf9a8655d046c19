import { ShopError } from "../base/errors";
import { type FileProgress, LONGEST_LINE, readLines } from "./files";
import { lenientFields, RecordReader, type Span } from "./record-reader";
import type { Source } from "./source";
import { isEmpty } from "./unreadable";

/** A row of a table: its cells as the headings stand, or a line that could not be read. Lines count from 1, the heading included. */
export type TableRow =
  | {
      line: number;
      cells: string[];
      /** How many cells are missing at its end: it may have been cut off. */
      missing: number;
    }
  | { line: number; text: string; problem: string };

export interface Table {
  /** As they stand in the file, without spaces around them; blank where a column has none. */
  headings: string[];
  separator: Separator;
  rows: AsyncGenerator<TableRow>;
}

const SEPARATORS = [",", ";", "\t", "|"] as const;
export type Separator = (typeof SEPARATORS)[number];

export interface TableOptions {
  encoding?: string | undefined;
  progress?: FileProgress;
  /** Which columns hold numbers: by them a row is known that a lost quote has swallowed. */
  numeric?: (headings: string[]) => number[];
}

/**
 * A table with a heading, in whatever way spreadsheets and programs write it: commas, semicolons, tabs or bars between its
 * cells, `sep=` above the heading, blank rows and columns. A lost quote costs its own line and no other. Throws `invalid` for
 * what is no table, and for one without a row.
 */
export async function openTable(source: Source, options: TableOptions = {}): Promise<Table> {
  const { encoding, progress } = options;
  const lines = readLines(source, progress, { encoding });
  const { separator, first, line } = await findHeading(source, lines);
  const numbered = records(first, lines, { separator, line, numeric: options.numeric });
  const heading = await numbered.next();
  if (heading.done || !("cells" in heading.value)) {
    throw new ShopError("invalid", `${source.name} is no table: its heading can't be read. Nothing was changed.`);
  }
  const headings = heading.value.cells.map((cell) => cell.replace(/^\ufeff/, "").trim());
  return { headings, separator, rows: bodyRows(source, headings, numbered) };
}

/** The separator of a table and the first line of its heading, below blank lines and a line such as `sep=;`. */
async function findHeading(source: Source, lines: AsyncGenerator<string>) {
  let told: Separator | undefined;
  for (let line = 1; ; line++) {
    const { value: first, done } = await lines.next();
    if (done) throw isEmpty(source.name);
    const [, sign] = /^\s*"?sep=(.)"?\s*$/i.exec(first) ?? [];
    if (sign !== undefined) told = SEPARATORS.find((separator) => separator === sign);
    else if (/[^\s,;|"]/.test(first)) return { separator: told ?? separatorOf(first), first, line };
  }
}

/** What stands between most of the cells. */
function separatorOf(heading: string): Separator {
  const widths = SEPARATORS.map((separator) => ({ separator, width: lenientFields(heading, separator).length }));
  return widths.reduce((most, one) => (one.width > most.width ? one : most)).separator;
}

async function* bodyRows(
  source: Source,
  headings: readonly string[],
  records: AsyncGenerator<TableRow>,
): AsyncGenerator<TableRow> {
  let rows = 0;
  for await (const row of records) {
    if ("cells" in row && row.cells.every((cell) => cell.trim() === "")) continue;
    rows++;
    yield "cells" in row ? fitted(row, headings) : row;
  }
  if (rows === 0) throw new ShopError("invalid", `${source.name} has no row below its heading. Nothing was changed.`);
}

/** As many cells as there are headings: blank ones that are missing at the end, and blank ones too many, are nothing. */
function fitted({ line, cells }: { line: number; cells: string[] }, headings: readonly string[]): TableRow {
  const stray = cells.findIndex((cell, at) => !headings[at] && cell.trim() !== "");
  if (stray >= 0) {
    const problem = `The line does not fit the heading: cell ${stray + 1} stands below none.`;
    return { line, text: cells.join(","), problem };
  }
  return {
    line,
    cells: headings.map((_, at) => cells[at] ?? ""),
    missing: Math.max(0, headings.length - cells.length),
  };
}

const MISFIT = "The line does not fit the heading, or its quotes don't match.";

interface RecordOptions {
  separator: Separator;
  line: number;
  numeric: TableOptions["numeric"] | undefined;
}

/**
 * Puts lines together where a quote goes on over their end. Where what that gives makes no sense, only the first of them is
 * bad: those behind it are read again, each for itself, since the quote may have been no more than a slip.
 */
async function* records(
  first: string,
  lines: AsyncGenerator<string>,
  { separator, line: firstLine, numeric }: RecordOptions,
): AsyncGenerator<TableRow> {
  let line = firstLine;
  let heading: string[] | undefined;
  let looksWhole: ReturnType<typeof wholeRow> | undefined;
  /** How many cells the last good row of one line had: spreadsheets leave out blank ones at its end. */
  let usual = 0;
  /** Those of the row that is being read, and behind them any that are to be read again; before `start` they are done. */
  let waiting: string[] = [first];
  let start = 0;
  const reader = new RecordReader(separator);
  let taken = 0;
  let length = 0;
  for (;;) {
    let next = waiting[start + taken];
    if (next === undefined) {
      next = (await lines.next()).value;
      if (next !== undefined) waiting.push(next);
      else if (taken === 0) return;
    }
    length += next?.length ?? 0;
    const state = next === undefined || length > LONGEST_LINE ? "broken" : reader.take(next);
    if (next !== undefined) taken++;
    if (state === "open") continue;
    const cells = state === "whole" ? reader.cells() : [];
    const isShort = heading !== undefined && cells.length < heading.length;
    const isWhole =
      state === "whole" &&
      !fitsBadly(cells, heading) &&
      !swallows(
        waiting.slice(start, start + taken),
        { spans: reader.spans(), isShort },
        (text) => looksWhole?.(text, usual) ?? false,
      );
    if (isWhole && taken === 1) usual = cells.length;
    if (isWhole) yield { line, cells, missing: 0 };
    else yield { line, text: waiting[start] ?? "", problem: MISFIT };
    if (heading === undefined) {
      if (!isWhole) return;
      heading = cells;
      looksWhole = wholeRow(separator, heading, numeric?.(heading.map((cell) => cell.trim())) ?? []);
    }
    const used = isWhole ? taken : 1;
    start += used;
    line += used;
    if (start === waiting.length || start > LINES_KEPT) {
      waiting = waiting.slice(start);
      start = 0;
    }
    reader.reset();
    taken = 0;
    length = 0;
  }
}

/** So many lines that are done are let go at once: one at a time would move all that wait behind them. */
const LINES_KEPT = 10_000;

/** Whether cells stand where the heading has ended. */
const fitsBadly = (cells: readonly string[], heading: readonly string[] | undefined) =>
  heading !== undefined && cells.slice(heading.length).some((cell) => cell.trim() !== "");

/**
 * Whether a quote that was lost has made one row of several: those that it joined would be rows by themselves. A text of many
 * lines is not: what looks like a row in it has no numbers where the table has them.
 */
function swallows(
  lines: readonly string[],
  { spans, isShort }: { spans: readonly Span[]; isShort: boolean },
  looksWhole: (line: string) => boolean,
): boolean {
  return spans.some(({ from, to }) => {
    // The row would have ended with the line in which the text began. One quote that was lost leaves too few cells behind.
    if (isShort && from === 0 && looksWhole(lines[from] ?? "")) return true;
    const inner = lines.slice(from + 1, to).filter((line) => line.trim() !== "");
    return inner.length >= (isShort ? 1 : 2) && inner.filter(looksWhole).length * 2 > inner.length;
  });
}

function wholeRow(separator: Separator, heading: readonly string[], numeric: readonly number[]) {
  return (line: string, usual: number): boolean => {
    const cells = lenientFields(line, separator);
    if ((cells.length !== heading.length && cells.length !== usual) || cells.length < 2) return false;
    const numbers = numeric.map((at) => cells[at]?.replaceAll('"', "").trim() ?? "").filter((cell) => cell !== "");
    // Where no column is known to hold numbers, only so many cells are no chance.
    return numeric.length === 0 ? cells.length >= SURE_WIDTH : numbers.length > 0 && numbers.every(isNumeric);
  };
}

const SURE_WIDTH = 6;
const isNumeric = (cell: string) => /\d/.test(cell) && !/\p{L}{4,}/u.test(cell);
