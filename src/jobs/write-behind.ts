import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";
import type { Transaction } from "../storage/database";

export interface WriteBehind<Item> {
  /** Takes something to be written soon. Never waits, never throws. */
  add(shop: Shop, item: Item): void;
  /** Writes what waits, and answers when it is written. */
  flush(shop: Shop): Promise<void>;
}

interface Queue<Item> {
  waiting: Item[];
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends when all that was asked to be written is. Never rejects. */
  writing: Promise<void>;
}

/** How long something waits for company, so that many share one transaction. */
const WRITTEN_AFTER_MS = 1_000;

/** How the queues of a shop that something was ever added to are flushed. */
const flushesOf = perShop(() => new Set<(shop: Shop) => Promise<void>>());

/**
 * Writes what may be lost without harm (what was shown, what was searched in vain) a moment later and many together, so that
 * no request waits for it and it never crowds out an order: there is one transaction of it at a time. When the database can't
 * keep up, what is more than `mostWaiting` is forgotten rather than memory filled; what can't be written is only logged.
 */
export function writeBehind<Item>({
  what,
  mostWaiting,
  write,
}: {
  /** For the log, such as `What was recommended`. */
  what: string;
  mostWaiting: number;
  write(tx: Transaction, items: readonly Item[], shop: Shop): Promise<unknown>;
}): WriteBehind<Item> {
  const queueOf = perShop((): Queue<Item> => ({ waiting: [], timer: undefined, writing: Promise.resolve() }));

  async function writeWaiting(shop: Shop, queue: Queue<Item>): Promise<void> {
    if (queue.waiting.length === 0) return;
    // What comes meanwhile waits for company again: to go on with it at once would be a commit for every few.
    const items = queue.waiting.splice(0);
    try {
      await shop.database.transaction((tx) => write(tx, items, shop));
    } catch (error) {
      shop.log("warn", `${what} could not be written down.`, { items: items.length, error: String(error) });
    }
  }

  function flush(shop: Shop): Promise<void> {
    const queue = queueOf(shop);
    clearTimeout(queue.timer);
    queue.timer = undefined;
    queue.writing = queue.writing.then(() => writeWaiting(shop, queue));
    return queue.writing;
  }

  return {
    add(shop, item) {
      const queue = queueOf(shop);
      if (queue.waiting.length >= mostWaiting) return;
      queue.waiting.push(item);
      flushesOf(shop).add(flush);
      queue.timer ??= setTimeout(() => void flush(shop), WRITTEN_AFTER_MS).unref();
    },
    flush,
  };
}

/** Writes whatever waits in any queue of this shop: before a server ends. */
export async function flushAll(shop: Shop): Promise<void> {
  await Promise.all([...flushesOf(shop)].map((flush) => flush(shop)));
}
