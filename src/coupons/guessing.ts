import { createThrottle, type Throttle } from "../auth/throttle";
import { changeTries, secondsOf, type TryKey } from "../auth/tries";
import { type ClientNetwork, clientNetworks } from "../base/client-network";
import { ShopError } from "../base/errors";
import type { Origin } from "../base/origin";
import type { Shop } from "../shop/shop";

/** Wrong codes that are free, for an account and for an address; then each waits twice as long as the one before. */
const PATIENCE = { free: 10, firstWaitSeconds: 5, longestWaitSeconds: 900, forgivenEverySeconds: 600 };

/** A network of many clients has so many times their room. */
const patienceOf = (times: number) => ({
  ...PATIENCE,
  free: PATIENCE.free * times,
  forgivenEverySeconds: PATIENCE.forgivenEverySeconds / times,
});
const kindOf = (times: number) => (times === 1 ? "coupon" : `coupon of ${times}`);

/**
 * Runs what a customer asked for with a coupon's code. Codes that there are none of count against the account and the network
 * that they come from, so that nobody finds a code by trying. Throws `too_many_requests`.
 */
export async function withoutGuessing<Result>(
  shop: Shop,
  { id }: { id: number },
  { address }: Pick<Origin, "address">,
  code: string | null | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!code || !shop.settings.rateLimit) return work();
  const keys: ClientNetwork[] = [{ key: `user ${id}`, times: 1 }, ...clientNetworks(address)];
  const change = <Answer>(count: (throttleOf: (times: number) => Throttle) => Answer): Promise<Answer> =>
    changeTries(
      shop,
      keys.map(({ key, times }): TryKey => [kindOf(times), key]),
      (known) => count((times) => createThrottle(patienceOf(times), secondsOf(shop), known(kindOf(times)))),
    );
  // Counted before it is looked at, so that a hundred at once are a hundred.
  const { wait, counted } = await change((throttleOf) => {
    const longest = Math.max(...keys.map(({ key, times }) => throttleOf(times).wait(key)));
    const countAll = () => keys.map((one) => ({ ...one, ...throttleOf(one.times).count(one.key) }));
    return { wait: longest, counted: longest > 0 ? [] : countAll() };
  });
  if (wait > 0) {
    throw new ShopError("too_many_requests", "Too many coupons were tried. Wait as long as Retry-After says.", {
      retry_after_seconds: Math.ceil(wait),
    });
  }
  let isGuess = false;
  try {
    return await work();
  } catch (error) {
    isGuess =
      error instanceof ShopError && (error.details.errors ?? []).some((issue) => issue.code === "unknown_coupon");
    throw error;
  } finally {
    if (!isGuess)
      await change((throttleOf) => counted.forEach(({ key, times, ...one }) => throttleOf(times).undo(key, one)));
  }
}
