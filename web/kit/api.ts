import { signal } from "@preact/signals";
import { type Calls, createClient, type Client, Problem, type Shapes } from "../../client";
import * as words from "../words/kit";
import { page, root } from "./place";
import { accessToken, renew } from "./session";

export { Problem, type Shapes };

const client = createClient({ url: root, token: (refused) => (refused ? renew() : accessToken()) });

/** A call that a page has made, as a program would make it from elsewhere. */
export interface MadeCall {
  call: string;
  given: { path?: object; query?: object; body?: unknown; ifMatch?: string; idempotencyKey?: string };
  /** The address of the page that made it. */
  by: string;
}

const CALLS_KEPT = 30;

/** The latest calls, the last one last: each page shows what is behind it. */
export const calls = signal<readonly MadeCall[]>([]);

function note(call: string, { signal: _, ...given }: MadeCall["given"] & { signal?: AbortSignal } = {}): void {
  // A password is shown to nobody.
  if (page !== "admin" || call.includes("/auth/")) return;
  const made: MadeCall = { call, given, by: location.pathname };
  const key = JSON.stringify(made);
  calls.value = [...calls.value.filter((one) => JSON.stringify(one) !== key), made].slice(-CALLS_KEPT);
}

/** How whoever sits here is asked who they are once more. */
export const confirming = { ask: () => Promise.resolve(false) };

const full = async (call: keyof Calls, given?: MadeCall["given"]) => {
  // What nobody has filled in is not asked.
  const said = Object.entries(given?.query ?? {}).filter(([, value]) => value !== "" && value !== undefined);
  const asked = { ...given, ...(said.length > 0 && { query: Object.fromEntries(said) }) };
  note(call, asked);
  const send = () => client.full(call, asked);
  try {
    return await send();
  } catch (error) {
    const isAsked = error instanceof Problem && error.code === "confirmation_needed";
    if (isAsked && (await confirming.ask())) return send();
    throw error;
  }
};

/** What stands in a field and can't be taken for what belongs there. */
export class Misread extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** The shop as this page asks it: with the session of whoever is signed in, renewed unseen when it has to be. */
export const shop = Object.assign(
  async (...[call, given]: Parameters<typeof full>) => (await full(call, given)).answer,
  { full },
) as Client;

export interface Failure {
  /** A sentence for a person. */
  detail: string;
  code: string;
  /** What to say when asking the shop's developer. */
  requestId?: string;
  /** What is wrong with a field, by its name. */
  fields: Record<string, string>;
}

/** Whatever was thrown, in words. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Problem) {
    const { detail, code, request_id, errors } = error.problem;
    const fields = Object.fromEntries((errors ?? []).map(({ path, message }) => [path, message]));
    // What is amiss, and not that a program finds it in the errors.
    const said = code === "invalid" && errors ? [...new Set(Object.values(fields))].join(" ") : detail;
    return { detail: said || detail, code, requestId: request_id, fields };
  }
  const isOffline = error instanceof TypeError;
  const detail = isOffline ? words.unreachable : error instanceof Error ? error.message : String(error);
  const fields = error instanceof Misread ? { [error.field]: detail } : {};
  return { detail, code: isOffline ? "offline" : "unexpected", fields };
}
