import { createThrottle, newTryMap } from "../auth/throttle";
import { secondsOf } from "../auth/tries";
import { clientNetworks } from "../base/client-network";
import { ShopError } from "../base/errors";
import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { countOpenUnits, type Rules } from "./customer-queries";
import type { SaleLine } from "./line-queries";
import { many } from "../base/many";

/** A customer at checkout, and what is bought. */
export interface Ordering {
  user_id: number;
  lines: readonly SaleLine[];
  rules: Rules;
}

/** Throws `conflict` where a customer has more that is neither paid nor gone than the shop lets them. */
export async function checkCustomerLimits(shop: Shop, tx: Transaction, { user_id, lines, rules }: Ordering) {
  const { openOrdersMost, unpaidUnitsMost } = shop.settings;
  if (openOrdersMost > 0 && rules.open_orders >= openOrdersMost) {
    const message = `You have ${many(rules.open_orders, "order that is", "orders that are")} neither paid nor sent yet. Pay or cancel one of them first.`;
    throw new ShopError("conflict", message);
  }
  if (unpaidUnitsMost === 0) return;
  const ids = lines.map(({ product_id }) => product_id);
  const open = rules.open_orders > 0 ? await countOpenUnits(tx, user_id, ids) : NO_UNITS;
  const over = lines.find(({ product_id, qty }) => qty + (open.get(product_id) ?? 0) > unpaidUnitsMost);
  if (over) {
    const message = `Of ${over.name}, one customer may have ${unpaidUnitsMost} in orders that are not paid yet.`;
    throw new ShopError("conflict", message);
  }
}

const NO_UNITS: ReadonlyMap<number, number> = new Map();

/**
 * Orders of one client that are anybody's: a guest's, and those whose mail goes elsewhere than to the account. Making up
 * customers costs nothing, so these are counted by where they come from.
 */
export const strangersOrders = (shop: Shop, address: string | null) =>
  countByClient(shop, address, {
    kind: "order",
    perHour: shop.settings.guestOrdersPerHour,
    refusal: "Too many orders without an account came from here. Wait as long as Retry-After says, or sign in.",
  });

/** An order that is cancelled stays in the books for good, and takes no place among a customer's open ones. */
const CANCELLATIONS_PER_ORDER = 10;

/** Orders that customers of one client cancel, whoever they are. */
export const clientsCancellations = (shop: Shop, address: string | null) =>
  countByClient(shop, address, {
    kind: "cancellation",
    perHour: CANCELLATIONS_PER_ORDER * shop.settings.guestOrdersPerHour,
    refusal: "Too many orders were cancelled from here. Wait as long as Retry-After says.",
  });

/** Guests that one client makes: each is an account, a session and what it may keep, for GUEST_DAYS. */
export const clientsGuests = (shop: Shop, address: string | null) =>
  countByClient(shop, address, {
    kind: "guest",
    perHour: shop.settings.guestsPerHour,
    refusal: "Too many guests came from here. Wait as long as Retry-After says, or sign in.",
  });

const knownOf = perShop(() => new Map<string, ReturnType<typeof newTryMap>>());

interface Counting {
  kind: string;
  /** 0 for as many as they like. */
  perHour: number;
  refusal: string;
}

/** In memory alone, since a checkout waits for nothing more: every server counts for itself. */
function countByClient(shop: Shop, address: string | null, { kind, perHour, refusal }: Counting) {
  const networks = shop.settings.rateLimit && perHour > 0 ? clientNetworks(address) : [];
  const throttleOf = (times: number) => {
    const key = `${kind} ${times}`;
    const known = knownOf(shop);
    const tries = known.get(key) ?? newTryMap(secondsOf(shop));
    known.set(key, tries);
    const patience = {
      free: perHour * times,
      firstWaitSeconds: 60,
      longestWaitSeconds: 900,
      forgivenEverySeconds: 3_600 / (perHour * times),
    };
    return createThrottle(patience, secondsOf(shop), tries);
  };
  return {
    /** Throws `too_many_requests` where there were too many. */
    check(): void {
      const wait = Math.max(0, ...networks.map(({ key, times }) => throttleOf(times).wait(key)));
      if (wait === 0) return;
      throw new ShopError("too_many_requests", refusal, { retry_after_seconds: Math.ceil(wait) });
    },
    count(): void {
      for (const { key, times } of networks) throttleOf(times).count(key);
    },
  };
}
