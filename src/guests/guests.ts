import { deleteGuests, endGuest, findOldGuests, insertGuest, isGuest, type OldGuest } from "../accounts/guest-queries";
import { moveAddresses } from "../accounts/address-queries";
import { openSession, type Renewal } from "../auth/sessions";
import { endSessionsOf } from "../auth/session-queries";
import { ShopError } from "../base/errors";
import type { Origin } from "../base/origin";
import { turns } from "../base/turns";
import { mergeCarts } from "../carts/merge";
import { moveUses } from "../coupons/queries";
import { clientsGuests } from "../orders/limits";
import { findOrderOfLink, forgetOldLinks } from "../orders/order-links";
import { moveOrders } from "../orders/queries";
import { moveEvents } from "../recommend/evaluate/queries";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { DAY_MS } from "../base/time";

/**
 * Opens a session for a customer who does not say who they are; with the token of a mail, for the guest who placed that
 * order. Throws `forbidden` where the shop wants accounts, `not_signed_in` for a token that opens nothing, and
 * `too_many_requests` where a client made too many of them.
 */
export async function enterAsGuest(shop: Shop, orderToken: string | undefined, origin: Origin): Promise<Renewal> {
  if (orderToken !== undefined) return enterByLink(shop, orderToken, origin);
  if (!shop.settings.guestCheckout) {
    throw new ShopError("forbidden", "This shop sells to customers with an account: register, or sign in.");
  }
  const others = clientsGuests(shop, origin.address);
  others.check();
  others.count();
  return shop.database.transaction(async (tx) => {
    const id = await insertGuest(tx, `guest:${shop.newId()}`, shop.now().toISOString());
    return openSession(shop, tx, id, origin);
  });
}

async function enterByLink(shop: Shop, token: string, origin: Origin): Promise<Renewal> {
  const order = await findOrderOfLink(shop, token);
  return shop.database.transaction(async (tx) => {
    // Who has an account by now signs in to it: a link in a mail opens no account.
    if (!order || !(await isGuest(tx, order.user_id))) {
      throw new ShopError("not_signed_in", "This link opens nothing any more. Sign in to see your orders.");
    }
    return openSession(shop, tx, order.user_id, origin);
  });
}

/**
 * A guest has signed in to an account: their cart, addresses, orders and what they looked at are the account's from now on,
 * and the guest is no more. Nothing happens for who is no guest (any more). Belongs into the transaction of the sign-in.
 */
export async function mergeGuest(shop: Shop, tx: Transaction, guestId: number, userId: number): Promise<void> {
  const now = shop.now().toISOString();
  // The guest's row is held first: of two sign-ins with one guest, one merges.
  if (guestId === userId || !(await endGuest(tx, guestId, now))) return;
  await mergeCarts(tx, guestId, userId, now);
  await moveAddresses(tx, guestId, userId);
  await moveOrders(tx, guestId, userId);
  await moveUses(tx, guestId, userId);
  await moveEvents(tx, guestId, userId);
  await endSessionsOf(tx, guestId, now);
}

const GUESTS_PER_TRANSACTION = 200;

/** Forgets guests who ordered nothing and have not been seen for so many days, and links that are too old. */
export async function forgetGuests(shop: Shop, stopping?: AbortSignal): Promise<number> {
  const before = new Date(shop.now().getTime() - shop.settings.guestDays * DAY_MS).toISOString();
  await forgetOldLinks(shop);
  let [forgotten, last] = [0, undefined as OldGuest | undefined];
  for (;;) {
    if (stopping?.aborted) return forgotten;
    const guests = await findOldGuests(shop.database, before, GUESTS_PER_TRANSACTION, last);
    last = guests.at(-1);
    if (last === undefined) return forgotten;
    const ids = guests.filter(({ stays }) => stays === 0).map(({ id }) => id);
    if (ids.length > 0) forgotten += await shop.database.transaction((tx) => deleteGuests(tx, ids));
    await turns.yield();
  }
}
