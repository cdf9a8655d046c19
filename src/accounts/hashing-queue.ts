import { ShopError } from "../base/errors";
import { FairLine } from "../base/fair-line";

interface Waiting {
  begin(): void;
  giveUp(reason: ShopError): void;
}

/**
 * Lets so many pieces of work go on at once and so many more wait. Hashing is slow on purpose, and a client that asks for too much
 * of it must not take the machine from everybody else: the clients who wait take turns, none holds more than its share of the
 * places, and where all are taken who holds most gives one up. `lanes` are the networks of the client, the widest first;
 * work of no client is the shop's own. Throws ShopError `too_busy` beyond that.
 */
export function createQueue({ atOnce, waiting: most, share }: { atOnce: number; waiting: number; share: number }) {
  const line = new FairLine<Waiting>();
  let running = 0;

  function wait(lanes: readonly string[] | undefined): Promise<void> {
    const path = lanes ?? [OWN];
    if (lanes && line.lengthOf(path) >= share) throw tooBusy();
    if (line.size >= most) {
      const other = line.makeRoomFor(path);
      if (!other) throw tooBusy();
      other.giveUp(tooBusy());
    }
    return new Promise((begin, giveUp) => line.push(path, { begin, giveUp }));
  }

  return async <Result>(lanes: readonly string[] | undefined, work: () => Promise<Result>): Promise<Result> => {
    // What ends hands over its place, so nothing can slip in between.
    if (running >= atOnce) await wait(lanes);
    else running++;
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next) next.begin();
      else running--;
    }
  };
}

/** The lane of the shop's own work. */
const OWN = "";

const tooBusy = () => new ShopError("too_busy", "Too many people are signing in at once. Try again in a moment.");
