import type { Reader, Transaction } from "../../storage/database";

/** The mock gateway's own books. */
export interface MockPayment {
  reference: string;
  amount_minor: number;
  currency: string;
  state: "open" | "paid" | "declined" | "expired";
  /** Whether the customer has paid by a way that takes its time. */
  is_under_way: number;
}

export function findMockPayment(reader: Reader, reference: string): Promise<MockPayment | undefined> {
  return reader.first<MockPayment>(
    "SELECT reference, amount_minor, currency, state, is_under_way FROM mock_payments WHERE reference = $1",
    [reference],
  );
}

export async function insertMockPayment(
  tx: Transaction,
  { reference, amount_minor, currency }: Omit<MockPayment, "state" | "is_under_way">,
): Promise<void> {
  await tx.run(
    `INSERT INTO mock_payments (reference, amount_minor, currency, state) VALUES ($1, $2, $3, 'open')
     ON CONFLICT (reference) DO NOTHING`,
    [reference, amount_minor, currency],
  );
}

/** Only what is open can change. */
export async function setMockState(tx: Transaction, reference: string, state: MockPayment["state"]): Promise<void> {
  await tx.run("UPDATE mock_payments SET state = $2 WHERE reference = $1 AND state = 'open'", [reference, state]);
}

/** True also when this refund was paid before; false when the payment has not that much left. */
export async function insertMockRefund(
  tx: Transaction,
  paymentReference: string,
  { reference, amount_minor }: { reference: string; amount_minor: number },
): Promise<boolean> {
  const isNew = await tx.run(
    `INSERT INTO mock_refunds (reference, payment_reference, amount_minor) VALUES ($1, $2, $3)
     ON CONFLICT (reference) DO NOTHING`,
    [reference, paymentReference, amount_minor],
  );
  if (isNew === 0) return true;
  const paid = await tx.run(
    `UPDATE mock_payments SET refunded_minor = refunded_minor + $2
     WHERE reference = $1 AND state = 'paid' AND refunded_minor + $2 <= amount_minor`,
    [paymentReference, amount_minor],
  );
  if (paid === 0) await tx.run("DELETE FROM mock_refunds WHERE reference = $1", [reference]);
  return paid === 1;
}

/** The customer has paid, and the money takes its time. */
export async function setMockUnderWay(tx: Transaction, reference: string): Promise<void> {
  await tx.run("UPDATE mock_payments SET is_under_way = 1 WHERE reference = $1 AND state = 'open'", [reference]);
}

export function findMockRefunds(
  reader: Reader,
  paymentReference: string,
): Promise<{ reference: string; amount_minor: number }[]> {
  return reader.all(
    "SELECT reference, amount_minor FROM mock_refunds WHERE payment_reference = $1 ORDER BY reference",
    [paymentReference],
  );
}
