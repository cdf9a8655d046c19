import { ShopError } from "../base/errors";
import type { Listed, Page } from "../base/page";
import type { Shop } from "../shop/shop";
import { type DeliveryFilter, findAttempts, findDelivery, listDeliveryRows, restartDelivery } from "./delivery-queries";
import type { Delivery } from "./delivery-schema";

/** What was sent or is to be, newest first, with every try. */
export async function listDeliveries(
  { database }: Shop,
  filter: DeliveryFilter,
  page: Page,
): Promise<Listed<Delivery>> {
  const { items: rows, ...listed } = await listDeliveryRows(database, filter, page);
  const attempts = Map.groupBy(
    await findAttempts(
      database,
      rows.map(({ id }) => id),
    ),
    ({ delivery_id }) => delivery_id,
  );
  const items = rows.map(({ next_at, ...row }) => ({
    ...row,
    next_at: row.state === "waiting" ? next_at : null,
    attempts: (attempts.get(row.id) ?? []).map(({ delivery_id: _, ...attempt }) => attempt),
  }));
  return { ...listed, items };
}

/**
 * Sends something once more, at once and with all its tries before it, whatever became of it. Throws `not_found`, also for
 * what is not of the channel that is asked for.
 */
export async function retryDelivery(shop: Shop, id: number): Promise<Delivery> {
  await shop.database.transaction(async (tx) => {
    if (!(await findDelivery(tx, id))) throw noDelivery();
    await restartDelivery(tx, id, shop.now().toISOString());
  });
  return getDelivery(shop, id);
}

/** Throws `not_found`. */
export async function getDelivery({ database }: Shop, id: number): Promise<Delivery> {
  const row = await findDelivery(database, id);
  if (!row) throw noDelivery();
  const attempts = (await findAttempts(database, [id])).map(({ delivery_id: _, ...attempt }) => attempt);
  return { ...row, next_at: row.state === "waiting" ? row.next_at : null, attempts };
}

const noDelivery = () => new ShopError("not_found", "There is no such delivery.");
