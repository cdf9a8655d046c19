import { insertRows } from "../../storage/rows";
import { countOf, listOf } from "../../storage/sql";
import { fromJson, Json, type Reader, type Transaction } from "../../storage/database";

/** A list of recommendations that a customer was shown. */
export interface Shown {
  user_id: number;
  context: string;
  /** Absent where no model had a hand in it. */
  model_id: number | null;
  /** In the order shown. */
  products: readonly number[];
  created_at: string;
}

export async function insertShown(tx: Transaction, shown: readonly Shown[]): Promise<void> {
  await insertRows(
    tx,
    "recommendations_log",
    shown.map(({ user_id, context, model_id, products, created_at }) => ({
      user_id,
      context,
      model_id,
      products: new Json(products),
      created_at,
    })),
  );
}

/** What was shown since a moment, from above the id `after`, by rising id. */
export async function listShown(reader: Reader, after: number, since: string, limit: number) {
  const rows = await reader.all<Omit<Shown, "products"> & { id: number; products: unknown }>(
    `SELECT id, user_id, context, model_id, products, created_at FROM recommendations_log
     WHERE id > $1 AND created_at >= $2 ORDER BY id LIMIT $3`,
    [after, since, limit],
  );
  // Only insertShown writes there.
  return rows.map((row) => ({ ...row, products: fromJson(row.products) as number[] }));
}

export interface EventRecord {
  user_id: number;
  product_id: number;
  type: "view" | "click" | "dismiss";
  created_at: string;
}

export async function insertEvent(tx: Transaction, event: EventRecord): Promise<void> {
  await tx.run("INSERT INTO recommend_events (user_id, product_id, type, created_at) VALUES ($1, $2, $3, $4)", [
    event.user_id,
    event.product_id,
    event.type,
    event.created_at,
  ]);
}

/** Whether a customer has dismissed a product. */
export async function isDismissed(reader: Reader, userId: number, productId: number): Promise<boolean> {
  const event = await reader.first(
    "SELECT id FROM recommend_events WHERE user_id = $1 AND type = 'dismiss' AND product_id = $2 LIMIT 1",
    [userId, productId],
  );
  return event !== undefined;
}

/** Forgets the oldest events of this type where a customer has more than `most` of them: `some` more, so that it is seldom done. */
export async function keepNewestEvents(
  tx: Transaction,
  { user_id, type }: Pick<EventRecord, "user_id" | "type">,
  { most, some }: { most: number; some: number },
): Promise<void> {
  const [of, values] = ["user_id = $1 AND type = $2", [user_id, type]];
  const one = `SELECT 1 FROM recommend_events WHERE ${of} LIMIT ${most + 1}`;
  if ((await countOf(tx, `SELECT COUNT(*) FROM (${one}) AS counted`, values)) <= most) return;
  await tx.run(
    `DELETE FROM recommend_events WHERE id IN (SELECT id FROM recommend_events WHERE ${of} ORDER BY id LIMIT ${some})`,
    values,
  );
}

/** What a customer does not want to see again. */
export async function listDismissed(reader: Reader, userId: number): Promise<number[]> {
  const rows = await reader.all<{ product_id: number }>(
    `SELECT DISTINCT COALESCE(p.parent_id, p.id) AS product_id
     FROM recommend_events e JOIN products p ON p.id = e.product_id
     WHERE e.user_id = $1 AND e.type = 'dismiss'`,
    [userId],
  );
  return rows.map(({ product_id }) => product_id);
}

/** What a customer looked at, and when last; a click says more than a view. */
export interface Seen {
  product_id: number;
  clicks: number;
  seen_at: string;
}

/** What a customer looked at since a moment, the latest first. */
export function listSeen(reader: Reader, userId: number, since: string, limit: number): Promise<Seen[]> {
  return reader.all<Seen>(
    `SELECT COALESCE(p.parent_id, p.id) AS product_id, MAX(e.created_at) AS seen_at,
       CAST(SUM(CASE e.type WHEN 'click' THEN 1 ELSE 0 END) AS INTEGER) AS clicks
     FROM recommend_events e JOIN products p ON p.id = e.product_id
     WHERE e.user_id = $1 AND e.type IN ('view', 'click') AND e.created_at >= $2
     GROUP BY 1 ORDER BY seen_at DESC, 1 LIMIT $3`,
    [userId, since, limit],
  );
}

/** What some customers clicked in a period. */
export function listClicksOf(
  reader: Reader,
  userIds: readonly number[],
  { since, until }: { since: string; until: string },
): Promise<Pick<EventRecord, "user_id" | "product_id" | "created_at">[]> {
  const users = listOf(userIds, 2);
  return reader.all(
    `SELECT user_id, product_id, created_at FROM recommend_events
     WHERE user_id IN ${users.sql} AND type = 'click' AND created_at >= $1 AND created_at <= $2`,
    [since, until, ...users.values],
  );
}

/** The id after which there are so many lists at most. */
export function findShownFrom(reader: Reader, most: number): Promise<number> {
  return countOf(reader, "SELECT COALESCE(MAX(id), 0) - $1 FROM recommendations_log", [most]);
}

/**
 * Deletes some of what was shown, viewed and clicked before a moment, and returns how much. What was dismissed stays
 * dismissed.
 */
export async function deleteOldRecords(tx: Transaction, before: string, most: number): Promise<number> {
  const shown = await tx.run(deletion("recommendations_log", ""), [before, most]);
  return shown + (await tx.run(deletion("recommend_events", " AND type <> 'dismiss'"), [before, most]));
}

const deletion = (table: string, and: string) =>
  `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE created_at < $1${and} ORDER BY created_at LIMIT $2)`;

/** What one customer did with products counts for another. */
export async function moveEvents(tx: Transaction, from: number, to: number): Promise<void> {
  await tx.run("UPDATE recommend_events SET user_id = $2 WHERE user_id = $1", [from, to]);
}
