import { ShopError } from "../base/errors";
import { findEventsAfter, findLastPlace } from "../events/queries";
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
export const EVENTS_A_TIME = 100;
const LOOK_EVERY_MS = 1_000;
/** Connections on which nothing is said are cut by servers and proxies, ours after 30 seconds. */
const HEARTBEAT_MS = 15_000;
/** How soon a stream ends after the session that it was opened with. */
const SESSION_LOOK_MS = 5_000;

interface Streams {
  /** Of each user, how many are open. */
  open: Map<number, number>;
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

/** The place after which a reader goes on, and whether that is not the one that was asked for. */
export interface Start {
  after: number;
  isAnew: boolean;
}

/**
 * Where a reader goes on who has seen events up to a place. After a backup was put back the last ones are gone, and their places are
 * given again: who has seen them starts anew, as who has seen nothing does, `first`.
 */
export async function startAfter(shop: Shop, seen: number | undefined, first: number): Promise<Start> {
  if (seen === undefined) return { after: first, isAnew: false };
  const isGone = seen > (await lastPlace(shop));
  return { after: isGone ? first : seen, isAnew: isGone };
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
  }: { start: Start; subject: Subject; isAllowed: () => Promise<boolean>; gone: AbortSignal },
): ReadableStream<Uint8Array> {
  const streams = streamsOf(shop);
  const own = streams.open.get(userId) ?? 0;
  if (own >= STREAMS_PER_USER_MOST || streams.total >= STREAMS_MOST) {
    const details = { retry_after_seconds: 30 };
    throw new ShopError("too_many_requests", "Too many streams are open: close some first.", details);
  }
  streams.open.set(userId, own + 1);
  streams.total++;
  const over = new AbortController();
  const ended = AbortSignal.any([gone, over.signal, streams.ending.signal]);
  let isCounted = true;
  const leave = () => {
    if (!isCounted) return;
    isCounted = false;
    streams.total--;
    const left = (streams.open.get(userId) ?? 1) - 1;
    if (left > 0) streams.open.set(userId, left);
    else streams.open.delete(userId);
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
  yield `retry: ${LOOK_EVERY_MS * 3}\n\n`;
  let last = start.after;
  if (start.isAnew) yield resetAt(last, shop.now());
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
  `id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify({ timestamp: event.created_at, ...event.data })}\n\n`;

/** What the reader has seen is not there any more. With its id the reader comes back to what is. */
const resetAt = (place: number, now: Date): string =>
  `id: ${place}\nevent: reset\ndata: ${JSON.stringify({ timestamp: now.toISOString() })}\n\n`;

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
