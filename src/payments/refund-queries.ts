import type { Reader, Transaction } from "../storage/database";
import { insertOne, insertRows } from "../storage/rows";

export interface Refund {
  id: number;
  order_id: number;
  payment_id: number;
  reference: string;
  amount_minor: number;
  state: "owed" | "sent" | "done" | "failed";
  source: "shop" | "provider" | "hand";
  gateway_id: string | null;
  created_at: string;
  /** When its gateway last said how it stands. */
  asked_at: string | null;
  /** The refund that this one, which failed, was sent again as. */
  resent_as: number | null;
}

const COLUMNS =
  "id, order_id, payment_id, reference, amount_minor, state, source, gateway_id, created_at, asked_at, resent_as";

/** Counts an amount as paid back. False, and nothing changes, when there is not that much left. */
export async function takeFromPayment(tx: Transaction, id: number, amountMinor: number): Promise<boolean> {
  const changed = await tx.run(
    "UPDATE payments SET refunded_minor = refunded_minor + $2 WHERE id = $1 AND captured_minor - refunded_minor >= $2",
    [id, amountMinor],
  );
  return changed === 1;
}

/** A refund has failed: its amount is the shop's to pay back again. */
export async function giveBackToPayment(tx: Transaction, id: number, amountMinor: number): Promise<void> {
  await tx.run("UPDATE payments SET refunded_minor = refunded_minor - $2 WHERE id = $1", [id, amountMinor]);
}

export interface NewRefundRow extends Omit<Refund, "id" | "asked_at" | "resent_as"> {
  reason: string | null;
  is_shipping: number;
  ended_at: string | null;
}

/** Returns the id of the refund. */
export async function insertRefund(tx: Transaction, refund: NewRefundRow): Promise<number> {
  return insertOne(tx, "refunds", { ...refund });
}

/** The units that a refund is for. */
export async function insertRefundLines(
  tx: Transaction,
  refund: { id: number; order_id: number },
  lines: readonly { line: number; qty: number }[],
): Promise<void> {
  await insertRows(
    tx,
    "refund_lines",
    lines.map(({ line, qty }) => ({ refund_id: refund.id, order_id: refund.order_id, line, qty })),
  );
}

/** Whether the delivery of an order was paid back. */
export async function isShippingRefunded(reader: Reader, orderId: number): Promise<boolean> {
  const row = await reader.first(
    "SELECT id FROM refunds WHERE order_id = $1 AND is_shipping = 1 AND state <> 'failed'",
    [orderId],
  );
  return row !== undefined;
}

/** Refunds that the gateway has not finished, of one order or of all, going on after one of them. */
export function findWaitingRefunds(
  reader: Reader,
  orderId: number | undefined,
  most: number,
  after?: Refund,
): Promise<Refund[]> {
  const last = after?.id ?? 0;
  return reader.all<Refund>(
    `SELECT ${COLUMNS} FROM refunds
     WHERE state IN ('owed', 'sent') AND id > $2 ${orderId === undefined ? "" : "AND order_id = $3"} ORDER BY id LIMIT $1`,
    orderId === undefined ? [most, last] : [most, last, orderId],
  );
}

export function findRefund(reader: Reader, id: number): Promise<Refund | undefined> {
  return reader.first<Refund>(`SELECT ${COLUMNS} FROM refunds WHERE id = $1`, [id]);
}

/** The refunds of one payment, the first first. */
export function findRefundsOf(reader: Reader, paymentId: number): Promise<Refund[]> {
  return reader.all<Refund>(`SELECT ${COLUMNS} FROM refunds WHERE payment_id = $1 ORDER BY id`, [paymentId]);
}

/** The gateway has taken it on. */
export async function markSent(tx: Transaction, id: number, gatewayId: string, now: string): Promise<void> {
  await tx.run(
    `UPDATE refunds SET state = 'sent', gateway_id = COALESCE(gateway_id, $2), sent_at = COALESCE(sent_at, $3), asked_at = $3
     WHERE id = $1 AND state IN ('owed', 'sent')`,
    [id, gatewayId, now],
  );
}

/** False, and nothing changes, when it has ended already. */
export async function endRefund(
  tx: Transaction,
  id: number,
  {
    state,
    gateway_id,
    failure = null,
  }: { state: "done" | "failed"; gateway_id: string | null; failure?: string | null },
  now: string,
): Promise<boolean> {
  // Money that was there may still come back: a bank can refuse days later what a gateway called done.
  const from = state === "failed" ? "'owed', 'sent', 'done'" : "'owed', 'sent'";
  const changed = await tx.run(
    `UPDATE refunds SET state = $2, gateway_id = COALESCE(gateway_id, $3), failure = $4, ended_at = $5
     WHERE id = $1 AND state IN (${from})`,
    [id, state, gateway_id, failure, now],
  );
  return changed === 1;
}

/** One that failed was sent again as another. */
export async function markResent(tx: Transaction, id: number, as: number): Promise<void> {
  await tx.run("UPDATE refunds SET resent_as = $2 WHERE id = $1", [id, as]);
}

export async function nameRefund(tx: Transaction, id: number, gatewayId: string): Promise<void> {
  await tx.run("UPDATE refunds SET gateway_id = $2 WHERE id = $1 AND gateway_id IS NULL", [id, gatewayId]);
}
