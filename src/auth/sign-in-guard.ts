import { recordStranger } from "../audit/strangers";
import { clientNetworks, networkOf } from "../base/client-network";
import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import { isKnownPlace } from "./known-places";
import { emailKey, findAccountByEmail } from "../accounts/queries";
import type { Origin } from "../base/origin";
import { createAllowance } from "./allowance";
import { createThrottle, type Throttle } from "./throttle";

/** So many accounts one client may open before it waits; one more is free every hour. */
const REGISTRATIONS_FREE = 20;

const WAIT = { free: 10, firstWaitSeconds: 5, longestWaitSeconds: 900 };

export type SignInGuard = ReturnType<typeof createSignInGuard>;

/**
 * Slows down callers who guess passwords: so many tries for one account, from one address, and for the two together. Where an
 * account was signed in to lately, the tries of others don't count, so a stranger can't lock its owner out.
 */
export function createSignInGuard(shop: Pick<Shop, "database" | "now" | "settings" | "state">) {
  const seconds = () => shop.now().getTime() / 1000;
  const accounts = createThrottle({ ...WAIT, forgivenEverySeconds: 600 }, seconds);
  const addresses = createThrottle({ ...WAIT, forgivenEverySeconds: 60 }, seconds);
  const pairs = createThrottle({ ...WAIT, forgivenEverySeconds: 600 }, seconds);
  const mails = createThrottle({ ...WAIT, free: 3, firstWaitSeconds: 60, forgivenEverySeconds: 3600 }, seconds);

  const mailers = createThrottle({ ...WAIT, free: 5, firstWaitSeconds: 60, forgivenEverySeconds: 720 }, seconds);
  const allMails = createAllowance(3_600, seconds);

  /** For a network with so many times the room of one client. */
  const tries = byTimes((times) =>
    createThrottle({ ...WAIT, free: WAIT.free * times, forgivenEverySeconds: 60 / times }, seconds),
  );
  const registrations = byTimes((times) =>
    createThrottle(
      {
        free: REGISTRATIONS_FREE * times,
        firstWaitSeconds: 60,
        longestWaitSeconds: 3_600,
        forgivenEverySeconds: 3_600 / times,
      },
      seconds,
    ),
  );

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
      // A /56 and a /48 are many clients, and one that has many of them.
      const wider = clientNetworks(address).slice(1);
      const usual = accounts.wait(account) > 0 && (await isKnownPlace(shop, account, address));
      const wait = Math.max(
        usual ? 0 : accounts.wait(account),
        addresses.wait(from),
        pairs.wait(pair),
        ...wider.map(({ key, times }) => tries(times).wait(key)),
      );
      if (wait > 0) {
        const before = [
          !usual && accounts.refuse(account),
          addresses.refuse(from),
          pairs.refuse(pair),
          ...wider.map(({ key, times }) => tries(times).refuse(key)),
        ];
        // Each wait has one entry in the audit, however many tries come meanwhile.
        if (!before.includes(true)) await recordTooMany(shop, email, origin);
        throw tooManyTries(wait);
      }
      const undo = [
        addresses.count(from),
        pairs.count(pair),
        ...(usual ? [] : [accounts.count(account)]),
        ...wider.map(({ key, times }) => tries(times).count(key)),
      ];
      let wrong = false;
      try {
        wrong = !(await isRight());
      } finally {
        if (!wrong) for (const undoOne of undo) undoOne();
      }
      if (!wrong) pairs.forget(pair);
      return !wrong;
    },
    /** Lets a client open so many accounts, then ever fewer. Throws `too_many_requests`. */
    admitRegistration({ address }: Origin): void {
      if (!shop.settings.rateLimit) return;
      const networks = clientNetworks(address);
      const wait = Math.max(...networks.map(({ key, times }) => registrations(times).wait(key)));
      if (wait > 0) throw tooManyTries(wait);
      for (const { key, times } of networks) registrations(times).count(key);
    },
    /** Forgets the tries at an account: its owner has shown by mail that it is theirs. */
    forgive(email: string): void {
      accounts.forget(emailKey(email));
    },
    /** Whether another mail may go to this e-mail now because of this caller, or there were too many already. */
    mayMail(email: string, { address }: Pick<Origin, "address">): boolean {
      if (!shop.settings.rateLimit) return true;
      const [to, from] = [emailKey(email), networkOf(address)];
      if (mails.wait(to) > 0 || mailers.wait(from) > 0 || !allMails.take(shop.settings.mailsPerHour)) return false;
      mails.count(to);
      mailers.count(from);
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

/** One throttle for each number of times, made when it is first asked for. */
function byTimes(make: (times: number) => Throttle): (times: number) => Throttle {
  const made = new Map<number, Throttle>();
  return (times) => {
    const throttle = made.get(times) ?? make(times);
    made.set(times, throttle);
    return throttle;
  };
}
