import { record } from "../audit/audit";
import { recordStranger } from "../audit/strangers";
import { clientNetworks, lanesOf } from "../base/client-network";
import { ShopError } from "../base/errors";
import { defer } from "../jobs/deferred";
import type { Shop } from "../shop/shop";
import { setEmailVerified } from "./email-token-queries";
import { rememberPlace } from "./known-places";
import { replacePassword } from "./standing";
import type { SignInGuard } from "./sign-in-guard";
import { type MailDoor, sendToAccount } from "./unconfirmed-mails";
import { newToken, tokenHash } from "./opaque-tokens";
import { checkPassword, hashPassword } from "../accounts/passwords";
import { findAccount, findAccountByEmail, replacePasswordHash } from "../accounts/queries";
import { hasPasswordReset, takePasswordReset, upsertPasswordReset } from "./password-reset-queries";
import type { Origin } from "../base/origin";
import type { PasswordChange, PasswordReset, Session } from "./schema";
import { endSession } from "./session-queries";
import { sessionEnded } from "./sessions";

const RESET_MINUTES = 30;

/**
 * Changes one's own password and ends every session, also the one that asked. Throws `invalid` for a wrong current one,
 * and `session_ended` when the session was ended meanwhile.
 */
export async function changePassword(
  shop: Shop,
  guard: SignInGuard,
  session: Session,
  { current_password, new_password }: PasswordChange,
  origin: Origin,
): Promise<void> {
  const { user_id } = session;
  const account = await findAccount(shop.database, user_id);
  // A thief with a stolen token is not to find the password out either.
  const right = await guard.admit(account?.email ?? "", origin, () =>
    checkPassword(shop, current_password, account?.password_hash ?? undefined, lanesOf(clientNetworks(origin.address))),
  );
  if (!right) {
    await recordStranger(shop, { action: "password_change_failed", user_id, subject: `user ${user_id}`, origin });
    throw refused("current_password", "This is not your password.", "wrong_password");
  }
  const password_hash = await hashPassword(shop, new_password, lanesOf(clientNetworks(origin.address)));
  await shop.database.transaction(async (tx) => {
    // Hashing took a while. A thief whom the owner has shut out meanwhile, by logout-all or by mail, changes nothing any more.
    const isTheSame = (await replacePasswordHash(tx, user_id, account?.password_hash ?? "", password_hash)) === 1;
    const isStillOpen = await endSession(tx, session, shop.now().toISOString());
    if (!isTheSame || !isStillOpen) throw sessionEnded();
    await replacePassword(shop, tx, user_id, password_hash);
    await record(shop, tx, { action: "password_changed", user_id, subject: `user ${user_id}`, origin });
  });
}

/**
 * Mails a token by which a forgotten password can be replaced, if there is such an account and it may sign in.
 * It is done a moment later, never throws and tells the caller nothing, so that nobody can find out who has an account.
 * Nobody gets a flood of it.
 */
export async function sendPasswordReset(shop: Shop, door: MailDoor, email: string, origin: Origin): Promise<void> {
  if (await door.guard.mayMail(email, origin)) defer(shop, () => mailToken(shop, door, email, origin));
}

async function mailToken(shop: Shop, door: MailDoor, email: string, origin: Origin): Promise<void> {
  try {
    const account = await findAccountByEmail(shop.database, email);
    if (!account?.is_active) return;
    await sendToAccount(shop, door, account, origin, async () => {
      const token = newToken();
      const expires_at = new Date(shop.now().getTime() + RESET_MINUTES * 60_000).toISOString();
      await shop.database.transaction(async (tx) => {
        await upsertPasswordReset(tx, { user_id: account.id, token_hash: tokenHash(token), expires_at });
        await record(shop, tx, { action: "password_forgotten", subject: `user ${account.id}`, origin });
      });
      await shop.sendMail({ to: account.email, subject: "A new password", text: letter(shop, token) });
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    shop.log("error", "A mail about a forgotten password could not be sent.", { reason });
  }
}

/** Sets a new password with a token from a mail, which works once. Every session ends. Throws `invalid` for a token that is no good. */
export async function resetPassword(
  shop: Shop,
  guard: SignInGuard,
  { token, new_password }: PasswordReset,
  origin: Origin,
): Promise<void> {
  const hash = tokenHash(token);
  // Looked at first, so that nobody can make us hash passwords without one.
  if (!(await hasPasswordReset(shop.database, hash, shop.now().toISOString()))) return refuseToken(shop, origin);
  const password_hash = await hashPassword(shop, new_password, lanesOf(clientNetworks(origin.address)));
  const user = await shop.database.transaction(async (tx) => {
    const userId = await takePasswordReset(tx, hash, shop.now().toISOString());
    if (userId === undefined) return undefined;
    const user = await replacePassword(shop, tx, userId, password_hash);
    // The holder of the token reads the owner's mail: what strangers try elsewhere is not to keep them out here.
    await rememberPlace(shop, tx, userId, origin.address);
    await setEmailVerified(tx, userId, user.email, shop.now().toISOString());
    await record(shop, tx, { action: "password_reset", user_id: userId, subject: `user ${userId}`, origin });
    return user;
  });
  if (!user) return refuseToken(shop, origin);
  await guard.forgive(user.email);
}

async function refuseToken(shop: Shop, origin: Origin): Promise<never> {
  await recordStranger(shop, { action: "password_reset_failed", origin });
  throw refused("token", "This token is wrong, was used before or is too old.", "bad_token");
}

function letter({ settings }: Shop, token: string): string {
  const { passwordResetUrl } = settings;
  const way = passwordResetUrl === undefined ? `Your token: ${token}` : withToken(passwordResetUrl, token);
  return `Somebody, you we hope, has forgotten the password of your account.

To set a new one within ${RESET_MINUTES} minutes, use this:

${way}

If it was not you, do nothing: your password stays as it is.
`;
}

function withToken(page: string, token: string): string {
  const url = new URL(page);
  url.searchParams.set("token", token);
  return url.href;
}

function refused(path: string, message: string, code: string): ShopError {
  return new ShopError("invalid", message, { errors: [{ path, message, code }] });
}
