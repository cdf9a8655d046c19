import { describe, expect, test } from "bun:test";
import { Matrix } from "ml-matrix";
import { factorize, halfSteps } from "../../src/recommend/model/als";
import { lossOf as quickLossOf } from "../../src/recommend/model/loss";
import { factorizePlainly, lossOf, solveRows } from "../../src/recommend/model/plain";
import { pairsOf, type Sparse, transpose } from "../../src/recommend/model/purchases";
import { highest } from "../../src/recommend/model/ranking";
import { seeded } from "../../src/recommend/model/random";
import { foldIn, type Model, statisticsOf } from "../../src/recommend/model/customer-vector";
import { noNeighbours } from "../../src/recommend/model/neighbours";
import { scoreAll, shownScore } from "../../src/recommend/model/score";
import { recency, recentBuyers, trendOf, weighPairs } from "../../src/recommend/model/time";
import { plainWorkbench, scannerOf } from "../../src/recommend/model/workbench";

/** Rows of columns that are liked, each with the same weight. */
function sparse(columns: number, rows: readonly (readonly number[])[], weight = 1): Sparse {
  const starts = [0];
  for (const row of rows) starts.push((starts.at(-1) ?? 0) + row.length);
  const indices = Uint32Array.from(rows.flat());
  return {
    rows: rows.length,
    columns,
    starts: Uint32Array.from(starts),
    indices,
    weights: new Float32Array(indices.length).fill(weight),
  };
}

/** Even customers buy even products and odd ones odd; each one's own number is held back. */
function checkerboard(size: number): Sparse {
  const all = Array.from({ length: size }, (_, number) => number);
  return sparse(
    size,
    all.map((customer) => all.filter((product) => product % 2 === customer % 2 && product !== customer)),
  );
}

/** Customers of four tastes, who mostly buy what fits theirs, with weights of all kinds. */
function market(customers: number, products: number, seed = 5): Sparse {
  const random = seeded(seed);
  const rows = Array.from({ length: customers }, (_, customer) =>
    Array.from({ length: products }, (_, product) => product).filter(
      (product) => random() < (product % 4 === customer % 4 ? 0.3 : 0.03),
    ),
  );
  const likes = sparse(products, rows);
  return { ...likes, weights: likes.weights.map(() => 0.1 + 0.9 * random()) };
}

const options = (seed = 7) => ({
  factors: 8,
  epochs: 12,
  unobserved: 0.3,
  regularization: 0.003,
  random: seeded(seed),
});

/** A model of products whose options are those above and whose purchases are all of today. */
function modelOf(products: Float32Array, factors: number): Model {
  const time = { recency_half_life_days: 30, recency_floor: 0, order_decay: 1 };
  const weights = { factors_weight: 1, neighbours_weight: 1, trend_weight: 1 };
  const trend = new Float32Array(products.length / factors);
  const neighbours = noNeighbours(trend.length);
  return { factors, products, neighbours, trend, newestDay: 100, options: { ...options(), ...time, ...weights } };
}

describe("the factorization", () => {
  test("every customer's best new product is the one that was held back", () => {
    const likes = checkerboard(20);
    const { customers, products } = factorize(likes, { ...options(), factors: 4, epochs: 20 });
    for (let customer = 0; customer < 20; customer++) {
      const known = new Set(likes.indices.subarray(likes.starts[customer], likes.starts[customer + 1]));
      const scores = Array.from({ length: 20 }, (_, product) =>
        known.has(product) ? -Infinity : scoreOf(customers, products, customer, product, 4),
      );
      expect(highest(scores, 1)).toEqual([customer]);
    }
  });

  test("the plain version's loss falls in every half-step", () => {
    const likes = market(40, 30);
    const losses: number[] = [];
    factorizePlainly(likes, { ...options(), onHalfStep: (factors) => losses.push(lossOf(factors, likes, options())) });
    expect(losses).toHaveLength(24);
    for (let step = 1; step < losses.length; step++) expect(losses[step]).toBeLessThan(losses[step - 1] ?? 0);
  });

  test("the same seed gives the same factors, another seed others", () => {
    const likes = market(30, 20);
    expect(factorize(likes, options(3))).toEqual(factorize(likes, options(3)));
    expect(factorize(likes, options(4))).not.toEqual(factorize(likes, options(3)));
  });

  test("who and what has no history gets zeros, not NaN", () => {
    const { customers, products } = factorize(sparse(3, [[], [0, 1]]), { ...options(), factors: 4 });
    expect([...customers, ...products].every(Number.isFinite)).toBe(true);
    expect([...customers.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect([...products.subarray(8)]).toEqual([0, 0, 0, 0]);
  });

  test("nothing at all gives nothing, without complaint", () => {
    expect(factorize(sparse(0, []), options())).toEqual({
      customers: new Float32Array(),
      products: new Float32Array(),
    });
  });
});

// 8 takes the plain loops, 16 and 32 WebAssembly.
describe.each([8, 16, 32])("the fast version with %i factors", (factors) => {
  const settings = () => ({ ...options(), factors });

  test("has a loss that falls in every half-step, and ends where the plain one's does", () => {
    const likes = market(120, 60);
    const losses: number[] = [];
    for (const { customers, products } of halfSteps(likes, settings())) {
      losses.push(
        lossOf({ customers: asMatrix(customers, factors), products: asMatrix(products, factors) }, likes, settings()),
      );
    }
    // Float32 factors: the last digits may dance.
    for (let step = 1; step < losses.length; step++) {
      expect(losses[step]).toBeLessThan((losses[step - 1] ?? 0) * (1 + 1e-6));
    }
    const plain = lossOf(factorizePlainly(likes, settings()), likes, settings());
    expect(Math.abs((losses.at(-1) ?? 0) - plain) / plain).toBeLessThan(0.005);
  });

  test("ranks as the plain one does", () => {
    const likes = market(120, 60);
    const fast = factorize(likes, { ...settings(), epochs: 20 });
    const plain = factorizePlainly(likes, { ...settings(), epochs: 20 });
    const plainScores = plain.customers.mmul(plain.products.transpose());
    let same = 0;
    for (let customer = 0; customer < 120; customer++) {
      const scores = Array.from({ length: 60 }, (_, product) =>
        scoreOf(fast.customers, fast.products, customer, product, factors),
      );
      const top = new Set(highest(plainScores.getRow(customer), 10));
      same += highest(scores, 10).filter((product) => top.has(product)).length;
    }
    expect(same / 1_200).toBeGreaterThan(0.95);
  });

  test("counts its loss as the plain version does", () => {
    const likes = market(60, 40);
    const both = factorize(likes, settings());
    const matrices = { customers: asMatrix(both.customers, factors), products: asMatrix(both.products, factors) };
    const plain = lossOf(matrices, likes, settings());
    expect(Math.abs(quickLossOf(both, likes, settings()) - plain) / plain).toBeLessThan(1e-9);
  });

  test("makes the same half-step in WebAssembly and in plain loops, to Float32's precision", () => {
    const likes = market(120, 60);
    const [quick] = halfSteps(likes, settings());
    const [plain] = halfSteps(likes, settings(), plainWorkbench(likes, factors));
    quick?.customers.forEach((value, at) => expect(value).toBeCloseTo(plain?.customers[at] ?? Number.NaN, 4));
  });
});

describe("a taste", () => {
  test("folded in, is the row that the training would have given", () => {
    const likes = market(60, 40);
    const { products } = factorize(likes, options());
    const trained = Matrix.zeros(likes.rows, 8);
    solveRows(trained, asMatrix(products, 8), likes, options());
    const model = modelOf(products, 8);
    for (let customer = 0; customer < likes.rows; customer++) {
      const history = [];
      for (let at = likes.starts[customer] ?? 0; at < (likes.starts[customer + 1] ?? 0); at++) {
        // As old as gives this very weight.
        history.push({
          product: likes.indices[at] ?? 0,
          ageDays: -30 * Math.log2(likes.weights[at] ?? 1),
          newerOrders: 0,
        });
      }
      const { vector } = foldIn(model, statisticsOf(model), history);
      trained.getRow(customer).forEach((value, k) => expect(vector[k]).toBeCloseTo(value, 6));
    }
  });

  test("without history leaves the trend alone", () => {
    const model = { ...modelOf(Float32Array.of(1, 0, 0, 1), 2), trend: Float32Array.of(-1, 1) };
    expect(scoreAll(model, statisticsOf(model), []).scores).toEqual(Float32Array.of(-1, 1));
  });

  test("is measured in deviations from the average product", () => {
    const model = modelOf(Float32Array.from([1, 0, 0, 1, -1, 2, 3, 3]), 2);
    const { scores } = scoreAll(model, statisticsOf(model), [{ product: 1, ageDays: 0, newerOrders: 0 }]);
    const mean = scores.reduce((sum, score) => sum + score, 0) / 4;
    const square = scores.reduce((sum, score) => sum + score ** 2, 0) / 4;
    expect(mean).toBeCloseTo(0, 6);
    expect(square).toBeCloseTo(1, 6);
  });

  test("shows as a number from 0 to 1", () => {
    expect([-1_000, -10, 0, 4, 10, 1_000].map(shownScore).every((score) => score >= 0 && score <= 1)).toBe(true);
    expect(shownScore(4)).toBe(0.5);
  });
});

test.each([3, 16, 48])("scanning products of %i factors gives each one's product with the vector", (factors) => {
  const random = seeded(4);
  const rows = Float32Array.from({ length: 7 * factors }, () => random() - 0.5);
  const vector = Array.from({ length: factors }, () => random());
  const scan = scannerOf(rows, factors);
  for (let again = 0; again < 2; again++) {
    const expected = Array.from({ length: 7 }, (_, row) =>
      vector.reduce((sum, value, k) => sum + value * (rows[row * factors + k] ?? 0), 0),
    );
    scan(vector).forEach((value, row) => expect(value).toBeCloseTo(expected[row] ?? Number.NaN, 4));
  }
});

describe("time", () => {
  const pairs = pairsOf(2, 3, [0, 1, 0, 0], [2, 2, 0, 2], [10, 20, 30, 40]);

  test("pairs remember the first and the last time, whatever the order", () => {
    expect([...pairs.starts]).toEqual([0, 2, 3]);
    expect([...pairs.products]).toEqual([0, 2, 2]);
    expect([...pairs.firstDays]).toEqual([30, 10, 20]);
    expect([...pairs.lastDays]).toEqual([30, 40, 20]);
    expect([...pairs.counts]).toEqual([1, 2, 1]);
  });

  test("a purchase counts half after its half-life, and never nothing", () => {
    const half = { recency_half_life_days: 30, recency_floor: 0.1 };
    expect(recency(0, half)).toBeCloseTo(1.1);
    expect(recency(30, half)).toBeCloseTo(0.6);
    expect(recency(30_000, half)).toBeCloseTo(0.1);
    expect([...weighPairs(pairs, 40, half).weights].map((weight) => weight.toFixed(2))).toEqual([
      "0.89",
      "1.10",
      "0.73",
    ]);
  });

  test("each customer counts once in a product's fashion, however often they bought it", () => {
    expect(recentBuyers(pairs, 40, 10)[2]).toBeCloseTo(1.25);
    expect([...trendOf(pairs, 40, 10, 1)].every(Number.isFinite)).toBe(true);
    expect([...trendOf(pairsOf(0, 2, [], [], []), 0, 10, 1)]).toEqual([0, 0]);
  });
});

test("turning rows into columns twice changes nothing", () => {
  const likes = market(9, 7);
  expect(transpose(transpose(likes))).toEqual(likes);
});

test("the highest come first, equal ones in their order, the impossible never", () => {
  expect(highest([1, 5, -Infinity, 5, 3, 2], 3)).toEqual([1, 3, 4]);
  expect(highest([1, -Infinity], 5)).toEqual([0]);
  expect(highest([], 5)).toEqual([]);
  expect(highest([1, 2], 0)).toEqual([]);
});

test("one customer who buys 10,000 times moves the others by no more than one who buys once", () => {
  const once = pairsOf(2, 2, [0, 1], [0, 1], [1, 1]);
  const often = pairsOf(
    2,
    2,
    new Uint8Array(10_001).fill(1, 1),
    new Uint8Array(10_001).fill(1, 1),
    new Float64Array(10_001).fill(1),
  );
  const time = { recency_half_life_days: 30, recency_floor: 0.1 };
  expect(factorize(weighPairs(often, 1, time), options())).toEqual(factorize(weighPairs(once, 1, time), options()));
  expect(trendOf(often, 1, 5, 5)).toEqual(trendOf(once, 1, 5, 5));
});

function scoreOf(customers: Float32Array, products: Float32Array, customer: number, product: number, size: number) {
  let score = 0;
  for (let k = 0; k < size; k++) score += (customers[customer * size + k] ?? 0) * (products[product * size + k] ?? 0);
  return score;
}

function asMatrix(rows: Float32Array, size: number): Matrix {
  return Matrix.from1DArray(rows.length / size, size, rows);
}
