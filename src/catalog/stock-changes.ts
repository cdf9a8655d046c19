import { addDetails } from "../audit/recording";
import { ShopError } from "../base/errors";
import { type Once, transactOnce } from "../idempotency/idempotency";
import type { Shop } from "../shop/shop";
import type { ShelfChanged, ShelfChanges } from "../stock/schema";
import { adjustShelf, getShelf } from "../stock/stock";
import type { Transaction } from "../storage/database";
import { findNamed, type Named } from "./id-queries";
import { holdProduct, updateProduct } from "./write-queries";

type Line = ShelfChanges["lines"][number];

/**
 * Writes down a delivery or a stocktake: all of its lines, or none. What is counted becomes a difference against the shelf
 * as it is now. Throws `not_found` and `conflict`, which name the line.
 */
export function changeShelves(shop: Shop, changes: ShelfChanges, once?: Once): Promise<ShelfChanged> {
  return transactOnce(shop, once, async (tx) => {
    const lines = await named(tx, changes.lines);
    const changed: ShelfChanged["lines"] = [];
    for (const line of lines) changed.push(await changeOne(shop, tx, line, changes));
    addDetails(tx, { preview: changes.dry_run, products: changed.length });
    return { applied: !changes.dry_run, lines: changed };
  });
}

async function changeOne(
  shop: Shop,
  tx: Transaction,
  { id, name, sku, delta, counted }: Named & Line,
  { reason, dry_run }: Pick<ShelfChanges, "reason" | "dry_run">,
): Promise<ShelfChanged["lines"][number]> {
  const now = shop.now().toISOString();
  await holdProduct(tx, id);
  const shelf = await getShelf(tx, id);
  const change = delta ?? (counted ?? shelf.on_hand) - shelf.on_hand;
  const after = shelf.on_hand + change;
  if (after < shelf.reserved) {
    throw new ShopError(
      "conflict",
      `${name}: ${shelf.reserved} are reserved for orders, so no fewer can be on hand. Cancel an order first.`,
    );
  }
  if (change !== 0 && !dry_run) {
    await adjustShelf(tx, id, { delta: change, reason }, { now, lowAt: shop.settings.stockLowAt });
    // Stock that is changed by hand makes another version of the product.
    await updateProduct(tx, id, {}, now);
  }
  return { product_id: id, name, sku, before: shelf.on_hand, after, reserved: shelf.reserved };
}

/** Which product each line means, in the order of their ids. Throws `not_found`, and `invalid` for one that is there twice. */
async function named(tx: Transaction, lines: readonly Line[]): Promise<(Named & Line)[]> {
  const found: (Named & Line)[] = [];
  for (const line of lines) {
    const product = await findNamed(tx, line.product);
    if (!product) throw new ShopError("not_found", `There is no product ${line.product}.`);
    if (found.some(({ id }) => id === product.id)) {
      throw new ShopError("invalid", `${product.name} is there twice: give one line for it.`);
    }
    found.push({ ...line, ...product });
  }
  return found.toSorted((a, b) => a.id - b.id);
}
