import { checkPassword } from "../accounts/passwords";
import { findAccountByEmail } from "../accounts/queries";
import type { Shop } from "../shop";

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
