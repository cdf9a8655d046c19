import { open, stat } from "node:fs/promises";
import { ShopError } from "../base/errors";

/** How far into a file reading has come. */
export type FileProgress = (bytesDone: number, bytesTotal: number) => void;

/** Longer than any row; a file without the ends of its lines would be read into memory whole. */
export const LONGEST_LINE = 1_048_576;

/** More than any catalog or any shop's orders; a small file can unpack to as much as there is memory. */
export const MOST_BYTES_UNPACKED = 8_589_934_592;

/** The lines of a text file, plain or compressed. Throws `invalid` for one that is too long, and for a file that is. */
export async function* readLines(
  path: string,
  progress: FileProgress = () => {},
  { longestLine = LONGEST_LINE, mostBytes = MOST_BYTES_UNPACKED } = {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  /** The line that is not whole yet, in the pieces that came. */
  let pieces: string[] = [];
  let [length, line, bytes] = [0, 1, 0];
  const add = (piece: string) => {
    length += piece.length;
    if (length > longestLine) throw tooLong(path, line, longestLine);
    pieces.push(piece);
  };
  try {
    for await (const chunk of await openPlain(path, progress)) {
      bytes += chunk.byteLength;
      if (bytes > mostBytes) throw new ShopError("invalid", `${path} unpacks to more than ${mostBytes} bytes.`);
      const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\n");
      add(first);
      for (const next of others) {
        yield pieces.join("");
        line++;
        pieces = [];
        length = 0;
        add(next);
      }
    }
    // Throws where the last character is cut in half.
    add(decoder.decode());
  } catch (error) {
    throw asUnreadable(path, error);
  }
  if (length > 0) yield pieces.join("");
}

const tooLong = (path: string, line: number, longest: number) =>
  new ShopError("invalid", `${path}: line ${line} is longer than ${longest} characters. Nothing of it was read.`);

const ZSTD = "28b52ffd";
const GZIP = "1f8b";

async function openPlain(path: string, progress: FileProgress): Promise<ReadableStream<Bun.BufferSource>> {
  const total = await sizeOf(path);
  const start = await firstBytes(path);
  let done = 0;
  const counter = new TransformStream<Uint8Array, Bun.BufferSource>({
    transform(chunk, next) {
      progress((done += chunk.length), total);
      next.enqueue(chunk);
    },
  });
  const file = Bun.file(path).stream().pipeThrough(counter);
  // Not node:zlib, whose zstd takes a file that was cut off for a whole one.
  if (start.startsWith(ZSTD)) return file.pipeThrough(new DecompressionStream("zstd"));
  if (start.startsWith(GZIP)) return file.pipeThrough(new DecompressionStream("gzip"));
  return file;
}

async function sizeOf(path: string): Promise<number> {
  try {
    const entry = await stat(path);
    if (entry.isFile()) return entry.size;
  } catch (error) {
    throw asUnreadable(path, error);
  }
  throw new ShopError("invalid", `${path} is not a file.`);
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead).toString("hex");
  } finally {
    await file.close();
  }
}

export const isEmpty = (path: string) => new ShopError("invalid", `${path} is empty.`);

/** How many bad lines a refusal names: a person who gave the wrong file sees it by the first. */
const NAMED = 5;

/** What is thrown for a file of which nothing could be read. */
export function noneReadable(path: string, problems: readonly { line: number; problem: string }[]): ShopError {
  return new ShopError("invalid", `Not one row of ${path} can be read. Nothing was changed.`, {
    errors: problems
      .slice(0, NAMED)
      .map(({ line, problem }) => ({ path: `line ${line}`, message: problem, code: "unreadable" })),
  });
}

const REASONS: Record<string, string> = {
  ENOENT: "there is no such file",
  ERR_ENCODING_INVALID_ENCODED_DATA:
    "it is not UTF-8 (iconv -f WINDOWS-1252 -t UTF-8 makes it so where Windows wrote it)",
};

function asUnreadable(path: string, error: unknown): ShopError {
  if (error instanceof ShopError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  const reason = REASONS[code] ?? message.replace(/\.$/, "");
  return new ShopError("invalid", `${path} can't be read: ${reason}. Nothing was changed.`, {}, { cause: error });
}
