import { Json, objectFrom, type Reader, type Transaction } from "../storage/database";
import { insertRows } from "../storage/rows";
import { listOf, one } from "../storage/sql";
import type { EventType, ShopEvent } from "./schema";

type NewEvent = Pick<ShopEvent, "event_id" | "type" | "order_id" | "created_at"> & { data: object };

export async function insertEvents(tx: Transaction, events: readonly NewEvent[]): Promise<void> {
  await insertRows(
    tx,
    "outbox",
    events.map(({ event_id, type, order_id, data, created_at }) => ({
      event_id,
      type,
      order_id,
      data: new Json(data),
      created_at,
    })),
  );
}

interface EventRow {
  id: number;
  event_id: string;
  type: EventType;
  order_id: number | null;
  data: unknown;
  created_at: string;
  position: number | null;
}

const EVENT_COLUMNS = "id, event_id, type, order_id, data, created_at, position";

const toEvent = (row: EventRow): ShopEvent => ({ ...row, data: objectFrom(row.data) });

/** Events that nobody was chosen for yet, the oldest first. */
export async function findUnrouted(reader: Reader, most: number): Promise<ShopEvent[]> {
  const rows = await reader.all<EventRow>(
    `SELECT ${EVENT_COLUMNS} FROM outbox WHERE position IS NULL ORDER BY id LIMIT $1`,
    [most],
  );
  return rows.map(toEvent);
}

/** Holds the counter of places until this transaction ends: one process routes at a time. Returns the last place given. */
export async function holdPlaces(tx: Transaction): Promise<number> {
  const row = await tx.first<{ last_position: number }>(
    "UPDATE outbox_places SET last_position = last_position WHERE id = 1 RETURNING last_position",
  );
  if (!row) throw new Error("The outbox has lost its counter.");
  return row.last_position;
}

/** Gives these events the places after `last`, in their order. */
export async function givePlaces(tx: Transaction, ids: readonly number[], last: number): Promise<void> {
  const listed = listOf(ids, 1);
  await tx.run(
    `UPDATE outbox SET position = CAST($1 AS BIGINT) + placed.place
     FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS place FROM outbox WHERE id IN ${listed.sql}) AS placed
     WHERE outbox.id = placed.id`,
    [last, ...listed.values],
  );
  await tx.run("UPDATE outbox_places SET last_position = $1 WHERE id = 1", [last + ids.length]);
}

export async function findEvents(reader: Reader, ids: readonly number[]): Promise<Map<number, ShopEvent>> {
  const { sql, values } = listOf(ids);
  const rows = await reader.all<EventRow>(`SELECT ${EVENT_COLUMNS} FROM outbox WHERE id IN ${sql}`, values);
  return new Map(rows.map((row) => [row.id, toEvent(row)]));
}

/** Forgets some of the oldest events, with what became of them. Returns how many. */
export function deleteEventsBefore(tx: Transaction, time: string, most: number): Promise<number> {
  return tx.run(
    `DELETE FROM outbox WHERE created_at < $1 AND position IS NOT NULL
       AND id IN (SELECT id FROM outbox ORDER BY id LIMIT $2)`,
    [time, most],
  );
}

/** The place of the last event that was routed. */
export async function findLastPlace(reader: Reader): Promise<number> {
  const row = await reader.first<{ last_position: number }>("SELECT last_position FROM outbox_places WHERE id = 1");
  return one(row).last_position;
}

/** The event at a place; none where it is forgotten, or was never there. */
export async function findEventAt(reader: Reader, place: number): Promise<ShopEvent | undefined> {
  const row = await reader.first<EventRow>(`SELECT ${EVENT_COLUMNS} FROM outbox WHERE position = $1`, [place]);
  return row && toEvent(row);
}

/** Events after a place, in their order: of one order, or of these types. */
export async function findEventsAfter(
  reader: Reader,
  after: number,
  { order_id, types }: { order_id?: number; types?: readonly EventType[] },
  most: number,
): Promise<ShopEvent[]> {
  const { sql, values } = listOf(types ?? [], 3);
  const rows = await reader.all<EventRow>(
    `SELECT ${EVENT_COLUMNS} FROM outbox WHERE position > $1 ${order_id === undefined ? "AND $2 = 0" : "AND order_id = $2"}
       ${types === undefined ? "" : `AND type IN ${sql}`} ORDER BY position LIMIT $3`,
    [after, order_id ?? 0, most, ...(types === undefined ? [] : values)],
  );
  return rows.map(toEvent);
}
