import { isTimeZone } from "../src/base/zoned-time";

/** What an answer for people is laid out for: how wide and high their terminal is, and the shop's clock. */
export interface Screen {
  columns: number;
  rows: number;
  timeZone: string;
}

let current: Screen | undefined;

/** The terminal that answers go to; undefined where they go into a file or another program, and nothing is cut. */
export const screen = (): Screen | undefined => current;

export function layOutFor(given: Screen | undefined): void {
  current = given;
}

/** The terminal that this process writes to, if it does. */
export function ownScreen(timeZone: string): Screen | undefined {
  const { isTTY, columns, rows } = process.stdout;
  if (!isTTY) return undefined;
  return { columns: columns || 80, rows: rows || 24, timeZone: isTimeZone(timeZone) ? timeZone : "UTC" };
}

const MOMENTS = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

const inZone = (timeZone: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en-GB", { timeZone, ...options });

/** Moments as a person reads them on the shop's clock: `27 Nov 16:13`, with the year where it is another. */
export function withShortTimes(text: string, { timeZone }: Screen, now = new Date()): string {
  return text.replaceAll(MOMENTS, (moment) => {
    const at = new Date(moment);
    const year = inZone(timeZone, { year: "numeric" });
    const isThisYear = year.format(at) === year.format(now);
    const day = inZone(timeZone, { day: "2-digit", month: "short", ...(isThisYear ? {} : { year: "numeric" }) }).format(
      at,
    );
    // Four letters of September would push every other column about.
    return `${day.replace("Sept", "Sep")} ${inZone(timeZone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at)}`;
  });
}

/** Lines no wider than the terminal, broken between words. A word that is wider than it stays whole, so it can be copied. */
export function wrapped(text: string, { columns }: Pick<Screen, "columns">): string {
  return text
    .split("\n")
    .flatMap((line) => (Bun.stringWidth(line) <= columns ? [line] : brokenLine(line, columns)))
    .join("\n");
}

function brokenLine(line: string, columns: number): string[] {
  const indent = /^ */.exec(line)?.[0].slice(0, columns / 2) ?? "";
  const lines: string[] = [];
  let last = "";
  for (const word of line.trim().split(/ +/)) {
    const longer = last === "" ? indent + word : `${last} ${word}`;
    if (last === "" || Bun.stringWidth(longer) <= columns) last = longer;
    else {
      lines.push(last);
      last = indent + word;
    }
  }
  return [...lines, last];
}

/** Text cut to so many columns, with a sign that it was. */
export function cut(text: string, columns: number): string {
  if (Bun.stringWidth(text) <= columns) return text;
  let shown = "";
  for (const letter of text) {
    if (Bun.stringWidth(shown + letter) >= columns) break;
    shown += letter;
  }
  return `${shown.trimEnd()}…`;
}
