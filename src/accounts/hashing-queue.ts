import { ShopError } from "../base/errors";

interface Waiting {
  begin(): void;
}

/**
 * Lets so many pieces of work go on at once and so many more wait. Hashing is slow on purpose, and a client that asks for too much of
 * it must not take the machine from everybody else: the clients who wait take turns, and none may hold more than its share
 * of the places. Work of no client is the shop's own. Throws ShopError `too_busy` beyond that.
 */
export function createQueue({ atOnce, waiting: most, share }: { atOnce: number; waiting: number; share: number }) {
  /** By client, in the order of their turns. */
  const lanes = new Map<string, Waiting[]>();
  let waiting = 0;
  let running = 0;

  function takeNext(): Waiting | undefined {
    for (const [client, lane] of lanes) {
      lanes.delete(client);
      const next = lane.shift();
      if (lane.length > 0) lanes.set(client, lane);
      if (!next) continue;
      waiting--;
      return next;
    }
    return undefined;
  }

  function wait(client: string | undefined): Promise<void> {
    const key = client ?? "";
    const lane = lanes.get(key) ?? [];
    if (waiting >= most || (client !== undefined && lane.length >= share)) {
      throw new ShopError("too_busy", "Too many people are signing in at once. Try again in a moment.");
    }
    waiting++;
    return new Promise((begin) => {
      lane.push({ begin });
      lanes.set(key, lane);
    });
  }

  return async <Result>(client: string | undefined, work: () => Promise<Result>): Promise<Result> => {
    // What ends hands over its place, so nothing can slip in between.
    if (running >= atOnce) await wait(client);
    else running++;
    try {
      return await work();
    } finally {
      const next = takeNext();
      if (next) next.begin();
      else running--;
    }
  };
}
