import type { Basket } from "./next-basket";

export interface TifuOptions {
  /** Into how many groups a history is cut. */
  groups: number;
  /** What is left of a basket with each newer one of its group, and of a group with each newer one. */
  within: number;
  between: number;
  neighbours: number;
  /** What a customer's own history counts; the rest is the neighbours'. */
  own: number;
}

/**
 * TIFU-kNN (Hu, He, Gao & Zhang, SIGIR 2020): a customer is the average of their baskets, which fade within groups and group by
 * group, mixed with the average of the customers nearest to them.
 */
export function tifu(histories: readonly Basket[][], productCount: number, options: TifuOptions) {
  const vectors = histories.map((baskets) => vectorOf(baskets, options));
  const squares = vectors.map((vector) => [...vector.values()].reduce((sum, value) => sum + value ** 2, 0));
  const holders: [customer: number, value: number][][] = Array.from({ length: productCount }, () => []);
  vectors.forEach((vector, customer) => {
    for (const [product, value] of vector) holders[product]!.push([customer, value]);
  });
  return (customer: number): Float32Array => {
    const own = vectors[customer] ?? new Map<number, number>();
    const products = new Float64Array(vectors.length);
    for (const [product, value] of own)
      for (const [other, theirs] of holders[product]!) products[other]! += value * theirs;
    const nearest = [...vectors.keys()]
      .filter((other) => other !== customer)
      .map((other) => ({ other, distance: squares[other]! - 2 * products[other]! }))
      .toSorted((a, b) => a.distance - b.distance)
      .slice(0, options.neighbours);
    const scores = new Float32Array(productCount);
    for (const [product, value] of own) scores[product]! += options.own * value;
    for (const { other } of nearest) {
      for (const [product, value] of vectors[other]!) scores[product]! += ((1 - options.own) * value) / nearest.length;
    }
    return scores;
  };
}

function vectorOf(baskets: readonly Basket[], { groups: count, within, between }: TifuOptions): Map<number, number> {
  const size = Math.ceil(baskets.length / count);
  const groups: (readonly Basket[])[] = [];
  for (let end = baskets.length; end > 0; end -= size) groups.push(baskets.slice(Math.max(0, end - size), end));
  const vector = new Map<number, number>();
  groups.forEach((group, newerGroups) => {
    group.forEach(({ products }, at) => {
      const weight = (within ** (group.length - 1 - at) / group.length) * (between ** newerGroups / groups.length);
      for (const product of products) vector.set(product, (vector.get(product) ?? 0) + weight);
    });
  });
  return vector;
}
