import { createThrottle } from "../auth/throttle";
import { changeTries, lookAtTries, secondsOf, type TryKey } from "../auth/tries";
import { countUnconfirmed, mayMailUnconfirmed } from "../auth/unconfirmed-mails";
import { findAccount } from "../accounts/queries";
import { emailKey } from "../base/email";
import type { Attempt } from "../events/channel";
import { hasBought } from "../orders/customer-queries";
import type { Shop } from "../shop/shop";

/** A mail about an order that nobody has paid for. */
interface FreeMail {
  to: string;
  customer_id: number | undefined;
  order_id: number | null;
}

/** So many mails that cost their cause nothing one e-mail gets; one more is free every three minutes. */
const PATIENCE = { free: 20, firstWaitSeconds: 180, longestWaitSeconds: 180, forgivenEverySeconds: 180 };

const KIND = "order mail";

/**
 * Sends a mail about an order that nobody has paid for. Such orders can be placed with anybody's e-mail, cancelled and placed
 * again: beyond some they come one by one, and what goes on without end is given up as every mail that could not be delivered. An
 * e-mail that the customer has neither confirmed nor bought anything with gets no more than a number of them.
 */
export async function withoutFlood(
  shop: Shop,
  { to, customer_id, order_id }: FreeMail,
  send: () => Promise<Attempt>,
): Promise<Attempt> {
  if (!shop.settings.rateLimit) return send();
  const isTheirs = await isTheirOwn(shop, to, customer_id);
  if (!isTheirs && !(await mayMailUnconfirmed(shop, to, { subject: `order ${order_id}` }))) {
    return { is: "failed", failure: UNCONFIRMED, final: true };
  }
  const key = emailKey(to);
  const keys: TryKey[] = [[KIND, key]];
  const wait = await lookAtTries(shop, keys, (known) =>
    createThrottle(PATIENCE, secondsOf(shop), known(KIND)).wait(key),
  );
  if (wait > 0) return { is: "failed", failure: FLOOD, after_seconds: Math.ceil(wait) };
  const attempt = await send();
  if (attempt.is === "sent") {
    await changeTries(shop, keys, (known) => createThrottle(PATIENCE, secondsOf(shop), known(KIND)).count(key));
    if (!isTheirs) await countUnconfirmed(shop, to);
  }
  return attempt;
}

/** Whether the customer has shown that the e-mail is theirs, or has bought something. */
async function isTheirOwn({ database }: Shop, to: string, customerId: number | undefined): Promise<boolean> {
  if (customerId === undefined) return false;
  const account = await findAccount(database, customerId);
  const isConfirmed = account?.email_verified_at != null && emailKey(account.email) === emailKey(to);
  return isConfirmed || hasBought(database, customerId);
}

const FLOOD = "This e-mail had too many mails about orders that are not paid, within an hour.";

const UNCONFIRMED =
  "This e-mail was never confirmed and its owner has bought nothing: it had as many mails as MAILS_UNCONFIRMED_MOST says.";
