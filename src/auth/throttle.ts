import { BoundedMap } from "../base/bounded-map";

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
  /** Whether a try was refused in the wait that this brought about. */
  refused?: boolean;
}

/** About 10 MB. */
const MOST_KEYS = 50_000;

export type Throttle = ReturnType<typeof createThrottle>;

/** Counts tries by key, in memory that stays bounded. Times are in seconds. */
export function createThrottle(patience: Patience, seconds: () => number) {
  const levelOf = (tries: Tries | undefined) =>
    tries ? Math.max(0, tries.level - (seconds() - tries.countedAt) / patience.forgivenEverySeconds) : 0;
  const isUsedUp = (level: number) => Math.ceil(level) >= patience.free;

  // A client that makes up keys pushes others out, but none that is used up, unless there are more than 12,500 of those.
  const known = new BoundedMap<string, Tries>(MOST_KEYS, (tries) => isUsedUp(levelOf(tries)));

  function waitUntil({ level, countedAt }: Tries): number {
    if (!isUsedUp(level)) return 0;
    const wait = patience.firstWaitSeconds * 2 ** (Math.ceil(level) - patience.free);
    return countedAt + Math.min(patience.longestWaitSeconds, wait);
  }

  return {
    /** For how many seconds this key must still wait; 0 when it may try now. */
    wait(key: string): number {
      const tries = known.get(key);
      return tries ? Math.max(0, waitUntil(tries) - seconds()) : 0;
    },
    /** Counts nothing, but says whether a try was refused in this wait before. */
    refuse(key: string): boolean {
      const tries = known.get(key);
      if (!tries || waitUntil(tries) <= seconds()) return false;
      const before = tries.refused === true;
      tries.refused = true;
      return before;
    },
    /**
     * Counts a try before its outcome is known, so that a hundred tries at once are a hundred. What it returns makes that
     * undone, as if this one had never been: a wait that others have brought about goes on.
     */
    count(key: string): () => void {
      const before = known.get(key);
      const counted = { level: levelOf(before) + 1, countedAt: seconds() };
      known.set(key, counted);
      return () => {
        const now = known.get(key);
        const without = now === counted ? before : now && { ...now, level: now.level - 1 };
        if (without && without.level > 0) known.set(key, without);
        else known.delete(key);
      };
    },
    forget: (key: string): void => known.delete(key),
  };
}
