import type { Progress } from "./terminal";

const SHOWN_AFTER_MS = 1_000;
const REDRAWN_EVERY_MS = 100;
/** Where lines are kept, as in a log, a bar that redraws itself would only fill it. */
const REPEATED_EVERY_MS = 10_000;
const WIDTH = 28;

/** A bar that appears when something takes longer than a second, and leaves nothing behind on a terminal. */
export function createProgress(label: string, stream: NodeJS.WriteStream, now = () => performance.now()): Progress {
  const startedAt = now();
  let drawnAt = startedAt + SHOWN_AFTER_MS - REDRAWN_EVERY_MS;
  let drawn = false;
  return {
    update(done, total) {
      const interval = stream.isTTY || !drawn ? REDRAWN_EVERY_MS : REPEATED_EVERY_MS;
      if (now() - drawnAt < interval) return;
      drawnAt = now();
      drawn = true;
      stream.write(stream.isTTY ? `\r\x1b[K${line(label, done, total)}` : `${line(label, done, total)}\n`);
    },
    end() {
      if (drawn && stream.isTTY) stream.write("\r\x1b[K");
    },
  };
}

function line(label: string, done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return `${label} ${done.toLocaleString("en")}`;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  return `${label} [${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}] ${Math.floor(share * 100)} %`;
}
