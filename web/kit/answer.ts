import { useEffect, useState } from "preact/hooks";

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

/** An answer of the shop as a page of a list: its headers say how many there are. */
export async function pageOf<Row>(asked: Promise<{ answer: readonly Row[]; headers: Headers }>): Promise<Page<Row>> {
  const { answer, headers } = await asked;
  return { rows: answer, total: Number(headers.get("x-total-count")) };
}
