import { constants } from "node:os";
import type { Bars } from "./progress";

const STOPPING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A shell expects 128 and the number of the signal. */
const SIGNALLED = 128;
/** How long a command that has to tidy up may take for it. */
const PATIENCE_MS = 5_000;

/**
 * Has the last word when a command is stopped: how far it came, and how to go on. Every step of it was whole, so nothing has
 * to be undone. What serves hears the signals itself, and ends in its own time.
 */
export function listenForSignals(bars: Bars, say: (text: string) => void) {
  let gentle: AbortController | undefined;
  let stoppedBy: (typeof STOPPING)[number] | undefined;
  for (const signal of STOPPING) {
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      const isFirst = stoppedBy === undefined;
      stoppedBy ??= signal;
      if (isFirst) {
        const words = bars.lastWords();
        if (words !== undefined) say(words);
      }
      if (!gentle || !isFirst) process.exit(SIGNALLED + constants.signals[signal]);
      gentle.abort();
      setTimeout(() => process.exit(SIGNALLED + constants.signals[signal]), PATIENCE_MS).unref();
    });
  }
  return {
    /** For a command that has something to write down when it is stopped. It ends by itself then, soon. */
    stopping: (): AbortSignal => (gentle ??= new AbortController()).signal,
    /** What the program ends with, where it was stopped. */
    exitCode: () => (stoppedBy === undefined ? undefined : SIGNALLED + constants.signals[stoppedBy]),
  };
}
