import { BoundedMap } from "../bounded-map";

/** Tries that are free, then a wait that doubles with every further one. One try is forgiven every so many seconds. */
export interface Patience {
  free: number;
  firstWaitSeconds: number;
  longestWaitSeconds: number;
  forgivenEverySeconds: number;
}

interface Tries {
  level: number;
  countedAt: number;
  waitUntil: number;
  /** Whether somebody was refused in this wait. */
  refused?: boolean;
}

/** About 10 MB. Somebody with more keys than that wins only that his oldest are forgotten. */
const MOST_KEYS = 50_000;

/** Counts tries by key, in memory that stays bounded. Times are in seconds. */
export function createThrottle(patience: Patience, seconds: () => number) {
  const known = new BoundedMap<string, Tries>(MOST_KEYS);

  const levelOf = (tries: Tries | undefined) =>
    tries ? Math.max(0, tries.level - (seconds() - tries.countedAt) / patience.forgivenEverySeconds) : 0;

  return {
    /** For how many seconds this key must still wait; 0 when it may try now. */
    wait: (key: string): number => Math.max(0, (known.get(key)?.waitUntil ?? 0) - seconds()),
    /** Counts nothing, but says whether somebody was refused in this wait before. */
    refuse(key: string): boolean {
      const tries = known.get(key);
      if (!tries || tries.waitUntil <= seconds()) return false;
      const before = tries.refused === true;
      tries.refused = true;
      return before;
    },
    /** Before the outcome is known, so that a hundred tries at once are a hundred. */
    count(key: string): void {
      const level = levelOf(known.get(key)) + 1;
      const beyond = Math.ceil(level) - patience.free;
      const wait = beyond < 0 ? 0 : Math.min(patience.longestWaitSeconds, patience.firstWaitSeconds * 2 ** beyond);
      known.set(key, { level, countedAt: seconds(), waitUntil: seconds() + wait });
    },
    /** The try turned out well: it never was one. */
    forgive(key: string): void {
      const level = levelOf(known.get(key)) - 1;
      if (level <= 0) known.delete(key);
      else known.set(key, { level, countedAt: seconds(), waitUntil: 0 });
    },
    /** All of them did. */
    forget: (key: string): void => known.delete(key),
  };
}
