import type { Reader, Transaction } from "../storage/database";

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
