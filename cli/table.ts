import { cut, type Screen, screen, withShortTimes } from "./screen";
import { visible } from "./visible";

type Cell = string | number;

/** What stands between two columns. */
const GAP = 2;
/** A cell that is cut still tells its row from others. */
const NARROWEST = 6;

/**
 * Rows under their headings, in columns as wide as they need to be. On a terminal times are short, and where a row would be
 * wider than it the widest texts are cut; numbers and what stands for a row never are. Without rows: `none`.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
  none = "There are none.",
): string {
  if (rows.length === 0) return none;
  const shown = screen();
  const lines = [headings, ...rows].map((row) => row.map((cell) => textOf(cell, shown)));
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => Bun.stringWidth(line[column] ?? ""))));
  if (shown) fit(widths, wholeColumns(headings, rows), shown.columns);
  return lines
    .map((line) =>
      line
        .map((cell, column) => padded(cut(cell, widths[column] ?? 0), widths[column] ?? 0))
        .join(" ".repeat(GAP))
        .trimEnd(),
    )
    .join("\n");
}

function textOf(cell: Cell, shown: Screen | undefined): string {
  const text = visible(String(cell));
  return shown ? withShortTimes(text, shown) : text;
}

const padded = (text: string, width: number) => text + " ".repeat(Math.max(0, width - Bun.stringWidth(text)));

/** A cut number would be another number. The first column is what the next command is given. */
function wholeColumns(headings: readonly string[], rows: readonly (readonly Cell[])[]): boolean[] {
  return headings.map((_, column) => column === 0 || rows.every((row) => typeof row[column] === "number"));
}

function fit(widths: number[], isWhole: readonly boolean[], columns: number): void {
  const width = () => widths.reduce((sum, one) => sum + one + GAP, -GAP);
  while (width() > columns) {
    const free = widths.map((one, column) => (isWhole[column] || one <= NARROWEST ? 0 : one));
    const widest = Math.max(...free);
    if (widest === 0) {
      // Nothing but numbers is left: what stands first gives way.
      if (!isWhole[0] || (widths[0] ?? 0) <= NARROWEST) return;
      widths[0] = Math.max(NARROWEST, (widths[0] ?? 0) - (width() - columns));
      return;
    }
    widths[free.indexOf(widest)] = widest - 1;
  }
}
