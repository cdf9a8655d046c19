import { newToken, tokenHash } from "../auth/opaque-tokens";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { deleteLinksBefore, findLinked, insertLink } from "./order-link-queries";
import { DAY_MS } from "../base/time";

const LINK_DAYS = 90;

/**
 * A token that lets its holder see an order, for a link in a mail. Only its hash is kept: it can't be read again, and
 * belongs into no table, list, log or webhook.
 */
export async function createOrderLink(shop: Shop, tx: Transaction, orderId: number): Promise<string> {
  const token = newToken();
  const expires = new Date(shop.now().getTime() + LINK_DAYS * DAY_MS);
  await insertLink(tx, { token_hash: tokenHash(token), order_id: orderId, expires_at: expires.toISOString() });
  return token;
}

/** The order that a token is for, and whose it is. Undefined for one that is wrong, or too old. */
export function findOrderOfLink(shop: Shop, token: string): Promise<{ order_id: number; user_id: number } | undefined> {
  return findLinked(shop.database, tokenHash(token), shop.now().toISOString());
}

export async function forgetOldLinks(shop: Shop): Promise<void> {
  await shop.database.transaction((tx) => deleteLinksBefore(tx, shop.now().toISOString()));
}
