import type { Calls, Shapes } from "./types";

export type { Calls, Shapes };

/** What a call is given beside its name. */
export type Given<Call extends keyof Calls> = Omit<Calls[Call], "answer"> & { signal?: AbortSignal };
type Arguments<Call extends keyof Calls> =
  Partial<Given<Call>> extends Given<Call> ? [given?: Given<Call>] : [given: Given<Call>];

export interface Options {
  /** Where the shop is, such as https://api.shop.example. In a page that the shop itself serves: nothing. */
  url?: string;
  /** A token that is good now. Asked again, with `true`, when the shop refused the last one: then give a new one, or undefined. */
  token?: (refused: boolean) => Promise<string | undefined> | string | undefined;
  /** What asks, where it is not the `fetch` of this place. */
  fetch?: (url: string, request: RequestInit) => Promise<Response>;
}

/** What a call that failed throws: RFC 9457, with a `code` to program against and, for invalid input, `errors` by field. */
export class Problem extends Error {
  override name = "Problem";

  constructor(
    readonly problem: Shapes["Problem"],
    readonly headers: Headers,
  ) {
    super(problem.detail);
  }

  get code(): string {
    return this.problem.code;
  }
}

/** An answer with its headers: the ETag, how many there are in all (`x-total-count`), where the next page is (`link`). */
export interface FullAnswer<Call extends keyof Calls> {
  answer: Calls[Call]["answer"];
  headers: Headers;
}

/**
 * A client of a shop: `await shop("GET /orders/{id}", { path: { id: 5 } })` gives the answer; `shop.full(…)` its headers too.
 * Throws `Problem` for what the shop refuses, and whatever `fetch` throws where the shop can't be reached.
 */
export function createClient({ url = "", token, fetch: ask = (...words) => fetch(...words) }: Options = {}) {
  async function send(call: string, given: LooseGiven, refused: boolean): Promise<Response> {
    const [method = "", pattern = ""] = call.split(" ");
    const bearer = await token?.(refused);
    const response = await ask(addressOf(url, pattern, given), {
      method,
      headers: headersOf(given, bearer),
      body: bodyOf(given.body),
      signal: given.signal ?? null,
    });
    // A body is made anew for each try: one that was sent can't be sent again.
    return response.status === 401 && token && !refused ? send(call, given, true) : response;
  }

  async function full<Call extends keyof Calls>(call: Call, ...[given]: Arguments<Call>): Promise<FullAnswer<Call>> {
    const response = await send(call, given ?? {}, false);
    const answer = await read(response);
    if (!response.ok) throw new Problem(problemOf(answer, response), response.headers);
    return { answer: answer as Calls[Call]["answer"], headers: response.headers };
  }

  const client = async <Call extends keyof Calls>(call: Call, ...given: Arguments<Call>) =>
    (await full(call, ...given)).answer;
  return Object.assign(client, { full });
}

export type Client = ReturnType<typeof createClient>;

interface LooseGiven {
  path?: Record<string, unknown>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  ifMatch?: string;
  ifNoneMatch?: string;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

function addressOf(url: string, pattern: string, { path, query = {} }: LooseGiven): string {
  const place = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path?.[name])));
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, String(value));
  // What stands outside of the API, such as /healthz, is called by its whole path.
  const base = OUTSIDE.test(pattern) ? "" : "/api/v1";
  return `${url}${base}${place}${asked.size > 0 ? `?${asked.toString()}` : ""}`;
}

const OUTSIDE = /^\/($|healthz|readyz|metrics|api-endpoints)/;

function headersOf({ body, ifMatch, ifNoneMatch, idempotencyKey }: LooseGiven, bearer: string | undefined): Headers {
  const headers = new Headers();
  if (bearer) headers.set("authorization", `Bearer ${bearer}`);
  if (ifMatch) headers.set("if-match", ifMatch);
  if (ifNoneMatch) headers.set("if-none-match", ifNoneMatch);
  if (idempotencyKey) headers.set("idempotency-key", idempotencyKey);
  if (body !== undefined && !isRaw(body)) headers.set("content-type", "application/json");
  return headers;
}

const isRaw = (body: unknown): body is Blob | string => typeof body === "string" || body instanceof Blob;

function bodyOf(body: unknown): Blob | string | null {
  if (body === undefined) return null;
  return isRaw(body) ? body : JSON.stringify(body);
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return undefined;
  return /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : text;
}

/** What a proxy in between answers is no problem of ours, but is told like one. */
function problemOf(answer: unknown, { status, statusText }: Response): Shapes["Problem"] {
  if (typeof answer === "object" && answer !== null && "code" in answer) return answer as Shapes["Problem"];
  const detail = `The shop answered ${status} ${statusText}.`;
  return { type: "about:blank", title: statusText, status, detail, code: "unreadable_answer", request_id: "" };
}
