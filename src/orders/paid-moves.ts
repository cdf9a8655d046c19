import type { Transaction } from "../storage/database";
import { IS_BACK_UNPAID, type UnitCause, type UnitMove } from "./unit-queries";

/**
 * A refund pays for units of a line that are the shop's already: those of refunds that failed first, then those that came back
 * without one. From then on they are its own.
 */
export async function payForMoves(
  tx: Transaction,
  orderId: number,
  { line, qty }: { line: number; qty: number },
  refundId: number,
): Promise<void> {
  const moves = await tx.all<
    UnitMove & { id: number; cause: UnitCause; restocked: number; refund_id: number | null; at: string }
  >(
    `SELECT u.id, u.line, u.cause, u.qty, u.restocked, u.refund_id, u.at FROM unit_moves u LEFT JOIN refunds p ON p.id = u.refund_id
     WHERE u.order_id = $1 AND u.line = $2 AND (p.state = 'failed' OR (${IS_BACK_UNPAID}))
     ORDER BY CASE WHEN p.id IS NULL THEN 1 ELSE 0 END, u.id`,
    [orderId, line],
  );
  let left = qty;
  for (const move of moves) {
    const paid = Math.min(left, move.qty);
    if (paid === 0) return;
    left -= paid;
    const rest = move.qty - paid;
    const restocked = Math.min(paid, move.restocked);
    await tx.run("UPDATE unit_moves SET refund_id = $2, qty = $3, restocked = $4 WHERE id = $1", [
      move.id,
      refundId,
      paid,
      restocked,
    ]);
    if (rest === 0) continue;
    // The rest stays what it was.
    await tx.run(
      `INSERT INTO unit_moves (order_id, line, cause, qty, restocked, refund_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [orderId, line, move.cause, rest, move.restocked - restocked, move.refund_id, move.at],
    );
  }
}

/** A refund that failed is sent again as another, and what it was for with it. */
export async function handOverMoves(tx: Transaction, orderId: number, from: number, to: number): Promise<void> {
  await tx.run("UPDATE unit_moves SET refund_id = $3 WHERE order_id = $1 AND refund_id = $2", [orderId, from, to]);
}
