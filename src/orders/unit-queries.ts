import type { Reader, Transaction } from "../storage/database";
import { insertOne, insertRows } from "../storage/rows";
import { listOf } from "../storage/sql";

/** What became of units: taken off the order before they left, left, or came back. */
export type UnitCause = "cancelled" | "shipped" | "returned";

/** Units of one line that something became of. */
export interface UnitMove {
  line: number;
  qty: number;
  /** How many of them lie on the shelf again. */
  restocked?: number;
}

export async function insertUnitMoves(
  tx: Transaction,
  orderId: number,
  moves: readonly UnitMove[],
  about: { cause: UnitCause; shipment_id?: number | undefined; refund_id?: number | undefined },
  now: string,
): Promise<void> {
  await insertRows(
    tx,
    "unit_moves",
    moves.map(({ line, qty, restocked }) => ({
      order_id: orderId,
      line,
      cause: about.cause,
      qty,
      restocked: restocked ?? 0,
      shipment_id: about.shipment_id ?? null,
      refund_id: about.refund_id ?? null,
      at: now,
    })),
  );
}

/** A line with what became of its units. */
export interface LineUnits {
  order_id: number;
  line: number;
  product_id: number;
  qty: number;
  price_minor: number;
  /** Null for lines of before, when a discount was for every line. */
  discount_minor: number | null;
  tax_minor: number;
  /** Off the order before they left. */
  cancelled: number;
  /** Of these, those that had been paid. */
  cancelled_paid: number;
  /** By shipments that were written down; an order that left whole before there were any has none. */
  shipped: number;
  returned: number;
  restocked: number;
  /** Of those that are back, the ones that were refused before they were paid: they name the shipment that they came back from. */
  refused: number;
  /** The shop's again, cancelled or back, by a refund that has failed since. */
  owed_again: number;
  /** Back without a refund that says that it was for them. */
  back_unpaid: number;
  /** The shop's again, by refunds that have not failed. */
  back_paid: number;
  /** Paid back, by refunds that have not failed. */
  refunded: number;
}

const IS_REFUSED = "u.cause = 'returned' AND u.shipment_id IS NOT NULL";
/** Of moves `u`: units that came back without a refund that says that it was for them, and were not refused. */
export const IS_BACK_UNPAID = "u.cause = 'returned' AND u.refund_id IS NULL AND u.shipment_id IS NULL";

/** The lines of orders with what became of their units, by product id, as stock is always taken. */
export function findUnits(reader: Reader, orderIds: readonly number[]): Promise<LineUnits[]> {
  const { sql, values } = listOf(orderIds);
  return reader.all<LineUnits>(
    `SELECT i.order_id, i.line, i.product_id, i.qty, i.price_minor, i.discount_minor, i.tax_minor,
       COALESCE(m.cancelled, 0) AS cancelled, COALESCE(m.cancelled_paid, 0) AS cancelled_paid,
       COALESCE(m.shipped, 0) AS shipped, COALESCE(m.returned, 0) AS returned, COALESCE(m.restocked, 0) AS restocked,
       COALESCE(m.refused, 0) AS refused, COALESCE(m.owed_again, 0) AS owed_again,
       COALESCE(m.back_unpaid, 0) AS back_unpaid, COALESCE(m.back_paid, 0) AS back_paid,
       COALESCE(r.refunded, 0) AS refunded
     FROM order_items i
     LEFT JOIN (SELECT u.order_id, u.line,
         CAST(SUM(CASE u.cause WHEN 'cancelled' THEN u.qty ELSE 0 END) AS INTEGER) AS cancelled,
         CAST(SUM(CASE WHEN u.cause = 'cancelled' AND u.refund_id IS NOT NULL THEN u.qty ELSE 0 END) AS INTEGER) AS cancelled_paid,
         CAST(SUM(CASE u.cause WHEN 'shipped' THEN u.qty ELSE 0 END) AS INTEGER) AS shipped,
         CAST(SUM(CASE u.cause WHEN 'returned' THEN u.qty ELSE 0 END) AS INTEGER) AS returned,
         CAST(SUM(CASE u.cause WHEN 'returned' THEN u.restocked ELSE 0 END) AS INTEGER) AS restocked,
         CAST(SUM(CASE WHEN ${IS_REFUSED} THEN u.qty ELSE 0 END) AS INTEGER) AS refused,
         CAST(SUM(CASE WHEN p.state = 'failed' THEN u.qty ELSE 0 END) AS INTEGER) AS owed_again,
         CAST(SUM(CASE WHEN ${IS_BACK_UNPAID} THEN u.qty ELSE 0 END) AS INTEGER) AS back_unpaid,
         CAST(SUM(CASE WHEN p.state <> 'failed' THEN u.qty ELSE 0 END) AS INTEGER) AS back_paid
       FROM unit_moves u LEFT JOIN refunds p ON p.id = u.refund_id
       WHERE u.order_id IN ${sql} GROUP BY u.order_id, u.line) m ON m.order_id = i.order_id AND m.line = i.line
     LEFT JOIN (SELECT l.order_id, l.line, CAST(SUM(l.qty) AS INTEGER) AS refunded
       FROM refund_lines l JOIN refunds f ON f.id = l.refund_id
       WHERE l.order_id IN ${sql} AND f.state <> 'failed' GROUP BY l.order_id, l.line) r
       ON r.order_id = i.order_id AND r.line = i.line
     WHERE i.order_id IN ${sql} ORDER BY i.product_id, i.order_id, i.line`,
    values,
  );
}

export interface ShipmentRecord {
  order_id: number;
  tracking_number: string | null;
  carrier: string | null;
  shipped_at: string;
}

export async function insertShipment(tx: Transaction, shipment: ShipmentRecord): Promise<number> {
  return insertOne(tx, "shipments", { ...shipment });
}

/** The latest shipment of an order. */
export function findLastShipment(
  reader: Reader,
  orderId: number,
): Promise<(ShipmentRecord & { id: number }) | undefined> {
  return reader.first(
    "SELECT id, order_id, tracking_number, carrier, shipped_at FROM shipments WHERE order_id = $1 ORDER BY id DESC LIMIT 1",
    [orderId],
  );
}

/** What is absent stays. */
export async function updateShipment(
  tx: Transaction,
  id: number,
  { tracking_number, carrier }: { tracking_number?: string | null | undefined; carrier?: string | null | undefined },
): Promise<void> {
  await tx.run(
    "UPDATE shipments SET tracking_number = COALESCE($2, tracking_number), carrier = COALESCE($3, carrier) WHERE id = $1",
    [id, tracking_number ?? null, carrier ?? null],
  );
}

export async function insertNote(
  tx: Transaction,
  note: { order_id: number; user_id: number | null; note: string; created_at: string },
): Promise<void> {
  await insertRows(tx, "order_notes", [note]);
}
