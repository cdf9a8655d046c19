import type { Transaction } from "../storage/database";

/** False when this event was here before. */
export async function insertEvent(
  tx: Transaction,
  provider: string,
  { id, kind }: { id: string; kind: string },
  now: string,
): Promise<boolean> {
  const inserted = await tx.run(
    `INSERT INTO payment_events (provider, event_id, kind, outcome, received_at) VALUES ($1, $2, $3, 'received', $4)
     ON CONFLICT (provider, event_id) DO NOTHING`,
    [provider, id, kind, now],
  );
  return inserted === 1;
}

/** Writes down what came of an event. */
export async function markEvent(
  tx: Transaction,
  provider: string,
  eventId: string,
  { order_id, outcome }: { order_id: number | null; outcome: string },
): Promise<void> {
  await tx.run("UPDATE payment_events SET order_id = $3, outcome = $4 WHERE provider = $1 AND event_id = $2", [
    provider,
    eventId,
    order_id,
    outcome,
  ]);
}

/** A person has seen to an event about money that no order knows of. False when none such waits. */
export async function resolveStray(
  tx: Transaction,
  { provider, event_id }: { provider: string; event_id: string },
): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE payment_events SET outcome = 'resolved'
     WHERE provider = $1 AND event_id = $2 AND outcome = 'flagged' AND order_id IS NULL`,
    [provider, event_id],
  );
  return changed === 1;
}
