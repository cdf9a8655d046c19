import { findUnnotedLines } from "./counters";
import { type Check, told } from "./finding";

/** What became of the units of an order, by product. */
const UNITS = `(SELECT i.order_id, i.product_id, CAST(SUM(i.qty) AS INTEGER) AS qty,
    CAST(SUM(COALESCE(m.cancelled, 0)) AS INTEGER) AS cancelled, CAST(SUM(COALESCE(m.shipped, 0)) AS INTEGER) AS shipped,
    CAST(SUM(COALESCE(m.returned, 0)) AS INTEGER) AS returned, CAST(SUM(COALESCE(m.restocked, 0)) AS INTEGER) AS restocked
  FROM order_items i LEFT JOIN (SELECT order_id, line,
      SUM(CASE cause WHEN 'cancelled' THEN qty ELSE 0 END) AS cancelled, SUM(CASE cause WHEN 'shipped' THEN qty ELSE 0 END) AS shipped,
      SUM(CASE cause WHEN 'returned' THEN qty ELSE 0 END) AS returned,
      SUM(CASE cause WHEN 'returned' THEN restocked ELSE 0 END) AS restocked
    FROM unit_moves GROUP BY order_id, line) m ON m.order_id = i.order_id AND m.line = i.line
  GROUP BY i.order_id, i.product_id)`;

/** What an order's moves of stock come to, by product. */
const MOVED = `(SELECT order_id, product_id, CAST(SUM(reserved_change) AS INTEGER) AS held,
    CAST(-SUM(on_hand_change) AS INTEGER) AS gone
  FROM stock_moves WHERE order_id IS NOT NULL GROUP BY order_id, product_id)`;

const FROM = `FROM orders o JOIN payments p ON p.order_id = o.id AND p.is_current = 1 JOIN ${UNITS} u ON u.order_id = o.id
  LEFT JOIN ${MOVED} m ON m.order_id = o.id AND m.product_id = u.product_id`;

/** Units wait until they are sold or released: by a capture, by leaving, or by coming to nothing. */
const DUE = `CASE WHEN o.status IN ('placed', 'packed') AND p.state <> 'captured' THEN u.qty - u.cancelled - u.shipped ELSE 0 END`;

/** What must always hold of the goods of an order. */
export const goodsChecks: Record<string, Check> = {
  "products know the orders that have them": (reader) =>
    told(
      findUnnotedLines(reader),
      (row) => `Order ${row.order_id} has product ${row.product_id}, and a recall of that would not find it.`,
      true,
    ),

  "orders reserve exactly what they wait for": (reader) =>
    told(
      reader.all<{ id: number; product_id: number; status: string; held: number; due: number }>(
        `SELECT o.id, o.status, u.product_id, COALESCE(m.held, 0) AS held, ${DUE} AS due ${FROM}
         WHERE COALESCE(m.held, 0) <> ${DUE} ORDER BY o.id, u.product_id`,
      ),
      (row) =>
        `Order ${row.id} is ${row.status} and keeps ${row.held} of product ${row.product_id} reserved instead of ${row.due}.`,
    ),

  "what orders took off the shelf is what was sold": (reader) =>
    told(
      reader.all<{ id: number; product_id: number; gone: number; due: number }>(
        `SELECT o.id, u.product_id, COALESCE(m.gone, 0) AS gone, u.qty - u.cancelled - u.restocked AS due ${FROM}
         WHERE CASE
           -- What came back before it was written down unit by unit lies on the shelf again, or is not worth it.
           WHEN o.status = 'returned' AND u.returned = 0 THEN COALESCE(m.gone, 0) NOT IN (0, u.qty - u.cancelled)
           WHEN o.status IN ('shipped', 'delivered', 'returned') OR (o.status IN ('placed', 'packed') AND p.state = 'captured')
           THEN COALESCE(m.gone, 0) <> u.qty - u.cancelled - u.restocked
           WHEN o.status IN ('placed', 'packed') THEN COALESCE(m.gone, 0) <> u.shipped - u.restocked
           ELSE COALESCE(m.gone, 0) <> 0 END
         ORDER BY o.id, u.product_id`,
      ),
      (row) => `Order ${row.id} took ${row.gone} of product ${row.product_id} off the shelf; it has ${row.due} of it.`,
    ),

  "no more units are cancelled, shipped or back than there are": (reader) =>
    told(
      reader.all<{ id: number; product_id: number }>(
        `SELECT u.order_id AS id, u.product_id FROM ${UNITS} u
         WHERE u.cancelled + u.shipped > u.qty OR u.returned > u.qty - u.cancelled ORDER BY u.order_id, u.product_id`,
      ),
      (row) => `Order ${row.id} has more units of product ${row.product_id} cancelled, shipped or back than it has.`,
    ),
};
