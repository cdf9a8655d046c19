import { createClient, Problem, type Shapes } from "../../client";
import { root } from "./place";
import { accessToken, renew } from "./session";

export { Problem, type Shapes };

/** The shop as this page asks it: with the session that is signed in, renewed unseen when it has to be. */
export const shop = createClient({ url: root, token: (refused) => (refused ? renew() : accessToken()) });

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
    return { detail, code, requestId: request_id, fields };
  }
  const isOffline = error instanceof TypeError;
  const detail = isOffline ? "The shop can't be reached. Is there a network?" : String(error);
  return { detail, code: isOffline ? "offline" : "unexpected", fields: {} };
}
