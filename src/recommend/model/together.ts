import { highest } from "./ranking";
import { type Sparse, transpose } from "./purchases";

/** For each product, those that lie in the same orders: `width` places each, best first, −1 where there are no more. */
export interface Together {
  readonly width: number;
  readonly products: Int32Array;
  /** Cosine: 1 when two products are always ordered together, 0 when never. */
  readonly scores: Float32Array;
}

/** Orders with more lines are a shop's refill: what stands in them has little to do with each other. */
const ORDER_LINES_MOST = 100;
/** Once is chance. */
const ORDERS_TOGETHER_LEAST = 2;

/** Rows of `orders` are orders, columns products. */
export function boughtTogether(orders: Sparse, width: number): Together {
  const ordersOf = transpose(orders);
  const products = new Int32Array(orders.columns * width).fill(-1);
  const scores = new Float32Array(orders.columns * width);
  const roots = rootsOfCounts(ordersOf);
  const shared = new Float32Array(orders.columns);
  // In which order a product was last counted: two lines of one product in one order are one meeting.
  const countedIn = new Int32Array(orders.columns).fill(-1);
  for (let product = 0; product < orders.columns; product++) {
    const met: number[] = [];
    for (let at = ordersOf.starts[product]!; at < ordersOf.starts[product + 1]!; at++) {
      const order = ordersOf.indices[at]!;
      const from = orders.starts[order]!;
      const to = orders.starts[order + 1]!;
      if (to - from > ORDER_LINES_MOST) continue;
      for (let line = from; line < to; line++) {
        const other = orders.indices[line]!;
        if (countedIn[other] === order) continue;
        countedIn[other] = order;
        if (shared[other]!++ === 0) met.push(other);
      }
    }
    const others = met.filter((other) => other !== product && shared[other]! >= ORDERS_TOGETHER_LEAST);
    const cosines = others.map((other) => shared[other]! / (roots[product]! * roots[other]!));
    highest(cosines, width).forEach((best, place) => {
      products[product * width + place] = others[best]!;
      scores[product * width + place] = cosines[best]!;
    });
    for (const other of met) {
      shared[other] = 0;
      countedIn[other] = -1;
    }
  }
  return { width, products, scores };
}

/** √ of the number of different orders that each product is in. */
function rootsOfCounts({ rows, starts, indices }: Sparse): Float32Array {
  return Float32Array.from({ length: rows }, (_, product) => {
    let count = 0;
    // Rising, so the lines of one order lie side by side.
    for (let at = starts[product]!; at < starts[product + 1]!; at++) {
      if (at === starts[product] || indices[at] !== indices[at - 1]) count++;
    }
    return Math.sqrt(count);
  });
}
