import { closeSync, openSync, writeSync } from "node:fs";
import { ShopError } from "../src/base/errors";
import { reasonOfFile } from "./file-words";

/** A file that is written piece by piece, as things come. */
export interface OutputFile {
  write(text: string): void;
  close(): void;
}

const WRITTEN_AT_ONCE = 65_536;

/** Throws `unusable` where there can be no such file, before anything is done. */
export function openOutput(path: string): OutputFile {
  const file = attempt(path, () => openSync(path, "w"));
  let waiting = "";
  const flush = () => {
    attempt(path, () => writeSync(file, waiting));
    waiting = "";
  };
  // What was written down is kept also where the program is told to stop.
  process.once("exit", flush);
  return {
    write(text) {
      waiting += text;
      if (waiting.length >= WRITTEN_AT_ONCE) flush();
    },
    close() {
      process.off("exit", flush);
      flush();
      closeSync(file);
    },
  };
}

function attempt<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const reason = reasonOfFile(error) ?? String(error);
    throw new ShopError("unusable", `${path} can't be written: ${reason}.`, {}, { cause: error });
  }
}
