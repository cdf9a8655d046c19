/** How the bytes of a file become text, and where its lines end: seen from how it begins. */

/** Encodings as TextDecoder names them, and a shopkeeper for `--encoding`. */
export type Encoding = ConstructorParameters<typeof TextDecoder>[0];

/** How a file that begins so is encoded: by its byte order mark, or by the zeros between the letters of UTF-16. */
export function encodingOf(start: Uint8Array): Encoding {
  const [first = 1, second = 1, third = 1, fourth = 1] = start;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return "utf-16le";
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return "utf-16be";
  return "utf-8";
}

/**
 * What ends a line of a text that begins so: a line feed, or a carriage return alone, as Excel for the Mac writes it. Undefined
 * while that can't be told. What stands in quotes decides nothing: there the one may stand in a file of the other.
 */
export function lineEndOf(start: string): "\n" | "\r" | undefined {
  let quoted = false;
  for (let at = 0; at < start.length; at++) {
    const sign = start[at];
    if (sign === '"') quoted = !quoted;
    if (quoted) continue;
    if (sign === "\n") return "\n";
    if (sign !== "\r") continue;
    if (at + 1 === start.length) return undefined;
    return start[at + 1] === "\n" ? "\n" : "\r";
  }
  return undefined;
}
