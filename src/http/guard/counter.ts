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
    return this.add(networks, weight, 0);
  }

  /** Adds to what the calls of a client have taken. */
  charge(networks: readonly ClientNetwork[], ms: number): void {
    this.add(networks, 0, ms);
  }

  left(networks: readonly ClientNetwork[]): Left {
    return this.add(networks, 0, 0);
  }

  private add(networks: readonly ClientNetwork[], calls: number, ms: number): Left {
    const now = this.seconds();
    const least: Left = { calls: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY, resetsInSeconds: 1 };
    for (const { key, times } of networks) {
      let window = this.windows.get(key);
      if (!window || window.endsAt <= now) {
        window = { calls: 0, ms: 0, endsAt: now + WINDOW_SECONDS };
        this.windows.set(key, window);
      }
      window.calls += calls;
      window.ms += ms;
      const leftCalls = this.allowance.calls * times - window.calls;
      const leftMs = this.allowance.ms * times - window.ms;
      // The window that lasts longest among those that are used up, or that of the client alone.
      if (least.calls === Number.POSITIVE_INFINITY || leftCalls < 0 || leftMs < 0) {
        least.resetsInSeconds = Math.max(least.resetsInSeconds, Math.ceil(window.endsAt - now));
      }
      if (leftCalls < least.calls) least.calls = leftCalls;
      if (leftMs < least.ms) least.ms = leftMs;
    }
    return least;
  }
}
