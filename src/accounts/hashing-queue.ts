import { ShopError } from "../base/errors";

/**
 * Lets so many pieces of work go on at once and so many more wait their turn. Throws ShopError `too_busy` beyond that:
 * hashing is slow on purpose, and whoever asks for too much of it must not take the machine from everybody else.
 */
export function createQueue({ atOnce, waiting: most }: { atOnce: number; waiting: number }) {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (running >= atOnce) {
      if (waiting.length >= most) {
        throw new ShopError("too_busy", "Too many people are signing in at once. Try again in a moment.");
      }
      // Whoever finishes hands over their place, so nobody can slip in between.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
