import { checkPassword } from "../accounts/passwords";
import { findAccount } from "../accounts/queries";
import { record } from "../audit/audit";
import { recordStranger } from "../audit/strangers";
import { clientNetworks, lanesOf } from "../base/client-network";
import { ShopError } from "../base/errors";
import type { Origin } from "../base/origin";
import type { Shop } from "../shop/shop";
import type { PasswordCheck, Session } from "./schema";
import { type GoodCode, lookAtCode, takeCode } from "./second-factor";
import { confirmSession } from "./session-queries";
import { userName } from "./sessions";
import type { SignInGuard } from "./sign-in-guard";

/**
 * Whoever calls shows once more that they are who they are: by their password, and the code of their second factor where they have
 * one. Throws `invalid` for a wrong password, `code_needed`, and `too_many_requests` after too many tries.
 */
export async function confirmOwner(
  shop: Shop,
  guard: SignInGuard,
  { id, user_id }: Session,
  { password, code }: PasswordCheck,
  origin: Origin,
): Promise<void> {
  const account = await findAccount(shop.database, user_id);
  let good: GoodCode | false | undefined;
  // A thief at an open page is not to find the password out either.
  const right = await guard.admit(account?.email ?? "", origin, async () => {
    const lanes = lanesOf(clientNetworks(origin.address));
    if (!account || !(await checkPassword(shop, password, account.password_hash ?? undefined, lanes))) return false;
    good = await lookAtCode(shop, account, code);
    return good !== false;
  });
  const subject = userName(user_id);
  if (!right) {
    await recordStranger(shop, { action: "password_check_failed", user_id, subject, origin });
    throw refused();
  }
  await shop.database.transaction(async (tx) => {
    if (good && !(await takeCode(tx, user_id, good))) throw refused();
    await confirmSession(tx, id, shop.now().toISOString());
    await record(shop, tx, { action: "password_checked", user_id, subject, origin });
  });
}

function refused(): ShopError {
  const message = "This is not your password, or the code is wrong.";
  return new ShopError("invalid", message, { errors: [{ path: "password", message, code: "wrong_password" }] });
}
