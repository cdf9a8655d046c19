import { availableParallelism } from "node:os";
import type { Shop } from "../shop/shop";
import { createQueue } from "./hashing-queue";

/** One core stays free for everybody who does not sign in. At 75 ms a hash the last in the queue waits some seconds. */
const inTurn = createQueue({ atOnce: Math.max(1, availableParallelism() - 1), waiting: 100, share: 25 });

/**
 * The bcrypt hash of a password, at the cost that is set. Runs beside the event loop. `client` is the networks that ask for it;
 * without one it is the shop's own work. Throws `too_busy`.
 */
export function hashPassword(
  shop: Pick<Shop, "settings">,
  password: string,
  client?: readonly string[],
): Promise<string> {
  return inTurn(client, () => hash(shop.settings.bcryptCost, password));
}

/**
 * Whether the password fits. Where there is nothing to compare with, or only a hash from before the cost was raised, a no
 * takes as long. Throws `too_busy` when too many others wait.
 */
export async function checkPassword(
  shop: Pick<Shop, "settings">,
  password: string,
  expected: string | undefined,
  client?: readonly string[],
): Promise<boolean> {
  // Made beforehand for everybody, so that the first unknown account does not take twice as long.
  const nobodys = await nobodysHash(shop);
  return inTurn(client, async () => {
    const right = await Bun.password.verify(password, expected ?? nobodys);
    if (!right && expected !== undefined) await hashTheRest(shop, costOf(expected));
    return right && expected !== undefined;
  });
}

/** Every cost is twice the work of the one below it, so those from the old one on add up to what is missing. */
async function hashTheRest({ settings }: Pick<Shop, "settings">, oldCost: number): Promise<void> {
  for (let cost = oldCost; cost < settings.bcryptCost; cost++) await hash(cost, "whatever");
}

/** Whether a hash was made at another cost than the one that is set now. */
export function isOutdated({ settings }: Pick<Shop, "settings">, passwordHash: string): boolean {
  return costOf(passwordHash) !== settings.bcryptCost;
}

function costOf(passwordHash: string): number {
  return Number(/^\$2[aby]\$(\d\d)\$/.exec(passwordHash)?.[1]);
}

function hash(cost: number, password: string): Promise<string> {
  return Bun.password.hash(password, { algorithm: "bcrypt", cost });
}

const nobodys = new Map<number, Promise<string>>();

/** A hash of the same cost as the others, of a password that nobody has. */
function nobodysHash(shop: Pick<Shop, "settings">): Promise<string> {
  const { bcryptCost } = shop.settings;
  const made = nobodys.get(bcryptCost) ?? hash(bcryptCost, crypto.randomUUID());
  nobodys.set(bcryptCost, made);
  return made;
}
