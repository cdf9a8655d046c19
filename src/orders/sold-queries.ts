import { fold } from "../base/text";
import { turns } from "../base/turns";
import type { Reader, Transaction } from "../storage/database";
import { countOf, listOf } from "../storage/sql";

/** A product and its variants, also where they have left the catalog; nothing where there never was such a product. */
export async function findFamily(reader: Reader, productId: number): Promise<number[]> {
  const rows = await reader.all<{ id: number }>(
    "SELECT id FROM products WHERE id = $1 UNION ALL SELECT id FROM products WHERE parent_id = $1 ORDER BY id",
    [productId],
  );
  return rows.map(({ id }) => id);
}

/** The products that have a code, and those that had it when something of them was sold. */
export async function findCoded(reader: Reader, code: string): Promise<number[]> {
  const rows = await reader.all<{ id: number }>(
    `SELECT id FROM products WHERE sku_key = $1 AND deleted_at IS NULL
     UNION SELECT id FROM products WHERE barcode_key = $1 AND deleted_at IS NULL
     UNION SELECT product_id AS id FROM former_codes WHERE sku = $2 ORDER BY id`,
    [fold(code).trim(), code.trim()],
  );
  return rows.map(({ id }) => id);
}

/** Of orders that are not noted yet the lines of so many are looked through at once. */
const UNNOTED_AT_ONCE = 5_000;

/** The next orders that have a line of any of these products, by id: as many as `limit`, or all that there are. */
export async function findNextOrdersWith(
  reader: Reader,
  productIds: readonly number[],
  after: number,
  limit: number,
): Promise<number[]> {
  // First: what is noted meanwhile is then met twice, not missed.
  const last = await lastNoted(reader);
  const found = new Set<number>();
  for (const productId of productIds) {
    const rows = await reader.all<{ order_id: number }>(
      "SELECT order_id FROM product_orders WHERE product_id = $1 AND order_id > $2 ORDER BY order_id LIMIT $3",
      [productId, after, limit],
    );
    for (const { order_id } of rows) found.add(order_id);
  }
  const noted = [...found].toSorted((a, b) => a - b).slice(0, limit);
  if (noted.length === limit || productIds.length === 0) return noted;
  const from = Math.max(after, last, noted.at(-1) ?? 0);
  return [...noted, ...(await findUnnoted(reader, productIds, from, limit - noted.length))];
}

async function findUnnoted(reader: Reader, productIds: readonly number[], after: number, limit: number) {
  const end = await lastOrder(reader);
  const found: number[] = [];
  for (let from = after; from < end && found.length < limit; from += UNNOTED_AT_ONCE) {
    if (from > after) await turns.yield();
    const among = listOf(productIds, 2);
    const rows = await reader.all<{ order_id: number }>(
      `SELECT DISTINCT order_id FROM order_items WHERE order_id > $1 AND order_id <= $2 AND product_id IN ${among.sql} ORDER BY order_id`,
      [from, from + UNNOTED_AT_ONCE, ...among.values],
    );
    found.push(...rows.map(({ order_id }) => order_id));
  }
  return found.slice(0, limit);
}

const ORDERS_AT_ONCE = 5_000;

/** The orders that have a line of any of these products; undefined where there are more than `most`. */
export async function findOrdersWith(
  reader: Reader,
  productIds: readonly number[],
  most = Number.POSITIVE_INFINITY,
): Promise<number[] | undefined> {
  const found: number[] = [];
  for (;;) {
    const limit = Math.min(ORDERS_AT_ONCE, most + 1 - found.length);
    const some = await findNextOrdersWith(reader, productIds, found.at(-1) ?? 0, limit);
    found.push(...some);
    if (found.length > most) return undefined;
    if (some.length < limit) return found;
    await turns.yield();
  }
}

export const lastNoted = (reader: Reader): Promise<number> =>
  countOf(reader, "SELECT last_id FROM noted_orders WHERE id = 1");

export const lastOrder = (reader: Reader): Promise<number> =>
  countOf(reader, "SELECT COALESCE((SELECT id FROM orders ORDER BY id DESC LIMIT 1), 0)");

/** Notes the next orders after one that was the last, up to another: so many at most. Returns which is the last by now. */
export async function noteNext(tx: Transaction, after: number, upTo: number, most: number): Promise<number> {
  const last = await countOf(
    tx,
    `SELECT COALESCE(MAX(id), $2) FROM (SELECT id FROM orders WHERE id > $1 AND id <= $2 ORDER BY id LIMIT ${most}) AS next`,
    [after, upTo],
  );
  // By another server meanwhile: it goes on from there.
  if ((await tx.run("UPDATE noted_orders SET last_id = $2 WHERE id = 1 AND last_id = $1", [after, last])) === 0)
    return lastNoted(tx);
  await tx.run(
    `INSERT INTO product_orders (product_id, order_id)
     SELECT DISTINCT product_id, order_id FROM order_items WHERE order_id > $1 AND order_id <= $2 ORDER BY product_id, order_id
     ON CONFLICT DO NOTHING`,
    [after, last],
  );
  return last;
}
