import { ShopError } from "../errors";
import type { Shop } from "../shop";
import type { Reader } from "../storage/database";
import { findAccountByEmail } from "./queries";
import type { Session, SignedIn } from "./schema";
import { endSession, findSession, insertSession, rotateSession, type SessionRow } from "./session-queries";
import { checkPassword } from "./passwords";

/** A refresh whose answer was lost may be asked again within this time; later it is somebody else's copy. */
const GRACE_SECONDS = 10;

/** Opens a session. Unknown accounts and wrong passwords look and last the same: `wrong_credentials`. */
export async function signIn(shop: Shop, email: string, password: string): Promise<Session> {
  const account = await findAccountByEmail(shop.database, email);
  const right = await checkPassword(shop, password, account?.password_hash ?? undefined);
  if (!account || !right) throw new ShopError("wrong_credentials", "The e-mail or the password is wrong.");
  if (!account.is_active) throw new ShopError("account_disabled", "This account is disabled. Ask the shop about it.");
  const session: Session = { id: shop.newId(), user_id: account.id, generation: 1 };
  await shop.database.transaction((tx) => insertSession(tx, session, shop.now().toISOString(), expiry(shop)));
  return session;
}

/**
 * Trades the newest refresh token of a session for its next one. The one before is taken for a lost answer during a
 * short grace and given the same successor; any other use of an old token ends the session: two people hold it.
 */
export async function refreshSession(shop: Shop, sessionId: string, generation: number): Promise<Session> {
  const refreshed = await shop.database.transaction(async (tx) => {
    const session = await findOpenSession(shop, tx, sessionId);
    if (!session) return undefined;
    const next = { id: session.id, user_id: session.user_id, generation: generation + 1 };
    if (await rotateSession(tx, { ...session, generation }, shop.now().toISOString(), expiry(shop))) return next;
    const current = (await findSession(tx, sessionId)) ?? session;
    const waited = shop.now().getTime() - Date.parse(current.rotated_at);
    if (current.generation === next.generation && waited <= GRACE_SECONDS * 1000) return next;
    // Kept, not thrown: the session must stay ended although the caller is refused.
    await endSession(tx, sessionId, shop.now().toISOString());
    return undefined;
  });
  if (!refreshed) throw sessionEnded();
  return refreshed;
}

/** Who is calling, by the session that their access token names. Throws `session_ended` when it is over. */
export async function getSignedIn(shop: Shop, sessionId: string): Promise<SignedIn> {
  const session = await findOpenSession(shop, shop.database, sessionId);
  if (!session) throw sessionEnded();
  return { id: session.user_id, is_admin: session.is_admin === 1, session_id: session.id };
}

async function findOpenSession(shop: Shop, reader: Reader, id: string): Promise<SessionRow | undefined> {
  const session = await findSession(reader, id);
  const open =
    session && !session.ended_at && session.is_active === 1 && Date.parse(session.expires_at) > shop.now().getTime();
  return open ? session : undefined;
}

function expiry(shop: Shop): string {
  return new Date(shop.now().getTime() + shop.settings.refreshTokenMinutes * 60_000).toISOString();
}

function sessionEnded(): ShopError {
  return new ShopError("session_ended", "This session has ended. Sign in again.");
}
