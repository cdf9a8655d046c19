import { randomBytes } from "node:crypto";
import { checkPassword } from "../accounts/passwords";
import { type Account, findAccount } from "../accounts/queries";
import { record } from "../audit/audit";
import { addDetails } from "../audit/recording";
import { clientNetworks, lanesOf } from "../base/client-network";
import { ShopError } from "../base/errors";
import type { Origin } from "../base/origin";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { tokenHash } from "./opaque-tokens";
import { seal, unseal } from "./sealed";
import {
  confirmSecondFactor,
  countRecoveryCodes,
  deleteSecondFactor,
  findSecondFactor,
  hasRecoveryCode,
  insertRecoveryCodes,
  insertSecondFactor,
  takeRecoveryCode,
  takeStep,
} from "./second-factor-queries";
import type { SignInGuard } from "./sign-in-guard";
import { base32, newTotpSecret, otpauthUrl, stepOf } from "./totp";

const RECOVERY_CODES = 10;
const RECOVERY_CODE_BYTES = 10;

/** A code that was looked at and is good; it counts once it is taken. */
export type GoodCode = { step: number } | { recoveryHash: string };

/** Whether an account has a second factor that counts, and how many recovery codes are left. */
export async function getSecondFactor({ database }: Shop, userId: number) {
  const factor = await findSecondFactor(database, userId);
  return {
    is_on: factor?.confirmed_at != null,
    recovery_codes_left: await countRecoveryCodes(database, userId),
  };
}

/**
 * Looks at the code of a sign-in whose password is right. Undefined where the account has no second factor; false for a wrong
 * code. Throws `code_needed` where there is none: that was no try.
 */
export async function lookAtCode(
  shop: Shop,
  { id }: Pick<Account, "id">,
  code: string | undefined,
): Promise<GoodCode | false | undefined> {
  const factor = await findSecondFactor(shop.database, id);
  if (factor?.confirmed_at == null) return undefined;
  if (code === undefined) throw new ShopError("code_needed", "Give the code of your authenticator too.");
  const secret = unseal(shop, factor.secret);
  const step = secret === undefined ? undefined : stepOf(secret, code, shop.now());
  if (step !== undefined) return step > factor.last_step ? { step } : false;
  const recoveryHash = recoveryHashOf(code);
  return (await hasRecoveryCode(shop.database, id, recoveryHash)) ? { recoveryHash } : false;
}

/** Uses a code up. False where another sign-in was quicker with it. */
export function takeCode(tx: Transaction, userId: number, code: GoodCode): Promise<boolean> {
  return "step" in code ? takeStep(tx, userId, code.step) : takeRecoveryCode(tx, userId, code.recoveryHash);
}

/**
 * Makes a secret for an authenticator. It counts once a first code was given: see `confirmFactor`. Throws `invalid` for a wrong
 * password, and `conflict` where there is one that counts.
 */
export async function beginFactor(shop: Shop, guard: SignInGuard, userId: number, password: string, origin: Origin) {
  const account = await checkOwnPassword(shop, guard, userId, password, origin);
  const secret = newTotpSecret();
  await shop.database.transaction(async (tx) => {
    if ((await findSecondFactor(tx, userId))?.confirmed_at != null) {
      throw new ShopError("conflict", "There is a second factor already. Remove it first.");
    }
    await insertSecondFactor(tx, userId, seal(shop, secret), shop.now().toISOString());
  });
  return { secret, otpauth_url: otpauthUrl(secret, shop.settings.shopName, account.email) };
}

/** Takes the first code, from which on every sign-in needs one. Returns, once, codes for the day when the authenticator is lost. */
export async function confirmFactor(shop: Shop, userId: number, code: string, origin: Origin): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  await shop.database.transaction(async (tx) => {
    const factor = await findSecondFactor(tx, userId);
    if (!factor || factor.confirmed_at !== null) throw new ShopError("conflict", "There is nothing to confirm.");
    const step = stepOf(unseal(shop, factor.secret) ?? "", code, shop.now());
    if (step === undefined) throw wrongCode();
    await takeStep(tx, userId, step);
    await confirmSecondFactor(tx, userId, shop.now().toISOString());
    await insertRecoveryCodes(tx, userId, codes.map(recoveryHashOf));
    await record(shop, tx, { action: "second_factor_on", user_id: userId, subject: `user ${userId}`, origin });
  });
  return codes;
}

/** Removes one's own second factor. Throws `invalid` for a wrong password, `forbidden` where the shop asks admins for one. */
export async function removeFactor(shop: Shop, guard: SignInGuard, userId: number, password: string, origin: Origin) {
  const account = await checkOwnPassword(shop, guard, userId, password, origin);
  if (shop.settings.adminSecondFactor && account.is_admin) {
    throw new ShopError("forbidden", "Admins of this shop need a second factor.");
  }
  await shop.database.transaction(async (tx) => {
    if (!(await deleteSecondFactor(tx, userId))) throw new ShopError("not_found", "There is no second factor.");
    await record(shop, tx, { action: "second_factor_off", user_id: userId, subject: `user ${userId}`, origin });
  });
}

/** Removes an account's second factor, as the operator: its owner has lost authenticator and codes. */
export function removeFactorOf(shop: Shop, userId: number): Promise<boolean> {
  return shop.database.transaction((tx) => {
    addDetails(tx, { user_id: userId });
    return deleteSecondFactor(tx, userId);
  });
}

/** Whether an account may do what only admins may: where the shop asks them for a second factor, it must have one. */
export async function lacksSecondFactor({ database, settings }: Shop, userId: number): Promise<boolean> {
  return settings.adminSecondFactor && (await findSecondFactor(database, userId))?.confirmed_at == null;
}

async function checkOwnPassword(
  shop: Shop,
  guard: SignInGuard,
  userId: number,
  password: string,
  origin: Origin,
): Promise<Account> {
  const account = await findAccount(shop.database, userId);
  const right = await guard.admit(account?.email ?? "", origin, () =>
    checkPassword(shop, password, account?.password_hash ?? undefined, lanesOf(clientNetworks(origin.address))),
  );
  if (account && right) return account;
  const message = "This is not your password.";
  throw new ShopError("invalid", message, { errors: [{ path: "password", message, code: "wrong_password" }] });
}

/** `ABCD-EFGH-IJKL-MNOP`: 80 random bits. */
function newRecoveryCode(): string {
  return (base32(randomBytes(RECOVERY_CODE_BYTES)).match(/.{4}/g) ?? []).join("-");
}

/** However it is typed: with or without its dashes, in either case. */
const recoveryHashOf = (code: string) => tokenHash(code.replaceAll(/[\s-]/g, "").toUpperCase());

function wrongCode(): ShopError {
  const message = "This code is wrong. Is the clock of the authenticator right?";
  return new ShopError("invalid", message, { errors: [{ path: "code", message, code: "wrong_code" }] });
}
