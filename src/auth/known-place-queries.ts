import type { Reader, Transaction } from "../storage/database";

interface KnownPlace {
  user_id: number;
  /** As `networkOf` writes it. */
  client: string;
  last_seen_at: string;
}

export async function hasKnownPlace(reader: Reader, emailKey: string, client: string, since: string): Promise<boolean> {
  const sql = `SELECT p.client FROM known_places p JOIN users u ON u.id = p.user_id
    WHERE u.email_key = $1 AND p.client = $2 AND p.last_seen_at > $3`;
  return (await reader.first(sql, [emailKey, client, since])) !== undefined;
}

export async function upsertKnownPlace(tx: Transaction, place: KnownPlace): Promise<void> {
  await tx.run(
    `INSERT INTO known_places (user_id, client, last_seen_at) VALUES ($1, $2, $3)
     ON CONFLICT (user_id, client) DO UPDATE SET last_seen_at = excluded.last_seen_at`,
    [place.user_id, place.client, place.last_seen_at],
  );
}

/** Forgets the places of one account that were last seen before a moment, and all but so many of the latest. */
export function deleteKnownPlaces(
  tx: Transaction,
  userId: number,
  { before, beyond }: { before: string; beyond: number },
): Promise<number> {
  return tx.run(
    `DELETE FROM known_places WHERE user_id = $1 AND (last_seen_at < $2 OR client NOT IN
       (SELECT client FROM known_places WHERE user_id = $1 ORDER BY last_seen_at DESC, client LIMIT $3))`,
    [userId, before, beyond],
  );
}
