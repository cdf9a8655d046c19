/** Lines of a row, the first being 0. */
export interface Span {
  from: number;
  to: number;
}

/**
 * Reads one row of a table, line by line, as RFC 4180 has it: in quotes a quote is doubled, without them there is none. Spaces
 * around a cell in quotes are nothing.
 */
export class RecordReader {
  #cells: string[] = [];
  /** The cells that go on over the end of a line: from which line of the row, to which. */
  #spans: Span[] = [];
  #line = -1;
  #openedAt = 0;
  /** What stands so far in a cell whose quote has not ended; undefined outside of quotes. */
  #open: string[] | undefined;

  constructor(readonly separator: string) {}

  reset(): void {
    this.#cells = [];
    this.#spans = [];
    this.#line = -1;
    this.#open = undefined;
  }

  spans(): readonly Span[] {
    return this.#spans;
  }

  cells(): string[] {
    return this.#cells;
  }

  /** Takes a line: the row is `whole` with it, still `open`, or `broken` by a quote where none can be. */
  take(line: string): "whole" | "open" | "broken" {
    let at = 0;
    this.#line++;
    for (;;) {
      if (this.#open === undefined) {
        const quote = startOfQuoted(line, at);
        if (quote === undefined) {
          const end = line.indexOf(this.separator, at);
          const cell = end < 0 ? line.slice(at).replace(/\r$/, "") : line.slice(at, end);
          if (cell.includes('"')) return "broken";
          this.#cells.push(cell);
          if (end < 0) return "whole";
          at = end + 1;
          continue;
        }
        this.#open = [];
        this.#openedAt = this.#line;
        at = quote + 1;
      }
      const quote = line.indexOf('"', at);
      if (quote < 0) {
        this.#open.push(line.slice(at), "\n");
        return "open";
      }
      this.#open.push(line.slice(at, quote));
      if (line[quote + 1] === '"') {
        this.#open.push('"');
        at = quote + 2;
        continue;
      }
      if (this.#openedAt < this.#line) this.#spans.push({ from: this.#openedAt, to: this.#line });
      this.#cells.push(this.#open.join(""));
      this.#open = undefined;
      at = quote + 1;
      while (line[at] === " ") at++;
      if (at === line.length || (line[at] === "\r" && at + 1 === line.length)) return "whole";
      if (line[at] !== this.separator) return "broken";
      at++;
    }
  }
}

function startOfQuoted(line: string, at: number): number | undefined {
  let start = at;
  while (line[start] === " ") start++;
  return line[start] === '"' ? start : undefined;
}

/** The cells of a line by itself, where quotes that have no other are letters like any. */
export function lenientFields(line: string, separator: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= line.length;) {
    const quote = startOfQuoted(line, at);
    const close = quote === undefined ? -1 : endOfQuoted(line, quote + 1, separator);
    const end = line.indexOf(separator, close < 0 ? at : close);
    const until = end < 0 ? line.length : end;
    cells.push(line.slice(at, until));
    at = until + 1;
  }
  return cells;
}

/** Where a cell in quotes ends that began before `from`; below zero where it does not end in this line. */
function endOfQuoted(line: string, from: number, separator: string): number {
  for (let quote = line.indexOf('"', from); quote >= 0; quote = line.indexOf('"', quote + 2)) {
    if (line[quote + 1] === '"') continue;
    let at = quote + 1;
    while (line[at] === " ") at++;
    return at >= line.length || line[at] === separator || line[at] === "\r" ? quote : -1;
  }
  return -1;
}
