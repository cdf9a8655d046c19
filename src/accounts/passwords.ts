import { availableParallelism } from "node:os";
import type { Shop } from "../shop";
import { createQueue } from "./hashing-queue";

/** One core stays free for everybody who does not sign in. At 75 ms a hash the last in the queue waits some seconds. */
const inTurn = createQueue({ atOnce: Math.max(1, availableParallelism() - 1), waiting: 100 });

/** The bcrypt hash of a password, at the cost that is set. Runs beside the event loop. Throws `too_busy`. */
export function hashPassword(shop: Pick<Shop, "settings">, password: string): Promise<string> {
  return inTurn(() => hash(shop, password));
}

/**
 * Whether the password fits. Where there is nothing to compare with, it takes as long and says no.
 * Throws `too_busy` when too many others wait.
 */
export async function checkPassword(
  shop: Pick<Shop, "settings">,
  password: string,
  expected: string | undefined,
): Promise<boolean> {
  // Made beforehand for everybody, so that the first unknown account does not take twice as long.
  const nobodys = await nobodysHash(shop);
  const right = await inTurn(() => Bun.password.verify(password, expected ?? nobodys));
  return right && expected !== undefined;
}

/** Whether a hash was made at another cost than the one that is set now. */
export function isOutdated({ settings }: Pick<Shop, "settings">, passwordHash: string): boolean {
  const cost = /^\$2[aby]\$(\d\d)\$/.exec(passwordHash)?.[1];
  return Number(cost) !== settings.bcryptCost;
}

function hash({ settings }: Pick<Shop, "settings">, password: string): Promise<string> {
  return Bun.password.hash(password, { algorithm: "bcrypt", cost: settings.bcryptCost });
}

const nobodys = new Map<number, Promise<string>>();

/** A hash of the same cost as the others, of a password that nobody has. */
function nobodysHash(shop: Pick<Shop, "settings">): Promise<string> {
  const { bcryptCost } = shop.settings;
  const made = nobodys.get(bcryptCost) ?? hash(shop, crypto.randomUUID());
  nobodys.set(bcryptCost, made);
  return made;
}
