import { perShop } from "../shop/per-shop";
import type { Shop } from "../shop/shop";

/** Begins at the first call; every call answers when it is over. */
type Work = () => Promise<void>;

const LEAST_DELAY_MS = 200;
const MOST_DELAY_MS = 800;

const deferredOf = perShop(() => new Set<Work>());

/**
 * Does some work apart from the request that asked for it, at a random moment, so that neither this answer nor the next
 * tells by its time whether there was anything to do. The work must not throw.
 */
export function defer(shop: Pick<Shop, "state">, work: () => Promise<void>): void {
  const deferred = deferredOf(shop);
  let over: Promise<void> | undefined;
  const once = () => (over ??= work().finally(() => deferred.delete(once)));
  deferred.add(once);
  setTimeout(() => void once(), LEAST_DELAY_MS + Math.random() * (MOST_DELAY_MS - LEAST_DELAY_MS)).unref();
}

/** Begins all deferred work at once and answers when it is over: before a server ends. */
export async function drain(shop: Pick<Shop, "state">): Promise<void> {
  await Promise.all([...deferredOf(shop)].map((work) => work()));
}
