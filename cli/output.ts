import { writeSync } from "node:fs";
import { mayColour, painted } from "./colour";
import { type Screen, screen, withShortTimes, wrapped } from "./screen";
import type { Layout } from "./terminal";
import { ShopError } from "../src/base/errors";

const STDOUT = 1;
const RETRIED_AFTER_MS = 5;

/**
 * Writes an answer whole, or throws ShopError `unusable`: an export that was cut off must not look like one that was not.
 * A reader who stops early, as `head` does, has what they wanted, and the program ends.
 */
export function writeAnswer(
  text: string,
  write: (bytes: Uint8Array) => number = (bytes) => writeSync(STDOUT, bytes),
): void {
  let rest: Uint8Array = new TextEncoder().encode(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(write(rest));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      // A pipe that takes no more just now.
      if (code === "EAGAIN") Bun.sleepSync(RETRIED_AFTER_MS);
      else if (code === "EPIPE") process.exit(0);
      else throw notWritten(code, error);
    }
  }
}

function notWritten(code: unknown, cause: unknown): ShopError {
  const reason = code === "ENOSPC" ? "there is no space left" : String(code ?? cause);
  return new ShopError(
    "unusable",
    `The answer could not be written: ${reason}. What the command did is done.`,
    {},
    { cause },
  );
}

/** An answer for a person: laid out for their terminal, and through $PAGER where it is longer than that. */
export function showAnswer(text: string, layout: Layout = "for people"): void {
  const shown = screen();
  if (!shown || layout === "as it is") return writeAnswer(`${text}\n`);
  const plain = `${laidOut(text, shown)}\n`;
  const lines = mayColour(process.stdout) ? painted(plain) : plain;
  if (lines.split("\n").length <= shown.rows || !paged(takesColours() ? lines : plain)) writeAnswer(lines);
}

/** An answer as it stands on a terminal. */
export const laidOut = (text: string, shown: Screen): string => wrapped(withShortTimes(text, shown), shown);

/** `less` shows colours where it is told to, as it is by us; of another pager nobody knows. */
function takesColours(): boolean {
  const { PAGER: pager = "less", LESS: options = LESS } = process.env;
  return /^(\S*\/)?less\b/.test(pager) && /r/i.test(options);
}

/** Ends by itself where all fits, takes colours, and leaves the answer on the screen. */
const LESS = "FRX";

/** Shown by a pager; false where there is none. `cat` and an empty PAGER mean: none. */
function paged(text: string): boolean {
  const [pager, ...words] = (process.env["PAGER"] ?? "less").split(/ +/);
  if (!pager || pager === "cat") return false;
  try {
    const env = { ...process.env, LESS: process.env["LESS"] ?? LESS };
    const { exitCode } = Bun.spawnSync([pager, ...words], {
      env,
      stdin: new TextEncoder().encode(text),
      stdout: "inherit",
      stderr: "inherit",
    });
    return exitCode === 0;
  } catch {
    return false;
  }
}
