import { recordStranger } from "../audit/strangers";
import { networkOf } from "../base/client-network";
import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import { isKnownPlace } from "./known-places";
import { emailKey, findAccountByEmail } from "../accounts/queries";
import type { Origin } from "../base/origin";
import { createThrottle } from "./throttle";

const WAIT = { free: 10, firstWaitSeconds: 5, longestWaitSeconds: 900 };

export type SignInGuard = ReturnType<typeof createSignInGuard>;

/**
 * Slows down who guesses passwords: so many tries for one account, from one address, and for the two together. Where an
 * account was signed in to lately, the tries of others don't count, so a stranger can't lock its owner out.
 */
export function createSignInGuard(shop: Pick<Shop, "database" | "now" | "settings" | "state">) {
  const seconds = () => shop.now().getTime() / 1000;
  const accounts = createThrottle({ ...WAIT, forgivenEverySeconds: 600 }, seconds);
  const addresses = createThrottle({ ...WAIT, forgivenEverySeconds: 60 }, seconds);
  const pairs = createThrottle({ ...WAIT, forgivenEverySeconds: 600 }, seconds);
  const mails = createThrottle({ ...WAIT, free: 3, firstWaitSeconds: 60, forgivenEverySeconds: 3600 }, seconds);

  return {
    /**
     * Lets a try at a password happen and says whether it was right, or throws `too_many_requests`. Only wrong ones count:
     * a right one was no guess, and one that could not be looked at was no try.
     */
    async admit(email: string, origin: Origin, isRight: () => Promise<boolean>): Promise<boolean> {
      if (!shop.settings.rateLimit) return isRight();
      const { address } = origin;
      const account = emailKey(email);
      const from = networkOf(address);
      const pair = `${account} ${from}`;
      const usual = accounts.wait(account) > 0 && (await isKnownPlace(shop, account, address));
      const wait = Math.max(usual ? 0 : accounts.wait(account), addresses.wait(from), pairs.wait(pair));
      if (wait > 0) {
        const before = [!usual && accounts.refuse(account), addresses.refuse(from), pairs.refuse(pair)];
        // Each wait has one entry in the audit, however often somebody knocks meanwhile.
        if (!before.includes(true)) await recordTooMany(shop, email, origin);
        throw tooManyTries(wait);
      }
      const undo = [addresses.count(from), pairs.count(pair), ...(usual ? [] : [accounts.count(account)])];
      let wrong = false;
      try {
        wrong = !(await isRight());
      } finally {
        if (!wrong) for (const undoOne of undo) undoOne();
      }
      if (!wrong) pairs.forget(pair);
      return !wrong;
    },
    /** Whether another mail may go to this e-mail now, or there were too many already. */
    mayMail(email: string): boolean {
      if (!shop.settings.rateLimit) return true;
      if (mails.wait(emailKey(email)) > 0) return false;
      mails.count(emailKey(email));
      return true;
    },
  };
}

async function recordTooMany(
  shop: Pick<Shop, "database" | "now" | "state">,
  email: string,
  origin: Origin,
): Promise<void> {
  const account = await findAccountByEmail(shop.database, email);
  const subject = account ? `user ${account.id}` : null;
  await recordStranger(shop, { action: "too_many_tries", subject, origin });
}

function tooManyTries(waitSeconds: number): ShopError {
  return new ShopError("too_many_requests", "Too many tries. Wait as long as Retry-After says, then try again.", {
    retry_after_seconds: Math.ceil(waitSeconds),
  });
}
