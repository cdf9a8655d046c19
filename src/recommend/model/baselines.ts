import type { Scorer } from "./metrics";
import { type Pairs, type Sparse, transpose } from "./purchases";
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

/**
 * Item-kNN (Sarwar et al., 2001): products are alike by the cosine of who bought them, and each has the `neighbours` most
 * alike. A score is the sum over the history.
 */
export function itemKnn(likes: Sparse, neighbours: number): Scorer {
  const likedBy = transpose(likes);
  const near = nearest(likes, likedBy, neighbours);
  return ({ history }, into) => {
    into.fill(0);
    for (const product of history) {
      for (const [other, likeness] of near[product] ?? []) into[other]! += likeness;
    }
  };
}

type Neighbour = readonly [product: number, likeness: number];

/** For each product the lists that it is in the neighbourhood of: what buying it speaks for. */
function nearest(likes: Sparse, likedBy: Sparse, neighbours: number): Neighbour[][] {
  const speaksFor: Neighbour[][] = Array.from({ length: likes.columns }, () => []);
  const shared = new Float64Array(likes.columns);
  const buyers = (product: number) => likedBy.starts[product + 1]! - likedBy.starts[product]!;
  for (let product = 0; product < likes.columns; product++) {
    const met: number[] = [];
    for (let at = likedBy.starts[product]!; at < likedBy.starts[product + 1]!; at++) {
      const customer = likedBy.indices[at]!;
      for (let own = likes.starts[customer]!; own < likes.starts[customer + 1]!; own++) {
        if (shared[likes.indices[own]!]!++ === 0) met.push(likes.indices[own]!);
      }
    }
    met
      .filter((other) => other !== product)
      .map((other) => [other, shared[other]! / Math.sqrt(buyers(product) * buyers(other))] as const)
      .toSorted((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, neighbours)
      .forEach(([other, likeness]) => speaksFor[other]!.push([product, likeness]));
    for (const other of met) shared[other] = 0;
  }
  return speaksFor;
}
