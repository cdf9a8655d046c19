// What is published as the types of the client; client/index.ts is held to it by test/client/package.test.ts.
import type { Calls, Shapes } from "./types.js";

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
export declare class Problem extends Error {
  name: string;
  readonly problem: Shapes["Problem"];
  readonly headers: Headers;
  constructor(problem: Shapes["Problem"], headers: Headers);
  get code(): string;
}

/** An answer with its headers: the ETag, how many there are in all (`x-total-count`), where the next page is (`link`). */
export interface FullAnswer<Call extends keyof Calls> {
  answer: Calls[Call]["answer"];
  headers: Headers;
}

export interface Client {
  <Call extends keyof Calls>(call: Call, ...given: Arguments<Call>): Promise<Calls[Call]["answer"]>;
  full<Call extends keyof Calls>(call: Call, ...given: Arguments<Call>): Promise<FullAnswer<Call>>;
}

/** A client of a shop: `await shop("GET /orders/{id}", { path: { id: 5 } })` gives the answer; `shop.full(…)` its headers too. */
export declare function createClient(options?: Options): Client;
