import { recordStranger } from "../audit/strangers";
import type { Account } from "../accounts/queries";
import type { Origin } from "../base/origin";
import type { AuditEvent } from "../shop/audited-shop";
import type { Shop } from "../shop/shop";
import { emailKey } from "../base/email";
import { DAY_MS } from "../base/time";
import type { Reader } from "../storage/database";
import type { SignInGuard } from "./sign-in-guard";
import { nameOf, secondsOf } from "./tries";
import { findTries, holdTries, setTries, type Tries } from "./try-queries";

/** What mail needs that callers cause without signing in. */
export interface MailDoor {
  /** Slows down callers who guess passwords, or cause mail. */
  guard: SignInGuard;
  /** Whether a customer has paid for something, or was sent it. */
  hasBought(reader: Reader, userId: number): Promise<boolean>;
}

/** So long after the last of them the mails to an e-mail are forgotten. */
const KEPT_SECONDS = (30 * DAY_MS) / 1000;

const KIND = "unconfirmed mail";

/**
 * Sends a mail to an e-mail of which nobody has shown that it is theirs, for somebody who has never bought anything: anybody could
 * have it sent to anybody. After `MAILS_UNCONFIRMED_MOST` of them there are none for a month, which the audit says once, as
 * `mails_suppressed`. The number outlives a restart.
 */
export async function sendUnconfirmed(
  shop: Shop,
  to: string,
  about: Omit<AuditEvent, "action">,
  send: () => Promise<unknown>,
): Promise<void> {
  if (!(await mayMailUnconfirmed(shop, to, about))) return;
  await countUnconfirmed(shop, to);
  await send();
}

/** Whether such an e-mail may get one more. */
export async function mayMailUnconfirmed(shop: Shop, to: string, about: Omit<AuditEvent, "action">): Promise<boolean> {
  if (!shop.settings.rateLimit) return true;
  const name = nameOf(KIND, emailKey(to));
  const sent = sentOf(shop, (await findTries(shop.database, [name])).get(name));
  if (sent < shop.settings.mailsUnconfirmedMost) return true;
  await tellOnce(shop, name, about);
  return false;
}

/** Counts one that such an e-mail gets. */
export async function countUnconfirmed(shop: Shop, to: string): Promise<void> {
  if (!shop.settings.rateLimit) return;
  await change(shop, nameOf(KIND, emailKey(to)), (before) => {
    const countedAt = secondsOf(shop)();
    const forgottenAt = countedAt + KEPT_SECONDS;
    return { level: sentOf(shop, before) + 1, countedAt, usedUpUntil: forgottenAt, forgottenAt };
  });
}

/** The same to the e-mail of an account, unless it is confirmed or its owner has bought something. */
export async function sendToAccount(
  shop: Shop,
  { hasBought }: Pick<MailDoor, "hasBought">,
  account: Account,
  origin: Origin,
  send: () => Promise<unknown>,
): Promise<void> {
  const isKnown = account.email_verified_at !== null || (await hasBought(shop.database, account.id));
  if (isKnown) await send();
  else await sendUnconfirmed(shop, account.email, { subject: `user ${account.id}`, origin }, send);
}

/** Lets mail go to an e-mail again as if there had been none. */
export const forgetUnconfirmed = (shop: Shop, email: string): Promise<void> =>
  change(shop, nameOf(KIND, emailKey(email)), () => undefined);

const sentOf = (shop: Shop, tries: Tries | undefined): number =>
  tries !== undefined && tries.forgottenAt > secondsOf(shop)() ? tries.level : 0;

/** Whoever goes on asking makes no further entry, and keeps nothing from being forgotten. */
async function tellOnce(shop: Shop, name: string, about: Omit<AuditEvent, "action">): Promise<void> {
  let isTold = true;
  await change(shop, name, (before) => {
    isTold = before?.refused === true;
    return before && { ...before, refused: true };
  });
  if (!isTold) await recordStranger(shop, { ...about, action: "mails_suppressed" });
}

function change(shop: Shop, name: string, work: (before: Tries | undefined) => Tries | undefined): Promise<void> {
  return shop.database.transaction(async (tx) => {
    const before = (await holdTries(tx, [name])).get(name);
    await setTries(tx, [[name, work(before)]]);
  });
}
