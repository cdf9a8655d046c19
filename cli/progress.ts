import type { Progress } from "./terminal";

const SHOWN_AFTER_MS = 1_000;
const REDRAWN_EVERY_MS = 100;
/** Where lines are kept, as in a log, a bar that redraws itself would only fill it. */
const REPEATED_EVERY_MS = 10_000;
const WIDTH = 28;

/**
 * Bars that appear when something takes longer than a second. On a terminal they share one line, and are gone after `clear`:
 * whatever else is written there clears it first, so that no command has to think of ending its bar when it fails.
 */
export function createBars(stream: Pick<NodeJS.WriteStream, "isTTY" | "write">, now = () => performance.now()) {
  let standing = false;
  let latest: (() => string) | undefined;
  return {
    bar(label: string, ifStopped = ""): Progress {
      latest ??= () => `Stopped. ${ifStopped}`.trimEnd();
      let drawnAt = now() + SHOWN_AFTER_MS - REDRAWN_EVERY_MS;
      let drawn = false;
      return {
        update(done, total) {
          latest = () => `Stopped. ${howFar(label, done, total)} ${ifStopped}`.trimEnd();
          const interval = stream.isTTY || !drawn ? REDRAWN_EVERY_MS : REPEATED_EVERY_MS;
          if (now() - drawnAt < interval) return;
          drawnAt = now();
          drawn = true;
          standing = stream.isTTY;
          stream.write(stream.isTTY ? `${CLEARED}${line(label, done, total)}` : `${line(label, done, total)}\n`);
        },
      };
    },
    /** What is to be said when the program is stopped now; undefined while there is nothing to go on with. */
    lastWords: () => latest?.(),
    clear() {
      if (standing) stream.write(CLEARED);
      standing = false;
    },
  };
}

export type Bars = ReturnType<typeof createBars>;

function howFar(label: string, done: number, total: number | undefined): string {
  const of = total === undefined || total === 0 ? "" : ` of ${total.toLocaleString("en")}`;
  return `${label}: ${done.toLocaleString("en")}${of} done.`;
}

const CLEARED = "\r\x1b[K";

function line(label: string, done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return `${label} ${done.toLocaleString("en")}`;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  return `${label} [${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}] ${Math.floor(share * 100)} %`;
}
