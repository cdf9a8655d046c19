import { Elysia } from "elysia";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Settings } from "../shop/settings";
import { findArrival } from "./arrival";
import { bestEncoding, type Encoding } from "./files";

/** Below this an answer fits a packet or two anyway. */
const SMALLEST_BYTES = 1_400;
/** What is larger is a file, which comes compressed, or an export, which would hold up everybody else. */
const LARGEST_BYTES = 2_000_000;

/** Quick ones: they take 10 to 100 microseconds for a page of a list, and leave a tenth of it. */
const GZIP = { level: 4 };
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 2 } };

const TEXT = /^(application\/(problem\+)?json|application\/openmetrics-text|text\/(?!event-stream))/;

/**
 * Beside a secret, what an attacker can have echoed would tell it by its length: answers with tokens are never compressed.
 * (Over HTTP/1.1 as over 2; see the BREACH attack.)
 */
const SECRET = /^\/api\/v1\/(auth|keys|webhooks)(\/|$)/;

type Handler = (request: Request, ...more: unknown[]) => Response | Promise<Response>;

/**
 * Large answers go out as the caller takes them, in brotli or gzip. Events are passed on as they come, and files are compressed
 * already. It stands within the memory of answers, so that what is asked for again was compressed once.
 */
export function compression({ compression }: Pick<Settings, "compression">): Elysia {
  const plugin = new Elysia({ name: "compression" });
  if (!compression) return plugin;
  // Elysia types what it wraps as any function.
  return plugin.wrap((handle) => (request: Request, ...more: unknown[]) => {
    const answer = (handle as unknown as Handler)(request, ...more);
    return answer instanceof Promise ? answer.then((response) => finish(request, response)) : finish(request, answer);
  });
}

function finish(request: Request, answer: Response): Response | Promise<Response> {
  const accepted = request.headers.get("accept-encoding");
  // What is sent as it is, is good for everybody: a cache may give it to all.
  if (accepted === null || !isCompressible(request, answer)) return answer;
  return compressed(answer, bestEncoding(accepted));
}

function isCompressible(request: Request, { headers, body }: Response): boolean {
  if (body === null || request.method === "HEAD" || headers.has("content-encoding")) return false;
  if (!TEXT.test(headers.get("content-type") ?? "")) return false;
  return !SECRET.test(findArrival(request)?.path ?? "") && !/\baccept-encoding\b/.test(headers.get("vary") ?? "");
}

async function compressed(answer: Response, encoding: Encoding): Promise<Response> {
  const headers = new Headers(answer.headers);
  // A cache on the way must not give the one to a client that takes only the other.
  headers.append("vary", "accept-encoding");
  const { status } = answer;
  if (encoding === "identity") return new Response(answer.body, { status, headers });
  const whole = new Uint8Array(await answer.arrayBuffer());
  if (whole.length < SMALLEST_BYTES || whole.length > LARGEST_BYTES) return new Response(whole, { status, headers });
  const bytes = encoding === "br" ? brotliCompressSync(whole, BROTLI) : gzipSync(whole, GZIP);
  headers.set("content-encoding", encoding);
  headers.delete("content-length");
  const etag = headers.get("etag");
  if (etag !== null) headers.set("etag", etagIn(etag, encoding));
  return new Response(bytes, { status, headers });
}

/** A strong tag names these very bytes (RFC 9110, 8.8.3): `"3-12"` is `"3-12-br"` in brotli. */
const etagIn = (etag: string, encoding: string): string =>
  etag.startsWith('"') ? etag.replace(/"$/, `-${encoding}"`) : etag;
