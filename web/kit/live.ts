import { useEffect, useRef } from "preact/hooks";
import { root } from "./place";
import { accessToken } from "./session";

const AGAIN_AFTER_MS = 5_000;

/** What happens together is told of once. */
const TOGETHER_MS = 250;

/**
 * Tells that something happened, as it happens, from a stream of server-sent events. Only while the page is looked at: a browser holds six
 * connections to a shop for all its tabs together, and a stream keeps one.
 */
export function useLive(path: string, onEvent: (types: readonly string[]) => void): void {
  const told = useRef(onEvent);
  told.current = onEvent;
  useEffect(() => {
    let stop = new AbortController();
    // Kept while nobody looks, so that what happens meanwhile is told once somebody does.
    const place = { last: "" };
    let heard: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hear = (type: string) => {
      heard.push(type);
      timer ??= setTimeout(() => {
        const types = heard;
        heard = [];
        timer = undefined;
        told.current(types);
      }, TOGETHER_MS);
    };
    const follow = () => {
      stop.abort();
      stop = new AbortController();
      if (!document.hidden) void listen(path, place, stop.signal, hear);
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", follow);
    };
  }, [path]);
}

/** Goes on after the last event when the stream was cut, until it is stopped or nobody is signed in. */
async function listen(
  path: string,
  place: { last: string },
  signal: AbortSignal,
  tell: (type: string) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const token = await accessToken();
      if (token === undefined) return;
      const headers = {
        accept: "text/event-stream",
        authorization: `Bearer ${token}`,
        ...(place.last !== "" && { "last-event-id": place.last }),
      };
      const response = await fetch(`${root}/api/v1${path}`, { headers, signal });
      if (!response.ok || !response.body) return;
      for await (const { id, type } of eventsIn(response.body)) {
        if (id !== "") place.last = id;
        if (type !== "") tell(type);
      }
    } catch {
      // Cut off, or told to stop: the loop decides.
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
}

async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<{ id: string; type: string }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1] ?? "";
      yield { id: field("id"), type: field("event") };
    }
  }
}
