import type { Shop } from "../shop/shop";

/** Something that the shop does by itself, again and again. */
export interface Chore {
  name: string;
  everySeconds: number;
  /** Ends soon, with what is left undone, once it is told to stop. */
  work(shop: Shop, stopping: AbortSignal): Promise<unknown>;
}

/** How long the end of a chore is waited for. */
const PATIENCE_MS = 5_000;

/** Starts the chores. A chore that fails is logged and comes again; one that takes long is never started twice. */
export function schedule(shop: Shop, chores: readonly Chore[]): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const running = new Set<Chore>();
  const timers = chores.map((chore) =>
    setInterval(() => {
      if (running.has(chore)) return;
      running.add(chore);
      void run(shop, chore, stopping.signal).finally(() => running.delete(chore));
    }, chore.everySeconds * 1000),
  );
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      stopping.abort();
      const giveUpAt = performance.now() + PATIENCE_MS;
      while (running.size > 0 && performance.now() < giveUpAt) await Bun.sleep(10);
    },
  };
}

async function run(shop: Shop, { name, work }: Chore, stopping: AbortSignal): Promise<void> {
  try {
    await work(shop, stopping);
  } catch (error) {
    shop.log("error", "A chore failed; it comes again.", {
      chore: name,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}
