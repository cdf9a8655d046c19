/** Control characters of C0 and C1, those that turn the direction of text around, and those that end a line in Unicode. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text that strangers wrote, in one line: what a terminal would obey instead of showing it is written out, as `\u001b`. */
export function visible(text: string): string {
  return text.replaceAll(CONTROLS, (character) => NAMED[character] ?? hexadecimal(character));
}

/** The same for text whose lines are our own. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

/** JSON for programs, in which what a terminal would obey is written out too: `\u009b` in a string is as exact. */
export function exactJson(answer: unknown): string {
  return JSON.stringify(answer, undefined, 2).replaceAll(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    hexadecimal,
  );
}

const NAMED: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const hexadecimal = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
