import { addDetails } from "../audit/recording";
import { newToken, tokenHash } from "../auth/opaque-tokens";
import { ShopError } from "../base/errors";
import { KEY_SCOPES } from "../base/scopes";
import type { Shop } from "../shop/shop";
import { insertKey, listKeyRows, revokeKeyRow } from "./queries";
import type { ApiKey, KeyWithSecret, NewKey } from "./schema";

/** Secret scanners look for such beginnings. */
export const KEY_PREFIX = "sk_";

const SHOWN = 8;

/** Newest first. */
export const listKeys = ({ database }: Shop): Promise<ApiKey[]> => listKeyRows(database);

/** Makes a key for a program, by an admin. Throws `invalid` for a scope that there is not. */
export async function createKey(
  shop: Shop,
  madeBy: number,
  { name, scopes, expires_at }: NewKey,
): Promise<KeyWithSecret> {
  const strange = scopes.findIndex((scope) => !KEY_SCOPES.includes(scope));
  if (strange >= 0) {
    const message = `There is no such scope for keys. There are: ${KEY_SCOPES.join(", ")}.`;
    throw new ShopError("invalid", message, {
      errors: [{ path: `scopes.${strange}`, message, code: "unknown_scope" }],
    });
  }
  const key = `${KEY_PREFIX}${newToken()}`;
  const made = await shop.database.transaction(async (tx) => {
    const row = await insertKey(tx, {
      name,
      prefix: key.slice(0, SHOWN),
      key_hash: tokenHash(key),
      scopes: [...new Set(scopes)],
      made_by: madeBy,
      created_at: shop.now().toISOString(),
      expires_at: expires_at ?? null,
    });
    addDetails(tx, { id: row.id });
    return row;
  });
  return { ...made, key };
}

/** From its next call on it opens nothing. Throws `not_found`. */
export async function revokeKey(shop: Shop, id: number): Promise<ApiKey> {
  const key = await shop.database.transaction((tx) => revokeKeyRow(tx, id, shop.now().toISOString()));
  if (!key) throw new ShopError("not_found", "There is no such key, or it is revoked already.");
  return key;
}
