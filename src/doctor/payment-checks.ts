import { type Check, told } from "./finding";

/** How long a gateway may take to confirm a refund. */
const REFUND_MINUTES = 60;

/** What must always hold of the money. */
export const paymentChecks: Record<string, Check> = {
  "every order that was placed has a payment": (reader) =>
    told(
      // Those from elsewhere come with none.
      reader.all<{ id: number }>(
        `SELECT h.order_id AS id FROM order_history h LEFT JOIN payments p ON p.order_id = h.order_id
         WHERE h.step = 1 AND h.cause = 'placed' AND p.order_id IS NULL ORDER BY h.order_id`,
      ),
      (row) => `Order ${row.id} has lost its payment.`,
    ),

  "payments are what their orders say": (reader) =>
    told(
      reader.all<{
        id: number;
        payment_status: string;
        captured_minor: number;
        refunded_minor: number;
      }>(`SELECT o.id, o.payment_status, p.captured_minor, p.refunded_minor
       FROM orders o JOIN payments p ON p.order_id = o.id
       WHERE p.amount_minor <> o.total_minor OR p.currency <> o.currency
         OR (p.state = 'captured') <> (o.payment_status IN ('paid', 'partially_refunded', 'refunded'))
         OR p.refunded_minor > p.captured_minor
         OR (o.payment_status = 'paid' AND p.refunded_minor <> 0)
         OR (o.payment_status = 'partially_refunded' AND NOT (p.refunded_minor > 0 AND p.refunded_minor < p.captured_minor))
         OR (o.payment_status = 'refunded' AND p.refunded_minor <> p.captured_minor)
       ORDER BY o.id`),
      (row) =>
        `Order ${row.id} says ${row.payment_status}, but ${row.captured_minor} was captured and ${row.refunded_minor} of it paid back.`,
    ),

  "refunds add up to what was paid back": (reader) =>
    told(
      reader.all<{
        order_id: number;
        refunded_minor: number;
        refunds_minor: number;
      }>(`SELECT p.order_id, p.refunded_minor, COALESCE(r.refunds_minor, 0) AS refunds_minor
       FROM payments p LEFT JOIN (SELECT order_id, CAST(SUM(amount_minor) AS DOUBLE PRECISION) AS refunds_minor
         FROM refunds GROUP BY order_id) r ON r.order_id = p.order_id
       WHERE p.refunded_minor <> COALESCE(r.refunds_minor, 0) ORDER BY p.order_id`),
      (row) => `Order ${row.order_id} counts ${row.refunded_minor} as paid back, its refunds are ${row.refunds_minor}.`,
    ),

  "no payment waits for a person": (reader) =>
    told(
      reader.all<{ order_id: number; flag: string }>(
        "SELECT order_id, flag FROM payments WHERE flag IS NOT NULL ORDER BY order_id",
      ),
      (row) => `Order ${row.order_id}: ${row.flag}`,
    ),

  "refunds arrive": (reader, now) =>
    told(
      reader.all<{ order_id: number; created_at: string }>(
        `SELECT order_id, created_at FROM refunds WHERE state = 'pending' AND created_at < $1 ORDER BY order_id, id`,
        [new Date(now.getTime() - REFUND_MINUTES * 60_000).toISOString()],
      ),
      (row) => `Order ${row.order_id}: its gateway has not confirmed a refund since ${row.created_at}.`,
    ),

  "no gateway has money that no order knows of": (reader) =>
    told(
      reader.all<{ provider: string; event_id: string }>(
        `SELECT provider, event_id FROM payment_events WHERE outcome = 'flagged' AND order_id IS NULL ORDER BY received_at, event_id`,
      ),
      (row) => `The event ${row.event_id} of ${row.provider} reports money for a payment that no order has.`,
    ),
};
