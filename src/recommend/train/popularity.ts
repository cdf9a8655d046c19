import type { Shop } from "../../shop/shop";
import { setBuyers } from "../../stock/queries";
import { popularity } from "../model/baselines";
import { lastMoment, readTrainingData, type TrainingData } from "./training-data";

/** So few at once that orders never wait long for the shelves. */
const PRODUCTS_PER_TRANSACTION = 500;

/** Counts the customers of every product anew: after orders were taken in from elsewhere. */
export async function countBuyers(shop: Shop): Promise<void> {
  const upTo = await lastMoment(shop.database, shop.now().toISOString(), undefined);
  await writeBuyers(shop, await readTrainingData(shop.database, () => {}, upTo));
}

/** Writes down how many customers each product has: what `sort=popular` and best sellers go by. */
export async function writeBuyers(
  shop: Pick<Shop, "database">,
  { pairs, productIds }: Pick<TrainingData, "pairs" | "productIds">,
): Promise<void> {
  const customers = popularity(pairs);
  // By rising id, as all who write to shelves go.
  const counts = Array.from(productIds, (id, row) => [id, customers[row] ?? 0] as const);
  for (let start = 0; start < counts.length; start += PRODUCTS_PER_TRANSACTION) {
    const some = new Map(counts.slice(start, start + PRODUCTS_PER_TRANSACTION));
    await shop.database.transaction((tx) => setBuyers(tx, some));
  }
}
