import { newTryMap, type TryMap } from "./throttle";

/** Under which an allowance is kept. */
export const ALL = "all";

/** So many in a window of time, of all callers together. */
export function createAllowance(windowSeconds: number, seconds: () => number, known: TryMap = newTryMap(seconds)) {
  return {
    /** Takes one of `most`; false when all are taken until the window ends. */
    take(most: number): boolean {
      const before = known.get(ALL);
      const isOpen = before !== undefined && seconds() < before.countedAt + windowSeconds;
      const used = isOpen ? before.level : 0;
      if (used >= most) return false;
      const countedAt = isOpen ? before.countedAt : seconds();
      const endsAt = countedAt + windowSeconds;
      known.set(ALL, { level: used + 1, countedAt, usedUpUntil: endsAt, forgottenAt: endsAt });
      return true;
    },
  };
}
