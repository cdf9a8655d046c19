import type { Reader } from "../storage/database";
import { countOf } from "../storage/sql";

/** Ids of orders: those above one, up to another. */
export interface OrderRange {
  after: number;
  upTo: number;
}

/** What is added up of so many orders is held in memory at once, by the engine. */
const ORDERS_AT_ONCE = 50_000;

/**
 * Asks about all orders that a statement names, some at a time, so that a large shop takes no more memory than a small one. `of`
 * gives a column of their ids, with a name, and where it is found: `order_id FROM payments WHERE is_current = 1`.
 */
export async function inOrderRanges<Row>(
  reader: Reader,
  of: { column: string; from: string },
  ask: (range: OrderRange) => Promise<Row[]>,
): Promise<Row[]> {
  const found: Row[] = [];
  for (let after = 0; ;) {
    const upTo = await countOf(
      reader,
      `SELECT MAX(id) FROM (SELECT ${of.column} AS id FROM ${of.from} AND ${of.column} > $1
       ORDER BY ${of.column} LIMIT ${ORDERS_AT_ONCE}) AS several`,
      [after],
    );
    if (upTo === 0) return found;
    found.push(...(await ask({ after, upTo })));
    after = upTo;
  }
}
