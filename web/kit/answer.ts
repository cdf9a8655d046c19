import { useEffect, useState } from "preact/hooks";
import type { Calls, Given } from "../../client";
import { shop } from "./api";

export interface Answer<T> {
  /** The latest answer; the one before stays while the next is on its way. */
  data?: T;
  failure?: unknown;
  isLoading: boolean;
  again: () => void;
  /** Shows something before the server has said so, or what it said to a change. */
  put: (data: T) => void;
  /** The same for a part of what is shown by then: answers to several changes come in any order. */
  change: (edit: (data: T) => T) => void;
}

/** An answer that is only looked at. */
export type Shown<T> = Omit<Answer<T>, "put" | "change">;

/** Asks whenever one of `about` changes, and forgets what was asked before: answers never overtake each other. */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T>, about: readonly unknown[]): Answer<T> {
  const [state, setState] = useState<{ data?: T; failure?: unknown; isLoading: boolean }>({ isLoading: true });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setState(({ data }) => ({ ...(data === undefined ? {} : { data }), isLoading: true }));
    void (async () => {
      try {
        const data = await ask(stop.signal);
        if (!stop.signal.aborted) setState({ data, isLoading: false });
      } catch (failure) {
        if (stop.signal.aborted) return;
        setState(({ data }) => ({ ...(data === undefined ? {} : { data }), failure, isLoading: false }));
      }
    })();
    return () => stop.abort();
  }, [...about, round]);
  return {
    ...state,
    again: () => setRound((before) => before + 1),
    put: (data) => setState({ data, isLoading: false }),
    change: (edit) =>
      setState((before) =>
        before.data === undefined ? before : { data: edit(before.data), isLoading: before.isLoading },
      ),
  };
}

/** A page of a list, and how many there are in all. */
export interface Page<Row> {
  rows: readonly Row[];
  total: number;
}

/** What a call is given; what is empty or undefined in its query is not asked. */
type Asking<Call extends keyof Calls> = {
  [Part in keyof Given<Call>]: Part extends "query"
    ? { [Name in keyof NonNullable<Given<Call>[Part]>]?: NonNullable<Given<Call>[Part]>[Name] | "" | undefined }
    : Given<Call>[Part];
};
type Words<Call extends keyof Calls> =
  Partial<Given<Call>> extends Given<Call> ? [given?: Asking<Call>] : [given: Asking<Call>];

/** The answer to a call; to none where it is not to be asked. */
export const useCall = <Call extends keyof Calls>(
  call: Call | false,
  ...[given]: Words<Call>
): Answer<Calls[Call]["answer"]> =>
  useAnswer<Calls[Call]["answer"]>(
    // What is empty in it is left out by `shop`; what is not asked has no answer, as before one came.
    async (signal) => (call ? shop(call, ...([{ ...given, signal }] as never)) : undefined),
    [call, JSON.stringify(given)],
  );

type RowOf<Call extends keyof Calls> = Calls[Call]["answer"] extends readonly (infer Row)[] ? Row : never;

/** A page of a list: its headers say how many there are. */
export const usePage = <Call extends keyof Calls>(call: Call, ...[given]: Words<Call>): Answer<Page<RowOf<Call>>> =>
  useAnswer(
    async (signal) => {
      const { answer, headers } = await shop.full(call, ...([{ ...given, signal }] as never));
      // A list of what the type says.
      return { rows: answer as unknown as readonly RowOf<Call>[], total: Number(headers.get("x-total-count")) };
    },
    [call, JSON.stringify(given)],
  );
