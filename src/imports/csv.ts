import { ShopError } from "../base/errors";
import { type FileProgress, isEmpty, readLines } from "./files";

/** A row of a table: its fields by column, or a line that could not be read. Lines count from 1, the heading included. */
export type CsvRow = { line: number; fields: Record<string, string> } | { line: number; text: string; problem: string };

/** A quote that is open for longer is one too many, and no text. */
const MOST_LINES_IN_A_ROW = 100;

/**
 * Reads a table with a heading, plain or compressed with gzip or zstd. `columns` says what each heading is to be called.
 * A lost quote costs its own line and no other. Throws ShopError `invalid`, before the first row where it can, for what is
 * no such file.
 */
export async function* readCsv(
  path: string,
  columns: (headings: string[]) => (string | false)[],
  progress?: FileProgress,
): AsyncGenerator<CsvRow> {
  let names: (string | false)[] | undefined;
  let rows = 0;
  for await (const { line, text, fields } of records(readLines(path, progress))) {
    if (!names) {
      if (!fields)
        throw new ShopError("invalid", `${path} is no table: its heading can't be read. Nothing was changed.`);
      names = columns(fields);
      continue;
    }
    rows++;
    if (fields) yield { line, fields: byName(names, fields) };
    else yield { line, text, problem: "The line does not fit the heading, or its quotes don't match." };
  }
  if (!names) throw isEmpty(path);
  if (rows === 0) throw new ShopError("invalid", `${path} has no row below its heading. Nothing was changed.`);
}

/** The number that a field holds; NaN for anything but digits with perhaps a point, so for nothing and for `0x10` too. */
export function numberIn(field: string): number {
  const digits = field.trim();
  return /^-?\d+(\.\d+)?$/.test(digits) ? Number(digits) : Number.NaN;
}

interface CsvRecord {
  line: number;
  /** The first line as it stands. */
  text: string;
  /** Undefined where the line does not make sense. */
  fields: string[] | undefined;
}

/**
 * Puts lines together where a quote goes on over their end. Where what that gives makes no sense, only the first of them is
 * bad: those behind it are read again, each for itself, since the quote may have been no more than a slip.
 */
async function* records(lines: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const waiting: string[] = [];
  let line = 1;
  let width: number | undefined;
  function* settled(atEnd: boolean): Generator<CsvRecord> {
    for (let text = waiting[0]; text !== undefined; text = waiting[0]) {
      const length = lengthOfFirst(waiting);
      if (length === undefined && !atEnd && waiting.length < MOST_LINES_IN_A_ROW) return;
      const read = fieldsOf(waiting.slice(0, length ?? 1));
      const isBlank = text.trim() === "";
      if (!isBlank) width ??= read?.length;
      const fields = read?.length === width ? read : undefined;
      if (!isBlank) yield { line, text, fields };
      line += waiting.splice(0, (fields && length) ?? 1).length;
    }
  }
  for await (const text of lines) {
    waiting.push(text);
    yield* settled(false);
  }
  yield* settled(true);
}

/** How many of these lines it takes until each quote has its other; undefined where they are too few. */
function lengthOfFirst(lines: readonly string[]): number | undefined {
  let open = false;
  for (const [index, line] of lines.entries()) {
    for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) open = !open;
    if (!open) return index + 1;
  }
  return undefined;
}

/** A field and what ends it, as in RFC 4180: within quotes a quote is doubled, without them there is none. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",]*))(,|$)/y;

function fieldsOf(lines: readonly string[]): string[] | undefined {
  const record = lines.join("\n").replace(/\r$/, "");
  const fields: string[] = [];
  FIELD.lastIndex = 0;
  for (;;) {
    const [match, quoted, plain = "", end] = FIELD.exec(record) ?? [];
    if (match === undefined) return undefined;
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ",") return fields;
  }
}

function byName(names: readonly (string | false)[], fields: readonly string[]): Record<string, string> {
  const row: Record<string, string> = {};
  for (const [index, name] of names.entries()) if (name !== false) row[name] = fields[index] ?? "";
  return row;
}
