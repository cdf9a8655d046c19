import { changeAccount, getUserIn } from "../accounts/accounts";
import { hashPassword } from "../accounts/passwords";
import { countWorkingAdmins, deletePasswordReset } from "../accounts/queries";
import type { Standing, User } from "../accounts/schema";
import { addChange, addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { holdLock } from "../storage/locks";
import { deleteEmailTokens } from "./email-token-queries";
import { endSessionsOf } from "./session-queries";

/** Makes an account an admin's or not, and lets it sign in or not. The last working admin stays one: `forbidden`. */
export function setStanding(shop: Shop, id: number, standing: Standing): Promise<User> {
  return shop.database.transaction(async (tx) => {
    // Two admins who demote each other at the same moment would both see the other.
    await holdLock(tx, "admins");
    const before = await getUserIn(tx, id);
    const after = await changeAccount(shop, tx, id, standing);
    addDetails(tx, { user_id: id });
    addChange(tx, standing, before, after);
    if ((await countWorkingAdmins(tx)) === 0 && before.is_admin && before.is_active) {
      throw new ShopError("forbidden", "This is the last admin of the shop. Make somebody else an admin first.");
    }
    if (before.is_active !== after.is_active || before.is_admin !== after.is_admin) {
      await endSessionsOf(tx, id, shop.now().toISOString());
    }
    return after;
  });
}

/** Sets a password and ends every session that was opened with the old one. */
export async function setPassword(shop: Shop, id: number, password: string): Promise<User> {
  const password_hash = await hashPassword(shop, password);
  return shop.database.transaction((tx) => {
    addDetails(tx, { user_id: id });
    return replacePassword(shop, tx, id, password_hash);
  });
}

/** Whatever the old password opened is shut: sessions, and mail whose link would let its reader set another one. */
export async function replacePassword(shop: Shop, tx: Transaction, id: number, password_hash: string): Promise<User> {
  // The account before its sessions, as signing in takes them, so that the two never wait for each other.
  const user = await changeAccount(shop, tx, id, { password_hash });
  await endSessionsOf(tx, id, shop.now().toISOString());
  await deletePasswordReset(tx, id);
  await deleteEmailTokens(tx, id);
  return user;
}
