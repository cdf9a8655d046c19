import { API } from "../base/api";
import { memoized } from "../base/memoized";
import type { Shop } from "../shop/shop";
import type { Arrival } from "./arrival";
import type { RouteRule } from "./declared";
import { bestEncoding } from "./files";
import { requestIdFor } from "./response-headers";

/** The routes whose answers hang on the database alone, for callers without a token: catalog, search, recommendations. */
const REMEMBERED = /^\/api\/v1\/(products|categories|search|recommend\/popular)(\/|$)/;

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

type Answer = Response | Promise<Response>;

/** Answers a call from memory, or has it answered, and keeps that. */
export type Remembering = (request: Request, arrival: Arrival, make: () => Answer) => Answer;

/**
 * Answers between two commits: what was read since the last change of the database is answered from memory, byte for byte.
 * Without it the same would be read again, and be the same. Kept are the answers that were asked for last. It stands before
 * all of Elysia, whose way to an answer costs more than most of these. Undefined where nothing is to be remembered.
 */
export function answerMemory(shop: Shop): Remembering | undefined {
  const { database, settings } = shop;
  const { answerMemory: megabytes, answerMemorySeconds } = settings;
  if (megabytes === "off") return undefined;
  const memory = new AnswerMemory(megabytes * 1_048_576);
  // Where the database does not say what it is at, answers may be as old as the setting lets them.
  const versionNow = () => database.version() ?? (answerMemorySeconds > 0 ? 0 : undefined);
  const longestMs = database.isShared ? Math.min(LONGEST_MS * 5, answerMemorySeconds * 1000) : LONGEST_MS;
  const isRemembered = memoized((rule: RouteRule) => REMEMBERED.test(rule.path));
  const keep = async (arrival: Arrival, key: string, version: number, answer: Response): Promise<Response> => {
    const body = new Uint8Array(await answer.arrayBuffer());
    const headers = [...answer.headers];
    // What was read while others wrote may be of before or after.
    if (versionNow() === version && !isEmptySearch(arrival, body)) {
      const lasting = Object.fromEntries(headers.filter(([name]) => !OWN_HEADERS.has(name)));
      memory.set(key, { version, madeAt: performance.now(), body, headers: lasting });
    }
    return new Response(body, { status: 200, headers });
  };
  return (request, arrival, make) => {
    const { rule } = arrival;
    if (rule?.method !== "GET" || !isRemembered(rule) || !isForEverybody(request)) return make();
    const version = versionNow();
    if (version === undefined) return make();
    const key = keyOf(request, arrival);
    const known = memory.get(key, version, longestMs, arrival.arrivedAt);
    if (known) return new Response(known.body, { headers: { ...known.headers, ...ownHeaders(request, arrival) } });
    const finish = (answer: Response): Answer =>
      answer.status === 200 && answer.headers.has("content-type") ? keep(arrival, key, version, answer) : answer;
    const answer = make();
    return answer instanceof Promise ? answer.then(finish) : finish(answer);
  };
}

/** Whether the answer is the same for whoever asks. */
function isForEverybody({ method, headers }: Request): boolean {
  return method === "GET" && !headers.has("authorization") && !headers.has("cookie") && !headers.has("if-none-match");
}

function ownHeaders(request: Request, { limits }: Arrival): Record<string, string> {
  const id = { "x-request-id": requestIdFor(request) };
  return limits ? { ...id, ratelimit: limits.left, "ratelimit-policy": limits.policy } : id;
}

/** Browsers of several sites get headers of their own, and callers the encoding that they take. */
function keyOf({ headers }: Request, { path, query }: Arrival): string {
  const encoding = bestEncoding(headers.get("accept-encoding") ?? "");
  return `${path}?${query}\n${headers.get("origin") ?? ""}\n${encoding}`;
}

/** Every search that finds nothing is counted, for the shopkeeper. */
const isEmptySearch = ({ path }: Arrival, body: Uint8Array): boolean =>
  path.startsWith(`${API}/search`) && NOTHING.test(new TextDecoder().decode(body.subarray(0, 16)));
const NOTHING = /^(\[\]$|\{"total":0,)/;

/** Answers by what was asked, those asked for last, up to so many bytes. */
export class AnswerMemory {
  private readonly answers = new Map<string, Remembered>();
  private bytes = 0;

  constructor(private readonly most: number) {}

  get size(): number {
    return this.bytes;
  }

  /** What is known under a key, unless it is of another version or older than `longestMs` at the moment `now`. */
  get(key: string, version: number, longestMs: number, now = performance.now()): Remembered | undefined {
    const known = this.answers.get(key);
    if (!known) return undefined;
    this.answers.delete(key);
    if (known.version !== version || now - known.madeAt > longestMs) {
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
