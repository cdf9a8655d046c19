import { insertRows } from "../storage/rows";
import type { Transaction } from "../storage/database";
import type { Cause, States } from "./states";

/** Begins the histories of new orders. */
export async function insertFirstSteps(
  tx: Transaction,
  orders: readonly { id: number; order: States & { placed_at: string } }[],
  cause: Cause,
): Promise<void> {
  await insertRows(
    tx,
    "order_history",
    orders.map(({ id, order: { status, payment_status, placed_at } }) => ({
      order_id: id,
      step: 1,
      status,
      payment_status,
      cause,
      at: placed_at,
    })),
  );
}

/** The next step of an order's history: its states after it. */
export async function insertStep(
  tx: Transaction,
  orderId: number,
  { status, payment_status }: States,
  cause: Cause,
  now: string,
): Promise<void> {
  await tx.run(
    `INSERT INTO order_history (order_id, step, status, payment_status, cause, at)
     SELECT CAST($1 AS INTEGER), COALESCE(MAX(step), 0) + 1, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT)
     FROM order_history WHERE order_id = $1`,
    [orderId, status, payment_status, cause, now],
  );
}
