import { ShopError } from "../base/errors";
import { fileSource, type Source } from "./source";
import { type Encoding, encodingOf, lineEndOf } from "./text";
import { unreadable } from "./unreadable";

/** How far into a file reading has come. */
export type FileProgress = (bytesDone: number, bytesTotal: number) => void;

/** Longer than any row; a file without the ends of its lines would be read into memory whole. */
export const LONGEST_LINE = 1_048_576;

/** More than any catalog or any shop's orders; a small file can unpack to as much as there is memory. */
const MOST_BYTES_UNPACKED = 8_589_934_592;

interface Limits {
  longestLine?: number;
  mostBytes?: number;
  /** Where the file does not say it itself. */
  encoding?: string | undefined;
}

/**
 * The lines of a text, plain or compressed, in UTF-8, in UTF-16 or as `encoding` says. Throws `invalid` for one that is too
 * long, and for a file that is.
 */
export async function* readLines(
  from: string | Source,
  progress: FileProgress = () => {},
  { longestLine = LONGEST_LINE, mostBytes = MOST_BYTES_UNPACKED, encoding }: Limits = {},
): AsyncGenerator<string> {
  const source = typeof from === "string" ? await fileSource(from) : from;
  /** The line that is not whole yet, in the pieces that came. */
  let pieces: string[] = [];
  let [length, line] = [0, 1];
  const add = (piece: string) => {
    length += piece.length;
    if (length > longestLine) throw tooLong(source.name, line, longestLine);
    pieces.push(piece);
  };
  let end: "\n" | "\r" | undefined;
  /** What came before it was known where lines end. */
  let start = "";
  try {
    for await (const piece of readText(source, progress, mostBytes, encoding)) {
      const text = start + piece;
      end ??= lineEndOf(text) ?? (text.length > longestLine ? "\n" : undefined);
      start = end === undefined ? text : "";
      if (end === undefined) continue;
      const [first = "", ...others] = text.split(end);
      add(first);
      for (const next of others) {
        yield pieces.join("");
        line++;
        pieces = [];
        length = 0;
        add(next);
      }
    }
    add(start);
  } catch (error) {
    throw unreadable(source.name, error);
  }
  if (length > 0) yield pieces.join("").replace(/\r$/, end === undefined ? "" : "\r");
}

async function* readText(
  source: Source,
  progress: FileProgress,
  mostBytes: number,
  encoding: string | undefined,
): AsyncGenerator<string> {
  let decoder = encoding === undefined ? undefined : decoderOf(encoding);
  let bytes = 0;
  for await (const chunk of await openPlain(source, progress)) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw new ShopError("invalid", `${source.name} unpacks to more than ${mostBytes} bytes.`);
    decoder ??= decoderOf(encodingOf(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)) ?? "utf-8");
    yield decoder.decode(chunk, { stream: true });
  }
  // Throws where the last character is cut in half.
  if (decoder) yield decoder.decode();
}

function decoderOf(encoding: string): TextDecoder {
  try {
    // What is none is refused below.
    return new TextDecoder(encoding as Encoding, { fatal: true });
  } catch {
    throw new ShopError("invalid", "There is no such encoding: say utf-8, utf-16le, windows-1252 or the like.");
  }
}

const tooLong = (name: string, line: number, longest: number) =>
  new ShopError("invalid", `${name}: line ${line} is longer than ${longest} characters. Nothing of it was read.`);

const ZSTD = "28b52ffd";
const GZIP = "1f8b";

/** What begins so is no text, and what a person does then. */
const NO_TEXT: Record<string, string> = {
  "504b0304": "it is a workbook or an archive. Save its sheet as CSV, or unpack it",
  d0cf11e0: "it is an old workbook. Save its sheet as CSV",
  "25504446": "it is a PDF. Export it as CSV where it comes from",
};

async function openPlain({ blob, name }: Source, progress: FileProgress): Promise<ReadableStream<NodeJS.TypedArray>> {
  const total = blob.size;
  const start = Buffer.from(await blob.slice(0, 4).arrayBuffer()).toString("hex");
  const why = NO_TEXT[start];
  if (why !== undefined) throw new ShopError("invalid", `${name} can't be read: ${why}. Nothing was changed.`);
  let done = 0;
  const counter = new TransformStream<Uint8Array, Bun.BufferSource>({
    transform(chunk, next) {
      progress((done += chunk.length), total);
      next.enqueue(chunk);
    },
  });
  const file = blob.stream().pipeThrough(counter);
  // Not node:zlib, whose zstd takes a file that was cut off for a whole one.
  if (start.startsWith(ZSTD)) return file.pipeThrough(new DecompressionStream("zstd"));
  if (start.startsWith(GZIP)) return file.pipeThrough(new DecompressionStream("gzip"));
  // Every chunk is one of bytes: what makes the stream says it more loosely.
  return file as ReadableStream<Uint8Array>;
}
