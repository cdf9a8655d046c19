import { noteChange } from "../audit/recording";
import { ShopError } from "../base/errors";
import type { Page } from "../base/page";
import { fold } from "../base/text";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";
import { hashPassword } from "./passwords";
import {
  type Account,
  type AccountChange,
  countWorkingAdmins,
  deletePasswordReset,
  findAccount,
  findAccountByEmail,
  findAccountsAfter,
  insertAccount,
  listAccounts,
  updateAccount,
} from "./queries";
import type { Profile, Registration, Standing, User } from "./schema";
import { endSessionsOf } from "../auth/session-queries";
import { holdLock } from "../storage/locks";

/** Opens a customer's account. Throws `duplicate` when the e-mail has one. */
export function register(shop: Shop, registration: Registration): Promise<User> {
  return createAccount(shop, { ...registration, is_admin: false });
}

/** Opens an account of either role: for the command line and for seeding. Without a password nobody can sign in to it. */
export async function createAccount(
  shop: Shop,
  { password, ...account }: Omit<Registration, "password"> & { password?: string; is_admin: boolean },
): Promise<User> {
  const password_hash = password === undefined ? null : await hashPassword(shop, password);
  const created_at = shop.now().toISOString();
  return shop.database.transaction(async (tx) => {
    const created = await insertAccount(tx, { ...account, password_hash, created_at });
    if (!created) throw new ShopError("duplicate", "There is an account with this e-mail already.");
    return shown(created);
  });
}

/** Throws `not_found`. */
export async function getUser(shop: Shop, id: number): Promise<User> {
  return known(await findAccount(shop.database, id));
}

/** By id or e-mail, as a shopkeeper would say it. Throws `not_found`. */
export async function getUserByName(shop: Shop, name: string): Promise<User> {
  const byId = /^\d{1,10}$/.test(name) ? await findAccount(shop.database, Number(name)) : undefined;
  return known(byId ?? (await findAccountByEmail(shop.database, name)));
}

/** One page of the accounts with `q` in their name or e-mail, or of all, and how many those are. */
export async function listUsers(
  shop: Shop,
  q: string | undefined,
  page: Page,
): Promise<{ users: User[]; total: number }> {
  const { accounts, total } =
    q === undefined ? await listAccounts(shop.database, page) : await searchAccounts(shop, fold(q), page);
  return { users: accounts.map(shown), total };
}

const READ_AT_ONCE = 1_000;

/** Reads them all, since neither engine folds as the shop does: only admins ask this, and others are served meanwhile. */
async function searchAccounts({ database }: Shop, folded: string, { limit, offset }: Page) {
  const accounts: Account[] = [];
  let total = 0;
  for (let after = 0; ; await Bun.sleep(0)) {
    const some = await findAccountsAfter(database, after, READ_AT_ONCE);
    for (const account of some) {
      if (!fold(`${account.full_name}\n${account.email}`).includes(folded)) continue;
      if (total >= offset && accounts.length < limit) accounts.push(account);
      total++;
    }
    after = some.at(-1)?.id ?? after;
    if (some.length < READ_AT_ONCE) return { accounts, total };
  }
}

export function updateProfile(shop: Shop, id: number, profile: Profile): Promise<User> {
  return shop.database.transaction((tx) => change(shop, tx, id, profile));
}

/** Makes somebody an admin or not, and lets them in or not. The last working admin stays one: `forbidden`. */
export function setStanding(shop: Shop, id: number, standing: Standing): Promise<User> {
  return shop.database.transaction(async (tx) => {
    // Two admins who demote each other at the same moment would both see the other.
    await holdLock(tx, "admins");
    const before = known(await findAccount(tx, id));
    const after = await change(shop, tx, id, standing);
    noteChange(tx, standing, before, after);
    if ((await countWorkingAdmins(tx)) === 0 && before.is_admin && before.is_active) {
      throw new ShopError("forbidden", "This is the last admin of the shop. Make somebody else an admin first.");
    }
    if (before.is_active !== after.is_active || before.is_admin !== after.is_admin) {
      await endSessionsOf(tx, id, shop.now().toISOString());
    }
    return after;
  });
}

/** Sets a password and ends every session that was opened with the old one. */
export async function setPassword(shop: Shop, id: number, password: string): Promise<User> {
  const password_hash = await hashPassword(shop, password);
  return shop.database.transaction((tx) => replacePassword(shop, tx, id, password_hash));
}

/** Whatever the old password opened is shut: sessions, and mail that would let somebody set another one. */
export async function replacePassword(shop: Shop, tx: Transaction, id: number, password_hash: string): Promise<User> {
  // The account before its sessions, as signing in takes them, so that the two never wait for each other.
  const user = await change(shop, tx, id, { password_hash });
  await endSessionsOf(tx, id, shop.now().toISOString());
  await deletePasswordReset(tx, id);
  return user;
}

async function change(shop: Shop, tx: Transaction, id: number, change: AccountChange): Promise<User> {
  return known(await updateAccount(tx, id, change, shop.now().toISOString()));
}

function known(account: Account | undefined): User {
  if (!account) throw new ShopError("not_found", "There is no such account.");
  return shown(account);
}

/** An account without what opens it: nothing else leaves this file. */
function shown({ password_hash: _, ...user }: Account): User {
  return user;
}
