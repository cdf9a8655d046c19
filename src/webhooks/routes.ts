import { z } from "zod";
import { IdPath } from "../base/fields";
import { listDeliveries, retryDelivery } from "../events/deliveries";
import { Delivery, DeliveryQuery, WebhookDeliveryQuery } from "../events/delivery-schema";
import { adminRoutes, type Web } from "../http/access";
import { answerPage, answerWhole } from "../http/lists";
import { takes } from "../http/declared";
import { failures } from "../http/problem";
import { NewWebhook, Webhook, WebhookChange, WebhookWithSecret } from "./schema";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhook,
  testWebhook,
} from "./webhooks";

/** A hundred deliveries with nine tries each are half a megabyte: 60 ms on PostgreSQL, 300 where nothing of them is in memory. */
const DELIVERIES_MS = 400;

export const webhookRoutes = (web: Web) =>
  adminRoutes(web, "webhooks")
    .get("/webhooks", async ({ shop, request, set }) => answerWhole({ request, set }, await listWebhooks(shop)), {
      response: { 200: z.array(Webhook) },
      detail: { summary: "List the webhooks" },
    })
    .post("/webhooks", async ({ shop, body, status }) => status(201, await createWebhook(shop, body)), {
      body: NewWebhook,
      response: { 201: WebhookWithSecret, ...failures(409) },
      detail: {
        summary: "Have another program told of what happens",
        description:
          "Events are sent by POST as `{ type, timestamp, data }`, at least once each, signed after Standard Webhooks 1.0 with the `secret`, which is shown this once. An answer of 2xx within 15 seconds takes it; anything else is tried again for three days.",
      },
    })
    .get("/webhooks/:id", ({ shop, params }) => getWebhook(shop, params.id), {
      params: IdPath,
      response: { 200: Webhook, ...failures(404) },
      detail: { summary: "Show a webhook" },
    })
    .patch("/webhooks/:id", ({ shop, params, body }) => changeWebhook(shop, params.id, body), {
      params: IdPath,
      body: WebhookChange,
      response: { 200: Webhook, ...failures(404) },
      detail: { summary: "Change, pause or resume a webhook", description: "What is absent stays." },
    })
    .delete(
      "/webhooks/:id",
      async ({ shop, params, set }) => {
        await deleteWebhook(shop, params.id);
        set.status = 204;
      },
      {
        params: IdPath,
        response: { 204: z.void(), ...failures(404) },
        detail: { summary: "Remove a webhook, with what it was to get" },
      },
    )
    .post("/webhooks/:id/rotation", ({ shop, params }) => rotateWebhook(shop, params.id), {
      params: IdPath,
      response: { 200: WebhookWithSecret, ...failures(404) },
      detail: {
        summary: "Give a webhook a new secret",
        description: "Shown this once. For a day everything is signed with the one before too.",
      },
    })
    .post("/webhooks/:id/test", async ({ shop, params, status }) => status(202, await testWebhook(shop, params.id)), {
      params: IdPath,
      response: { 202: Webhook, ...failures(404) },
      detail: {
        summary: "Send a `webhook.test`",
        description: "What came of it is among its deliveries a moment later.",
      },
    })
    .get(
      "/webhooks/:id/deliveries",
      async ({ shop, params, query, request, set }) => {
        await getWebhook(shop, params.id);
        const filter = { channel: "webhook" as const, target: String(params.id), state: query.state };
        return answerPage({ query, request, set }, (page) => listDeliveries(shop, filter, page));
      },
      {
        params: IdPath,
        query: WebhookDeliveryQuery,
        response: { 200: z.array(Delivery), ...failures(404) },
        detail: {
          ...takes({ most_ms: DELIVERIES_MS }),
          summary: "List what a webhook was sent, newest first, with every try",
        },
      },
    )
    .get(
      "/deliveries",
      ({ shop, query, request, set }) =>
        answerPage({ query, request, set }, (page) => listDeliveries(shop, query, page)),
      {
        query: DeliveryQuery,
        response: { 200: z.array(Delivery) },
        detail: {
          ...takes({ most_ms: DELIVERIES_MS }),
          summary: "List all mails and webhooks that were sent or are to be, newest first",
        },
      },
    )
    .post("/deliveries/:id/retry", ({ shop, params }) => retryDelivery(shop, params.id), {
      params: IdPath,
      response: { 200: Delivery, ...failures(404) },
      detail: { summary: "Send a delivery again, with all its tries before it" },
    });
