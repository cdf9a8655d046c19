import { ShopError } from "../base/errors";
import type { Transaction } from "../storage/database";
import { MOST_UNITS } from "./schema";
import {
  changeOnHand,
  endReservation,
  findStock,
  holdStock,
  openShelves,
  recordMoves,
  reserveStock,
  type StockCause,
  type StockLevel,
  takeBack,
} from "./queries";

/** Gives new products a shelf each, with what lies on it from the start. */
export async function openStock(
  tx: Transaction,
  products: readonly { id: number; stock: number }[],
  now: string,
): Promise<void> {
  await openShelves(
    tx,
    products.map(({ id, stock }) => ({ product_id: id, on_hand: stock })),
  );
  const filled = products.filter(({ stock }) => stock > 0);
  await recordMoves(
    tx,
    filled.map(({ id, stock }) => ({ product_id: id, cause: "opening", on_hand_change: stock, reserved_change: 0 })),
    now,
  );
}

/** Makes so many units free to be bought, beside what is reserved already. Throws `not_found`, and `conflict` for too many. */
export async function setFreeStock(tx: Transaction, productId: number, free: number, now: string): Promise<void> {
  const level = await holdStock(tx, productId);
  if (!level) throw new ShopError("not_found", "There is no such product.");
  const change = free - (level.on_hand - level.reserved);
  if (change === 0) return;
  if (!(await changeOnHand(tx, productId, change))) throw tooMany();
  await recordMoves(tx, [{ product_id: productId, cause: "set", on_hand_change: change, reserved_change: 0 }], now);
}

/** What could not be set aside, and how much of it there is. */
export interface Shortage {
  product_id: number;
  requested: number;
  available: number;
}

/**
 * Sets every line of an order aside and writes it down, or says what is short. Where something is short the caller must
 * end the transaction by throwing, since the other lines are set aside already.
 * Lines come by product id, so that two orders never wait for each other.
 */
export async function reserveLines(
  tx: Transaction,
  orderId: number,
  lines: readonly { product_id: number; qty: number }[],
  now: string,
): Promise<Shortage[]> {
  const short: Shortage[] = [];
  for (const { product_id, qty } of lines) {
    if (await reserveStock(tx, product_id, qty)) continue;
    const level = await findStock(tx, product_id);
    short.push({ product_id, requested: qty, available: level ? level.on_hand - level.reserved : 0 });
  }
  const moves = lines.map(({ product_id, qty }) => ({
    product_id,
    cause: "reserved" as const,
    on_hand_change: 0,
    reserved_change: qty,
    order_id: orderId,
  }));
  if (short.length === 0) await recordMoves(tx, moves, now);
  return short;
}

interface Line {
  product_id: number;
  qty: number;
}

/** The reserved units of an order are sold: they leave the shelf. Lines come by product id here and below. */
export function sellLines(tx: Transaction, orderId: number, lines: readonly Line[], now: string): Promise<void> {
  return moveLines(tx, orderId, lines, now, { cause: "sold", on_hand: -1, reserved: -1 }, ({ product_id, qty }) =>
    endReservation(tx, product_id, qty, true),
  );
}

/** The reserved units of an order are free again. */
export function releaseLines(tx: Transaction, orderId: number, lines: readonly Line[], now: string): Promise<void> {
  return moveLines(tx, orderId, lines, now, { cause: "released", on_hand: 0, reserved: -1 }, ({ product_id, qty }) =>
    endReservation(tx, product_id, qty, false),
  );
}

/** The sold units of an order lie on the shelf again, because it was cancelled or because they came back. */
export function returnLines(
  tx: Transaction,
  orderId: number,
  lines: readonly Line[],
  now: string,
  { cancelled }: { cancelled: boolean },
): Promise<void> {
  return moveLines(tx, orderId, lines, now, { cause: "returned", on_hand: 1, reserved: 0 }, ({ product_id, qty }) =>
    takeBack(tx, product_id, qty, cancelled),
  );
}

async function moveLines(
  tx: Transaction,
  orderId: number,
  lines: readonly Line[],
  now: string,
  sign: { cause: StockCause; on_hand: number; reserved: number },
  change: (line: Line) => Promise<void>,
): Promise<void> {
  for (const line of lines) await change(line);
  const moves = lines.map(({ product_id, qty }) => ({
    product_id,
    cause: sign.cause,
    on_hand_change: sign.on_hand * qty,
    reserved_change: sign.reserved * qty,
    order_id: orderId,
  }));
  await recordMoves(tx, moves, now);
}

/**
 * Adds what arrived or takes away what is gone, and says why. Throws `not_found`, and `conflict` below what is reserved or
 * above what a shelf holds.
 */
export async function adjustShelf(
  tx: Transaction,
  productId: number,
  { delta, reason }: { delta: number; reason: string },
  now: string,
): Promise<StockLevel> {
  const level = await holdStock(tx, productId);
  if (!level) throw new ShopError("not_found", "There is no such product.");
  if (!(await changeOnHand(tx, productId, delta))) {
    if (delta > 0) throw tooMany();
    throw new ShopError(
      "conflict",
      `${level.on_hand} are on hand and ${level.reserved} of them reserved: that many can't be taken away.`,
    );
  }
  const cause = delta > 0 ? "received" : "adjusted";
  await recordMoves(
    tx,
    [{ product_id: productId, cause, on_hand_change: delta, reserved_change: 0, note: reason }],
    now,
  );
  return { ...level, on_hand: level.on_hand + delta };
}

const tooMany = () =>
  new ShopError("conflict", `A shelf is filled to ${MOST_UNITS.toLocaleString("en")} units at most.`);
