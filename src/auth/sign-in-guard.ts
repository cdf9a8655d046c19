import { recordStranger } from "../audit/strangers";
import { type ClientNetwork, clientNetworks, networkOf } from "../base/client-network";
import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import { isKnownPlace } from "./known-places";
import { findAccountByEmail } from "../accounts/queries";
import { emailKey } from "../base/email";
import type { Origin } from "../base/origin";
import { ALL, createAllowance } from "./allowance";
import { createThrottle, type Patience, type Throttle, type TryMap } from "./throttle";
import { changeTries, lookAtTries, secondsOf, type TryKey } from "./tries";

/** So many accounts one client may open before it waits; one more is free every hour. */
const REGISTRATIONS_FREE = 20;

/** So many mails one client may cause before it waits. */
const MAILS_FREE = 5;

const WAIT = { free: 10, firstWaitSeconds: 5, longestWaitSeconds: 900 };

export type SignInGuard = ReturnType<typeof createSignInGuard>;

/** What is counted by account, by address, and by the two together, over what is known of their keys. */
function throttlesOver(seconds: () => number, known: (kind: string) => TryMap) {
  const throttle = (kind: string, patience: Patience) => createThrottle(patience, seconds, known(kind));
  return {
    accounts: throttle(ACCOUNT, { ...WAIT, forgivenEverySeconds: 600 }),
    addresses: throttle(ADDRESS, { ...WAIT, forgivenEverySeconds: 60 }),
    pairs: throttle(PAIR, { ...WAIT, forgivenEverySeconds: 600 }),
    mails: throttle(MAIL, { ...WAIT, free: 3, firstWaitSeconds: 60, forgivenEverySeconds: 3600 }),
    mailers: (times: number) =>
      throttle(mailer(times), {
        ...WAIT,
        free: MAILS_FREE * times,
        firstWaitSeconds: 60,
        forgivenEverySeconds: 720 / times,
      }),
    allMails: createAllowance(3_600, seconds, known(ALL_MAILS)),
    /** For a network with so many times the room of one client. */
    tries: (times: number) =>
      throttle(network(times), { ...WAIT, free: WAIT.free * times, forgivenEverySeconds: 60 / times }),
    registrations: (times: number) =>
      throttle(registration(times), {
        free: REGISTRATIONS_FREE * times,
        firstWaitSeconds: 60,
        longestWaitSeconds: 3_600,
        forgivenEverySeconds: 3_600 / times,
      }),
  };
}

const ACCOUNT = "account";
const ADDRESS = "address";
const PAIR = "pair";
const MAIL = "mail";
const ALL_MAILS = "all mails";
const network = (times: number) => `network of ${times}`;
const mailer = (times: number) => `mailer of ${times}`;
const registration = (times: number) => `registration of ${times}`;

/**
 * Slows down callers who guess passwords: so many tries for one account, from one address, and for the two together. Where an
 * account was signed in to lately, the tries of others don't count, so a stranger can't lock its owner out. All servers of a
 * shop count together.
 */
export function createSignInGuard(shop: Pick<Shop, "database" | "now" | "settings" | "state">) {
  const seconds = secondsOf(shop);
  type Throttles = ReturnType<typeof throttlesOver>;
  const change = <Result>(keys: readonly TryKey[], work: (throttles: Throttles) => Result): Promise<Result> =>
    changeTries(shop, keys, (known) => work(throttlesOver(seconds, known)));

  return {
    /**
     * Lets a try at a password happen and says whether it was right, or throws `too_many_requests`. Only wrong ones count:
     * a right one was no guess, and one that could not be looked at was no try.
     */
    async admit(email: string, origin: Origin, isRight: () => Promise<boolean>): Promise<boolean> {
      if (!shop.settings.rateLimit) return isRight();
      const place = placeOf(email, origin);
      const { account, pair, keys } = place;
      const waits = await lookAtTries(shop, [[ACCOUNT, account]], (known) =>
        throttlesOver(seconds, known).accounts.wait(account),
      );
      const usual = waits > 0 && (await isKnownPlace(shop, account, origin.address));
      const admitted = await change(keys, (throttles) => admitOrRefuse(throttles, place, usual));
      if ("wait" in admitted) {
        // Each wait has one entry in the audit, however often somebody knocks meanwhile.
        if (!admitted.isTold) await recordTooMany(shop, email, origin);
        throw tooManyTries(admitted.wait);
      }
      let wrong = false;
      try {
        wrong = !(await isRight());
      } finally {
        if (!wrong) await change(keys, (throttles) => admitted.undo(throttles));
      }
      if (!wrong) await change([[PAIR, pair]], ({ pairs }) => pairs.forget(pair));
      return !wrong;
    },
    /** Lets a client open so many accounts, then ever fewer. Throws `too_many_requests`. */
    async admitRegistration({ address }: Origin): Promise<void> {
      if (!shop.settings.rateLimit) return;
      const networks = clientNetworks(address);
      const keys = networks.map(({ key, times }): TryKey => [registration(times), key]);
      const wait = await change(keys, ({ registrations }) => {
        const longest = Math.max(...networks.map(({ key, times }) => registrations(times).wait(key)));
        if (longest === 0) for (const { key, times } of networks) registrations(times).count(key);
        return longest;
      });
      if (wait > 0) throw tooManyTries(wait);
    },
    /** Forgets the tries at an account: its owner has shown by mail that it is theirs. */
    async forgive(email: string): Promise<void> {
      const account = emailKey(email);
      await change([[ACCOUNT, account]], ({ accounts }) => accounts.forget(account));
    },
    /** Whether another mail may go to these e-mails now because of this caller, or there were too many already. */
    async mayMail(emails: string | readonly string[], { address }: Pick<Origin, "address">): Promise<boolean> {
      if (!shop.settings.rateLimit) return true;
      const to = [...new Set([emails].flat().map(emailKey))];
      const from = clientNetworks(address);
      const keys: TryKey[] = [
        ...to.map((key): TryKey => [MAIL, key]),
        ...from.map(({ key, times }): TryKey => [mailer(times), key]),
        [ALL_MAILS, ALL],
      ];
      return change(keys, ({ mails, mailers, allMails }) => {
        const waits =
          to.some((key) => mails.wait(key) > 0) || from.some(({ key, times }) => mailers(times).wait(key) > 0);
        if (waits || !allMails.take(shop.settings.mailsPerHour)) return false;
        for (const key of to) mails.count(key);
        for (const { key, times } of from) mailers(times).count(key);
        return true;
      });
    },
  };
}

interface Place {
  account: string;
  from: string;
  pair: string;
  /** A /56 and a /48 are many clients, and one that has many of them. */
  wider: readonly ClientNetwork[];
  keys: readonly TryKey[];
}

function placeOf(email: string, { address }: Origin): Place {
  const account = emailKey(email);
  const from = networkOf(address);
  const pair = `${account} ${from}`;
  const wider = clientNetworks(address).slice(1);
  const keys: TryKey[] = [
    [ACCOUNT, account],
    [ADDRESS, from],
    [PAIR, pair],
    ...wider.map(({ key, times }): TryKey => [network(times), key]),
  ];
  return { account, from, pair, wider, keys };
}

type Admitted = { wait: number; isTold: boolean } | { undo(throttles: ReturnType<typeof throttlesOver>): void };

/** Counts a try, or refuses it. `usual`: the account is used from there, so what strangers have tried at it does not count. */
function admitOrRefuse(
  throttles: ReturnType<typeof throttlesOver>,
  { account, from, pair, wider }: Place,
  usual: boolean,
): Admitted {
  const named = ({ accounts, addresses, pairs, tries }: typeof throttles): [Throttle, string][] => [
    [addresses, from],
    [pairs, pair],
    ...(usual ? [] : [[accounts, account] as [Throttle, string]]),
    ...wider.map(({ key, times }): [Throttle, string] => [tries(times), key]),
  ];
  const wait = Math.max(...named(throttles).map(([throttle, key]) => throttle.wait(key)));
  if (wait > 0) {
    const before = named(throttles).map(([throttle, key]) => throttle.refuse(key));
    return { wait, isTold: before.includes(true) };
  }
  const counted = named(throttles).map(([throttle, key]) => throttle.count(key));
  return {
    undo: (later) =>
      named(later).forEach(([throttle, key], at) => {
        const one = counted[at];
        if (one) throttle.undo(key, one);
      }),
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
