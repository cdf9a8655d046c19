import { changeAccount, getUserIn } from "../accounts/accounts";
import { hashPassword } from "../accounts/passwords";
import { countWorkingAdmins, isEmailTaken } from "../accounts/queries";
import { emailKey } from "../base/email";
import { deletePasswordReset } from "./password-reset-queries";
import type { Standing, User } from "../accounts/schema";
import { addChange, addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import { checkConfirmed } from "../shop/confirmation";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { holdLock } from "../storage/locks";
import { deleteEmailTokens, updateEmail } from "./email-token-queries";
import { tellOfNewEmail } from "./emails";
import { endSessionsOf } from "./session-queries";

/**
 * Changes what admins may of an account: whether it is an admin's, whether it may sign in, and whom it names. Another e-mail is
 * not confirmed, ends every session, and the old one hears of it. The last working admin stays one: `forbidden`. Throws
 * `duplicate` where the e-mail has an account, and `confirmation_needed` before somebody becomes an admin.
 */
export async function setStanding(shop: Shop, id: number, { email, ...standing }: Standing): Promise<User> {
  if (standing.is_admin === true) checkConfirmed(shop);
  const [before, after] = await shop.database.transaction(async (tx) => {
    // Two admins who demote each other at the same moment would both see the other.
    await holdLock(tx, "admins");
    const before = await getUserIn(tx, id);
    // Whoever reads an admin's mail can make themselves that admin.
    if (before.is_admin && email !== undefined) checkConfirmed(shop);
    if (email !== undefined) await replaceEmail(shop, tx, before, email);
    const after = await changeAccount(shop, tx, id, standing);
    addDetails(tx, { user_id: id });
    addChange(tx, { email, ...standing }, before, after);
    if ((await countWorkingAdmins(tx)) === 0 && before.is_admin && before.is_active) {
      throw new ShopError("forbidden", "This is the last admin of the shop. Make somebody else an admin first.");
    }
    if (before.is_active !== after.is_active || before.is_admin !== after.is_admin) {
      await endSessionsOf(tx, id, shop.now().toISOString());
    }
    return [before, after] as const;
  });
  if (emailKey(before.email) !== emailKey(after.email)) await tellOfNewEmail(shop, before.email);
  return after;
}

async function replaceEmail(shop: Shop, tx: Transaction, { id, is_guest, ...before }: User, email: string) {
  if (is_guest) throw new ShopError("conflict", "A guest has no account: change the e-mail of their order.");
  const key = emailKey(email);
  if (await isEmailTaken(tx, email, id)) {
    throw new ShopError("duplicate", "There is an account with this e-mail already.");
  }
  const now = shop.now().toISOString();
  const isSame = key === emailKey(before.email);
  await updateEmail(tx, id, email, key, { now, verified_at: isSame ? before.email_verified_at : null });
  if (!isSame) await endSessionsOf(tx, id, now);
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
