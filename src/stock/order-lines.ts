import type { Transaction } from "../storage/database";
import { together } from "../storage/together";
import { type FreeChange, NEVER_LOW, tellOfLow } from "./low";
import {
  type Changed,
  type Counters,
  endReservation,
  findStock,
  recordMoves,
  reserveStock,
  type StockCause,
  takeBack,
} from "./queries";
import { addToParents } from "./stock";

/** What could not be set aside, and how much of it there is. */
export interface Shortage {
  product_id: number;
  requested: number;
  available: number;
}

/**
 * Sets every line of an order aside and writes it down, or says what is short. Where something is short the caller must
 * end the transaction by throwing, since the other lines are set aside already. It is told of what has no more than `lowAt`
 * units left.
 * Lines come by product id, so that two orders never wait for each other.
 */
export async function reserveLines(
  tx: Transaction,
  orderId: number,
  lines: readonly { product_id: number; qty: number }[],
  now: string,
  lowAt = NEVER_LOW,
): Promise<Shortage[]> {
  const moves = lines.map(({ product_id, qty }) => ({
    product_id,
    cause: "reserved" as const,
    on_hand_change: 0,
    reserved_change: qty,
    order_id: orderId,
  }));
  const [, ...shelves] = await together([
    recordMoves(tx, moves, now),
    ...lines.map(({ product_id, qty }) => reserveStock(tx, product_id, qty)),
  ]);
  const short: Shortage[] = [];
  const changes: FreeChange[] = [];
  const parents: ({ parent_id: number | null } & Partial<Counters>)[] = [];
  for (const [at, { product_id, qty }] of lines.entries()) {
    const reserved = shelves[at];
    if (reserved) {
      parents.push({ parent_id: reserved.parent_id, reserved: qty, ordered: qty });
      changes.push({ product_id, before: reserved.free + qty, after: reserved.free, low_at: reserved.low_at });
      continue;
    }
    const level = await findStock(tx, product_id);
    short.push({ product_id, requested: qty, available: level ? level.on_hand - level.reserved : 0 });
  }
  if (short.length > 0) return short;
  await addToParents(tx, parents);
  await tellOfLow(tx, changes, lowAt, now);
  return short;
}

interface Line {
  product_id: number;
  qty: number;
}

/** The reserved units of an order are sold: they leave the shelf. Lines come by product id here and below. */
export function sellLines(tx: Transaction, orderId: number, lines: readonly Line[], now: string): Promise<void> {
  const sign = { cause: "sold", on_hand: -1, reserved: -1, ordered: 0 } as const;
  return moveLines(tx, orderId, lines, now, sign, ({ product_id, qty }) => endReservation(tx, product_id, qty, true));
}

/** The reserved units of an order are free again. */
export function releaseLines(tx: Transaction, orderId: number, lines: readonly Line[], now: string): Promise<void> {
  const sign = { cause: "released", on_hand: 0, reserved: -1, ordered: -1 } as const;
  return moveLines(tx, orderId, lines, now, sign, ({ product_id, qty }) => endReservation(tx, product_id, qty, false));
}

/** The sold units of an order lie on the shelf again, because it was cancelled or because they came back. */
export function returnLines(
  tx: Transaction,
  orderId: number,
  lines: readonly Line[],
  now: string,
  { cancelled }: { cancelled: boolean },
): Promise<void> {
  const sign = { cause: "returned", on_hand: 1, reserved: 0, ordered: cancelled ? -1 : 0 } as const;
  return moveLines(tx, orderId, lines, now, sign, ({ product_id, qty }) => takeBack(tx, product_id, qty, cancelled));
}

async function moveLines(
  tx: Transaction,
  orderId: number,
  lines: readonly Line[],
  now: string,
  sign: Counters & { cause: StockCause },
  change: (line: Line) => Promise<Changed | undefined>,
): Promise<void> {
  const parents: ({ parent_id: number | null } & Counters)[] = [];
  for (const line of lines) {
    const changed = await change(line);
    const { on_hand, reserved, ordered } = sign;
    parents.push({
      parent_id: changed?.parent_id ?? null,
      on_hand: on_hand * line.qty,
      reserved: reserved * line.qty,
      ordered: ordered * line.qty,
    });
  }
  await addToParents(tx, parents);
  const moves = lines.map(({ product_id, qty }) => ({
    product_id,
    cause: sign.cause,
    on_hand_change: sign.on_hand * qty,
    reserved_change: sign.reserved * qty,
    order_id: orderId,
  }));
  await recordMoves(tx, moves, now);
}
