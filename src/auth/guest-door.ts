import { type Account, findAccount, isEmailTaken } from "../accounts/queries";
import { promoteGuest } from "../accounts/guest-queries";
import { hashPassword } from "../accounts/passwords";
import type { Registration, User } from "../accounts/schema";
import { ShopError } from "../base/errors";
import { recordEvent } from "../events/events";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import type { SignedIn } from "./schema";
import { endSessionsOf } from "./session-queries";
import type { Joining } from "./sign-in";

/** Brings what a guest has into an account. Given by the app: carts and orders stand above the door. */
export type MergeGuest = (shop: Shop, tx: Transaction, guestId: number, userId: number) => Promise<void>;

/** The guest whose token comes with a sign-in or a registration, if there is one. A wrong or an old token is none. */
export async function guestOf(
  shop: Shop,
  request: Request,
  identify: (token: string) => Promise<SignedIn>,
): Promise<number | undefined> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token === undefined) return undefined;
  try {
    const { id } = await identify(token);
    return (await findAccount(shop.database, id))?.is_guest ? id : undefined;
  } catch (error) {
    if (error instanceof ShopError) return undefined;
    throw error;
  }
}

/** Lets a sign-in bring along what the guest has whose token comes with it. */
export async function joiningGuest(
  { shop, identify }: { shop: Shop; identify: (token: string) => Promise<SignedIn> },
  request: Request,
  mergeGuest: MergeGuest,
): Promise<Joining> {
  const guestId = await guestOf(shop, request, identify);
  return async (tx, userId) => {
    if (guestId !== undefined) await mergeGuest(shop, tx, guestId, userId);
  };
}

/**
 * Makes a guest an account: their cart, addresses and orders stay theirs, their sessions end. Undefined for an account that is no guest
 * any more. Throws `duplicate` when the e-mail has an account.
 */
export async function promote(
  shop: Shop,
  guestId: number,
  { password, ...person }: Registration,
  client: readonly string[],
): Promise<User | undefined> {
  const password_hash = await hashPassword(shop, password, client);
  return shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    if (await isEmailTaken(tx, person.email)) {
      throw new ShopError("duplicate", "There is an account with this e-mail already.");
    }
    const account = await promoteGuest(tx, guestId, { ...person, password_hash }, now);
    if (!account) return undefined;
    await endSessionsOf(tx, guestId, now);
    await recordEvent(tx, "user.registered", { user_id: guestId }, now);
    return withoutPassword(account);
  });
}

const withoutPassword = ({ password_hash: _, ...user }: Account): User => user;
