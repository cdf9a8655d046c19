import { type Check, told } from "./finding";

/** How long a gateway may take to take a refund on, and then a bank to pay it. */
const REFUND_MINUTES = 60;
const REFUND_DAYS = 10;

/** How long money may be on its way to the shop. */
const UNDER_WAY_DAYS = 14;

const DAY_MINUTES = 1_440;
const minutesBefore = (now: Date, minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

/** What must always hold of the money. */
export const paymentChecks: Record<string, Check> = {
  "every order that was placed has a payment": (reader) =>
    told(
      // Those from elsewhere come with none.
      reader.all<{ id: number }>(
        `SELECT h.order_id AS id FROM order_history h LEFT JOIN payments p ON p.order_id = h.order_id AND p.is_current = 1
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
       FROM orders o JOIN payments p ON p.order_id = o.id AND p.is_current = 1
       WHERE p.amount_minor <> o.total_minor - o.cancelled_minor OR p.currency <> o.currency
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
       FROM payments p LEFT JOIN (SELECT payment_id, CAST(SUM(amount_minor) AS DOUBLE PRECISION) AS refunds_minor
         FROM refunds WHERE state <> 'failed' GROUP BY payment_id) r ON r.payment_id = p.id
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
        `SELECT order_id, created_at FROM refunds WHERE (state = 'owed' AND created_at < $1) OR (state = 'sent' AND created_at < $2)
         ORDER BY order_id, id`,
        [minutesBefore(now, REFUND_MINUTES), minutesBefore(now, REFUND_DAYS * DAY_MINUTES)],
      ),
      (row) => `Order ${row.order_id}: its gateway has not confirmed a refund since ${row.created_at}.`,
    ),

  "money that is on its way arrives": (reader, now) =>
    told(
      reader.all<{ order_id: number; created_at: string }>(
        "SELECT order_id, created_at FROM payments WHERE state = 'under_way' AND created_at < $1 ORDER BY order_id",
        [minutesBefore(now, UNDER_WAY_DAYS * DAY_MINUTES)],
      ),
      (row) => `Order ${row.order_id}: its payment is on its way since ${row.created_at}.`,
    ),

  "no gateway has money that no order knows of": (reader) =>
    told(
      reader.all<{ provider: string; event_id: string; kind: string }>(
        `SELECT provider, event_id, kind FROM payment_events WHERE outcome = 'flagged' AND order_id IS NULL ORDER BY received_at, event_id`,
      ),
      (row) =>
        `The event ${row.event_id} (${row.kind}) of ${row.provider} reports money for a payment that no order has.`,
    ),
};
