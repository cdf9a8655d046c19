import { BoundedMap } from "../base/bounded-map";
import type { Tries } from "./try-queries";

/** Tries that are free, then a wait that doubles with every further one. One try is forgiven every so many seconds. */
export interface Patience {
  free: number;
  firstWaitSeconds: number;
  longestWaitSeconds: number;
  forgivenEverySeconds: number;
}

/** Where tries are kept. */
export interface TryMap {
  get(key: string): Tries | undefined;
  set(key: string, tries: Tries): void;
  delete(key: string): void;
}

/** About 10 MB. */
const MOST_KEYS = 50_000;

/**
 * Tries in memory that stays bounded. A client that makes up keys pushes others out, but none that is used up, unless there are
 * more than 12,500 of those.
 */
export const newTryMap = (seconds: () => number): TryMap =>
  new BoundedMap<string, Tries>(MOST_KEYS, ({ usedUpUntil }) => usedUpUntil > seconds());

/** What was known of a key before a try was counted, and then. */
export interface Counted {
  before: Tries | undefined;
  counted: Tries;
}

export type Throttle = ReturnType<typeof createThrottle>;

/** Counts tries by key. */
export function createThrottle(patience: Patience, seconds: () => number, known: TryMap = newTryMap(seconds)) {
  const levelOf = (tries: Tries | undefined) =>
    tries ? Math.max(0, tries.level - (seconds() - tries.countedAt) / patience.forgivenEverySeconds) : 0;

  function waitUntil({ level, countedAt }: Tries): number {
    if (Math.ceil(level) < patience.free) return 0;
    const wait = patience.firstWaitSeconds * 2 ** (Math.ceil(level) - patience.free);
    return countedAt + Math.min(patience.longestWaitSeconds, wait);
  }

  const triesOf = (level: number, countedAt: number): Tries => ({
    level,
    countedAt,
    usedUpUntil: countedAt + (level - (patience.free - 1)) * patience.forgivenEverySeconds,
    forgottenAt: Math.max(
      countedAt + level * patience.forgivenEverySeconds,
      countedAt + (Math.ceil(level) < patience.free ? 0 : patience.longestWaitSeconds),
    ),
  });

  return {
    /** For how many seconds this key must still wait; 0 when it may try now. */
    wait(key: string): number {
      const tries = known.get(key);
      return tries ? Math.max(0, waitUntil(tries) - seconds()) : 0;
    },
    /** Counts nothing, but says whether somebody was refused in this wait before. */
    refuse(key: string): boolean {
      const tries = known.get(key);
      if (!tries || waitUntil(tries) <= seconds()) return false;
      const before = tries.refused === true;
      known.set(key, { ...tries, refused: true });
      return before;
    },
    /** Counts a try before its outcome is known, so that a hundred tries at once are a hundred. */
    count(key: string): Counted {
      const before = known.get(key);
      const counted = triesOf(levelOf(before) + 1, seconds());
      known.set(key, counted);
      return { before, counted };
    },
    /** Undoes a count, as if this one had never been: a wait that others have brought about goes on. */
    undo(key: string, { before, counted }: Counted): void {
      const now = known.get(key);
      const isLast = now !== undefined && now.level === counted.level && now.countedAt === counted.countedAt;
      const without = isLast
        ? before
        : now && { ...triesOf(now.level - 1, now.countedAt), refused: now.refused === true };
      if (without && without.level > 0) known.set(key, without);
      else known.delete(key);
    },
    forget: (key: string): void => known.delete(key),
  };
}
