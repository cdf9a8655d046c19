import { checkPassword } from "../accounts/passwords";
import { type Account, findAccount, findAccountByEmail, isEmailTaken } from "../accounts/queries";
import { emailKey } from "../base/email";
import { record } from "../audit/audit";
import { recordStranger } from "../audit/strangers";
import { clientNetworks, lanesOf } from "../base/client-network";
import { ShopError } from "../base/errors";
import type { Origin } from "../base/origin";
import { defer } from "../jobs/deferred";
import type { Shop } from "../shop/shop";
import {
  type EmailToken,
  setEmailVerified,
  takeEmailToken,
  updateEmail,
  upsertEmailToken,
} from "./email-token-queries";
import { newToken, tokenHash } from "./opaque-tokens";
import type { EmailChange } from "./schema";
import { endSessionsOf } from "./session-queries";
import { type MailDoor, sendToAccount, sendUnconfirmed } from "./unconfirmed-mails";

/** A customer may be on the way: a link is good for a day. */
const TOKEN_HOURS = 24;

/**
 * Mails a link that confirms an e-mail, if it has an account that is not confirmed. Done a moment later, never throws and tells
 * the caller nothing, as where a password is forgotten.
 */
export async function sendVerification(shop: Shop, door: MailDoor, email: string, origin: Origin): Promise<void> {
  if (!(await door.guard.mayMail(email, origin))) return;
  defer(shop, () =>
    quietly(shop, async () => {
      const account = await findAccountByEmail(shop.database, email);
      if (!account?.is_active || account.email_verified_at !== null) return;
      await sendToAccount(shop, door, account, origin, () => mailLink(shop, account, "verify", account.email));
    }),
  );
}

/** Whether a new account is asked to confirm its e-mail: where something depends on it, or there is a page for it. */
export function asksForVerification({ settings }: Shop): boolean {
  return settings.requireVerifiedEmail !== "off" || settings.emailConfirmUrl !== undefined;
}

/** Throws `email_unverified` where the shop asks for a confirmed e-mail and this is none. */
export function checkVerified(
  { settings }: Shop,
  account: Pick<Account, "email_verified_at">,
  where: "cod" | "sign-in",
): void {
  const { requireVerifiedEmail } = settings;
  const isAsked = requireVerifiedEmail === "sign-in" || requireVerifiedEmail === where;
  if (!isAsked || account.email_verified_at !== null) return;
  throw new ShopError("email_unverified", "Confirm your e-mail first: the shop has mailed a link to it.");
}

/**
 * Begins a change of one's e-mail: the new one gets a link, the old one hears of it. Nothing changes before the link is used. It
 * tells nothing of whether the new one has an account. Throws `invalid` for a wrong password.
 */
export async function changeEmail(
  shop: Shop,
  door: MailDoor,
  userId: number,
  { email, password }: EmailChange,
  origin: Origin,
): Promise<void> {
  const account = await findAccount(shop.database, userId);
  const right = await door.guard.admit(account?.email ?? "", origin, () =>
    checkPassword(shop, password, account?.password_hash ?? undefined, lanesOf(clientNetworks(origin.address))),
  );
  if (!account || !right) {
    await recordStranger(shop, { action: "email_change_failed", user_id: userId, subject: `user ${userId}`, origin });
    throw invalid("password", "This is not your password.", "wrong_password");
  }
  await shop.database.transaction((tx) =>
    record(shop, tx, { action: "email_change_asked", user_id: userId, subject: `user ${userId}`, origin }),
  );
  // Both: the account may have been opened with anybody's, and the new one may be anybody's.
  if (!(await door.guard.mayMail([account.email, email], origin))) return;
  defer(shop, () =>
    quietly(shop, async () => {
      await sendToAccount(shop, door, account, origin, () =>
        shop.sendMail({ to: account.email, subject: "Your e-mail is to change", text: ASKED }),
      );
      const isTaken = await isEmailTaken(shop.database, email, userId);
      await sendUnconfirmed(shop, email, { subject: `user ${userId}`, origin }, async () => {
        if (isTaken) await shop.sendMail({ to: email, subject: "This e-mail has an account", text: TAKEN });
        else await mailLink(shop, account, "change", email);
      });
    }),
  );
}

/**
 * Takes the token of a link: the e-mail that it was mailed to is its account's, and confirmed. A changed one ends every session,
 * and the old one hears of it. Throws `invalid` for a token that is no good, and `duplicate` where the e-mail was taken meanwhile.
 */
export async function confirmEmail(shop: Shop, token: string, origin: Origin): Promise<void> {
  const changedFrom = await shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    const taken = await takeEmailToken(tx, tokenHash(token), now);
    const account = taken && (await findAccount(tx, taken.user_id));
    if (!taken || !account) return undefined;
    const key = emailKey(taken.email);
    if (taken.purpose === "change") {
      if (await isEmailTaken(tx, taken.email, account.id)) {
        throw new ShopError("duplicate", "There is an account with this e-mail already.");
      }
      await updateEmail(tx, account.id, taken.email, key, { now, verified_at: now });
      await endSessionsOf(tx, account.id, now);
    } else if (key === emailKey(account.email)) {
      await setEmailVerified(tx, account.id, account.email, now);
    }
    const action = taken.purpose === "change" ? "email_changed" : "email_verified";
    await record(shop, tx, { action, user_id: account.id, subject: `user ${account.id}`, origin });
    return taken.purpose === "change" ? account.email : "";
  });
  if (changedFrom === undefined) {
    await recordStranger(shop, { action: "email_confirmation_failed", origin });
    throw invalid("token", "This token is wrong, was used before or is too old.", "bad_token");
  }
  if (changedFrom !== "") {
    await tellOfNewEmail(shop, changedFrom);
  }
}

/** The old address hears that the account has another one. Never throws. */
export const tellOfNewEmail = (shop: Shop, old: string): Promise<void> =>
  quietly(shop, () => shop.sendMail({ to: old, subject: "Your e-mail was changed", text: CHANGED }));

async function mailLink(shop: Shop, account: Account, purpose: EmailToken["purpose"], email: string): Promise<void> {
  const token = newToken();
  const expires_at = new Date(shop.now().getTime() + TOKEN_HOURS * 3_600_000).toISOString();
  await shop.database.transaction((tx) =>
    upsertEmailToken(tx, { user_id: account.id, purpose, email, token_hash: tokenHash(token), expires_at }),
  );
  await shop.sendMail({ to: email, subject: "Confirm your e-mail", text: letter(shop, token) });
}

/** For what nobody waits for: a mail that can't be sent is logged. */
async function quietly(shop: Shop, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    shop.log("error", "A mail that confirms an e-mail could not be sent.", { reason });
  }
}

function letter({ settings }: Shop, token: string): string {
  return `Please confirm that this e-mail is yours. Within ${TOKEN_HOURS} hours, use this:

${wayOf(settings.emailConfirmUrl, token)}

If you have no account with us, do nothing.
`;
}

function wayOf(page: string | undefined, token: string): string {
  if (page === undefined) return `Your token: ${token}`;
  const url = new URL(page);
  url.searchParams.set("token", token);
  return url.href;
}

const ASKED = `Somebody, you we hope, wants another e-mail for your account. It changes once a link that we have mailed there is used.

If it was not you, change your password now: whoever asked knows it.
`;

const TAKEN = `Somebody wanted to use this e-mail for another account. It has one already, so nothing was changed.
`;

const CHANGED = `Your account has another e-mail from now on, and you are signed out everywhere.

If it was not you, write to the shop.
`;

function invalid(path: string, message: string, code: string): ShopError {
  return new ShopError("invalid", message, { errors: [{ path, message, code }] });
}
