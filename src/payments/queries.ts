import type { Reader, Transaction } from "../storage/database";
import { insertRows } from "../storage/rows";
import { countOf } from "../storage/sql";

/** One try at paying an order. Amounts are in minor units. */
export interface Payment {
  id: number;
  order_id: number;
  /** Whether it is the one that counts: at most one of an order does. */
  is_current: number;
  provider: string;
  reference: string;
  /** What the gateway calls the page where it is paid, and the money once there is some. */
  gateway_id: string | null;
  gateway_money: string | null;
  payment_url: string | null;
  state: "new" | "open" | "under_way" | "captured" | "failed" | "closed" | "surplus";
  amount_minor: number;
  captured_minor: number;
  refunded_minor: number;
  currency: string;
  /** What a person must look at, in words. */
  flag: string | null;
  disputed_at: string | null;
  created_at: string;
}

const COLUMNS = `id, order_id, is_current, provider, reference, gateway_id, gateway_money, payment_url, state, amount_minor,
  captured_minor, refunded_minor, currency, flag, disputed_at, created_at`;

export type NewPaymentRow = Pick<
  Payment,
  "order_id" | "provider" | "reference" | "state" | "amount_minor" | "currency"
>;

export async function insertPayment(tx: Transaction, payment: NewPaymentRow, now: string): Promise<void> {
  const { order_id, provider, reference, state, amount_minor, currency } = payment;
  await insertRows(tx, "payments", [{ order_id, provider, reference, state, amount_minor, currency, created_at: now }]);
}

/** The payment of an order that counts. A transaction that changes it holds the order. */
export function findPayment(reader: Reader, orderId: number): Promise<Payment | undefined> {
  return reader.first<Payment>(`SELECT ${COLUMNS} FROM payments WHERE order_id = $1 AND is_current = 1`, [orderId]);
}

export function findPaymentById(reader: Reader, id: number): Promise<Payment | undefined> {
  return reader.first<Payment>(`SELECT ${COLUMNS} FROM payments WHERE id = $1`, [id]);
}

/** How many tries at paying an order there were. */
export function countPayments(reader: Reader, orderId: number): Promise<number> {
  return countOf(reader, "SELECT COUNT(*) FROM payments WHERE order_id = $1", [orderId]);
}

/** All tries at paying an order, the first first. */
export function findPaymentsOf(reader: Reader, orderId: number): Promise<Payment[]> {
  return reader.all<Payment>(
    `SELECT ${COLUMNS} FROM payments WHERE order_id = $1 AND is_current = 0
     UNION ALL SELECT ${COLUMNS} FROM payments WHERE order_id = $1 AND is_current = 1 ORDER BY id`,
    [orderId],
  );
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

export function findPaymentByMoney(reader: Reader, provider: string, money: string): Promise<Payment | undefined> {
  return reader.first<Payment>(`SELECT ${COLUMNS} FROM payments WHERE gateway_money = $2 AND provider = $1`, [
    provider,
    money,
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
    `UPDATE payments SET gateway_id = $2, payment_url = $3,
       state = CASE WHEN state IN ('captured', 'surplus', 'under_way') THEN state ELSE 'open' END
     WHERE id = $1 AND gateway_id IS NULL`,
    [id, gateway_id, payment_url],
  );
}

/** False, and nothing changes, when it is captured already. What the gateway calls it is noted where it was not known. */
export async function markCaptured(
  tx: Transaction,
  id: number,
  now: string,
  names: { gateway_id?: string | undefined; money?: string | undefined } = {},
): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE payments SET state = 'captured', captured_minor = amount_minor, captured_at = $2,
       gateway_id = COALESCE(gateway_id, $3), gateway_money = COALESCE(gateway_money, $4)
     WHERE id = $1 AND state NOT IN ('captured', 'surplus')`,
    [id, now, names.gateway_id ?? null, names.money ?? null],
  );
  return changed === 1;
}

/** The customer has paid, and the money is on its way. False when that is known, or over. */
export async function markUnderWay(tx: Transaction, id: number, now: string, money?: string): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE payments SET state = 'under_way', asked_at = $2, gateway_money = COALESCE(gateway_money, $3)
     WHERE id = $1 AND state IN ('new', 'open', 'failed', 'closed')`,
    [id, now, money ?? null],
  );
  return changed === 1;
}

/** Nothing came of this try; another may follow. What is captured stays. */
export async function markFailed(tx: Transaction, id: number): Promise<void> {
  await tx.run("UPDATE payments SET state = 'failed' WHERE id = $1 AND state NOT IN ('captured', 'surplus')", [id]);
}

/** Nothing more will come of it; what is captured stays. */
export async function markClosed(tx: Transaction, id: number): Promise<void> {
  await tx.run("UPDATE payments SET state = 'closed' WHERE id = $1 AND state NOT IN ('captured', 'surplus')", [id]);
}

/** Paid beside another payment of the order. */
export async function markSurplus(tx: Transaction, id: number): Promise<void> {
  await tx.run("UPDATE payments SET state = 'surplus' WHERE id = $1", [id]);
}

/** Which of an order's payments counts from now on; undefined for none of them, where a new one follows. */
export async function makeCurrent(tx: Transaction, orderId: number, id?: number): Promise<void> {
  await tx.run("UPDATE payments SET is_current = 0 WHERE order_id = $1 AND is_current = 1", [orderId]);
  if (id !== undefined) await tx.run("UPDATE payments SET is_current = 1 WHERE id = $1", [id]);
}

/** What is to be paid became less, since units were taken off. */
export async function lowerAmount(tx: Transaction, id: number, amountMinor: number): Promise<void> {
  await tx.run("UPDATE payments SET amount_minor = amount_minor - $2 WHERE id = $1 AND captured_minor = 0", [
    id,
    amountMinor,
  ]);
}

/** What a person must look at. */
export async function flagPayment(tx: Transaction, id: number, flag: string): Promise<void> {
  await tx.run("UPDATE payments SET flag = $2 WHERE id = $1", [id, flag]);
}

/** A person has looked. */
export async function unflagPayments(tx: Transaction, orderId: number): Promise<void> {
  await tx.run("UPDATE payments SET flag = NULL WHERE order_id = $1", [orderId]);
}

/** What a payment was flagged for is over; what else a person must look at stays. */
export async function unflagPayment(tx: Transaction, id: number, flag: string): Promise<void> {
  await tx.run("UPDATE payments SET flag = NULL WHERE id = $1 AND flag = $2", [id, flag]);
}

/** The customer disputes it with their bank; null once that is over. */
export async function markDisputed(tx: Transaction, id: number, at: string | null): Promise<void> {
  await tx.run("UPDATE payments SET disputed_at = $2 WHERE id = $1", [id, at]);
}

export async function markAsked(tx: Transaction, id: number, now: string): Promise<void> {
  await tx.run("UPDATE payments SET asked_at = $2 WHERE id = $1", [id, now]);
}

export interface LeftOpen {
  id: number;
  order_id: number;
}

/** Payments that a customer could still make although they count for nothing, going on after one of them. */
export function findLeftOpen(reader: Reader, most: number, after?: LeftOpen): Promise<LeftOpen[]> {
  return reader.all<LeftOpen>(
    `SELECT p.id, p.order_id FROM payments p JOIN orders o ON o.id = p.order_id
     WHERE p.state = 'open' AND p.gateway_id IS NOT NULL AND (o.status = 'cancelled' OR p.is_current = 0)
       AND (p.order_id, p.id) > ($2, $3)
     ORDER BY p.order_id, p.id LIMIT $1`,
    [most, after?.order_id ?? 0, after?.id ?? 0],
  );
}

export interface UnderWay {
  id: number;
  order_id: number;
  asked_at: string;
}

/** Payments on their way that were not asked about since a moment, the longest first, going on after one of them. */
export function findUnderWay(reader: Reader, since: string, most: number, after?: UnderWay): Promise<UnderWay[]> {
  return reader.all<UnderWay>(
    // By id SQLite would go through all payments there ever were, for the few that are under way.
    `SELECT id, order_id, asked_at FROM payments
     WHERE state = 'under_way' AND asked_at <= $1 AND (asked_at, id) > ($3, $4) ORDER BY asked_at, id LIMIT $2`,
    [since, most, after?.asked_at ?? "", after?.id ?? 0],
  );
}

/** Payments that a gateway knows of, made since a moment, by id, going on after one of them. */
export function findPaymentsSince(reader: Reader, since: string, most: number, after: number): Promise<Payment[]> {
  return reader.all<Payment>(
    `SELECT ${COLUMNS} FROM payments WHERE id > $3 AND created_at >= $1 AND gateway_id IS NOT NULL ORDER BY id LIMIT $2`,
    [since, most, after],
  );
}

/** Which order a payment is for, by our own reference. */
export async function findOrderOfReference(
  reader: Reader,
  provider: string,
  reference: string,
): Promise<number | undefined> {
  const row = await reader.first<{ order_id: number }>(
    "SELECT order_id FROM payments WHERE provider = $1 AND reference = $2",
    [provider, reference],
  );
  return row?.order_id;
}
