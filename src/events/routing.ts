import type { Shop } from "../shop/shop";
import type { Channel } from "./channel";
import { giveWay } from "./give-way";
import { deleteEventsBefore, findUnrouted, givePlaces, holdPlaces } from "./queries";
import { insertDeliveries } from "./delivery-queries";
import { DAY_MS } from "../base/time";

const EVENTS_PER_ROUND = 256;

/** For callers who end when all is done. */
const NEVER = new AbortController().signal;

/** How long it is remembered what happened and who was told. */
const EVENT_DAYS = 30;

/**
 * Gives every new event its place among all events and a delivery for each listener that is to hear of it. Each event is routed
 * once, whichever of several processes does it. Returns how many there were.
 */
export async function routeEvents(shop: Shop, channels: readonly Channel[], stopping = NEVER): Promise<number> {
  let routed = 0;
  // Looked at first, so that a quiet shop writes nothing.
  while (!stopping.aborted && (await findUnrouted(shop.database, 1)).length > 0) {
    await giveWay(stopping);
    const round = await shop.database.transaction(async (tx) => {
      const last = await holdPlaces(tx);
      const events = await findUnrouted(tx, EVENTS_PER_ROUND);
      if (events.length === 0) return 0;
      await givePlaces(
        tx,
        events.map(({ id }) => id),
        last,
      );
      for (const channel of channels) {
        const receivers = await channel.receiversOf(shop, tx, events);
        const deliveries = receivers.map(({ event, target, once_key }) => ({
          outbox_id: event.id,
          channel: channel.name,
          target,
          once_key: once_key ?? null,
        }));
        if (deliveries.length > 0) await insertDeliveries(tx, deliveries, shop.now().toISOString());
      }
      return events.length;
    });
    routed += round;
  }
  return routed;
}

/** Forgets what is older than `EVENT_DAYS`. */
export async function forgetOldEvents(shop: Shop, stopping = NEVER): Promise<void> {
  const before = new Date(shop.now().getTime() - EVENT_DAYS * DAY_MS).toISOString();
  let forgotten: number;
  do {
    forgotten = await shop.database.transaction((tx) => deleteEventsBefore(tx, before, EVENTS_PER_ROUND));
  } while (forgotten > 0 && !stopping.aborted);
}
