import { clientNetworks } from "../base/client-network";
import { ShopError } from "../base/errors";
import { findEventAt, findEventsAfter, findLastPlace } from "../events/queries";
import type { EventType, ShopEvent } from "../events/schema";
import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";

/** What admins hear of as it happens. */
export const ADMIN_TYPES = [
  "order.placed",
  "order.paid",
  "order.cancelled",
  "order.refunded",
  "return.requested",
  "stock.low",
  "payment.flagged",
  "delivery.given_up",
] as const satisfies readonly EventType[];

/** Which events a stream is about. */
export type Subject = { order_id: number } | { types: readonly EventType[] };

const STREAMS_MOST = 1_000;
const STREAMS_PER_USER_MOST = 10;
/** Whoever makes up guests has as many users as they like: so many of one client, and a whole site can't take them all. */
const STREAMS_PER_CLIENT_MOST = 50;
export const EVENTS_A_TIME = 100;
const LOOK_EVERY_MS = 1_000;
/** Connections on which nothing is said are cut by servers and proxies, ours after 30 seconds. */
const HEARTBEAT_MS = 15_000;
/** How soon a stream ends after the session that it was opened with. */
const SESSION_LOOK_MS = 5_000;

interface Streams {
  /** Of each user, and of each network, how many are open. */
  open: Map<number | string, number>;
  total: number;
  /** The last place that this process has seen, looked up once for all streams. */
  lastPlace: number;
  lookedAt: number;
  ending: AbortController;
}

const streamsOf = perShop((): Streams => ({
  open: new Map(),
  total: 0,
  lastPlace: 0,
  lookedAt: 0,
  ending: new AbortController(),
}));

/** Events in their order, after a place. */
export const eventsAfter = ({ database }: Shop, after: number, subject: Subject): Promise<ShopEvent[]> =>
  findEventsAfter(database, after, subject, EVENTS_A_TIME);

export const lastPlace = ({ database }: Shop): Promise<number> => findLastPlace(database);

/** How far a reader has come: the place of the last event that was heard, and, where it is known, which event that was. */
export interface Seen {
  place: number;
  mark?: string | undefined;
}

const CURSOR = /^(\d{1,15})(?:-([0-9a-f]{8}))?$/;
const MARK_LENGTH = 8;

/** Undefined for what is no cursor. The bare place, as it stands in `id`, is one too. */
export function seenIn(cursor: string): Seen | undefined {
  const [, place, mark] = CURSOR.exec(cursor) ?? [];
  return place === undefined ? undefined : { place: Number(place), mark };
}

/** The place of an event and the end of its own id: another history has another event at the same place. */
export const cursorOf = ({ position, event_id }: Pick<ShopEvent, "position" | "event_id">): string =>
  cursorAt({ place: position ?? 0, mark: markOf(event_id) });

const markOf = (eventId: string): string => eventId.slice(-MARK_LENGTH);

const cursorAt = ({ place, mark }: Seen): string => (mark === undefined ? `${place}` : `${place}-${mark}`);

/** The place after which a reader goes on. */
export interface Start {
  after: number;
  /** What the reader comes back with who hears nothing. */
  cursor: string;
  /** Fresh for who has seen nothing; `missed` where what followed on what was seen can't all be told any more. */
  is: "fresh" | "resumed" | "missed";
}

/**
 * Where a reader goes on who has seen events so far. After a backup was put back the last ones are gone and their places are
 * given again: who has seen an event that is not this shop's any more starts anew, as who has seen nothing does, `first`. Who
 * comes back when what was seen is forgotten hears what is left.
 */
export async function startAfter(shop: Shop, seen: Seen | undefined, first: number): Promise<Start> {
  const { database } = shop;
  const startAt = async (place: number, is: Start["is"]): Promise<Start> => {
    const event = await findEventAt(database, place);
    return { after: place, cursor: event ? cursorOf(event) : `${place}`, is };
  };
  if (seen === undefined) return startAt(first, "fresh");
  const goOn = (is: Start["is"]): Start => ({ after: seen.place, cursor: cursorAt(seen), is });
  const event = await findEventAt(database, seen.place);
  if (event) {
    const isSame = seen.mark === undefined || seen.mark === markOf(event.event_id);
    return isSame ? goOn("resumed") : startAt(first, "missed");
  }
  const last = await lastPlace(shop);
  if (seen.place > last) return startAt(first, "missed");
  return goOn(seen.place === 0 || seen.place === last ? "resumed" : "missed");
}

/**
 * Events as server-sent events, from after a place on, for as long as `isAllowed` says and the caller listens. Throws
 * `too_many_requests` where too many are open.
 */
export function openStream(
  shop: Shop,
  userId: number,
  {
    start,
    subject,
    isAllowed,
    gone,
    address,
  }: {
    start: Start;
    subject: Subject;
    isAllowed: () => Promise<boolean>;
    gone: AbortSignal;
    address: string | null;
  },
): ReadableStream<Uint8Array> {
  const streams = streamsOf(shop);
  const networks = shop.settings.rateLimit ? clientNetworks(address) : [];
  const counted = [userId, ...networks.map(({ key }) => key)];
  const openOf = (key: number | string) => streams.open.get(key) ?? 0;
  const isTooMany =
    openOf(userId) >= STREAMS_PER_USER_MOST ||
    networks.some(({ key, times }) => openOf(key) >= STREAMS_PER_CLIENT_MOST * times);
  if (isTooMany || streams.total >= STREAMS_MOST) {
    const details = { retry_after_seconds: 30 };
    throw new ShopError("too_many_requests", "Too many streams are open: close some first.", details);
  }
  for (const key of counted) streams.open.set(key, openOf(key) + 1);
  streams.total++;
  const over = new AbortController();
  const ended = AbortSignal.any([gone, over.signal, streams.ending.signal]);
  let isCounted = true;
  const leave = () => {
    if (!isCounted) return;
    isCounted = false;
    streams.total--;
    for (const key of counted) {
      const left = openOf(key) - 1;
      if (left > 0) streams.open.set(key, left);
      else streams.open.delete(key);
    }
  };
  const text = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    start(controller) {
      void (async () => {
        try {
          for await (const message of messages(shop, { start, subject, isAllowed, ended })) {
            controller.enqueue(text.encode(message));
            // A reader that does not read is not written for.
            while ((controller.desiredSize ?? 1) < -EVENTS_A_TIME && !ended.aborted) await pause(LOOK_EVERY_MS, ended);
          }
          controller.close();
        } catch (error) {
          if (!ended.aborted) shop.log("warn", "A stream of events failed.", { error: String(error) });
          controller.error(error);
        } finally {
          leave();
        }
      })();
    },
    cancel() {
      over.abort();
      leave();
    },
  });
}

/** Ends all streams: before a server does. Their readers come back to another with what they saw last. */
export function endStreams(shop: Pick<Shop, "state">): void {
  const streams = streamsOf(shop);
  streams.ending.abort();
  streams.ending = new AbortController();
}

async function* messages(
  shop: Shop,
  {
    start,
    subject,
    isAllowed,
    ended,
  }: { start: Start; subject: Subject; isAllowed: () => Promise<boolean>; ended: AbortSignal },
): AsyncGenerator<string> {
  // With an id of its own: who is cut off before anything happened comes back with it, and misses nothing either.
  yield `retry: ${LOOK_EVERY_MS * 3}\nid: ${start.cursor}\n\n`;
  if (start.is === "missed") yield resetAt(start.cursor, shop.now());
  let last = start.after;
  let saidAt = performance.now();
  let allowedAt = saidAt;
  while (!ended.aborted) {
    const events = (await newestPlace(shop)) > last ? await eventsAfter(shop, last, subject) : [];
    for (const event of events) {
      last = event.position ?? last;
      yield messageOf(event);
    }
    const now = performance.now();
    if (events.length > 0) saidAt = now;
    else if (now - saidAt >= HEARTBEAT_MS) {
      saidAt = now;
      yield ":\n\n";
    }
    if (now - allowedAt >= SESSION_LOOK_MS) {
      allowedAt = now;
      if (!(await isAllowed())) return;
    }
    if (events.length < EVENTS_A_TIME) await pause(LOOK_EVERY_MS, ended);
  }
}

/** One look a second, however many streams there are. */
async function newestPlace(shop: Shop): Promise<number> {
  const streams = streamsOf(shop);
  const now = performance.now();
  if (now - streams.lookedAt >= LOOK_EVERY_MS / 2) {
    streams.lookedAt = now;
    streams.lastPlace = await findLastPlace(shop.database);
  }
  return streams.lastPlace;
}

const messageOf = (event: ShopEvent): string =>
  `id: ${cursorOf(event)}\nevent: ${event.type}\ndata: ${JSON.stringify({ timestamp: event.created_at, ...event.data })}\n\n`;

/** What followed on what the reader has seen is not all there. With its id the reader comes back to what is. */
const resetAt = (cursor: string, now: Date): string =>
  `id: ${cursor}\nevent: reset\ndata: ${JSON.stringify({ timestamp: now.toISOString() })}\n\n`;

function pause(milliseconds: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (ended.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      ended.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    ended.addEventListener("abort", done);
  });
}
