import type { Shop } from "./shop";

/** Something that the shop does by itself, again and again. */
export interface Chore {
  name: string;
  everySeconds: number;
  work(shop: Shop): Promise<unknown>;
}

/** Starts the chores. A chore that fails is logged and comes again; one that takes long is never started twice. */
export function schedule(shop: Shop, chores: readonly Chore[]): { stop(): Promise<void> } {
  const running = new Map<Chore, Promise<void>>();
  const timers = chores.map((chore) =>
    setInterval(() => {
      if (running.has(chore)) return;
      running.set(
        chore,
        run(shop, chore).finally(() => running.delete(chore)),
      );
    }, chore.everySeconds * 1000),
  );
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running.values());
    },
  };
}

async function run(shop: Shop, { name, work }: Chore): Promise<void> {
  try {
    await work(shop);
  } catch (error) {
    shop.log("error", "A chore failed; it comes again.", {
      chore: name,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}
