import { ShopError } from "../base/errors";
import { recordEvent } from "../events/events";
import { deleteDeliveriesTo } from "../events/delivery-queries";
import type { Shop } from "../shop/shop";
import { checkUrl } from "./address";
import {
  deleteWebhookRow,
  findWebhook,
  insertWebhook,
  listWebhookRows,
  rotateSecret,
  type StoredWebhook,
  updateWebhook,
} from "./queries";
import type { NewWebhook, Webhook, WebhookChange, WebhookWithSecret } from "./schema";
import { secretOf } from "./signing";

/** Each event is written once for each webhook. */
const WEBHOOKS_MOST = 50;

export async function listWebhooks({ database }: Shop): Promise<Webhook[]> {
  return (await listWebhookRows(database)).map(shown);
}

/** Throws `invalid` for an address that may not be called, and `conflict` where there are too many. */
export async function createWebhook(shop: Shop, { url, types }: NewWebhook): Promise<WebhookWithSecret> {
  checkUrl(shop.settings, url);
  const webhook = await shop.database.transaction(async (tx) => {
    if ((await listWebhookRows(tx)).length >= WEBHOOKS_MOST) {
      throw new ShopError("conflict", `A shop has ${WEBHOOKS_MOST} webhooks at most.`);
    }
    return insertWebhook(tx, { url, types: [...new Set(types)], created_at: shop.now().toISOString() });
  });
  return withSecret(shop, webhook);
}

/** Changes what is given. Set to `active`, it gets what has waited. Throws `not_found`, and `invalid` as `createWebhook`. */
export async function changeWebhook(shop: Shop, id: number, change: WebhookChange): Promise<Webhook> {
  if (change.url !== undefined) checkUrl(shop.settings, change.url);
  return shown(known(await shop.database.transaction((tx) => updateWebhook(tx, id, change))));
}

/** Nothing is sent there any more, and it is forgotten what was. Throws `not_found`. */
export function deleteWebhook(shop: Shop, id: number): Promise<void> {
  return shop.database.transaction(async (tx) => {
    if ((await deleteWebhookRow(tx, id)) === 0) throw noWebhook();
    await deleteDeliveriesTo(tx, "webhook", String(id));
  });
}

/** Gives a new secret. For a day what is sent is signed with the one before too. Throws `not_found`. */
export async function rotateWebhook(shop: Shop, id: number): Promise<WebhookWithSecret> {
  const webhook = known(await shop.database.transaction((tx) => rotateSecret(tx, id, shop.now().toISOString())));
  return withSecret(shop, webhook);
}

/** Sends a `webhook.test`, in its turn as everything else. Throws `not_found`. */
export function testWebhook(shop: Shop, id: number): Promise<Webhook> {
  return shop.database.transaction(async (tx) => {
    const webhook = known(await findWebhook(tx, id));
    await recordEvent(tx, "webhook.test", { webhook_id: id }, shop.now().toISOString());
    return shown(webhook);
  });
}

/** Throws `not_found`. */
export async function getWebhook({ database }: Shop, id: number): Promise<Webhook> {
  return shown(known(await findWebhook(database, id)));
}

const withSecret = ({ settings }: Shop, webhook: StoredWebhook): WebhookWithSecret => ({
  ...shown(webhook),
  secret: secretOf(settings, webhook),
});

const shown = ({ generation: _, ...webhook }: StoredWebhook): Webhook => webhook;

function known(webhook: StoredWebhook | undefined): StoredWebhook {
  if (!webhook) throw noWebhook();
  return webhook;
}

const noWebhook = () => new ShopError("not_found", "There is no such webhook.");
