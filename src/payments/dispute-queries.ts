import type { Reader, Transaction } from "../storage/database";
import { countOf } from "../storage/sql";

/** One dispute of a payment, as its gateway last told of it. */
export interface Dispute {
  payment_id: number;
  gateway_id: string;
  state: "open" | "won" | "lost";
  /** When that was so; null where the gateway did not say. */
  told_at: string | null;
}

export function findDispute(reader: Reader, paymentId: number, gatewayId: string): Promise<Dispute | undefined> {
  return reader.first(
    "SELECT payment_id, gateway_id, state, told_at FROM disputes WHERE payment_id = $1 AND gateway_id = $2",
    [paymentId, gatewayId],
  );
}

export async function upsertDispute(
  tx: Transaction,
  { payment_id, gateway_id, state, told_at }: Dispute,
): Promise<void> {
  await tx.run(
    `INSERT INTO disputes (payment_id, gateway_id, state, told_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (payment_id, gateway_id) DO UPDATE SET state = excluded.state, told_at = excluded.told_at`,
    [payment_id, gateway_id, state, told_at],
  );
}

export function countOpenDisputes(reader: Reader, paymentId: number): Promise<number> {
  return countOf(reader, "SELECT COUNT(*) FROM disputes WHERE payment_id = $1 AND state = 'open'", [paymentId]);
}
