import { arrivalOf } from "../http/arrival";
import { Elysia } from "elysia";
import { z } from "zod";
import { IdPath, Moment } from "../base/fields";
import type { ShopEvent } from "../events/schema";
import { adminRoutes, userRoutes, type Web } from "../http/access";
import { failures } from "../http/problem";
import { getOrder, getOwnOrder } from "../orders/orders";
import {
  ADMIN_TYPES,
  cursorOf,
  EVENTS_A_TIME,
  eventsAfter,
  lastPlace,
  openStream,
  type Seen,
  seenIn,
  type Start,
  startAfter,
  type Subject,
} from "./live";

export const eventRoutes = (web: Web) => new Elysia().use(orderEvents(web)).use(adminEvents(web));

const LiveEvent = z
  .object({
    id: z.int().meta({ description: "Its place among all events" }),
    cursor: z.string().meta({
      description:
        "Its place, and which event that is: send the last one as `after`, or as Last-Event-ID, to go on from there",
    }),
    type: z.string(),
    timestamp: Moment,
    data: z.custom<Record<string, unknown>>().meta({ type: "object" }),
  })
  .meta({ id: "LiveEvent" });

type LiveEvent = z.infer<typeof LiveEvent>;

const EventQuery = z.strictObject({
  after: z
    .string()
    .transform((text, context) => {
      const seen = seenIn(text);
      if (seen) return seen;
      context.addIssue({ code: "custom", message: "Give the cursor of the last event that was seen, or its id." });
      return z.NEVER;
    })
    .optional()
    .meta({
      anyOf: [{ type: "integer", minimum: 0 }, { type: "string" }],
      description: "Instead of Last-Event-ID: the cursor of the last event that was seen, or its id",
    }),
});

const live = {
  description: `With \`Accept: text/event-stream\` a stream of server-sent events, which goes on after \`Last-Event-ID\` and ends with the session; else the next ${EVENTS_A_TIME} as JSON. Where the event that was seen last is not this shop's any more, as after a backup was put back, the stream begins with an event \`reset\` and goes on as for somebody who has seen nothing, and JSON does the same; where it is forgotten, it begins with \`reset\` and goes on with what is left.`,
  responses: {
    200: {
      description: "As JSON or as a stream",
      content: { "text/event-stream": { schema: { type: "string" as const } } },
    },
  },
};

const orderEvents = (web: Web) =>
  userRoutes(web, "orders", "/orders").get(
    "/:id/events",
    async ({ user, params, query, request }) => {
      const { database } = web.shop;
      await (user.is_admin ? getOrder(database, params.id) : getOwnOrder(database, params.id, user.id));
      const start = await startAfter(web.shop, query.after ?? lastEventId(request), 0);
      return answer(web, user.id, request, { start, subject: { order_id: params.id } });
    },
    {
      params: IdPath,
      query: EventQuery,
      response: { 200: z.array(LiveEvent), ...failures(404) },
      detail: { summary: "Follow what happens to my order", ...live },
    },
  );

const adminEvents = (web: Web) =>
  adminRoutes(web, "orders", "/admin").get(
    "/events",
    async ({ shop, user, query, request }) => {
      // Who has seen nothing is told of what happens from now on; as JSON, of the latest.
      const from = wantsStream(request) ? await lastPlace(shop) : Math.max(0, (await lastPlace(shop)) - EVENTS_A_TIME);
      const start = await startAfter(shop, query.after ?? lastEventId(request), from);
      return answer(web, user.id, request, { start, subject: { types: ADMIN_TYPES } });
    },
    {
      query: EventQuery,
      response: { 200: z.array(LiveEvent) },
      detail: { summary: "Follow new orders, returns, low stock and what needs a person", ...live },
    },
  );

const wantsStream = (request: Request): boolean => /\btext\/event-stream\b/i.test(request.headers.get("accept") ?? "");

function lastEventId(request: Request): Seen | undefined {
  const id = request.headers.get("last-event-id");
  return id === null ? undefined : seenIn(id);
}

async function answer(
  { shop, identify }: Web,
  userId: number,
  request: Request,
  { start, subject }: { start: Start; subject: Subject },
): Promise<LiveEvent[]> {
  if (!wantsStream(request)) return (await eventsAfter(shop, start.after, subject)).map(shown);
  const token = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const isAllowed = () =>
    identify(token).then(
      ({ is_admin }) => "order_id" in subject || is_admin,
      () => false,
    );
  const stream = openStream(shop, userId, {
    start,
    subject,
    isAllowed,
    gone: request.signal,
    address: arrivalOf(request).address,
  });
  const headers = { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" };
  // A Response passes by the route's schema, whose type knows JSON alone.
  return new Response(stream, { headers }) as unknown as LiveEvent[];
}

const shown = ({ position, event_id, type, created_at, data }: ShopEvent): LiveEvent => ({
  id: position ?? 0,
  cursor: cursorOf({ position, event_id }),
  type,
  timestamp: created_at,
  data,
});
