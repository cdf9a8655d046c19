import { getUserIn } from "../accounts/accounts";
import { record } from "../audit/audit";
import { addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import type { Shop } from "../shop/shop";
import type { Reader, Transaction } from "../storage/database";
import { newToken, nextToken, tokenHash } from "./opaque-tokens";
import type { Origin } from "../base/origin";
import type { OpenSession, Session, SignedIn } from "./schema";
import {
  deleteSessionsBeyond,
  deleteUsedTokensBeyond,
  endSession,
  endSessionsBeyond,
  endSessionsOf,
  extendSession,
  findRefreshToken,
  findSession,
  insertRefreshToken,
  insertSession,
  listOpenSessions,
  type RefreshToken,
  type SessionRow,
  useRefreshToken,
} from "./session-queries";
import { DAY_MS } from "../base/time";

/** A refresh whose answer was lost may be asked again within this time; later it is a thief's copy. */
const GRACE_SECONDS = 60;

/** Of an account's sessions, open or over, the newest are kept. */
export const SESSIONS_KEPT = 100;

/** Of a session's used tokens the latest are kept, so that a copy of one of them ends it. */
export const USED_TOKENS_KEPT = 50;

/** What a sign-in or a refresh gives: the session, and the one refresh token that renews it. */
export interface Renewal {
  session: Session;
  refreshToken: string;
}

/** How long a session lasts, where that is not as the settings say: pages on shared machines end sooner. */
export interface SessionLife {
  idleMinutes?: number | null;
  days?: number;
  /** Whether its owner is asked who they are again before what can't be undone. */
  isConfirmed?: boolean;
}

/** Opens a session for a customer who has shown that they are who they say. */
export async function openSession(
  shop: Shop,
  tx: Transaction,
  userId: number,
  origin: Origin,
  { idleMinutes = null, days = shop.settings.sessionDays, isConfirmed = false }: SessionLife = {},
): Promise<Renewal> {
  const session: Session = { id: shop.newId(), user_id: userId };
  const refreshToken = newToken();
  const now = shop.now();
  const ends_at = new Date(now.getTime() + days * DAY_MS).toISOString();
  const life = { ends_at, idle_minutes: idleMinutes, confirmed_at: isConfirmed ? now.toISOString() : null };
  const expires_at = expiry(shop, { ...life, created_at: now.toISOString() });
  await insertSession(tx, session, origin, { now: now.toISOString(), expires_at, ...life });
  // The longest unused of too many goes.
  await endSessionsBeyond(tx, userId, shop.settings.sessionsMost, now.toISOString());
  await insertRefreshToken(tx, fresh(refreshToken, session.id));
  await deleteSessionsBeyond(tx, userId, SESSIONS_KEPT);
  return { session, refreshToken };
}

/**
 * Trades a refresh token for the next one. Used a second time during a short grace, it is taken for a lost answer and
 * gives the same next one again, as long as that is unused; later, two people hold it and the session ends.
 */
export async function refreshSession(shop: Shop, refreshToken: string, origin: Origin): Promise<Renewal> {
  const renewal = await shop.database.transaction(async (tx) => {
    const token = await findRefreshToken(tx, tokenHash(refreshToken));
    const session = token && (await findOpenSession(shop, tx, token.session_id));
    if (!session) return undefined;
    const next = nextToken(refreshToken, token.salt);
    const now = shop.now().toISOString();
    if (await useRefreshToken(tx, token.token_hash, now)) {
      await insertRefreshToken(tx, fresh(next, session.id));
      await deleteUsedTokensBeyond(tx, session.id, USED_TOKENS_KEPT);
      await extendSession(tx, session.id, now, expiry(shop, session));
      return { session, refreshToken: next };
    }
    if (await isLostAnswer(shop, tx, token.token_hash, next)) return { session, refreshToken: next };
    // Kept, not thrown: the session must stay ended although the caller is refused.
    await endSession(tx, session, now);
    await record(shop, tx, { action: "refresh_token_reused", subject: userName(session.user_id), origin });
    return undefined;
  });
  if (!renewal) throw sessionEnded();
  return renewal;
}

async function isLostAnswer(shop: Shop, tx: Transaction, usedHash: string, next: string): Promise<boolean> {
  // Read again: on PostgreSQL another request may have used it between our look and our write.
  const used = await findRefreshToken(tx, usedHash);
  const successor = await findRefreshToken(tx, tokenHash(next));
  const waitedMs = shop.now().getTime() - Date.parse(used?.used_at ?? "");
  return successor?.used_at === null && waitedMs <= GRACE_SECONDS * 1000;
}

/** Who is calling, by the session that their access token names. Throws `session_ended` when it is over. */
export async function getSignedIn(shop: Shop, sessionId: string): Promise<SignedIn> {
  const session = await findOpenSession(shop, shop.database, sessionId);
  if (!session) throw sessionEnded();
  const { user_id: id, is_admin, confirmed_at } = session;
  return { id, is_admin: is_admin === 1, session_id: session.id, ...(confirmed_at !== null && { confirmed_at }) };
}

/** The sessions that an account has open, newest first. */
export async function listSessions(shop: Shop, user: SignedIn): Promise<OpenSession[]> {
  const sessions = await listOpenSessions(shop.database, user.id, shop.now().toISOString());
  return sessions.map((session) => ({ ...session, current: session.id === user.session_id }));
}

/** Ends a session: its tokens are refused from the next call on. False when it had ended before. */
export function signOut(shop: Shop, session: Session, origin: Origin): Promise<boolean> {
  return shop.database.transaction(async (tx) => {
    const ended = await endSession(tx, session, shop.now().toISOString());
    const { user_id } = session;
    if (ended) await record(shop, tx, { action: "sign_out", user_id, subject: userName(user_id), origin });
    return ended;
  });
}

/** The same, but throws `not_found` where there is nothing to end, also for another account's. */
export async function endOneSession(shop: Shop, session: Session, origin: Origin): Promise<void> {
  if (!(await signOut(shop, session, origin))) throw new ShopError("not_found", "There is no such session.");
}

export function signOutEverywhere(shop: Shop, userId: number, origin: Origin): Promise<void> {
  return shop.database.transaction(async (tx) => {
    await endSessionsOf(tx, userId, shop.now().toISOString());
    await record(shop, tx, { action: "sign_out_everywhere", user_id: userId, subject: userName(userId), origin });
  });
}

async function findOpenSession(shop: Shop, reader: Reader, id: string): Promise<SessionRow | undefined> {
  const session = await findSession(reader, id);
  const open = session && !session.ended_at && session.is_active === 1 && session.expires_at > shop.now().toISOString();
  return open ? session : undefined;
}

/** What the audit calls an account. */
export const userName = (id: number): string => `user ${id}`;

function fresh(token: string, sessionId: string): Omit<RefreshToken, "used_at"> {
  return { token_hash: tokenHash(token), session_id: sessionId, salt: newToken() };
}

/** When a session ends that is not used any more, and at the latest when its time is over, however much it is used. */
function expiry(
  { now, settings }: Shop,
  { created_at, ends_at, idle_minutes }: Pick<SessionRow, "created_at" | "ends_at" | "idle_minutes">,
): string {
  const unused = now().getTime() + (idle_minutes ?? settings.refreshTokenExpireMinutes) * 60_000;
  const end = ends_at === null ? Date.parse(created_at) + settings.sessionDays * DAY_MS : Date.parse(ends_at);
  return new Date(Math.min(unused, end)).toISOString();
}

/** Ends every session of an account, as an admin. Returns how many there were. */
export function endAllSessions(shop: Shop, userId: number): Promise<number> {
  return shop.database.transaction(async (tx) => {
    await getUserIn(tx, userId);
    const ended = await endSessionsOf(tx, userId, shop.now().toISOString());
    addDetails(tx, { user_id: userId, ended });
    return ended;
  });
}

/** The sessions that an account has open, for an admin to look at. Throws `not_found`. */
export async function listSessionsOf(shop: Shop, userId: number): Promise<OpenSession[]> {
  await getUserIn(shop.database, userId);
  const sessions = await listOpenSessions(shop.database, userId, shop.now().toISOString());
  return sessions.map((session) => ({ ...session, current: false }));
}

export function sessionEnded(): ShopError {
  return new ShopError("session_ended", "This session has ended. Sign in again.");
}
