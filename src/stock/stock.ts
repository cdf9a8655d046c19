import { ShopError } from "../base/errors";
import type { Transaction } from "../storage/database";
import { tellOfLow } from "./low";
import { MOST_UNITS } from "./schema";
import {
  addToSum,
  changeOnHand,
  type Counters,
  type HeldStock,
  holdStock,
  openShelves,
  recordMoves,
  setIsSum,
  setParentShelf,
  type StockLevel,
} from "./queries";

/** Gives new products a shelf each, with what lies on it from the start. `is_sum`: that of a parent, which only sums. */
export async function openStock(
  tx: Transaction,
  products: readonly { id: number; stock: number; is_sum?: boolean; low_at?: number | null }[],
  now: string,
): Promise<void> {
  await openShelves(
    tx,
    products.map(({ id, stock, is_sum = false, low_at = null }) => ({
      product_id: id,
      on_hand: is_sum ? 0 : stock,
      is_sum,
      low_at,
    })),
  );
  const filled = products.filter(({ stock, is_sum }) => stock > 0 && !is_sum);
  await recordMoves(
    tx,
    filled.map(({ id, stock }) => ({ product_id: id, cause: "opening", on_hand_change: stock, reserved_change: 0 })),
    now,
  );
}

/**
 * Makes so many units free to be bought, beside what is reserved already, and tells when no more than `lowAt` are left.
 * Throws `not_found`, and `conflict` for too many.
 */
export async function setFreeStock(
  tx: Transaction,
  productId: number,
  free: number,
  { now, lowAt }: { now: string; lowAt: number },
): Promise<void> {
  const level = await getHeldStock(tx, productId);
  const before = level.on_hand - level.reserved;
  const change = free - before;
  if (change === 0) return;
  if (!(await changeOnHand(tx, productId, change))) throw tooMany();
  await addToParents(tx, [{ parent_id: level.parent_id, on_hand: change }]);
  await recordMoves(tx, [{ product_id: productId, cause: "set", on_hand_change: change, reserved_change: 0 }], now);
  await tellOfLow(tx, [{ product_id: productId, before, after: free, low_at: level.low_at }], lowAt, now);
}

/**
 * A product's shelf as it is until the transaction ends. Throws `not_found`, and `conflict` for one that only sums those of
 * variants.
 */
export async function getShelf(tx: Transaction, productId: number): Promise<HeldStock> {
  const level = await getHeldStock(tx, productId);
  if (level.is_sum === 1) throw sumsOnly();
  return level;
}

async function getHeldStock(tx: Transaction, productId: number): Promise<HeldStock> {
  const level = await holdStock(tx, productId);
  if (!level) throw new ShopError("not_found", "There is no such product.");
  return level;
}

/**
 * Lets the shelves of parents follow what changed on those of their variants. Always after all variants of a transaction
 * and by rising id, so that two orders never wait for each other.
 */
export async function addToParents(
  tx: Transaction,
  changes: readonly ({ parent_id: number | null } & Partial<Counters>)[],
): Promise<void> {
  const sums = new Map<number, Counters>();
  for (const { parent_id, on_hand = 0, reserved = 0, ordered = 0 } of changes) {
    if (parent_id === null) continue;
    const sum = sums.get(parent_id) ?? { on_hand: 0, reserved: 0, ordered: 0 };
    sums.set(parent_id, {
      on_hand: sum.on_hand + on_hand,
      reserved: sum.reserved + reserved,
      ordered: sum.ordered + ordered,
    });
  }
  for (const [parentId, sum] of [...sums].sort(([a], [b]) => a - b)) await addToSum(tx, parentId, sum);
}

/**
 * Makes what lies on a product's shelf part of a parent's, or of none any more. The caller holds the product, so that it has
 * one parent at a time.
 */
export async function moveToParent(tx: Transaction, productId: number, parentId: number | null): Promise<void> {
  const level = await getHeldStock(tx, productId);
  if (level.parent_id === parentId) return;
  await setParentShelf(tx, productId, parentId);
  const { on_hand, reserved, ordered } = level;
  await addToParents(tx, [
    { parent_id: level.parent_id, on_hand: -on_hand, reserved: -reserved, ordered: -ordered },
    { parent_id: parentId, on_hand, reserved, ordered },
  ]);
}

/** Makes a shelf one that sums its parts. Throws `conflict` where something lies on it. */
export async function makeSum(tx: Transaction, productId: number): Promise<void> {
  const level = await getHeldStock(tx, productId);
  if (level.on_hand > 0) {
    throw new ShopError(
      "conflict",
      `${level.on_hand} of this product are in stock: set its stock to 0 first, or make it a variant of a new product.`,
    );
  }
  await setIsSum(tx, productId, true);
}

/**
 * Adds what arrived or takes away what is gone, and says why. Throws `not_found`, and `conflict` below what is reserved or
 * above what a shelf holds. It is told when no more than `lowAt` units are left.
 */
export async function adjustShelf(
  tx: Transaction,
  productId: number,
  { delta, reason }: { delta: number; reason: string },
  { now, lowAt }: { now: string; lowAt: number },
): Promise<StockLevel> {
  const level = await getShelf(tx, productId);
  if (!(await changeOnHand(tx, productId, delta))) {
    if (delta > 0) throw tooMany();
    throw new ShopError(
      "conflict",
      `${level.on_hand} are on hand and ${level.reserved} of them reserved: that many can't be taken away.`,
    );
  }
  await addToParents(tx, [{ parent_id: level.parent_id, on_hand: delta }]);
  const cause = delta > 0 ? "received" : "adjusted";
  await recordMoves(
    tx,
    [{ product_id: productId, cause, on_hand_change: delta, reserved_change: 0, note: reason }],
    now,
  );
  const before = level.on_hand - level.reserved;
  await tellOfLow(tx, [{ product_id: productId, before, after: before + delta, low_at: level.low_at }], lowAt, now);
  return { product_id: productId, on_hand: level.on_hand + delta, reserved: level.reserved };
}

/** Writing what variants decide is refused. */
export const sumsOnly = () =>
  new ShopError("conflict", "A product with variants has what its variants have: change the stock of one of them.");

const tooMany = () =>
  new ShopError("conflict", `A shelf is filled to ${MOST_UNITS.toLocaleString("en")} units at most.`);
