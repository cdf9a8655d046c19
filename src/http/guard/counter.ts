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

/** What a network has used of its allowance in this minute. */
export interface Window {
  /** How many times the allowance of one client the network has. */
  times: number;
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
    // Made-up clients push out others, but none that has used up its allowance.
    this.windows = new BoundedMap(mostClients, (window) => window.endsAt > this.seconds() && this.isUsedUp(window));
  }

  /**
   * The windows of a client's networks, to be charged later: they are good for as long as the caller does not wait. Where a wide
   * network has used up its allowance, there are none of the narrower: who owns one makes these up at leisure.
   */
  windowsOf(networks: readonly ClientNetwork[]): Window[] {
    const now = this.seconds();
    const windows: Window[] = [];
    for (let at = networks.length - 1; at >= 0; at--) {
      const network = networks[at];
      if (!network) continue;
      const window = this.windowOf(network, now);
      windows.push(window);
      if (this.isUsedUp(window)) break;
    }
    return windows;
  }

  /** Counts a call, as so many, and says what is left after it. */
  count(windows: readonly Window[], weight = 1): Left {
    for (const window of windows) window.calls += weight;
    return this.left(windows);
  }

  /** Adds to what the calls of a client have taken. */
  charge(windows: readonly Window[], ms: number): void {
    for (const window of windows) window.ms += ms;
  }

  left(windows: readonly Window[]): Left {
    const least: Left = { calls: Number.POSITIVE_INFINITY, ms: Number.POSITIVE_INFINITY, resetsInSeconds: 1 };
    let endsAt = 0;
    for (let at = windows.length - 1; at >= 0; at--) {
      const window = windows[at];
      if (!window) continue;
      const calls = this.allowance.calls * window.times - window.calls;
      const ms = this.allowance.ms * window.times - window.ms;
      // The window that lasts longest among those that are used up, or that of the client alone.
      if (endsAt === 0 || ((calls < 0 || ms < 0) && window.endsAt > endsAt)) endsAt = window.endsAt;
      if (calls < least.calls) least.calls = calls;
      if (ms < least.ms) least.ms = ms;
    }
    least.resetsInSeconds = Math.max(1, Math.ceil(endsAt - this.seconds()));
    return least;
  }

  private windowOf({ key, times }: ClientNetwork, now: number): Window {
    const known = this.windows.get(key);
    if (known && known.endsAt > now) return known;
    const window = { times, calls: 0, ms: 0, endsAt: now + WINDOW_SECONDS };
    this.windows.set(key, window);
    return window;
  }

  private isUsedUp({ times, calls, ms }: Window): boolean {
    return calls > this.allowance.calls * times || ms > this.allowance.ms * times;
  }
}
