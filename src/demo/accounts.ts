import { checkPassword } from "../accounts/passwords";
import { findAccountByEmail } from "../accounts/queries";
import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";

/** Whom people sign in as. The passwords are known to everybody, so they belong to no shop that sells anything. */
export const demoAccounts = {
  admin: { email: "admin@sanset.com", password: "admin123456" },
  customer: { email: "om@example.com", password: "password123" },
} as const;

type DemoAccounts = typeof demoAccounts;

/** Those of them that are here and open with the password that everybody knows. */
export async function findDemoAccounts(shop: Shop): Promise<Partial<DemoAccounts>> {
  const { admin, customer } = demoAccounts;
  return { ...((await opens(shop, admin)) && { admin }), ...((await opens(shop, customer)) && { customer }) };
}

async function opens(shop: Shop, { email, password }: DemoAccounts[keyof DemoAccounts]): Promise<boolean> {
  const account = await findAccountByEmail(shop.database, email);
  if (!account?.is_active || account.password_hash === null) return false;
  return checkPassword(shop, password, account.password_hash);
}

/**
 * A shop that began as a demo must not sell while everybody knows how to sign in to it. Throws `unusable` in production,
 * as long as one of the demo's accounts opens with the password that our README names.
 */
export async function refusePublishedPasswords(shop: Shop): Promise<void> {
  if (!shop.settings.production) return;
  const open = Object.values(await findDemoAccounts(shop)).map(({ email }) => email);
  if (open.length === 0) return;
  throw new ShopError(
    "unusable",
    `${open.join(" and ")} ${open.length === 1 ? "has" : "have"} the password of the demo, which everybody knows. ` +
      "Set another with sanset user passwd EMAIL, or lock the account with sanset user disable EMAIL.",
  );
}
