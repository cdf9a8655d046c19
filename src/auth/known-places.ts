import { networkOf } from "../base/client-network";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { deleteKnownPlaces, hasKnownPlace, upsertKnownPlace } from "./known-place-queries";
import { DAY_MS } from "../base/time";

/** How long a place where an account signed in is one that its owner usually comes from. */
const USUAL_DAYS = 90;

/** A customer who always comes from elsewhere must not fill the database. */
const MOST_PLACES = 50;

/** Notes that the account was signed in to from there, and forgets where it was not lately. */
export async function rememberPlace(
  shop: Shop,
  tx: Transaction,
  userId: number,
  address: string | null,
): Promise<void> {
  if (address === null) return;
  await upsertKnownPlace(tx, { user_id: userId, client: networkOf(address), last_seen_at: shop.now().toISOString() });
  await deleteKnownPlaces(tx, userId, { before: usualSince(shop), beyond: MOST_PLACES });
}

/** Whether the account of this e-mail was signed in to from there lately. */
export async function isKnownPlace(
  shop: Pick<Shop, "database" | "now">,
  emailKey: string,
  address: string | null,
): Promise<boolean> {
  return address !== null && (await hasKnownPlace(shop.database, emailKey, networkOf(address), usualSince(shop)));
}

function usualSince({ now }: Pick<Shop, "now">): string {
  return new Date(now().getTime() - USUAL_DAYS * DAY_MS).toISOString();
}
