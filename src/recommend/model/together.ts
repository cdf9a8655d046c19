import { highest } from "./ranking";
import { type Sparse, transpose } from "./purchases";

/** For each product, those that lie in the same orders: `width` places each, best first, −1 where there are no more. */
export interface Together {
  readonly width: number;
  readonly products: Int32Array;
  /** Cosine: 1 when every customer of one ordered the other with it, 0 when none did. */
  readonly scores: Float32Array;
}

/** The orders, a row each, and who placed them. */
export interface Baskets extends Sparse {
  readonly customers: ArrayLike<number>;
}

/** Orders with more lines are a shop's refill: what stands in them has little to do with each other. */
const ORDER_LINES_MOST = 100;
/** Less is the habit of one or two, which is nobody else's business. */
const CUSTOMERS_TOGETHER_LEAST = 3;

/** Customers are counted, not orders: the habit of one does not outvote many. Rows of `orders` are orders, columns products. */
export function boughtTogether(orders: Baskets, width: number): Together {
  const ordersOf = transpose(orders);
  const products = new Int32Array(orders.columns * width).fill(-1);
  const scores = new Float32Array(orders.columns * width);
  const roots = rootsOfBuyers(ordersOf, orders.customers);
  const shared = new Float32Array(orders.columns);
  // By which customer a product was last counted: however often they buy both, they are one.
  const countedFor = new Int32Array(orders.columns).fill(-1);
  for (let product = 0; product < orders.columns; product++) {
    const met: number[] = [];
    const own = [...ordersOf.indices.subarray(ordersOf.starts[product], ordersOf.starts[product + 1])];
    for (const order of own.sort((a, b) => orders.customers[a]! - orders.customers[b]!)) {
      const from = orders.starts[order]!;
      const to = orders.starts[order + 1]!;
      if (to - from > ORDER_LINES_MOST) continue;
      for (let line = from; line < to; line++) {
        const other = orders.indices[line]!;
        if (countedFor[other] === orders.customers[order]) continue;
        countedFor[other] = orders.customers[order]!;
        if (shared[other]!++ === 0) met.push(other);
      }
    }
    const others = met.filter((other) => other !== product && shared[other]! >= CUSTOMERS_TOGETHER_LEAST);
    const cosines = others.map((other) => shared[other]! / (roots[product]! * roots[other]!));
    highest(cosines, width).forEach((best, place) => {
      products[product * width + place] = others[best]!;
      scores[product * width + place] = cosines[best]!;
    });
    for (const other of met) {
      shared[other] = 0;
      countedFor[other] = -1;
    }
  }
  return { width, products, scores };
}

/** √ of the number of different customers who bought each product. */
function rootsOfBuyers({ rows, starts, indices }: Sparse, customers: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: rows }, (_, product) => {
    const buyers = new Set<number>();
    for (let at = starts[product]!; at < starts[product + 1]!; at++) buyers.add(customers[indices[at]!]!);
    return Math.sqrt(buyers.size);
  });
}
