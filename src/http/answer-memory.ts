import { Elysia } from "elysia";
import { API } from "../base/api";
import type { Shop } from "../shop/shop";
import { arrivalOf, findArrival } from "./arrival";
import { bestEncoding } from "./files";

/** The routes whose answers hang on the database alone, for callers without a token: catalog, search, recommendations. */
const REMEMBERED = /^\/(products|categories|search|recommend\/popular)(\/|$)/;

/** What a newer model changes comes to light a moment after it was written. */
const LONGEST_MS = 1_000;

/** One answer takes no more than this part of the memory. */
const LARGEST_SHARE = 1 / 16;

/** What is of one call alone, and not remembered. */
const OWN_HEADERS = new Set(["x-request-id", "ratelimit", "ratelimit-policy", "date"]);

interface Remembered {
  /** The state of the database that it was made of. */
  version: number;
  /** On the clock of performance.now(). */
  madeAt: number;
  body: Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
}

type Handler = (request: Request, ...more: unknown[]) => Response | Promise<Response>;

const VERSION = Symbol("version");

/** The version that was there when a request came, on the request itself. */
interface Versioned {
  [VERSION]?: number;
}

const noteVersion = (request: Request & Versioned, version: number): void => {
  request[VERSION] = version;
};

/**
 * Answers between two commits: what was read since the last change of the database is answered from memory, byte for byte.
 * Without it the same would be read again, and be the same. Kept are the answers that were asked for last.
 */
export function answerMemory(shop: Shop): Elysia {
  const plugin = new Elysia({ name: "answer-memory" });
  const { answerMemory: megabytes, answerMemorySeconds } = shop.settings;
  if (megabytes === "off") return plugin;
  const memory = new AnswerMemory(megabytes * 1_048_576);
  // Where the database does not say what it is at, answers may be as old as the setting lets them.
  const versionNow = () => shop.database.version() ?? (answerMemorySeconds > 0 ? 0 : undefined);
  const longestMs = () =>
    shop.database.version() === undefined ? Math.min(LONGEST_MS * 5, answerMemorySeconds * 1000) : LONGEST_MS;
  plugin.onRequest(({ request, set }) => {
    if (!isRemembered(request)) return undefined;
    const version = versionNow();
    if (version === undefined) return undefined;
    const known = memory.get(keyOf(request), version, longestMs());
    if (known) {
      // What is of this call alone comes from `set`; `vary` has what the answer hangs on, its encoding too.
      const headers = { ...set.headers, ...known.headers } as Record<string, string>;
      // Elysia would add each of these to the answer once more, at twice the price.
      set.headers = {};
      return new Response(known.body, { headers });
    }
    noteVersion(request, version);
    return undefined;
  });
  const finish = (request: Request & Versioned, answer: Response): Response | Promise<Response> => {
    const version = request[VERSION];
    if (version === undefined || answer.status !== 200 || !answer.headers.has("content-type")) return answer;
    return remember(request, answer, version);
  };
  const remember = async (request: Request, answer: Response, version: number): Promise<Response> => {
    const body = new Uint8Array(await answer.arrayBuffer());
    const headers = [...answer.headers];
    // What was read while others wrote may be of before or after.
    if (versionNow() === version && !isEmptySearch(request, body)) {
      memory.set(keyOf(request), {
        version,
        madeAt: performance.now(),
        body,
        headers: Object.fromEntries(headers.filter(([name]) => !OWN_HEADERS.has(name))),
      });
    }
    return new Response(body, { status: 200, headers });
  };
  plugin.wrap((handle) => (request: Request & Versioned, ...more: unknown[]) => {
    const answer = (handle as unknown as Handler)(request, ...more);
    return answer instanceof Promise ? answer.then((response) => finish(request, response)) : finish(request, answer);
  });
  return plugin;
}

function isRemembered(request: Request): boolean {
  if (request.method !== "GET") return false;
  const path = findArrival(request)?.path ?? "";
  if (!path.startsWith(API) || !REMEMBERED.test(path.slice(API.length))) return false;
  const { headers } = request;
  return !headers.has("authorization") && !headers.has("cookie") && !headers.has("if-none-match");
}

/** Browsers of several sites get headers of their own, and callers the encoding that they take. */
const keyOf = (request: Request): string => {
  const { path, query } = arrivalOf(request);
  const encoding = bestEncoding(request.headers.get("accept-encoding") ?? "");
  return `${path}?${query}\n${request.headers.get("origin") ?? ""}\n${encoding}`;
};

/** Every search that finds nothing is counted, for the shopkeeper. */
const isEmptySearch = (request: Request, body: Uint8Array): boolean =>
  arrivalOf(request).path.startsWith(`${API}/search`) && NOTHING.test(new TextDecoder().decode(body.subarray(0, 16)));
const NOTHING = /^(\[\]$|\{"total":0,)/;

/** Answers by what was asked, those asked for last, up to so many bytes. */
export class AnswerMemory {
  private readonly answers = new Map<string, Remembered>();
  private bytes = 0;

  constructor(private readonly most: number) {}

  get size(): number {
    return this.bytes;
  }

  get(key: string, version: number, longestMs: number): Remembered | undefined {
    const known = this.answers.get(key);
    if (!known) return undefined;
    this.answers.delete(key);
    if (known.version !== version || performance.now() - known.madeAt > longestMs) {
      this.bytes -= sizeOf(key, known);
      return undefined;
    }
    this.answers.set(key, known);
    return known;
  }

  set(key: string, answer: Remembered): void {
    const size = sizeOf(key, answer);
    if (size > this.most * LARGEST_SHARE) return;
    const before = this.answers.get(key);
    if (before) this.bytes -= sizeOf(key, before);
    this.answers.delete(key);
    this.answers.set(key, answer);
    this.bytes += size;
    for (const [oldest, forgotten] of this.answers) {
      if (this.bytes <= this.most) return;
      this.answers.delete(oldest);
      this.bytes -= sizeOf(oldest, forgotten);
    }
  }
}

/** What an entry costs beside its bytes. */
const OVERHEAD = 400;

const sizeOf = (key: string, { body, headers }: Remembered): number =>
  OVERHEAD + 2 * key.length + body.byteLength + 60 * Object.keys(headers).length;
