import { checkPassword, hashPassword, isOutdated } from "../accounts/passwords";
import { findAccountByEmail, replacePasswordHash } from "../accounts/queries";
import { record } from "../audit/audit";
import { recordStranger } from "../audit/strangers";
import { clientNetworks, lanesOf } from "../base/client-network";
import { ShopError } from "../base/errors";
import { countOutcome } from "../base/instruments";
import type { Origin } from "../base/origin";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { checkVerified } from "./emails";
import { tellOfFailure } from "./failed-sign-ins";
import { rememberPlace } from "./known-places";
import type { Credentials } from "./schema";
import { type GoodCode, lookAtCode, takeCode } from "./second-factor";
import { deleteSessionsBefore } from "./session-queries";
import { openSession, type Renewal, type SessionLife, userName } from "./sessions";
import type { SignInGuard } from "./sign-in-guard";

/** What else belongs into the transaction that opens a session: a guest of until now brings their cart along. */
export type Joining = (tx: Transaction, userId: number) => Promise<void>;

/**
 * Opens a session. Unknown accounts and wrong passwords look and last the same: `wrong_credentials`. Throws
 * `too_many_requests` after too many of them.
 */
export function signIn(
  shop: Shop,
  guard: SignInGuard,
  credentials: Credentials,
  origin: Origin,
  { joining = async () => {}, life = {} }: { joining?: Joining | undefined; life?: SessionLife } = {},
): Promise<Renewal> {
  const work = () => openSignedIn(shop, guard, credentials, origin, joining, life);
  return countOutcome(shop.metrics.signIns, work, () => "signed_in");
}

async function openSignedIn(
  shop: Shop,
  guard: SignInGuard,
  { email, password, code }: Credentials,
  origin: Origin,
  joining: Joining,
  life: SessionLife,
): Promise<Renewal> {
  const account = await findAccountByEmail(shop.database, email);
  const hash = account?.password_hash ?? undefined;
  let good: GoodCode | false | undefined;
  const right = await guard.admit(email, origin, async () => {
    if (!(await checkPassword(shop, password, hash, lanesOf(clientNetworks(origin.address)))) || !account) return false;
    good = await lookAtCode(shop, account, code);
    return good !== false;
  });
  if (!account || !right) {
    tellOfFailure(shop, email, origin, "wrong_credentials");
    await recordStranger(shop, { action: "sign_in_failed", subject: account ? userName(account.id) : null, origin });
    throw wrongCredentials();
  }
  const failed = (reason: string) => ({
    action: "sign_in_failed",
    subject: userName(account.id),
    origin,
    details: { reason },
  });
  if (!account.is_active) {
    tellOfFailure(shop, email, origin, "account_disabled");
    await recordStranger(shop, failed("account_disabled"));
    throw new ShopError("account_disabled", "This account is disabled. Ask the shop about it.");
  }
  checkVerified(shop, account, "sign-in");
  const oldHash = account.password_hash ?? "";
  // The only moment at which the password is at hand.
  const newHash = isOutdated(shop, oldHash)
    ? await hashPassword(shop, password, lanesOf(clientNetworks(origin.address)))
    : oldHash;
  const opened = await shop.database.transaction(async (tx) => {
    const now = shop.now().toISOString();
    // Checking took a while: a password that was changed meanwhile opens nothing any more.
    if ((await replacePasswordHash(tx, account.id, oldHash, newHash)) === 0) {
      await record(shop, tx, failed("password_changed"));
      return undefined;
    }
    if (good && !(await takeCode(tx, account.id, good))) {
      await record(shop, tx, failed("code_used"));
      return undefined;
    }
    await joining(tx, account.id);
    await deleteSessionsBefore(tx, account.id, now);
    await rememberPlace(shop, tx, account.id, origin.address);
    const renewal = await openSession(shop, tx, account.id, origin, life);
    await record(shop, tx, { action: "sign_in", user_id: account.id, subject: userName(account.id), origin });
    return renewal;
  });
  if (opened) return opened;
  tellOfFailure(shop, email, origin, "overtaken");
  throw wrongCredentials();
}

function wrongCredentials(): ShopError {
  return new ShopError("wrong_credentials", "The e-mail or the password is wrong.");
}
