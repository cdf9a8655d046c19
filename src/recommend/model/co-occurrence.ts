import { newerOrdersOf } from "./history";
import { type Neighbours, neighbourWriter } from "./neighbours";
import type { Pairs } from "./purchases";

/**
 * How products are neighbours by who bought both. All nearest-neighbour methods of the textbook are of one form,
 *
 *   s(i → j) = c² / (c + shrinkage) / (b_i^source b_j^target),   c = Σ_u w(|u|) t(order of i, order of j)
 *
 * over the customers u who bought both, b being Σ_u w(|u|) over a product's own buyers.
 */
export interface CoOccurrence {
  /** What a customer of so many different products counts: who buys everything says little about each. */
  readonly customerWeight: (products: number, productCount: number) => number;
  /** What is left with each order that lies between two purchases. 1 where only the customer counts. */
  readonly distance: number;
  /** What a purchase says about an earlier one, beside what it says about a later one. */
  readonly backward: number;
  readonly source: number;
  readonly target: number;
  readonly shrinkage: number;
}

const once = () => 1;
/** Of a customer's purchases, what a term's rarity is of a text's words. */
const rarity = (products: number, productCount: number) => Math.log(productCount / (1 + products)) ** 2;
const timeless = { distance: 1, backward: 1, shrinkage: 0 };

/** Item-kNN by cosine (Sarwar et al., 2001), with TF-IDF and BM25 weights as in `implicit`, RP3β (Paudel et al., 2017), and by order. */
export const coOccurrences = {
  cosine: { ...timeless, customerWeight: once, source: 0.5, target: 0.5 },
  tfidf: { ...timeless, customerWeight: rarity, source: 0.5, target: 0.5 },
  bm25: { ...timeless, customerWeight: rarity, source: 0.35, target: 0.35 },
  rp3beta: { ...timeless, customerWeight: (products: number) => 1 / products, source: 1, target: 0.4 },
  damped: { ...timeless, customerWeight: once, source: 0.4, target: 0.4, shrinkage: 5 },
  orders: { customerWeight: once, distance: 0.8, backward: 0.5, source: 0.35, target: 0.35, shrinkage: 3 },
} as const satisfies Record<string, CoOccurrence>;
export type CoOccurrenceName = keyof typeof coOccurrences;

/** Of longer histories the newest so many products count: a buyer for a whole town would cost more than all others. */
const PRODUCTS_PER_CUSTOMER_MOST = 2_000;

export function coOccurring(pairs: Pairs, method: CoOccurrence, kept: number): Neighbours {
  const { productCount, customerCount, starts, products } = pairs;
  const newerOrders = newerOrdersOf(pairs);
  const weights = Float64Array.from({ length: customerCount }, (_, customer) => {
    const length = starts[customer + 1]! - starts[customer]!;
    return length > PRODUCTS_PER_CUSTOMER_MOST ? 0 : method.customerWeight(length, productCount);
  });
  const buyers = buyersOf(pairs);
  const bought = Float64Array.from({ length: productCount }, (_, product) => {
    let sum = 0;
    for (let at = buyers.starts[product]!; at < buyers.starts[product + 1]!; at++)
      sum += weights[buyers.customers[at]!]!;
    return sum;
  });
  const fading = fadingOf(method);
  const bySource = bought.map((sum) => (sum > 0 ? sum ** -method.source : 0));
  const byTarget = bought.map((sum) => (sum > 0 ? sum ** -method.target : 0));
  const counts = new Float64Array(productCount);
  const writer = neighbourWriter(productCount, kept);
  for (let product = 0; product < productCount; product++) {
    const met: number[] = [];
    for (let place = buyers.starts[product]!; place < buyers.starts[product + 1]!; place++) {
      const customer = buyers.customers[place]!;
      const weight = weights[customer]!;
      if (weight <= 0) continue;
      const own = newerOrders[buyers.places[place]!]!;
      for (let at = starts[customer]!; at < starts[customer + 1]!; at++) {
        const other = products[at]!;
        if (counts[other] === 0) met.push(other);
        counts[other]! += fading ? weight * fading(own - newerOrders[at]!) : weight;
      }
    }
    const others = met.filter((other) => other !== product);
    const scores = Float32Array.from(others, (other) => {
      const count = counts[other]!;
      return count * (count / (count + method.shrinkage)) * bySource[product]! * byTarget[other]!;
    });
    for (const other of met) counts[other] = 0;
    writer.add(others, scores);
  }
  return writer.done();
}

/** By how many orders later the other was bought. Undefined where that does not matter. */
function fadingOf({ distance, backward }: CoOccurrence): ((later: number) => number) | undefined {
  if (distance === 1 && backward === 1) return undefined;
  const powers = Float64Array.from({ length: 512 }, (_, orders) => distance ** Math.max(0, orders - 1));
  return (later) => (later >= 0 ? powers[Math.min(later, 511)]! : backward * powers[Math.min(-later, 511)]!);
}

/** Product by product: who bought it, and at which place among the pairs that stands. */
function buyersOf({ customerCount, productCount, starts, products }: Pairs) {
  const productStarts = new Uint32Array(productCount + 1);
  for (const product of products) productStarts[product + 1]!++;
  for (let product = 0; product < productCount; product++) productStarts[product + 1]! += productStarts[product]!;
  const next = productStarts.slice();
  const customers = new Uint32Array(products.length);
  const places = new Uint32Array(products.length);
  for (let customer = 0; customer < customerCount; customer++) {
    for (let at = starts[customer]!; at < starts[customer + 1]!; at++) {
      const place = next[products[at]!]!++;
      customers[place] = customer;
      places[place] = at;
    }
  }
  return { starts: productStarts, customers, places };
}
