import { highest } from "./ranking";

/** For each product, those that speak for it when it was bought: row by row, best first. */
export interface Neighbours {
  /** The neighbours of product `p` lie at `starts[p]` up to `starts[p + 1]`. */
  readonly starts: Uint32Array;
  readonly products: Int32Array;
  readonly scores: Float32Array;
}

export function noNeighbours(products: number): Neighbours {
  return { starts: new Uint32Array(products + 1), products: new Int32Array(), scores: new Float32Array() };
}

/** Gathers rows of neighbours one after the other, the `kept` strongest of each. */
export function neighbourWriter(rows: number, kept: number) {
  const starts = new Uint32Array(rows + 1);
  let products = new Int32Array(Math.max(1, rows * Math.min(kept, 16)));
  let scores = new Float32Array(products.length);
  let used = 0;
  let row = 0;
  return {
    /** The next row: `scoreOf[at]` is the score of product `others[at]`. Only scores other than 0 are kept. */
    add(others: ArrayLike<number>, scoreOf: Float32Array): void {
      const strength = scoreOf.map((score) => (score === 0 ? -Infinity : Math.abs(score)));
      const best = highest(strength, kept);
      if (used + best.length > products.length) {
        const larger = Math.max(2 * products.length, used + best.length);
        products = grown(products, new Int32Array(larger));
        scores = grown(scores, new Float32Array(larger));
      }
      for (const at of best) {
        products[used] = others[at]!;
        scores[used++] = scoreOf[at]!;
      }
      starts[++row] = used;
    },
    done: (): Neighbours => ({ starts, products: products.slice(0, used), scores: scores.slice(0, used) }),
  };
}

function grown<Numbers extends Int32Array | Float32Array>(from: Numbers, into: Numbers): Numbers {
  into.set(from);
  return into;
}

/** into += weight · what buying this product says about all others. */
export function addNeighbours(
  { starts, products, scores }: Neighbours,
  product: number,
  weight: number,
  into: Float32Array,
): void {
  const end = starts[product + 1] ?? 0;
  for (let at = starts[product] ?? 0; at < end; at++) into[products[at]!]! += weight * scores[at]!;
}

/** What buying one product says about another: 0 where it says nothing. */
export function nearness({ starts, products, scores }: Neighbours, product: number, other: number): number {
  const end = starts[product + 1] ?? 0;
  for (let at = starts[product] ?? 0; at < end; at++) if (products[at] === other) return scores[at]!;
  return 0;
}
