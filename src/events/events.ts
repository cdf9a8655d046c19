import { insertEvents } from "./queries";
import type { Transaction } from "../storage/database";
import type { EventData, EventType } from "./schema";

export type { EventData, EventType } from "./schema";

/**
 * Says that something happened: one row of the outbox, in the transaction that makes it happen, so that there is the one
 * exactly when there is the other. Mails, webhooks and listeners hear of it after the commit.
 */
export function recordEvent<Type extends EventType>(
  tx: Transaction,
  type: Type,
  data: EventData[Type],
  now: string,
): Promise<void> {
  return recordEvents(tx, type, [data], now);
}

/** The same of many things at once, in few statements. Without any, nothing is written. */
export function recordEvents<Type extends EventType>(
  tx: Transaction,
  type: Type,
  happened: readonly EventData[Type][],
  now: string,
): Promise<void> {
  return insertEvents(
    tx,
    happened.map((data) => ({
      event_id: `evt_${Bun.randomUUIDv7("hex").replaceAll("-", "")}`,
      type,
      order_id: "order_id" in data ? (data.order_id ?? null) : null,
      data,
      created_at: now,
    })),
  );
}
