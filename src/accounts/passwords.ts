import type { Shop } from "../shop";

/** The bcrypt hash of a password, at the cost that is set. Runs beside the event loop. */
export function hashPassword({ settings }: Pick<Shop, "settings">, password: string): Promise<string> {
  return Bun.password.hash(password, { algorithm: "bcrypt", cost: settings.bcryptCost });
}

/** Whether the password fits. Where there is nothing to compare with, it takes as long and says no. */
export async function checkPassword(
  shop: Pick<Shop, "settings">,
  password: string,
  hash: string | undefined,
): Promise<boolean> {
  const right = await Bun.password.verify(password, hash ?? (await nobodysHash(shop)));
  return right && hash !== undefined;
}

const nobodys = new Map<number, Promise<string>>();

/** A hash of the same cost as the others, of a password that nobody has. */
function nobodysHash(shop: Pick<Shop, "settings">): Promise<string> {
  const { bcryptCost } = shop.settings;
  const hash = nobodys.get(bcryptCost) ?? hashPassword(shop, crypto.randomUUID());
  nobodys.set(bcryptCost, hash);
  return hash;
}
