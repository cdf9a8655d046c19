import type { Line } from "../base/money";
import { insertRows } from "../storage/rows";
import type { Reader, Transaction } from "../storage/database";

/** Writes the lines of new orders down. */
export async function insertLines(
  tx: Transaction,
  orders: readonly { id: number; lines: readonly Line[] }[],
): Promise<void> {
  await insertRows(
    tx,
    "order_items",
    orders.flatMap(({ id, lines }) =>
      lines.map(({ product_id, qty, price_minor }, index) => ({
        order_id: id,
        line: index + 1,
        product_id,
        qty,
        price_minor,
      })),
    ),
  );
}

/** What was ordered, by product id, as stock is always taken. */
export function findLines(reader: Reader, orderId: number): Promise<(Line & { line: number })[]> {
  return reader.all(
    "SELECT line, product_id, qty, price_minor FROM order_items WHERE order_id = $1 ORDER BY product_id",
    [orderId],
  );
}
