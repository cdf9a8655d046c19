import type { Reader } from "../storage/database";
import { findUnnotedLines } from "./counters";
import { type Check, finding, ofCheck, told } from "./finding";
import { inOrderRanges, type OrderRange } from "./order-ranges";

/** Of the orders above $1, up to $2. */
const within = (column: string) => `${column} > $1 AND ${column} <= $2`;

/** What became of the units of these orders, by product. */
const UNITS = `(SELECT i.order_id, i.product_id, CAST(SUM(i.qty) AS INTEGER) AS qty,
    CAST(SUM(COALESCE(m.cancelled, 0)) AS INTEGER) AS cancelled, CAST(SUM(COALESCE(m.shipped, 0)) AS INTEGER) AS shipped,
    CAST(SUM(COALESCE(m.returned, 0)) AS INTEGER) AS returned, CAST(SUM(COALESCE(m.restocked, 0)) AS INTEGER) AS restocked
  FROM order_items i LEFT JOIN (SELECT order_id, line,
      SUM(CASE cause WHEN 'cancelled' THEN qty ELSE 0 END) AS cancelled, SUM(CASE cause WHEN 'shipped' THEN qty ELSE 0 END) AS shipped,
      SUM(CASE cause WHEN 'returned' THEN qty ELSE 0 END) AS returned,
      SUM(CASE cause WHEN 'returned' THEN restocked ELSE 0 END) AS restocked
    FROM unit_moves WHERE ${within("order_id")} GROUP BY order_id, line) m ON m.order_id = i.order_id AND m.line = i.line
  WHERE ${within("i.order_id")} GROUP BY i.order_id, i.product_id)`;

/** What the moves of stock of these orders come to, by product. */
const MOVED = `(SELECT order_id, product_id, CAST(SUM(reserved_change) AS INTEGER) AS held,
    CAST(-SUM(on_hand_change) AS INTEGER) AS gone
  FROM stock_moves WHERE ${within("order_id")} GROUP BY order_id, product_id)`;

/** Units wait until they are sold or released: by a capture, by leaving, or by coming to nothing. */
const DUE = `CASE WHEN o.status IN ('placed', 'packed') AND p.state <> 'captured' THEN u.qty - u.cancelled - u.shipped ELSE 0 END`;

const IS_HELD_WRONGLY = `COALESCE(m.held, 0) <> ${DUE}`;

const IS_GONE_WRONGLY = `CASE
  -- What came back before it was written down unit by unit lies on the shelf again, or is not worth it.
  WHEN o.status = 'returned' AND u.returned = 0 THEN COALESCE(m.gone, 0) NOT IN (0, u.qty - u.cancelled)
  WHEN o.status IN ('shipped', 'delivered', 'returned') OR (o.status IN ('placed', 'packed') AND p.state = 'captured')
  THEN COALESCE(m.gone, 0) <> u.qty - u.cancelled - u.restocked
  WHEN o.status IN ('placed', 'packed') THEN COALESCE(m.gone, 0) <> u.shipped - u.restocked
  ELSE COALESCE(m.gone, 0) <> 0 END`;

interface WrongGoods {
  id: number;
  status: string;
  product_id: number;
  held: number;
  due: number;
  gone: number;
  sold: number;
  is_held_wrongly: number;
  is_gone_wrongly: number;
}

const HELD = "orders reserve exactly what they wait for";
const GONE = "what orders took off the shelf is what was sold";

/** What must always hold of the goods of an order. */
export const goodsChecks: Record<string, Check> = {
  "products know the orders that have them": (reader) =>
    told(
      findUnnotedLines(reader),
      (row) => `Order ${row.order_id} has product ${row.product_id}, and a recall of that would not find it.`,
      true,
    ),

  // Both are told by the same sums, which take longer than all else that is asked of orders.
  [`${HELD}, and ${GONE}`]: async (reader) =>
    (await inOrderRanges(reader, WITH_PAYMENT, (range) => findWrongGoods(reader, range))).flatMap((row) => [
      ...ofCheck(
        HELD,
        row.is_held_wrongly,
        `Order ${row.id} is ${row.status} and keeps ${row.held} of product ${row.product_id} reserved instead of ${row.due}.`,
      ),
      ...ofCheck(
        GONE,
        row.is_gone_wrongly,
        `Order ${row.id} took ${row.gone} of product ${row.product_id} off the shelf; it has ${row.sold} of it.`,
      ),
    ]),

  "no more units are cancelled, shipped or back than there are": async (reader) =>
    (await inOrderRanges(reader, WITH_MOVES, (range) => findTooManyMoved(reader, range))).map((row) =>
      finding(`Order ${row.id} has more units of product ${row.product_id} cancelled, shipped or back than it has.`),
    ),
};

/** Orders from elsewhere have none, and moved nothing. */
const WITH_PAYMENT = { column: "order_id", from: "payments WHERE is_current = 1" };
const WITH_MOVES = { column: "order_id", from: "unit_moves WHERE qty > 0" };

function findWrongGoods(reader: Reader, { after, upTo }: OrderRange): Promise<WrongGoods[]> {
  return reader.all<WrongGoods>(
    `SELECT o.id, o.status, u.product_id, COALESCE(m.held, 0) AS held, ${DUE} AS due, COALESCE(m.gone, 0) AS gone,
       u.qty - u.cancelled - u.restocked AS sold, CASE WHEN ${IS_HELD_WRONGLY} THEN 1 ELSE 0 END AS is_held_wrongly,
       CASE WHEN ${IS_GONE_WRONGLY} THEN 1 ELSE 0 END AS is_gone_wrongly
     FROM orders o JOIN payments p ON p.order_id = o.id AND p.is_current = 1 JOIN ${UNITS} u ON u.order_id = o.id
     LEFT JOIN ${MOVED} m ON m.order_id = o.id AND m.product_id = u.product_id
     WHERE ${within("o.id")} AND (${IS_HELD_WRONGLY} OR ${IS_GONE_WRONGLY}) ORDER BY o.id, u.product_id`,
    [after, upTo],
  );
}

function findTooManyMoved(reader: Reader, { after, upTo }: OrderRange): Promise<{ id: number; product_id: number }[]> {
  return reader.all(
    `SELECT u.order_id AS id, u.product_id FROM ${UNITS} u
     WHERE u.cancelled + u.shipped > u.qty OR u.returned > u.qty - u.cancelled ORDER BY u.order_id, u.product_id`,
    [after, upTo],
  );
}
