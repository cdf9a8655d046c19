import type { Channel } from "../events/channel";
import { type Resolve, resolveName } from "./address";
import { findWebhook, listWebhookRows, updateWebhook } from "./queries";
import { sendEvent } from "./sending";

const GONE = 410;

/** Standard Webhooks' own schedule: at once, then after these; the last try comes some three days later. */
const PAUSES_SECONDS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** Webhooks as a channel of the outbox. Each has a worker of its own, so that none waits for a slow one. */
export const webhookChannel = ({
  resolve = resolveName,
  patienceMs,
}: { resolve?: Resolve; patienceMs?: number } = {}): Channel => ({
  name: "webhook",
  atOnce: 8,
  pausesSeconds: PAUSES_SECONDS,
  receiversOf: async (_, reader, events) => {
    const webhooks = (await listWebhookRows(reader)).filter(({ state }) => state !== "ended");
    return events.flatMap((event) =>
      webhooks
        .filter(({ id, types }) =>
          // A test is for the one that is tested.
          event.type === "webhook.test" ? event.data["webhook_id"] === id : types.some((type) => type === event.type),
        )
        .map(({ id }) => ({ event, target: String(id) })),
    );
  },
  targets: async ({ database }) =>
    (await listWebhookRows(database)).filter(({ state }) => state === "active").map(({ id }) => String(id)),
  deliver: async (shop, { target, event }, stopping) => {
    const id = Number(target);
    const webhook = await findWebhook(shop.database, id);
    if (!webhook || webhook.state === "ended") return { is: "dropped" };
    const options = patienceMs === undefined ? { resolve, stopping } : { resolve, stopping, patienceMs };
    const attempt = await sendEvent(shop, webhook, event, options);
    if (attempt.is !== "failed" || attempt.status !== GONE) return attempt;
    return {
      ...attempt,
      failure: "It is gone: nothing more is sent.",
      final: true,
      also: async (tx) => void (await updateWebhook(tx, id, { state: "ended" })),
    };
  },
});
