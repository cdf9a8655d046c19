import { tokenHash } from "../auth/opaque-tokens";
import { ShopError } from "../base/errors";
import { writeBehind } from "../jobs/write-behind";
import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";
import { KEY_PREFIX } from "./keys";
import { findWorkingKey, markKeyUsed } from "./queries";

/** Who calls, and where it is a program, with which key. */
interface KeyCaller {
  id: number;
  is_admin: boolean;
  session_id: string;
  key?: { id: number; name: string; scopes: readonly string[] };
}

type Identify = (token: string) => Promise<KeyCaller>;

/** Tells who calls: a program by a key of the shop, every other caller by the access token that they send. */
export const identifyKeysAnd =
  (shop: Shop, identify: Identify): Identify =>
  (token) =>
    token.startsWith(KEY_PREFIX) ? identifyKey(shop, token) : identify(token);

const MINUTE_MS = 60_000;

/** Of each key, in which minute it was used last and how often. */
const usesOf = perShop(() => new Map<number, { minute: number; calls: number }>());

const lastUses = writeBehind<{ id: number; at: string }>({
  what: "When keys were used last",
  mostWaiting: 1_000,
  write: async (tx, uses) => {
    for (const [id, { at }] of new Map(uses.map((use) => [use.id, use]))) await markKeyUsed(tx, id, at);
  },
});

async function identifyKey(shop: Shop, token: string): Promise<KeyCaller> {
  const key = await findWorkingKey(shop.database, tokenHash(token));
  const now = shop.now();
  const isOver = key?.expires_at != null && key.expires_at <= now.toISOString();
  if (!key || key.revoked_at !== null || isOver) {
    throw new ShopError("not_signed_in", "This key opens nothing: it is wrong, revoked or too old.");
  }
  countCall(shop, key.id, now);
  const { id, name, scopes, made_by } = key;
  return { id: made_by, is_admin: true, session_id: "", key: { id, name, scopes } };
}

/** Each key has the calls of one client. Its first in a minute is written down. */
function countCall(shop: Shop, id: number, now: Date): void {
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  const uses = usesOf(shop);
  const last = uses.get(id);
  const calls = last?.minute === minute ? last.calls + 1 : 1;
  uses.set(id, { minute, calls });
  if (calls === 1) lastUses.add(shop, { id, at: new Date(minute * MINUTE_MS).toISOString() });
  if (!shop.settings.rateLimit || calls <= shop.settings.rateLimitPerMinute) return;
  const retry_after_seconds = Math.ceil(((minute + 1) * MINUTE_MS - now.getTime()) / 1000);
  throw new ShopError("too_many_requests", "This key has called too often: wait a moment.", { retry_after_seconds });
}
