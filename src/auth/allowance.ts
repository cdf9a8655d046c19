/** So many in a window of time, of all callers together. */
export function createAllowance(windowSeconds: number, seconds: () => number) {
  let used = 0;
  let endsAt = -Infinity;
  return {
    /** Takes one of `most`; false when all are taken until the window ends. */
    take(most: number): boolean {
      if (seconds() >= endsAt) {
        used = 0;
        endsAt = seconds() + windowSeconds;
      }
      if (used >= most) return false;
      used++;
      return true;
    },
  };
}
