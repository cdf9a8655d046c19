import type { Reader } from "../storage/database";
import { countOf } from "../storage/sql";

/** Beyond this, how many there are is not worth the look. */
const COUNTED_MOST = 10_000;

const countSome = (reader: Reader, from: string, values: readonly string[] = []) =>
  countOf(reader, `SELECT COUNT(*) FROM (SELECT 1 AS one FROM ${from} LIMIT ${COUNTED_MOST}) AS counted`, values);

/** How many orders are in this state, up to COUNTED_MOST. */
export const countOrdersThatAre = (reader: Reader, status: string) =>
  countSome(reader, "orders WHERE status = $1", [status]);

/** Refunds that a gateway has not confirmed, up to COUNTED_MOST. */
export const countPendingRefunds = (reader: Reader) => countSome(reader, "refunds WHERE state IN ('owed', 'sent')");

/** Mails and webhooks that are on their way, up to COUNTED_MOST. */
export const countWaitingDeliveries = (reader: Reader) => countSome(reader, "deliveries WHERE state = 'waiting'");

/** When the oldest of what has not left yet was due; null where nothing waits. */
export async function findOldestDelivery(reader: Reader): Promise<string | null> {
  const row = await reader.first<{ at: string | null }>(
    "SELECT MIN(next_at) AS at FROM deliveries WHERE state = 'waiting'",
  );
  return row?.at ?? null;
}

/** When the model that serves was made; null before the first one. */
export async function findModelTime(reader: Reader): Promise<string | null> {
  const row = await reader.first<{ created_at: string }>(
    "SELECT created_at FROM recommend_models WHERE role = 'serving'",
  );
  return row?.created_at ?? null;
}
