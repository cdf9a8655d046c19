import type { Shop } from "../../shop/shop";
import type { Database } from "../../storage/database";
import { insertShown, type Shown } from "../evaluate/queries";

/** What was shown waits here for a moment, so that no request waits for it to be written. */
interface Waiting {
  shown: Shown[];
  timer: ReturnType<typeof setTimeout> | undefined;
}

const WRITTEN_EVERY_MS = 1_000;
/** When the database can't keep up, what was shown is forgotten rather than memory filled. */
const LISTS_WAITING_MOST = 20_000;

const waiting = new WeakMap<Database, Waiting>();

/** Notes what was shown to whom. It is written within a second or so, with whatever else was. */
export function noteShown(shop: Shop, shown: Omit<Shown, "created_at">): void {
  if (shop.settings.recommendLogDays === 0 || shown.products.length === 0) return;
  const queue = waiting.get(shop.database) ?? { shown: [], timer: undefined };
  waiting.set(shop.database, queue);
  if (queue.shown.length >= LISTS_WAITING_MOST) return;
  queue.shown.push({ ...shown, created_at: shop.now().toISOString() });
  queue.timer ??= setTimeout(() => void writeShown(shop), WRITTEN_EVERY_MS).unref();
}

/** Writes what waits. Losing it harms nobody, so failing is only said. */
export async function writeShown(shop: Shop): Promise<void> {
  const queue = waiting.get(shop.database);
  if (!queue) return;
  clearTimeout(queue.timer);
  queue.timer = undefined;
  const batch = queue.shown.splice(0);
  if (batch.length === 0) return;
  try {
    await shop.database.transaction((tx) => insertShown(tx, batch));
  } catch (error) {
    shop.log("warn", "What was recommended could not be written down.", { lists: batch.length, error: String(error) });
  }
}
