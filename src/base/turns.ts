import { ShopError } from "./errors";

/** Whose work it is. */
export interface Payer {
  /** Callers of one lane wait for each other; the lanes take turns. */
  lane: string;
  /** Is told how long the event loop was held up, in milliseconds. */
  charge?(ms: number): void;
}

/** Other connections, timers and finished reads have their turn this often, unless one call by itself takes longer. */
const LONGEST_TURN_MS = 8;

/** Of that, what may be done right where calls arrive: a turn by itself costs as much as a quarter of a small answer. */
const LONGEST_AT_ARRIVAL_MS = 2;

/** So many calls of one lane may wait, and so many in all. */
const MOST_WAITING_IN_LANE = 256;
const MOST_WAITING = 4_096;

const tooBusy = new ShopError("too_busy", "Too much is going on. Try again in a moment.");

interface Waiting {
  payer: Payer;
  begin(): void;
}

/**
 * Lets calls begin one by one, in turns of the event loop that end. Bun accepts connections, reads them and runs the handler
 * in one loop, and goes on as long as new ones wait: work that ends in its own turn, as every read on SQLite does, would
 * keep timers and what other threads have finished waiting for as long. So only little is done where calls arrive; the
 * rest waits for a turn of its own, lane by lane. What a call takes until it first waits for something is charged to its
 * payer.
 */
export class Turns {
  private readonly lanes = new Map<string, Waiting[]>();
  private waiting = 0;
  private isArriving = false;
  private arrivalsEndAt = 0;
  private isOpen = false;
  private begun = 0;
  private endsAt = 0;
  private paying: Payer | undefined;
  private paysSince = 0;

  /** Undefined where this call may work at once, else resolves when it may. Throws `too_busy` where too many wait already. */
  take(payer: Payer): Promise<void> | undefined {
    if (this.waiting === 0 && this.beginAtOnce(payer)) return undefined;
    const inLane = this.lanes.get(payer.lane)?.length ?? 0;
    if (inLane >= MOST_WAITING_IN_LANE || this.waiting >= MOST_WAITING) throw tooBusy;
    return this.wait(payer);
  }

  /**
   * Lets others have their turn in the middle of long work. It goes on in the lane of the client who pays for it now, and what is
   * done from then on is charged as well; work that no call pays for, a job's say, goes on with the next turn.
   */
  yield(): Promise<void> {
    const { paying } = this;
    this.settle();
    if (!paying) return new Promise((resolve) => setImmediate(resolve));
    return this.wait(paying);
  }

  private wait(payer: Payer): Promise<void> {
    const lane = this.lanes.get(payer.lane) ?? [];
    return new Promise((begin) => {
      lane.push({ payer, begin });
      this.lanes.set(payer.lane, lane);
      this.waiting++;
      this.schedule();
    });
  }

  private beginAtOnce(payer: Payer): boolean {
    const now = this.settle();
    if (!this.isArriving) {
      this.isArriving = true;
      this.arrivalsEndAt = now + LONGEST_AT_ARRIVAL_MS;
      // It comes when this turn of the event loop is over: as long as it does not, calls are still arriving.
      setImmediate(this.endArrivals);
    }
    if (now >= this.arrivalsEndAt) return false;
    this.paying = payer;
    this.paysSince = now;
    return true;
  }

  private readonly endArrivals = (): void => {
    this.settle();
    this.isArriving = false;
  };

  private schedule(): void {
    // Runs before what is scheduled after it, so the turn has an end before its first call begins.
    if (!this.isOpen) setImmediate(this.open);
    this.isOpen = true;
    setImmediate(this.beginNext);
  }

  private readonly open = (): void => {
    this.isOpen = false;
    this.begun = 0;
    this.endsAt = this.settle() + LONGEST_TURN_MS;
    // In the next turn, in case no call begins there.
    setImmediate(this.settle);
  };

  private readonly beginNext = (): void => {
    const now = this.settle();
    // One begins in every turn, whoever else takes that long.
    if (this.begun > 0 && now > this.endsAt) return this.schedule();
    const next = this.takeNext();
    if (!next) return;
    this.begun++;
    this.paying = next.payer;
    this.paysSince = now;
    next.begin();
  };

  /** The first of the lane whose turn it is; the lane goes to the end of the line. */
  private takeNext(): Waiting | undefined {
    for (const [name, lane] of this.lanes) {
      this.lanes.delete(name);
      const next = lane.shift();
      if (lane.length > 0) this.lanes.set(name, lane);
      if (!next) continue;
      this.waiting--;
      return next;
    }
    return undefined;
  }

  /** Ends what is being paid for, and tells the time. */
  private readonly settle = (): number => {
    const now = performance.now();
    const { paying } = this;
    this.paying = undefined;
    paying?.charge?.(now - this.paysSince);
    return now;
  };
}

/** There is one event loop in a program, so all its servers and jobs share these. */
export const turns = new Turns();
