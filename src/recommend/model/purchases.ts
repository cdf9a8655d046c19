/** One customer and one product, however often they met: when last, when first, how often. Ids are row and column numbers. */
export interface Pairs {
  readonly customerCount: number;
  readonly productCount: number;
  /** Row by row: the pairs of customer `c` are `starts[c]` up to `starts[c + 1]`. */
  readonly starts: Uint32Array;
  readonly products: Uint32Array;
  /** Days since the epoch, with fractions. */
  readonly firstDays: Float64Array;
  readonly lastDays: Float64Array;
  readonly counts: Uint32Array;
}

/** The same purchases with one weight each: what the factorization takes. Rows are customers or, transposed, products. */
export interface Sparse {
  readonly rows: number;
  readonly columns: number;
  readonly starts: Uint32Array;
  readonly indices: Uint32Array;
  readonly weights: Float32Array;
}

/** Turns rows into columns. */
export function transpose({ rows, columns, starts, indices, weights }: Sparse): Sparse {
  const turnedStarts = new Uint32Array(columns + 1);
  for (const column of indices) turnedStarts[column + 1]!++;
  for (let column = 0; column < columns; column++) turnedStarts[column + 1]! += turnedStarts[column]!;
  const next = turnedStarts.slice(0, columns);
  const turnedIndices = new Uint32Array(indices.length);
  const turnedWeights = new Float32Array(indices.length);
  for (let row = 0; row < rows; row++) {
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const place = next[indices[at]!]!++;
      turnedIndices[place] = row;
      turnedWeights[place] = weights[at]!;
    }
  }
  return { rows: columns, columns: rows, starts: turnedStarts, indices: turnedIndices, weights: turnedWeights };
}

/** Many purchases, in any order, as pairs: each customer's products in rising order. */
export function pairsOf(
  customerCount: number,
  productCount: number,
  customers: ArrayLike<number>,
  products: ArrayLike<number>,
  days: ArrayLike<number>,
): Pairs {
  const total = customers.length;
  const order = new Uint32Array(total);
  // Two counting sorts (by product, then by customer) leave each row in product order, in linear time.
  const byProduct = countingSort(total, productCount, (at) => products[at]!, undefined);
  const byCustomer = countingSort(total, customerCount, (at) => customers[at]!, byProduct);
  order.set(byCustomer);
  const starts = new Uint32Array(customerCount + 1);
  const pairProducts = new Uint32Array(total);
  const firstDays = new Float64Array(total);
  const lastDays = new Float64Array(total);
  const counts = new Uint32Array(total);
  let used = 0;
  let customer = 0;
  for (let place = 0; place < total; place++) {
    const at = order[place]!;
    while (customer < customers[at]!) starts[++customer] = used;
    const same = used > starts[customer]! && pairProducts[used - 1] === products[at]!;
    if (!same) {
      pairProducts[used] = products[at]!;
      firstDays[used] = days[at]!;
      lastDays[used] = days[at]!;
      used++;
    }
    firstDays[used - 1] = Math.min(firstDays[used - 1]!, days[at]!);
    lastDays[used - 1] = Math.max(lastDays[used - 1]!, days[at]!);
    counts[used - 1]!++;
  }
  while (customer < customerCount) starts[++customer] = used;
  return {
    customerCount,
    productCount,
    starts,
    products: pairProducts.slice(0, used),
    firstDays: firstDays.slice(0, used),
    lastDays: lastDays.slice(0, used),
    counts: counts.slice(0, used),
  };
}

function countingSort(
  total: number,
  keys: number,
  keyOf: (at: number) => number,
  before: Uint32Array | undefined,
): Uint32Array {
  const next = new Uint32Array(keys + 1);
  for (let at = 0; at < total; at++) next[keyOf(at) + 1]!++;
  for (let key = 0; key < keys; key++) next[key + 1]! += next[key]!;
  const order = new Uint32Array(total);
  for (let place = 0; place < total; place++) {
    const at = before ? before[place]! : place;
    order[next[keyOf(at)]!++] = at;
  }
  return order;
}
