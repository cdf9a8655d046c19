import { getUser, getUserIn } from "../accounts/accounts";
import { checkPassword } from "../accounts/passwords";
import { countWorkingAdmins, findAccount } from "../accounts/queries";
import { record } from "../audit/audit";
import type { SignInGuard } from "../auth/sign-in-guard";
import { ShopError } from "../base/errors";
import type { Origin } from "../base/origin";
import { recordEvent } from "../events/events";
import { removeMailPages } from "../mail/pages";
import type { Shop } from "../shop/shop";
import { fromJson, type Reader } from "../storage/database";
import { holdLock } from "../storage/locks";
import { eraseFromAudit, erasePerson, findAddressWords, findMentions, findOpenOrder, readPerson } from "./rows";
import type { PersonExport } from "./schema";

/** Everything that the shop knows of a person, table by table. Throws `not_found`. */
export async function exportPerson(shop: Shop, userId: number): Promise<PersonExport> {
  await getUser(shop, userId);
  const tables = await readPerson(shop.database, userId);
  for (const rows of Object.values(tables)) {
    for (const row of rows) for (const [column, value] of Object.entries(row)) row[column] = readable(value);
  }
  return { exported_at: shop.now().toISOString(), user_id: userId, tables };
}

/** SQLite keeps JSON as text; a person gets it as JSON on both engines. */
function readable(value: unknown): unknown {
  return typeof value === "string" && /^[[{]/.test(value) ? (jsonOf(value) ?? value) : value;
}

function jsonOf(text: string): unknown {
  try {
    return fromJson(text);
  } catch {
    return undefined;
  }
}

/**
 * Erases a person: what says who they are is gone from every table, and nobody can sign in as them; their orders stay with
 * sums and country, and invoices as the law wants. Throws `not_found`, `conflict` while an order is under way or money is to
 * go back, and `forbidden` for the last admin.
 */
export async function erasePersonById(shop: Shop, userId: number): Promise<void> {
  await refuseWhileOpen(shop.database, userId);
  const mentions = await findMentions(shop.database, await identifyingWords(shop.database, userId));
  const words = await shop.database.transaction(async (tx) => {
    await holdLock(tx, "admins");
    const user = await getUserIn(tx, userId);
    await refuseWhileOpen(tx, userId);
    const identifying = await identifyingWords(tx, userId);
    await erasePerson(tx, userId);
    if (user.is_admin && user.is_active && (await countWorkingAdmins(tx)) === 0) {
      throw new ShopError("forbidden", "This is the last admin of the shop. Make somebody else an admin first.");
    }
    // Whoever is called otherwise since the look through the audit is looked for again, in all of it.
    const isCurrent = identifying.every((word) => mentions.words.includes(word));
    await eraseFromAudit(tx, userId, isCurrent ? mentions : { words: identifying, ids: mentions.ids, upTo: 0 });
    const now = shop.now().toISOString();
    await record(shop, tx, { action: "user_erased", subject: `user ${userId}` });
    await recordEvent(tx, "user.erased", { user_id: userId }, now);
    return identifying;
  });
  removeMailPages(shop.settings, words);
}

async function refuseWhileOpen(reader: Reader, userId: number): Promise<void> {
  const open = await findOpenOrder(reader, userId);
  if (open) {
    throw new ShopError(
      "conflict",
      `Order ${open.id} is not over yet: deliver or cancel it, close its returns, and pay back what is owed, first.`,
    );
  }
}

async function identifyingWords(reader: Reader, userId: number): Promise<string[]> {
  const user = await getUserIn(reader, userId);
  return [user.email, user.phone, user.full_name, ...(await findAddressWords(reader, userId))].filter(
    (word) => word.length >= SHORTEST_WORD,
  );
}

/** Shorter words stand by chance in texts about others. */
const SHORTEST_WORD = 5;

/** Erases one's own account. Throws `invalid` for a wrong password, and as `erasePersonById`. */
export async function eraseMyself(
  shop: Shop,
  guard: SignInGuard,
  userId: number,
  password: string,
  origin: Origin,
): Promise<void> {
  const account = await findAccount(shop.database, userId);
  const isRight = await guard.admit(account?.email ?? "", origin, () =>
    checkPassword(shop, password, account?.password_hash ?? undefined),
  );
  if (!isRight) {
    const message = "This is not your password.";
    throw new ShopError("invalid", message, { errors: [{ path: "password", message, code: "wrong_password" }] });
  }
  await erasePersonById(shop, userId);
}
