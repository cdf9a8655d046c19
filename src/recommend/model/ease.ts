import { blockMatrix } from "./inverse";
import { type Neighbours, neighbourWriter } from "./neighbours";
import { type Pairs, transpose } from "./purchases";

/** Time grows with the third power of the products, and memory with the second. */
export const EASE_PRODUCTS_MOST = 5_000;
/** What fewer customers bought says nothing that a linear model could learn. */
const BUYERS_LEAST = 4;
/** λ, as a multiple of the average number of buyers: 400 on the Online Retail file. */
const STRENGTH = 5.5;

/** The products that the model is about. */
export function easeProducts(pairs: Pairs): number[] {
  const buyers = new Uint32Array(pairs.productCount);
  for (const product of pairs.products) buyers[product]!++;
  return [...buyers.keys()].filter((product) => buyers[product]! >= BUYERS_LEAST);
}

/**
 * EASE (Steck, WWW 2019): the linear model that best foretells each product from all others, in closed form:
 * B = I − P · diag(1/P), with P = (XᵀX + λI)⁻¹. Of each product the strongest `kept` are remembered.
 */
export function ease(pairs: Pairs, kept: number): Neighbours {
  const known = easeProducts(pairs);
  const places = new Int32Array(pairs.productCount).fill(-1);
  known.forEach((product, place) => {
    places[product] = place;
  });
  const size = known.length;
  const matrix = blockMatrix(size);
  const { values, stride } = matrix;
  countTogether(pairs, places, values, stride);
  let diagonal = 0;
  for (let at = 0; at < size; at++) diagonal += values[at * stride + at]!;
  const ridge = (STRENGTH * diagonal) / Math.max(1, size);
  for (let at = 0; at < size; at++) values[at * stride + at]! += ridge;
  matrix.invert();
  const writer = neighbourWriter(pairs.productCount, kept);
  const row = new Float32Array(size);
  for (let product = 0; product < pairs.productCount; product++) {
    const place = places[product]!;
    if (place < 0) {
      writer.add([], new Float32Array());
      continue;
    }
    for (let other = 0; other < size; other++) {
      const value = place >= other ? values[place * stride + other]! : values[other * stride + place]!;
      row[other] = other === place ? 0 : -value / values[other * stride + other]!;
    }
    writer.add(known, row);
  }
  return writer.done();
}

/** The lower half of XᵀX. */
function countTogether(pairs: Pairs, places: Int32Array, values: Float32Array, stride: number): void {
  const likes = {
    rows: pairs.customerCount,
    columns: pairs.productCount,
    starts: pairs.starts,
    indices: pairs.products,
  };
  const buyers = transpose({ ...likes, weights: new Float32Array(pairs.products.length) });
  for (let product = 0; product < pairs.productCount; product++) {
    const place = places[product]!;
    if (place < 0) continue;
    for (let at = buyers.starts[product]!; at < buyers.starts[product + 1]!; at++) {
      const customer = buyers.indices[at]!;
      for (let own = pairs.starts[customer]!; own < pairs.starts[customer + 1]!; own++) {
        const other = places[pairs.products[own]!]!;
        if (other >= 0 && other <= place) values[place * stride + other]!++;
      }
    }
  }
}
