import { ShopError } from "./errors";
import { FairLine } from "./fair-line";

/** Whose work it is. */
export interface Payer {
  /** Callers of one lane wait for each other; the lanes take turns, and so do those within one. The widest first. */
  lanes(): readonly string[];
  /** Hears that it goes on after it has waited. */
  resume?: (() => void) | undefined;
  /** Is told how long the event loop was held up, in milliseconds. */
  charge?: ((ms: number) => void) | undefined;
}

/** Other connections, timers and finished reads have their turn this often, unless one call by itself takes longer. */
const LONGEST_TURN_MS = 8;

/**
 * Of that, what may be done right where calls arrive. A turn by itself costs as much as a quarter of a small answer, and an answer
 * of more than 15 KB that is made in one costs .4 ms more: Bun 1.4.4 then hands its head to the system piece by piece.
 */
const LONGEST_AT_ARRIVAL_MS = 5;

/** Beyond this it is asked whether the event loop worked at all: on a busy machine it may have waited for the processor. */
const LONG_MS = 5;

/** So many calls of one lane may wait, and so many in all. */
const MOST_WAITING_IN_LANE = 256;
const MOST_WAITING = 4_096;

const tooBusy = new ShopError("too_busy", "Too much is going on. Try again in a moment.");

interface Waiting {
  payer: Payer;
  begin(): void;
  giveUp(reason: ShopError): void;
}

/**
 * Lets calls begin one by one, in turns of the event loop that end. Bun accepts connections, reads them and runs the handler
 * in one loop, and goes on as long as new ones wait: work that ends in its own turn, as every read on SQLite does, would
 * keep timers and what other threads have finished waiting for as long. So only little is done where calls arrive; the
 * rest waits for a turn of its own, lane by lane; where too many wait, the longest lane gives up a place. What a call takes until it first waits for something is charged to its
 * payer.
 */
export class Turns {
  private readonly line = new FairLine<Waiting>();
  private isArriving = false;
  private arrivalsEndAt = 0;
  private isOpen = false;
  private begun = 0;
  private endsAt = 0;
  private paying: Payer | undefined;
  private paysSince = 0;
  /** What this thread had worked when the turn began, in milliseconds; undefined where that was not looked up. */
  private workedBefore: number | undefined;

  /** Undefined where this call may work at once, else resolves when it may. Throws and rejects with `too_busy` where too many wait. */
  take(payer: Payer): Promise<void> | undefined {
    if (this.line.size === 0 && this.beginAtOnce(payer)) return undefined;
    const lanes = payer.lanes();
    if (this.line.lengthOf(lanes) >= MOST_WAITING_IN_LANE) throw tooBusy;
    if (this.line.size >= MOST_WAITING) {
      const other = this.line.makeRoomFor(lanes);
      if (!other) throw tooBusy;
      other.giveUp(tooBusy);
    }
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

  /** Who pays for what is done right now; undefined for what no call has asked for. */
  get payer(): Payer | undefined {
    return this.paying;
  }

  /** What is done from now on is charged to this payer: for work that was put off and is done for many at once. */
  payFor(payer: Payer | undefined): void {
    const now = this.settle();
    payer?.resume?.();
    this.workedBefore = undefined;
    this.paying = payer;
    this.paysSince = now;
  }

  private wait(payer: Payer): Promise<void> {
    return new Promise((begin, giveUp) => {
      this.line.push(payer.lanes(), { payer, begin, giveUp });
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
    // Looking it up costs as much as a tenth of a small answer.
    this.workedBefore = undefined;
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
    this.workedBefore = workedMs();
    // In the next turn, in case no call begins there.
    setImmediate(this.settle);
  };

  private readonly beginNext = (): void => {
    const now = this.settle();
    // One begins in every turn, whoever else takes that long.
    if (this.begun > 0 && now > this.endsAt) return this.schedule();
    const next = this.line.shift();
    if (!next) return;
    this.begun++;
    next.payer.resume?.();
    this.paying = next.payer;
    this.paysSince = now;
    next.begin();
  };

  /** Ends what is being paid for, and tells the time. */
  private readonly settle = (): number => {
    const now = performance.now();
    const { paying } = this;
    this.paying = undefined;
    paying?.charge?.(this.worked(now - this.paysSince));
    return now;
  };

  /** So much of that time as the event loop worked: nobody pays for a processor that others had. */
  private worked(ms: number): number {
    if (ms < LONG_MS || this.workedBefore === undefined) return ms;
    const before = this.workedBefore;
    this.workedBefore = workedMs();
    return Math.min(ms, this.workedBefore - before);
  }
}

function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** There is one event loop in a program, so all its servers and jobs share these. */
export const turns = new Turns();
