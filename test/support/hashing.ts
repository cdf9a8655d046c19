import { spyOn } from "bun:test";

/**
 * Holds the next hash of a password, or the next look at one, until it is let go: what others do meanwhile overtakes it for
 * certain, and not only where the machine has time.
 */
export function holdNext(work: "hash" | "verify") {
  const begun = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  // Each keeps its own parameters, which are handed on as they come.
  const real = Bun.password[work] as (...given: unknown[]) => Promise<never>;
  const held = spyOn(Bun.password, work).mockImplementation(async (...given: unknown[]) => {
    held.mockRestore();
    begun.resolve();
    await letGo.promise;
    return real(...given);
  });
  return { begun: begun.promise, letGo: letGo.resolve };
}
