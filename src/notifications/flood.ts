import { createThrottle } from "../auth/throttle";
import { changeTries, lookAtTries, secondsOf, type TryKey } from "../auth/tries";
import { emailKey } from "../base/email";
import type { Attempt } from "../events/channel";
import type { Shop } from "../shop/shop";

/** So many mails that cost their cause nothing one e-mail gets; one more is free every three minutes. */
const PATIENCE = { free: 20, firstWaitSeconds: 180, longestWaitSeconds: 180, forgivenEverySeconds: 180 };

const KIND = "order mail";

/**
 * Sends a mail about an order that nobody has paid for. Such orders can be placed with anybody's e-mail, cancelled and placed
 * again: beyond some they come one by one, and what goes on without end is given up as every mail that could not be delivered.
 */
export async function withoutFlood(shop: Shop, to: string, send: () => Promise<Attempt>): Promise<Attempt> {
  if (!shop.settings.rateLimit) return send();
  const key = emailKey(to);
  const keys: TryKey[] = [[KIND, key]];
  const wait = await lookAtTries(shop, keys, (known) =>
    createThrottle(PATIENCE, secondsOf(shop), known(KIND)).wait(key),
  );
  if (wait > 0) return { is: "failed", failure: FLOOD, after_seconds: Math.ceil(wait) };
  const attempt = await send();
  if (attempt.is === "sent") {
    await changeTries(shop, keys, (known) => createThrottle(PATIENCE, secondsOf(shop), known(KIND)).count(key));
  }
  return attempt;
}

const FLOOD = "This e-mail had too many mails about orders that are not paid, within an hour.";
