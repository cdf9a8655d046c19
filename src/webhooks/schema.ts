import { z } from "zod";
import { Id, Moment, text } from "../base/fields";
import { WEBHOOK_TYPES } from "../events/schema";

const WebhookType = z.enum(WEBHOOK_TYPES).meta({ id: "WebhookType" });

const types = z.array(WebhookType).min(1).max(WEBHOOK_TYPES.length).meta({ description: "Which events it is told of" });

const url = text(2_000).meta({
  description: "Where events are sent by POST: `https://…`, in development also `http://…`",
  example: "https://example.com/hooks/sanset",
});

export const NewWebhook = z.strictObject({ url, types }).meta({
  id: "NewWebhook",
  example: { url: "https://example.com/hooks/sanset", types: ["order.placed", "order.paid"] },
});

export type NewWebhook = z.infer<typeof NewWebhook>;

export const WebhookChange = z
  .strictObject({
    url: url.optional(),
    types: types.optional(),
    state: z.enum(["active", "paused"]).optional().meta({
      description: "While it is paused, what happens waits, for 30 days at most",
    }),
  })
  .meta({ id: "WebhookChange" });

export type WebhookChange = z.infer<typeof WebhookChange>;

export const Webhook = z
  .object({
    id: Id,
    url: z.string(),
    types: z.array(WebhookType),
    state: z
      .enum(["active", "paused", "ended"])
      .meta({ description: "`ended`: the receiver answered 410; set it to `active` to go on" }),
    rotated_at: Moment.nullable().meta({ description: "For a day after this the secret before signs too" }),
    created_at: Moment,
  })
  .meta({ id: "Webhook" });

export type Webhook = z.infer<typeof Webhook>;

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().meta({ description: "Signs what is sent, after Standard Webhooks. Shown this once" }),
}).meta({ id: "WebhookWithSecret" });

export type WebhookWithSecret = z.infer<typeof WebhookWithSecret>;
