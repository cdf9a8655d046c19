import type { Reader, Transaction } from "../storage/database";
import { one } from "../storage/sql";

export interface Refund {
  id: number;
  order_id: number;
  reference: string;
  amount_minor: number;
}

/** Counts an amount as paid back. False, and nothing changes, when there is not that much left. */
export async function takeFromPayment(tx: Transaction, id: number, amountMinor: number): Promise<boolean> {
  const changed = await tx.run(
    "UPDATE payments SET refunded_minor = refunded_minor + $2 WHERE id = $1 AND captured_minor - refunded_minor >= $2",
    [id, amountMinor],
  );
  return changed === 1;
}

/** Returns the id of the refund. */
export async function insertRefund(
  tx: Transaction,
  refund: Omit<Refund, "id"> & { reason: string | null; state: "pending" | "done" },
  now: string,
): Promise<number> {
  const row = await tx.first<{ id: number }>(
    `INSERT INTO refunds (order_id, reference, amount_minor, reason, state, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [refund.order_id, refund.reference, refund.amount_minor, refund.reason, refund.state, now],
  );
  return one(row).id;
}

export async function insertRefundLine(
  tx: Transaction,
  refundId: number,
  { order_id, line, qty }: { order_id: number; line: number; qty: number },
): Promise<void> {
  await tx.run("INSERT INTO refund_lines (refund_id, order_id, line, qty) VALUES ($1, $2, $3, $4)", [
    refundId,
    order_id,
    line,
    qty,
  ]);
}

/** How many units of each line were paid back already. */
export async function findRefundedUnits(reader: Reader, orderId: number): Promise<Map<number, number>> {
  const rows = await reader.all<{ line: number; qty: number }>(
    "SELECT line, CAST(SUM(qty) AS INTEGER) AS qty FROM refund_lines WHERE order_id = $1 GROUP BY line",
    [orderId],
  );
  return new Map(rows.map(({ line, qty }) => [line, qty]));
}

/** Refunds that the gateway has not confirmed yet, of one order or of all, going on after one of them. */
export function findPendingRefunds(
  reader: Reader,
  orderId: number | undefined,
  most: number,
  after?: Refund,
): Promise<Refund[]> {
  const last = after?.id ?? 0;
  return reader.all<Refund>(
    `SELECT id, order_id, reference, amount_minor FROM refunds
     WHERE state = 'pending' AND id > $2 ${orderId === undefined ? "" : "AND order_id = $3"} ORDER BY id LIMIT $1`,
    orderId === undefined ? [most, last] : [most, last, orderId],
  );
}

export async function markRefund(
  tx: Transaction,
  id: number,
  { state, gateway_id }: { state: "done" | "refused"; gateway_id: string | null },
): Promise<void> {
  await tx.run("UPDATE refunds SET state = $2, gateway_id = $3 WHERE id = $1 AND state = 'pending'", [
    id,
    state,
    gateway_id,
  ]);
}
