import { BoundedMap } from "../../base/bounded-map";
import type { ClientNetwork } from "../../base/client-network";

/** About 10 MB. Beyond that the clients seen longest ago start afresh: memory counts for more than exactness. */
export const MOST_CLIENTS = 50_000;

const WINDOW_SECONDS = 60;

/** What a client may use in a minute. */
export interface Allowance {
  calls: number;
  /** Of the event loop, or of a database that works for it. */
  ms: number;
}

interface Window {
  calls: number;
  ms: number;
  endsAt: number;
}

/** What is left in this minute, of what there is least of. */
export interface Left {
  calls: number;
  ms: number;
  resetsInSeconds: number;
}

/** Counts by client and minute what was called and how long it took. What is left is negative where it is too much. */
export class Counter {
  private readonly windows: BoundedMap<string, Window>;

  constructor(
    private readonly allowance: Allowance,
    private readonly seconds: () => number,
    mostClients = MOST_CLIENTS,
  ) {
    this.windows = new BoundedMap(mostClients);
  }

  /** Counts a call, as so many. */
  count(networks: readonly ClientNetwork[], weight = 1): Left {
    for (const { key } of networks) this.windowOf(key).calls += weight;
    return this.left(networks);
  }

  /** Adds to what the calls of a client have taken. */
  charge(networks: readonly ClientNetwork[], ms: number): void {
    for (const { key } of networks) this.windowOf(key).ms += ms;
  }

  left(networks: readonly ClientNetwork[]): Left {
    const least: Left = { calls: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY, resetsInSeconds: 1 };
    for (const { key, times } of networks) {
      const { calls, ms, endsAt } = this.windowOf(key);
      const left = { calls: this.allowance.calls * times - calls, ms: this.allowance.ms * times - ms };
      // The window that lasts longest among those that are used up, or that of the client alone.
      if (least.resetsInSeconds === 1 || left.calls < 0 || left.ms < 0) {
        least.resetsInSeconds = Math.max(least.resetsInSeconds, Math.ceil(endsAt - this.seconds()));
      }
      least.calls = Math.min(least.calls, left.calls);
      least.ms = Math.min(least.ms, left.ms);
    }
    return least;
  }

  private windowOf(key: string): Window {
    const now = this.seconds();
    let window = this.windows.get(key);
    if (!window || window.endsAt <= now) {
      window = { calls: 0, ms: 0, endsAt: now + WINDOW_SECONDS };
      this.windows.set(key, window);
    }
    return window;
  }
}
