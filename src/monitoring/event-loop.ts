import type { Histogram } from "../base/instruments";

const LOOKED_EVERY_MS = 500;

/** Notes, twice a second, how much later than asked a timer came: what every request waits for as well. */
export function watchEventLoop(lag: Histogram): { stop(): void } {
  let dueAt = performance.now() + LOOKED_EVERY_MS;
  const timer = setInterval(() => {
    lag.observe(Math.max(0, performance.now() - dueAt) / 1000);
    dueAt = performance.now() + LOOKED_EVERY_MS;
  }, LOOKED_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
