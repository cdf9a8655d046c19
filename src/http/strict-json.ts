import { ShopError } from "../base/errors";

/** Deeper than anything we keep; a body that is nothing but brackets would otherwise cost seconds to refuse. */
const DEEPEST = 64;

/**
 * Reads JSON that means one thing only. An object that names a field twice is refused, since every reader picks another
 * of the two, and so is `__proto__`, which most of them lose. Throws ShopError `unreadable`.
 */
export function parseStrictJson(text: string): unknown {
  try {
    checkStructure(text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof ShopError) throw error;
    throw unreadable("The body is not valid JSON.");
  }
}

/** Walks over brackets and strings alone. What it makes of text that is no JSON does not matter: parsing refuses that. */
function checkStructure(text: string): void {
  /** The fields seen so far of every object that is open; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : undefined);
      if (open.length > DEEPEST) throw unreadable(`The body is nested more than ${DEEPEST} levels deep.`);
    } else if (character === "}" || character === "]") {
      open.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      if (isBeforeColon(text, end)) addField(open.at(-1), JSON.parse(text.slice(at, end + 1)));
      at = end;
    }
  }
}

function addField(fields: Set<string> | undefined, name: string): void {
  if (fields?.has(name)) throw unreadable("The body names a field twice.");
  if (name === "__proto__") throw unreadable("The body has a field that no program should be sent: __proto__.");
  fields?.add(name);
}

/** Where the string that starts here ends: at the first quote with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return text.length;
}

function isBeforeColon(text: string, end: number): boolean {
  let at = end + 1;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
  return text[at] === ":";
}

const unreadable = (message: string) => new ShopError("unreadable", message);
