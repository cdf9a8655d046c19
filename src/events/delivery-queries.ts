import type { Listed, Page } from "../base/page";
import type { Reader, Transaction, Value } from "../storage/database";
import { readList } from "../storage/lists";
import { insertRows } from "../storage/rows";
import { listOf } from "../storage/sql";
import type { ChannelName, Delivery, EventType } from "./schema";
import { findEvents } from "./queries";

export interface NewDelivery {
  outbox_id: number;
  channel: ChannelName;
  target: string;
  once_key: string | null;
}

/** Those that happened once already are left out. */
export async function insertDeliveries(
  tx: Transaction,
  deliveries: readonly NewDelivery[],
  now: string,
): Promise<void> {
  const rows = deliveries.map((delivery) => ({ ...delivery, state: "waiting", next_at: now }));
  await insertRows(tx, "deliveries", rows, "ON CONFLICT (once_key) DO NOTHING");
}

/** Whether anything is due for this target, or for any where none is given. */
export async function isDue(reader: Reader, channel: string, target: string | undefined, now: string) {
  const row = await reader.first(
    `SELECT id FROM deliveries WHERE state = 'waiting' AND channel = $1 AND next_at <= $2
       ${target === undefined ? "" : "AND target = $3"} LIMIT 1`,
    [channel, now, ...(target === undefined ? [] : [target])],
  );
  return row !== undefined;
}

/**
 * Takes deliveries that are due, the longest first, for this process alone until `until`. A process that dies meanwhile leaves them to
 * others from then on.
 */
export async function claimDeliveries(
  tx: Transaction,
  { channel, target, most, now, until }: ClaimedPart,
): Promise<Delivery[]> {
  const values = [channel, now, until, most, ...(target === undefined ? [] : [target])];
  const claimed = await tx.all<{ id: number; outbox_id: number; channel: ChannelName; target: string; tries: number }>(
    // Looked at again outside, since on PostgreSQL another process may have taken some between the two.
    `UPDATE deliveries SET next_at = $3 WHERE state = 'waiting' AND next_at <= $2 AND id IN (
       SELECT id FROM deliveries WHERE state = 'waiting' AND channel = $1 AND next_at <= $2
         ${target === undefined ? "" : "AND target = $5"} ORDER BY next_at, id LIMIT $4)
     RETURNING id, outbox_id, channel, target, tries`,
    values,
  );
  if (claimed.length === 0) return [];
  const events = await findEvents(
    tx,
    claimed.map(({ outbox_id }) => outbox_id),
  );
  return claimed
    .toSorted((a, b) => a.id - b.id)
    .flatMap(({ outbox_id, ...delivery }) => {
      const event = events.get(outbox_id);
      return event ? [{ ...delivery, event }] : [];
    });
}

interface ClaimedPart {
  channel: ChannelName;
  target: string | undefined;
  most: number;
  now: string;
  until: string;
}

/** Gives deliveries back that were claimed and not tried, such as by a server that is told to stop. */
export async function releaseDeliveries(tx: Transaction, ids: readonly number[], now: string): Promise<void> {
  const { sql, values } = listOf(ids, 1);
  await tx.run(`UPDATE deliveries SET next_at = $1 WHERE state = 'waiting' AND id IN ${sql}`, [now, ...values]);
}

/** How a delivery stands after a try: over, or due again at `next_at`. */
export interface Standing {
  state: "waiting" | "sent" | "given_up" | "dropped";
  next_at: string;
  ended_at: string | null;
}

/** False when it had ended before: another process was quicker. */
export async function updateDelivery(tx: Transaction, id: number, { state, next_at, ended_at }: Standing) {
  const changed = await tx.run(
    `UPDATE deliveries SET state = $2, next_at = $3, ended_at = $4, tries = tries + 1
     WHERE id = $1 AND state = 'waiting'`,
    [id, state, next_at, ended_at],
  );
  return changed === 1;
}

export async function insertAttempt(
  tx: Transaction,
  attempt: { delivery_id: number; at: string; took_ms: number; status: number | null; failure: string | null },
): Promise<void> {
  await tx.run(
    `INSERT INTO delivery_attempts (delivery_id, attempt, at, took_ms, status, failure)
     SELECT CAST($1 AS INTEGER), COALESCE(MAX(attempt), 0) + 1, CAST($2 AS TEXT), CAST($3 AS INTEGER), CAST($4 AS INTEGER), CAST($5 AS TEXT)
     FROM delivery_attempts WHERE delivery_id = $1`,
    [attempt.delivery_id, attempt.at, attempt.took_ms, attempt.status, attempt.failure],
  );
}

/** Forgets what one receiver got, and what it was to get. */
export function deleteDeliveriesTo(tx: Transaction, channel: ChannelName, target: string): Promise<number> {
  return tx.run("DELETE FROM deliveries WHERE channel = $1 AND target = $2", [channel, target]);
}

interface DeliveryRow {
  id: number;
  channel: ChannelName;
  target: string;
  state: Standing["state"];
  tries: number;
  next_at: string;
  ended_at: string | null;
  event_id: string;
  type: EventType;
  order_id: number | null;
  created_at: string;
}

/** Which deliveries are meant; what is absent does not matter. */
export interface DeliveryFilter {
  channel?: ChannelName | undefined;
  target?: string | undefined;
  state?: Standing["state"] | undefined;
  order_id?: number | undefined;
}

const LISTED_COLUMNS =
  "d.id, d.channel, d.target, d.state, d.tries, d.next_at, d.ended_at, o.event_id, o.type, o.order_id, o.created_at";
const LISTED = `${LISTED_COLUMNS} FROM deliveries d JOIN outbox o ON o.id = d.outbox_id`;

/** Newest first, with how many there are in all. */
export function listDeliveryRows(
  reader: Reader,
  { channel, target, state, order_id }: DeliveryFilter,
  page: Page,
): Promise<Listed<DeliveryRow>> {
  const values: Value[] = [];
  const is = (column: string, value: Value | undefined) =>
    value === undefined ? [] : [`${column} = $${values.push(value)}`];
  const parts = [
    ...is("d.channel", channel),
    ...is("d.target", target),
    // An index has those that were not sent, which are few.
    ...(state === undefined || state === "sent" ? [] : ["d.state <> 'sent'"]),
    ...is("d.state", state),
    ...(order_id === undefined
      ? []
      : [`d.outbox_id IN (SELECT id FROM outbox WHERE order_id = $${values.push(order_id)})`]),
  ];
  return readList<DeliveryRow>(
    reader,
    {
      sql: parts.join(" AND "),
      values,
      columns: LISTED_COLUMNS,
      from: "deliveries d",
      joined: { tables: "outbox o", on: "o.id = d.outbox_id" },
      order: [{ column: "d.id", part: "id" }],
      descending: true,
      isFew: order_id !== undefined,
    },
    page,
  );
}

export interface AttemptRow {
  delivery_id: number;
  attempt: number;
  at: string;
  took_ms: number;
  status: number | null;
  failure: string | null;
}

export function findAttempts(reader: Reader, deliveryIds: readonly number[]): Promise<AttemptRow[]> {
  const { sql, values } = listOf(deliveryIds);
  return reader.all(
    `SELECT delivery_id, attempt, at, took_ms, status, failure FROM delivery_attempts
     WHERE delivery_id IN ${sql} ORDER BY delivery_id, attempt`,
    values,
  );
}

export function findDelivery(reader: Reader, id: number): Promise<DeliveryRow | undefined> {
  return reader.first<DeliveryRow>(`SELECT ${LISTED} WHERE d.id = $1`, [id]);
}

/** Sends it again from the start, whether it was sent or given up before. */
export async function restartDelivery(tx: Transaction, id: number, now: string): Promise<void> {
  await tx.run("UPDATE deliveries SET state = 'waiting', tries = 0, next_at = $2, ended_at = NULL WHERE id = $1", [
    id,
    now,
  ]);
}
