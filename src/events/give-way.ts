/** A turn of the event loop takes less, unless requests wait for theirs. */
const BUSY_TURN_MS = 4;
const TURNS = 3;
/** While requests wait, sending works one part of this many. */
const SHARE = 20;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Waits while the server is busy: what is sold goes before what is told. One long turn may be chance, several in a row are
 * not. It never waits for good, so that under load that does not end something is still sent.
 */
export async function giveWay(stopping: AbortSignal): Promise<void> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < TURNS && shortest > BUSY_TURN_MS && !stopping.aborted; turn++) {
    const start = performance.now();
    await new Promise((resolve) => setImmediate(resolve));
    shortest = Math.min(shortest, performance.now() - start);
  }
  if (shortest > BUSY_TURN_MS && Number.isFinite(shortest)) {
    await Bun.sleep(Math.min(LONGEST_PAUSE_MS, shortest * SHARE));
  }
}
