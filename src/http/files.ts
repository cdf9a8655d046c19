import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** A file for browsers: its content in each encoding, made for the first reader and kept. */
export interface WebFile {
  headers: Record<string, string>;
  /** Of the content; each encoding of it has a tag of its own (RFC 9110, 8.8.3). */
  tag: string;
  encoded(encoding: Encoding): Promise<Uint8Array<ArrayBuffer>>;
}

export type Encoding = "br" | "gzip" | "identity";

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  json: "application/json",
  webp: "image/webp",
};

/** Browsers ask each time whether it is still the same: after an upgrade nobody sees the old one. */
export const REVALIDATED = "no-cache";
/** For files that are called by their content, so that what a name stands for never changes. */
export const IMMUTABLE = "public, max-age=31536000, immutable";

/** Brotli's best takes seconds for the megabytes of a documentation page; five is as good as gzip's best and quick. */
const BEST_BROTLI_MOST_BYTES = 200_000;
const QUICK_BROTLI = 5;

/** Makes a file ready to be sent. `ending` names its type. Compressed off the main thread, and never when nobody asks. */
export function webFile(content: string, ending: string, headers: Record<string, string>): WebFile {
  const bytes = Buffer.from(content);
  const quality = bytes.length > BEST_BROTLI_MOST_BYTES ? QUICK_BROTLI : constants.BROTLI_MAX_QUALITY;
  const packed: Record<Encoding, () => Promise<Uint8Array<ArrayBuffer>>> = {
    br: once(async () => {
      const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      return promisify(brotliCompress)(bytes, { params });
    }),
    gzip: once(() => promisify(gzip)(bytes, { level: 9 })),
    identity: async () => bytes,
  };
  return {
    tag: Bun.hash(bytes).toString(36),
    encoded: (encoding) => packed[encoding](),
    headers: {
      "content-type": TYPES[ending] ?? "application/octet-stream",
      "x-content-type-options": "nosniff",
      vary: "accept-encoding",
      ...headers,
    },
  };
}

/** Answers with the file in the best encoding that the caller takes, or with 304 where the caller has that already. */
export async function sendFile({ headers, tag, encoded }: WebFile, request: Request): Promise<Response> {
  const encoding = bestEncoding(request.headers.get("accept-encoding") ?? "");
  const etag = encoding === "identity" ? `"${tag}"` : `"${tag}-${encoding}"`;
  const all = { ...headers, etag };
  if (hasTag(request.headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers: all });
  const coded = encoding === "identity" ? all : { ...all, "content-encoding": encoding };
  return new Response(await encoded(encoding), { headers: coded });
}

function hasTag(header: string | null, etag: string): boolean {
  return header !== null && header.split(",").some((one) => one.trim().replace(/^W\//, "") === etag);
}

/** Over plain HTTP on a name of the local network browsers take gzip alone. An encoding with `q=0` is refused. */
export function bestEncoding(accepted: string): Encoding {
  if (accepted === "") return "identity";
  const takes = (name: string) =>
    accepted.split(",").some((one) => {
      const [encoding, ...parameters] = one.split(";").map((part) => part.trim().toLowerCase());
      return encoding === name && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    });
  return takes("br") ? "br" : takes("gzip") ? "gzip" : "identity";
}

/** Makes something at the first call, and gives the same from then on. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
