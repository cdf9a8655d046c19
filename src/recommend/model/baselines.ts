import type { Scorer } from "./metrics";
import type { Pairs } from "./purchases";
import { decay } from "./time";

/** How many customers have bought each product, whenever that was. */
export function popularity(pairs: Pairs): Float32Array {
  const buyers = new Float32Array(pairs.productCount);
  for (const product of pairs.products) buyers[product]!++;
  return buyers;
}

/** How often each product was bought on the last `days` days; with `fading`, the older the less, half in so many days. */
export function recentPopularity(
  purchases: { products: ArrayLike<number>; days: ArrayLike<number> },
  productCount: number,
  newestDay: number,
  { days, fading = false }: { days: number; fading?: boolean },
): Float32Array {
  const counts = new Float32Array(productCount);
  for (let at = 0; at < purchases.products.length; at++) {
    const age = newestDay - purchases.days[at]!;
    if (fading) counts[purchases.products[at]!]! += decay(age, days);
    else if (age <= days) counts[purchases.products[at]!]!++;
  }
  return counts;
}

/** The same scores for everybody. */
export function sameForAll(scores: Float32Array): Scorer {
  return (_, into) => into.set(scores);
}
