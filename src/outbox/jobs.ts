import { deliveriesEnded, isDelivering, startDeliveries } from "../events/delivering";
import { forgetOldEvents, routeEvents } from "../events/routing";
import type { Job } from "../jobs/registry";
import type { Shop } from "../shop/shop";
import { channels } from "./channels";

const LOOK_EVERY_MS = 1_000;

/**
 * Sends what happened to those who hear of it. As long as something is under way it looks again each second, so that
 * nobody new waits for a receiver that takes its time.
 */
export async function sendEvents(shop: Shop, stopping: AbortSignal): Promise<void> {
  do {
    await routeEvents(shop, channels, stopping);
    await startDeliveries(shop, channels, stopping);
    await Promise.race([deliveriesEnded(shop), pause(stopping)]);
  } while (isDelivering(shop) && !stopping.aborted);
  await deliveriesEnded(shop);
}

export const outboxJobs: readonly Job[] = [
  { name: "send events", schedule: () => ({ everySeconds: LOOK_EVERY_MS / 1000 }), work: sendEvents },
  { name: "forget old events", schedule: () => ({ everySeconds: 3_600 }), work: forgetOldEvents },
];

function pause(stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LOOK_EVERY_MS);
    stopping.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
