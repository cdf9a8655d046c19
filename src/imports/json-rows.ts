import { ShopError } from "../base/errors";
import { type FileProgress, readLines } from "./files";
import type { Source } from "./source";
import { isEmpty } from "./unreadable";

/** What a line says, as far as it is JSON at all. */
export type JsonRow = { line: number; json: unknown } | { line: number; problem: string };

/** The lines of a file of JSON lines; undefined where it is something else. Throws `invalid` for JSON that is written otherwise. */
export async function jsonRows(
  source: Source,
  encoding?: string,
  progress?: FileProgress,
): Promise<AsyncGenerator<JsonRow> | undefined> {
  for await (const text of readLines(source, undefined, { encoding })) {
    const start = text.trim();
    if (start === "") continue;
    if (start.startsWith("[") || start === "{") {
      throw new ShopError("invalid", `${source.name} can't be read: give one JSON object a line. Nothing was changed.`);
    }
    return start.startsWith("{") ? parsedLines(source, encoding, progress) : undefined;
  }
  throw isEmpty(source.name);
}

async function* parsedLines(source: Source, encoding?: string, progress?: FileProgress): AsyncGenerator<JsonRow> {
  let line = 0;
  for await (const text of readLines(source, progress, { encoding })) {
    line++;
    if (text.trim() !== "") yield { line, ...parsed(text) };
  }
}

function parsed(text: string): { json: unknown } | { problem: string } {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { problem: "This is not JSON." };
  }
}
