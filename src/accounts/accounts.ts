import { LARGEST_ID } from "../base/fields";
import { addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import { type Listed, type Page, placeIn } from "../base/page";
import { fold } from "../base/text";
import { turns } from "../base/turns";
import { recordEvent } from "../events/events";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import { hashPassword } from "./passwords";
import {
  type Account,
  type AccountChange,
  findAccount,
  findAccountByEmail,
  findAccountAfter,
  findAccountsLike,
  insertAccount,
  listAccounts,
  updateAccount,
} from "./queries";
import type { Profile, Registration, User } from "./schema";

/** Opens a customer's account, asked for by this network. Throws `duplicate` when the e-mail has one. */
export function register(shop: Shop, registration: Registration, client?: readonly string[]): Promise<User> {
  return createAccount(shop, { ...registration, is_admin: false }, client);
}

/** Opens an account of either role: for the command line and for seeding. Without a password nobody can sign in to it. */
export async function createAccount(
  shop: Shop,
  {
    password,
    is_verified = false,
    ...account
  }: Omit<Registration, "password"> & { password?: string; is_admin: boolean; is_verified?: boolean },
  client?: readonly string[],
): Promise<User> {
  const password_hash = password === undefined ? null : await hashPassword(shop, password, client);
  const created_at = shop.now().toISOString();
  return shop.database.transaction(async (tx) => {
    const created = await insertAccount(tx, {
      ...account,
      password_hash,
      created_at,
      ...(is_verified && { email_verified_at: created_at }),
    });
    if (!created) throw new ShopError("duplicate", "There is an account with this e-mail already.");
    addDetails(tx, { user_id: created.id });
    if (!account.is_admin) await recordEvent(tx, "user.registered", { user_id: created.id }, created_at);
    return shown(created);
  });
}

/** Throws `not_found`. */
export function getUser({ database }: Shop, id: number): Promise<User> {
  return getUserIn(database, id);
}

/** The same within a transaction. */
export async function getUserIn(reader: Reader, id: number): Promise<User> {
  return known(await findAccount(reader, id));
}

/** By id or e-mail, as a shopkeeper would say it. Throws `not_found`. */
export async function getUserByIdOrEmail(shop: Shop, name: string): Promise<User> {
  const byId =
    /^\d{1,10}$/.test(name) && Number(name) <= LARGEST_ID ? await findAccount(shop.database, Number(name)) : undefined;
  return known(byId ?? (await findAccountByEmail(shop.database, name)));
}

/** What these customers are called; who is not there has no entry. */
export async function namesOfUsers({ database }: Shop, ids: readonly number[]): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  for (const id of new Set(ids)) {
    const account = await findAccount(database, id);
    if (account) names.set(id, account.full_name);
  }
  return names;
}

/** One page of the accounts with `q` in their name or e-mail, or of all, and how many those are. */
export async function listUsers(
  shop: Shop,
  { q, guests = false }: { q?: string | undefined; guests?: boolean | undefined },
  page: Page,
): Promise<Listed<User>> {
  const { items, ...listed } =
    q === undefined ? await listAccounts(shop.database, page, guests) : await searchAccounts(shop, fold(q), page);
  return { ...listed, items: items.map(shown) };
}

const LOOKED_AT_ONCE = 5_000;

/**
 * Looks at them all, since part of a name stands in no index, some at a time, so that others are served meanwhile. Neither
 * engine folds as the shop does: it names those that may fit, and the shop decides.
 */
async function searchAccounts({ database }: Shop, folded: string, page: Page): Promise<Listed<Account>> {
  const [place = 0] = placeIn(page, ["id"]) ?? [];
  const items: Account[] = [];
  let total = 0;
  for (let after = 0; ; await turns.yield()) {
    const last = await findAccountAfter(database, after, LOOKED_AT_ONCE);
    if (last === undefined) break;
    for (const account of await findAccountsLike(database, { after, upTo: last }, folded)) {
      if (!fold(`${account.full_name}\n${account.email}`).includes(folded)) continue;
      if (total++ >= page.offset && account.id > Number(place) && items.length < page.limit) items.push(account);
    }
    after = last;
  }
  const end = items.length === page.limit ? items.at(-1) : undefined;
  return { items, total, ...(end && { next: [end.id] }) };
}

export function updateProfile(shop: Shop, id: number, profile: Profile): Promise<User> {
  return shop.database.transaction((tx) => changeAccount(shop, tx, id, profile));
}

/** Throws `not_found`. */
export async function changeAccount(shop: Shop, tx: Transaction, id: number, change: AccountChange): Promise<User> {
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
