import { ShopError } from "../base/errors";

/** Deeper than anything we keep; a body that is nothing but brackets would otherwise cost seconds to refuse. */
const DEEPEST = 64;

/** No object of ours has so many fields. */
const MOST_FIELDS = 256;

/** For each name or text that a body may hold, so many numbers, lists and objects: each costs as much to check. */
const VALUES_FOR_A_STRING = 4;

/**
 * Reads JSON that means one thing only. An object that names a field twice is refused, since every reader picks another
 * of the two, and so is `__proto__`, which most of them lose. So is a body of more strings than `mostStrings`, or of more
 * values than go with so many, before any of them is hashed: strings that collide in JavaScriptCore's hash are cheap to make, and make the time grow with the square
 * of their number. Throws ShopError `unreadable`.
 */
export function parseStrictJson(text: string, mostStrings: number): unknown {
  try {
    checkStructure(text, mostStrings);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof ShopError) throw error;
    throw unreadable("The body is not valid JSON.");
  }
}

/** Throws ShopError `unreadable` for a form of too many fields, before any of them is looked at. */
export function checkFormSize(text: string): void {
  let fields = 1;
  for (let at = text.indexOf("&"); at !== -1; at = text.indexOf("&", at + 1)) fields++;
  if (fields > MOST_FORM_FIELDS) throw unreadable(`The body has more than ${MOST_FORM_FIELDS} fields.`);
}

const MOST_FORM_FIELDS = 32;

/** Walks over brackets and strings alone. What it makes of text that is no JSON does not matter: parsing refuses that. */
function checkStructure(text: string, mostStrings: number): void {
  /** The fields seen so far of every object that is open; undefined for an array. */
  const open: (string[] | undefined)[] = [];
  let strings = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    const isOpening = character === "{" || character === "[";
    if (isOpening || character === ",") {
      if (++values > mostStrings * VALUES_FOR_A_STRING) throw unreadable("The body holds too many values.");
    }
    if (isOpening) {
      open.push(character === "{" ? [] : undefined);
      if (open.length > DEEPEST) throw unreadable(`The body is nested more than ${DEEPEST} levels deep.`);
    } else if (character === "}" || character === "]") {
      checkFields(open.pop());
    } else if (character === '"') {
      if (++strings > mostStrings) throw unreadable(`The body holds more than ${mostStrings} names and texts.`);
      const end = endOfString(text, at);
      if (isBeforeColon(text, end)) addField(open.at(-1), text, at, end);
      at = end;
    }
  }
}

function addField(fields: string[] | undefined, text: string, start: number, end: number): void {
  const quoted = text.slice(start, end + 1);
  const name = quoted.includes("\\") ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
  if (name === "__proto__") throw unreadable("The body has a field that no program should be sent: __proto__.");
  fields?.push(name);
  if (fields && fields.length > MOST_FIELDS) throw unreadable(`An object has more than ${MOST_FIELDS} fields.`);
}

/** Sorted, the same name stands side by side; nothing is hashed for it. */
function checkFields(fields: string[] | undefined): void {
  const sorted = fields?.sort() ?? [];
  for (let at = 1; at < sorted.length; at++) {
    if (sorted[at] === sorted[at - 1]) throw unreadable("The body names a field twice.");
  }
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
