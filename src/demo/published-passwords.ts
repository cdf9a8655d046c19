import { checkPassword } from "../accounts/passwords";
import { findAccountByEmail } from "../accounts/queries";
import { ShopError } from "../errors";
import type { Shop } from "../shop";
import { demoAccounts } from "./write-accounts";

/**
 * A shop that began as a demo must not sell while everybody knows how to sign in to it. Throws `unusable` in production,
 * as long as one of the demo's accounts opens with the password that our README names.
 */
export async function refusePublishedPasswords(shop: Shop): Promise<void> {
  if (!shop.settings.production) return;
  const open: string[] = [];
  for (const { email, password } of Object.values(demoAccounts)) {
    const account = await findAccountByEmail(shop.database, email);
    if (!account?.is_active || account.password_hash === null) continue;
    if (await checkPassword(shop, password, account.password_hash)) open.push(email);
  }
  if (open.length === 0) return;
  throw new ShopError(
    "unusable",
    `${open.join(" and ")} ${open.length === 1 ? "has" : "have"} the password of the demo, which everybody knows. ` +
      "Set another with sanset user passwd EMAIL, or lock the account with sanset user disable EMAIL.",
  );
}
