import { many } from "../base/many";
import { findUnits } from "../orders/unit-queries";
import { unitsOwedAgain } from "../orders/units";
import type { Reader } from "../storage/database";
import { type Check, finding, type Finding, told } from "./finding";

/** How long a server may be down before what it should have sent is missed. */
const LATE_HOURS = 24;

const before = (now: Date): string => new Date(now.getTime() - LATE_HOURS * 3_600_000).toISOString();

/** What must always hold of what leaves the shop: mails, webhooks, invoices, and of what comes back. */
export const leavingChecks: Record<string, Check> = {
  "what happened has been told": (reader, now) =>
    told(
      // Where nothing was ever routed, no server has run yet.
      reader.all<{ id: number; type: string; created_at: string }>(
        `SELECT id, type, created_at FROM outbox WHERE position IS NULL AND created_at < $1
           AND EXISTS (SELECT 1 FROM outbox WHERE position IS NOT NULL) ORDER BY id LIMIT 20`,
        [before(now)],
      ),
      (row) => `Event ${row.id} (${row.type}) of ${row.created_at} was told to nobody: does the job "send events" run?`,
    ),

  "what should have left has left": (reader, now) =>
    told(
      reader.all<{ id: number; channel: string; target: string; next_at: string }>(
        // What is paused waits on purpose.
        `SELECT id, channel, target, next_at FROM deliveries WHERE state = 'waiting' AND next_at < $1
           AND (channel <> 'webhook' OR target IN (SELECT CAST(id AS TEXT) FROM webhooks WHERE state = 'active'))
         ORDER BY id LIMIT 20`,
        [before(now)],
      ),
      (row) => `Delivery ${row.id} (${row.channel} ${row.target}) has been due since ${row.next_at}.`,
    ),

  "series of invoices have no gap": (reader) =>
    told(
      reader.all<{ series: string; last_number: number; documents: number; highest: number }>(
        `SELECT s.series, s.last_number, COALESCE(i.documents, 0) AS documents, COALESCE(i.highest, 0) AS highest
         FROM invoice_series s LEFT JOIN (SELECT series, CAST(COUNT(*) AS INTEGER) AS documents, MAX(number) AS highest
           FROM invoices GROUP BY series) i ON i.series = s.series
         WHERE s.last_number <> COALESCE(i.documents, 0) OR s.last_number <> COALESCE(i.highest, 0) ORDER BY s.series`,
      ),
      (row) =>
        `Series ${row.series} counts to ${row.last_number}, but has ${row.documents} documents, the last with number ${row.highest}.`,
    ),

  "refunds of invoiced orders have their credit notes": (reader, now) =>
    told(
      // A refund that was credited and failed is sent again as another one, which its note is for as well.
      reader.all<{ order_id: number; missing: number }>(
        `SELECT r.order_id, CAST(SUM(CASE WHEN c.id IS NULL AND r.state <> 'failed' THEN 1
             WHEN c.id IS NOT NULL AND r.state = 'failed' THEN -1 ELSE 0 END) AS INTEGER) AS missing
         FROM refunds r JOIN payments p ON p.id = r.payment_id AND p.state <> 'surplus'
         JOIN invoices i ON i.order_id = r.order_id AND i.kind = 'invoice'
         LEFT JOIN invoices c ON c.refund_id = r.id WHERE r.created_at < $1
         GROUP BY r.order_id HAVING SUM(CASE WHEN c.id IS NULL AND r.state <> 'failed' THEN 1
             WHEN c.id IS NOT NULL AND r.state = 'failed' THEN -1 ELSE 0 END) > 0 ORDER BY r.order_id LIMIT 20`,
        [before(now)],
      ),
      (row) =>
        `Order ${row.order_id} has an invoice, and ${row.missing} of its refunds no credit note: sanset invoice issue ${row.order_id}`,
    ),

  "what returns received is back": (reader) =>
    told(
      reader.all<{ order_id: number; line: number; received: number; returned: number }>(
        `SELECT l.order_id, l.line, l.received, COALESCE(m.returned, 0) AS returned
         FROM (SELECT order_id, line, CAST(SUM(received_qty) AS INTEGER) AS received FROM return_lines GROUP BY order_id, line) l
         LEFT JOIN (SELECT order_id, line, CAST(SUM(qty) AS INTEGER) AS returned FROM unit_moves
           WHERE cause = 'returned' GROUP BY order_id, line) m ON m.order_id = l.order_id AND m.line = l.line
         WHERE l.received > COALESCE(m.returned, 0) ORDER BY l.order_id, l.line`,
      ),
      (row) =>
        `Returns of order ${row.order_id} received ${row.received} of line ${row.line}, but the order has ${row.returned} of it back.`,
    ),

  "what returns pay back is paid back": async (reader) => {
    const returned = await reader.all<Returned>(
      `SELECT l.order_id, l.line, CAST(SUM(l.refund_qty) AS INTEGER) AS refund_qty FROM return_lines l
       JOIN payments p ON p.order_id = l.order_id AND p.is_current = 1
       WHERE l.refund_qty > 0 AND p.state = 'captured' AND p.refunded_minor < p.captured_minor
       GROUP BY l.order_id, l.line ORDER BY l.order_id, l.line`,
    );
    const found: Finding[] = [];
    for (let at = 0; at < returned.length; at += LINES_AT_ONCE) {
      found.push(...(await unpaidOf(reader, returned.slice(at, at + LINES_AT_ONCE))));
    }
    return found;
  },
};

/** As many lines as are held in memory at once. */
const LINES_AT_ONCE = 1_000;

interface Returned {
  order_id: number;
  line: number;
  refund_qty: number;
}

/** Those lines of which units came back to be paid back, and were not. */
async function unpaidOf(reader: Reader, returned: readonly Returned[]): Promise<Finding[]> {
  const units = await findUnits(reader, [...new Set(returned.map(({ order_id }) => order_id))]);
  return returned.flatMap(({ order_id, line, refund_qty }) => {
    const of = units.find((one) => one.order_id === order_id && one.line === line);
    if (!of) return [];
    const kept = Math.max(0, of.returned - of.refused - refund_qty);
    const missing = Math.min(refund_qty, unitsOwedAgain(of) - kept);
    // Units that cost less than the smallest coin after the discount have no refund.
    const paid_minor = of.qty * of.price_minor - (of.discount_minor ?? 0);
    if (missing <= 0 || paid_minor * missing < of.qty) return [];
    return [
      finding(
        `Order ${order_id}: ${many(missing, "unit")} of line ${line} came back to be paid back, and no refund is for ${missing === 1 ? "it" : "them"}: sanset order refund ${order_id} --line ${of.product_id}:${missing}`,
      ),
    ];
  });
}
