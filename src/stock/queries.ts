import { addMany, insertRows } from "../storage/rows";
import type { Reader, Transaction } from "../storage/database";
import { MOST_UNITS } from "./schema";

export interface StockLevel {
  product_id: number;
  on_hand: number;
  reserved: number;
}

/** Why a counter changed. `opening` is what a product starts with, `set` a shopkeeper saying how many there are. */
export type StockCause = "opening" | "set" | "received" | "adjusted" | "reserved" | "released" | "sold" | "returned";

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

/** The level as it is, held until the transaction ends, so that nobody changes it meanwhile. */
export function holdStock(tx: Transaction, productId: number): Promise<StockLevel | undefined> {
  return tx.first("UPDATE stock SET on_hand = on_hand WHERE product_id = $1 RETURNING product_id, on_hand, reserved", [
    productId,
  ]);
}

/** Shelves for new products, with what lies on them. `ordered` counts what was sold before they came here. */
export async function openShelves(
  tx: Transaction,
  shelves: readonly { product_id: number; on_hand: number; reserved?: number; ordered?: number }[],
): Promise<void> {
  await insertRows(
    tx,
    "stock",
    shelves.map(({ product_id, on_hand, reserved = 0, ordered = 0 }) => ({ product_id, on_hand, reserved, ordered })),
  );
}

/** Adds to what lies on the shelf. False, and nothing changes, when it would hold too much or lose what is reserved. */
export async function changeOnHand(tx: Transaction, productId: number, change: number): Promise<boolean> {
  const changed = await tx.run(
    `UPDATE stock SET on_hand = on_hand + $1
     WHERE product_id = $2 AND on_hand + $1 >= reserved AND ($1 < 0 OR on_hand + $1 <= ${MOST_UNITS})`,
    [change, productId],
  );
  return changed === 1;
}

/** Sets units aside for a buyer. False, and nothing changes, when too few are free. */
export async function reserveStock(tx: Transaction, productId: number, qty: number): Promise<boolean> {
  // The check is part of the write, so two buyers can never both take the last unit.
  const changed = await tx.run(
    `UPDATE stock SET reserved = reserved + $1, ordered = ordered + $1
     WHERE product_id = $2 AND on_hand - reserved >= $1`,
    [qty, productId],
  );
  return changed === 1;
}

/** Lets reserved units go: `sold` takes them off the shelf, otherwise they are free again and count as never ordered. */
export async function endReservation(tx: Transaction, productId: number, qty: number, sold: boolean): Promise<void> {
  const change = sold ? "on_hand = on_hand - $1" : "ordered = ordered - $1";
  const changed = await tx.run(
    `UPDATE stock SET reserved = reserved - $1, ${change} WHERE product_id = $2 AND reserved >= $1`,
    [qty, productId],
  );
  if (changed !== 1) throw new Error(`Product ${productId} has less reserved than an order says.`);
}

/** Takes sold units back onto the shelf. `unordered`: the order was cancelled, so they count as never ordered. */
export async function takeBack(tx: Transaction, productId: number, qty: number, unordered: boolean): Promise<void> {
  const change = unordered ? ", ordered = ordered - $1" : "";
  await tx.run(`UPDATE stock SET on_hand = on_hand + $1${change} WHERE product_id = $2`, [qty, productId]);
}

/** Counts units that were ordered elsewhere or earlier, by product id, so that popularity knows of them. */
export async function countOrdered(tx: Transaction, units: ReadonlyMap<number, number>): Promise<void> {
  await addMany(tx, { table: "stock", key: "product_id", column: "ordered" }, units);
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
