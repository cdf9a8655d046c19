import { z } from "zod";
import { Id, LARGEST_ID, Moment, wholeNumberText } from "../base/fields";
import { pageQuery } from "../base/page";

export const DeliveryState = z
  .enum(["waiting", "sent", "given_up", "dropped"])
  .meta({ description: "`dropped`: there was nothing to send any more" });

export const Channel = z.enum(["mail", "webhook", "invoice"]);

const Attempt = z
  .object({
    attempt: z.int(),
    at: Moment,
    took_ms: z.int(),
    status: z.int().nullable().meta({ description: "Of HTTP or SMTP, where there was one" }),
    failure: z.string().nullable().meta({ description: "Why it failed; null where it did not" }),
  })
  .meta({ id: "DeliveryAttempt" });

export const Delivery = z
  .object({
    id: Id,
    channel: Channel,
    target: z.string().meta({ description: "The id of the webhook, or the kind of mail" }),
    state: DeliveryState,
    tries: z.int(),
    next_at: Moment.nullable().meta({ description: "When it is tried next" }),
    ended_at: Moment.nullable(),
    event_id: z.string().meta({ description: "The same at every try: `webhook-id`" }),
    type: z.string(),
    order_id: Id.nullable(),
    created_at: Moment,
    attempts: z.array(Attempt),
  })
  .meta({ id: "Delivery" });

export type Delivery = z.infer<typeof Delivery>;

export const DeliveryQuery = z.strictObject({
  ...pageQuery,
  state: DeliveryState.optional(),
  channel: Channel.optional(),
  order_id: wholeNumberText(1, LARGEST_ID).optional(),
});

export const WebhookDeliveryQuery = z.strictObject({ ...pageQuery, state: DeliveryState.optional() });
