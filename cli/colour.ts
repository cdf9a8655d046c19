/** `NO_COLOR` is what https://no-color.org asks programs to heed. */
export const mayColour = (
  stream: { isTTY?: boolean },
  env: Record<string, string | undefined> = process.env,
): boolean => stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";

const inColour =
  (code: number) =>
  (text: string): string =>
    `\x1b[${code}m${text}\x1b[0m`;

export const bold = inColour(1);
export const red = inColour(31);
const green = inColour(32);
const yellow = inColour(33);

/** Whole cells of a table, by what they mean to a shopkeeper. What is over, and asks for nothing, has no colour. */
const MEANINGS: [paint: (text: string) => string, cells: RegExp][] = [
  [red, cells("failed", "given up", "given_up", "flagged", "sold out")],
  [yellow, cells("placed", "pending", "waiting", "requested", "owed", "paused", "running")],
  [green, cells("paid", "delivered", "done", "sent", "serving", "active")],
];

/** Headings of a table: words in capitals, in more than one column. */
const HEADINGS = /^ *[A-Z][A-Z -]*(?: {2,}[A-Z][A-Z -]*)+$/gm;

function cells(...words: string[]): RegExp {
  return new RegExp(`(?<=^| {2})(?:${words.join("|")})(?= {2}|$)`, "gm");
}

/**
 * An answer for a person with its headings bold and its states coloured. It is the last that is done to a text: what customers
 * typed has been made harmless before, and no colour is counted as a column.
 */
export function painted(text: string): string {
  const coloured = MEANINGS.reduce((rest, [paint, meant]) => rest.replaceAll(meant, paint), text);
  return coloured.replaceAll(HEADINGS, bold);
}
