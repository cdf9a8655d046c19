import type { Reader, Transaction } from "../storage/database";
import { one } from "../storage/sql";

/** What an order is paid with. Amounts are in minor units. */
export interface Payment {
  id: number;
  order_id: number;
  provider: string;
  reference: string;
  gateway_id: string | null;
  payment_url: string | null;
  state: "new" | "open" | "captured" | "closed";
  amount_minor: number;
  captured_minor: number;
  refunded_minor: number;
  currency: string;
  /** What a person must look at, in words. */
  flag: string | null;
}

export interface Refund {
  id: number;
  order_id: number;
  reference: string;
  amount_minor: number;
}

const COLUMNS = `id, order_id, provider, reference, gateway_id, payment_url, state, amount_minor, captured_minor,
  refunded_minor, currency, flag`;

export async function insertPayment(
  tx: Transaction,
  payment: Pick<Payment, "order_id" | "provider" | "reference" | "state" | "amount_minor" | "currency">,
  now: string,
): Promise<void> {
  const { order_id, provider, reference, state, amount_minor, currency } = payment;
  await tx.run(
    `INSERT INTO payments (order_id, provider, reference, state, amount_minor, currency, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [order_id, provider, reference, state, amount_minor, currency, now],
  );
}

/** The payment of an order. Whoever changes it holds the order. */
export function findPayment(reader: Reader, orderId: number): Promise<Payment | undefined> {
  return reader.first<Payment>(`SELECT ${COLUMNS} FROM payments WHERE order_id = $1`, [orderId]);
}

export function findPaymentByReference(
  reader: Reader,
  provider: string,
  reference: string,
): Promise<Payment | undefined> {
  return reader.first<Payment>(`SELECT ${COLUMNS} FROM payments WHERE provider = $1 AND reference = $2`, [
    provider,
    reference,
  ]);
}

/**
 * Notes what the gateway calls it. Also for one that was closed meanwhile, which still has to be closed there, and for one
 * that was captured meanwhile, which may have to be refunded. The order is held.
 */
export async function markOpened(
  tx: Transaction,
  id: number,
  { gateway_id, payment_url }: { gateway_id: string; payment_url: string | null },
): Promise<void> {
  await tx.run(
    `UPDATE payments SET gateway_id = $2, payment_url = $3, state = CASE state WHEN 'captured' THEN state ELSE 'open' END
     WHERE id = $1 AND gateway_id IS NULL`,
    [id, gateway_id, payment_url],
  );
}

/** False, and nothing changes, when it is captured already. What the gateway calls it is noted where it was not known. */
export async function markCaptured(tx: Transaction, id: number, now: string, gatewayId?: string): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE payments SET state = 'captured', captured_minor = amount_minor, captured_at = $2,
       gateway_id = COALESCE(gateway_id, $3)
     WHERE id = $1 AND state <> 'captured'`,
    [id, now, gatewayId ?? null],
  );
  return changed === 1;
}

/** Nothing more will come of it; what is captured stays. */
export async function markClosed(tx: Transaction, id: number): Promise<void> {
  await tx.run("UPDATE payments SET state = 'closed' WHERE id = $1 AND state <> 'captured'", [id]);
}

/** What a person must look at. */
export async function flagPayment(tx: Transaction, id: number, flag: string): Promise<void> {
  await tx.run("UPDATE payments SET flag = $2 WHERE id = $1", [id, flag]);
}

/** A person has looked. */
export async function unflagPayment(tx: Transaction, orderId: number): Promise<void> {
  await tx.run("UPDATE payments SET flag = NULL WHERE order_id = $1", [orderId]);
}

export interface LeftOpen {
  order_id: number;
}

/** Payments that a customer could still make for orders that came to nothing, going on after one of them. */
export function findLeftOpen(reader: Reader, most: number, after?: LeftOpen): Promise<LeftOpen[]> {
  return reader.all<LeftOpen>(
    `SELECT p.order_id FROM payments p JOIN orders o ON o.id = p.order_id
     WHERE p.state = 'open' AND p.gateway_id IS NOT NULL AND o.status = 'cancelled' AND p.order_id > $2
     ORDER BY p.order_id LIMIT $1`,
    [most, after?.order_id ?? 0],
  );
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
