import { addMany, insertRows, setMany } from "../storage/rows";
import { listOf } from "../storage/sql";
import type { Reader, Transaction } from "../storage/database";
import { MOST_UNITS, type STOCK_CAUSES } from "./schema";

export interface StockLevel {
  product_id: number;
  on_hand: number;
  reserved: number;
}

export type StockCause = (typeof STOCK_CAUSES)[number];

/** One row of the ledger. */
export interface StockMove {
  product_id: number;
  cause: StockCause;
  on_hand_change: number;
  reserved_change: number;
  order_id?: number;
  note?: string;
}

/** What can still be bought, as SQL on a `stock s`. */
export const FREE = "(s.on_hand - s.reserved)";

export function findStock(reader: Reader, productId: number): Promise<StockLevel | undefined> {
  return reader.first("SELECT product_id, on_hand, reserved FROM stock WHERE product_id = $1", [productId]);
}

/** What was free when a person last said so; null where that was never written down. */
export async function findFreeWhenSet(reader: Reader, productId: number): Promise<number | null> {
  const row = await reader.first<{ free_when_set: number | null }>(
    "SELECT free_when_set FROM stock WHERE product_id = $1",
    [productId],
  );
  return row?.free_when_set ?? null;
}

/** The level as it is, held until the transaction ends, so that nobody changes it meanwhile. */
export function holdStock(tx: Transaction, productId: number): Promise<HeldStock | undefined> {
  return tx.first(
    `UPDATE stock SET on_hand = on_hand WHERE product_id = $1
     RETURNING product_id, on_hand, reserved, ordered, parent_id, is_sum, free_when_set, low_at`,
    [productId],
  );
}

/** A level that nobody else changes until the transaction ends, with the shelf that it is part of. */
export interface HeldStock extends StockLevel {
  ordered: number;
  parent_id: number | null;
  /** 1 for the shelf of a parent, whose counters are the sums of its parts. */
  is_sum: number;
  /** What was free when a person last said so; null where that was never written down. */
  free_when_set: number | null;
  /** From when on it is low; null where the shop's setting says so. */
  low_at: number | null;
}

/** Shelves for new products, with what lies on them. */
export async function openShelves(
  tx: Transaction,
  shelves: readonly { product_id: number; on_hand: number; is_sum: boolean; low_at: number | null }[],
): Promise<void> {
  await insertRows(
    tx,
    "stock",
    shelves.map(({ product_id, on_hand, is_sum, low_at }) => ({
      product_id,
      on_hand,
      reserved: 0,
      ordered: 0,
      is_sum: Number(is_sum),
      free_when_set: on_hand,
      low_at,
    })),
  );
}

/** A shelf that was changed: the shelf of which it is part has to follow, where there is one. */
export interface Changed {
  parent_id: number | null;
}

/**
 * Adds to what lies on the shelf, because a person says so. Undefined, and nothing changes, when it would hold too much or
 * lose what is reserved.
 */
export function changeOnHand(tx: Transaction, productId: number, change: number): Promise<Changed | undefined> {
  return tx.first(
    `UPDATE stock SET on_hand = on_hand + $1, free_when_set = on_hand + $1 - reserved
     WHERE product_id = $2 AND is_sum = 0 AND on_hand + $1 >= reserved AND ($1 < 0 OR on_hand + $1 <= ${MOST_UNITS})
     RETURNING parent_id`,
    [change, productId],
  );
}

/** A shelf of which units were set aside, with what is left to be bought. */
export interface Reserved extends Changed {
  free: number;
  low_at: number | null;
}

/** Sets units aside for a buyer. Undefined, and nothing changes, when too few are free. */
export function reserveStock(tx: Transaction, productId: number, qty: number): Promise<Reserved | undefined> {
  // The check is part of the write, so two buyers can never both take the last unit.
  return tx.first(
    `UPDATE stock SET reserved = reserved + $1, ordered = ordered + $1
     WHERE product_id = $2 AND on_hand - reserved >= $1 AND is_sum = 0
     RETURNING parent_id, on_hand - reserved AS free, low_at`,
    [qty, productId],
  );
}

/** Lets reserved units go: `sold` takes them off the shelf, otherwise they are free again and count as never ordered. */
export async function endReservation(tx: Transaction, productId: number, qty: number, sold: boolean): Promise<Changed> {
  const change = sold ? "on_hand = on_hand - $1" : "ordered = ordered - $1";
  const changed = await tx.first<Changed>(
    `UPDATE stock SET reserved = reserved - $1, ${change} WHERE product_id = $2 AND reserved >= $1 RETURNING parent_id`,
    [qty, productId],
  );
  if (!changed) throw new Error(`Product ${productId} has less reserved than an order says.`);
  return changed;
}

/** Takes sold units back onto the shelf. `unordered`: the order was cancelled, so they count as never ordered. */
export async function takeBack(
  tx: Transaction,
  productId: number,
  qty: number,
  unordered: boolean,
): Promise<Changed | undefined> {
  const change = unordered ? ", ordered = ordered - $1" : "";
  return tx.first(`UPDATE stock SET on_hand = on_hand + $1${change} WHERE product_id = $2 RETURNING parent_id`, [
    qty,
    productId,
  ]);
}

/** Counts units that were ordered elsewhere or earlier, by product id, so that popularity knows of them. */
export async function countOrdered(tx: Transaction, units: ReadonlyMap<number, number>): Promise<void> {
  const ordered = { table: "stock", key: "product_id", column: "ordered" };
  await addMany(tx, ordered, units);
  const sums = new Map<number, number>();
  for (const { product_id, parent_id } of await findParts(tx, [...units.keys()])) {
    sums.set(parent_id, (sums.get(parent_id) ?? 0) + (units.get(product_id) ?? 0));
  }
  await addMany(tx, ordered, new Map([...sums].sort(([a], [b]) => a - b)));
}

/** Writes down how many customers have bought each of these products. */
export async function setBuyers(tx: Transaction, customers: ReadonlyMap<number, number>): Promise<void> {
  await setMany(tx, { table: "stock", key: "product_id", column: "buyers" }, customers);
}

/** Those of these shelves that are part of another. */
async function findParts(reader: Reader, ids: readonly number[]): Promise<{ product_id: number; parent_id: number }[]> {
  const found: { product_id: number; parent_id: number }[][] = [];
  for (let start = 0; start < ids.length; start += IDS_PER_STATEMENT) {
    const among = listOf(ids.slice(start, start + IDS_PER_STATEMENT));
    found.push(
      await reader.all(
        `SELECT product_id, parent_id FROM stock WHERE parent_id IS NOT NULL AND product_id IN ${among.sql}`,
        among.values,
      ),
    );
  }
  return found.flat();
}

const IDS_PER_STATEMENT = 1_024;

/** What the parts of a shelf have become more, or less, together. */
export interface Counters {
  on_hand: number;
  reserved: number;
  ordered: number;
}

/** Lets the shelf of a parent follow its parts. */
export async function addToSum(tx: Transaction, parentId: number, change: Counters): Promise<void> {
  await tx.run(
    `UPDATE stock SET on_hand = on_hand + $2, reserved = reserved + $3, ordered = ordered + $4
     WHERE product_id = $1 AND is_sum = 1`,
    [parentId, change.on_hand, change.reserved, change.ordered],
  );
}

/** Makes a shelf part of another, or of none. */
export async function setParentShelf(tx: Transaction, productId: number, parentId: number | null): Promise<void> {
  await tx.run("UPDATE stock SET parent_id = $2 WHERE product_id = $1", [productId, parentId]);
}

/** Makes an empty shelf one that only sums its parts, or an own one again. */
export async function setIsSum(tx: Transaction, productId: number, isSum: boolean): Promise<void> {
  await tx.run("UPDATE stock SET is_sum = $2 WHERE product_id = $1", [productId, Number(isSum)]);
}

/** From when on a shelf is low; null for what the shop's setting says. */
export async function setLowAt(tx: Transaction, productId: number, lowAt: number | null): Promise<void> {
  await tx.run("UPDATE stock SET low_at = $2 WHERE product_id = $1", [productId, lowAt]);
}

export async function recordMoves(tx: Transaction, moves: readonly StockMove[], now: string): Promise<void> {
  await insertRows(
    tx,
    "stock_moves",
    moves.map((move) => ({
      product_id: move.product_id,
      cause: move.cause,
      on_hand_change: move.on_hand_change,
      reserved_change: move.reserved_change,
      order_id: move.order_id ?? null,
      note: move.note ?? null,
      created_at: now,
    })),
  );
}
