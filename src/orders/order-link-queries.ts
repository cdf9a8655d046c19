import type { Reader, Transaction } from "../storage/database";
import { insertRows } from "../storage/rows";

export async function insertLink(
  tx: Transaction,
  link: { token_hash: string; order_id: number; expires_at: string },
): Promise<void> {
  await insertRows(tx, "order_links", [link]);
}

export function findLinked(
  reader: Reader,
  tokenHash: string,
  now: string,
): Promise<{ order_id: number; user_id: number } | undefined> {
  return reader.first(
    `SELECT l.order_id, o.user_id FROM order_links l JOIN orders o ON o.id = l.order_id
     WHERE l.token_hash = $1 AND l.expires_at > $2`,
    [tokenHash, now],
  );
}

export function deleteLinksBefore(tx: Transaction, now: string): Promise<number> {
  return tx.run("DELETE FROM order_links WHERE expires_at <= $1", [now]);
}
