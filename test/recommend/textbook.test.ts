import { describe, expect, test } from "bun:test";
import { inverse, Matrix } from "ml-matrix";
import { coOccurrences, coOccurring } from "../../src/recommend/model/co-occurrence";
import { choleskyOf } from "../../src/recommend/model/cholesky";
import { ease } from "../../src/recommend/model/ease";
import { historyIn, newerOrdersOf, weightOf } from "../../src/recommend/model/history";
import { blockMatrix } from "../../src/recommend/model/inverse";
import { likeness } from "../../src/recommend/model/likeness";
import { nearness, type Neighbours, neighbourWriter } from "../../src/recommend/model/neighbours";
import { type Pairs, pairsOf } from "../../src/recommend/model/purchases";
import { seeded } from "../../src/recommend/model/random";
import { reasonsIn, scoreAll } from "../../src/recommend/model/score";
import { statisticsOf } from "../../src/recommend/model/customer-vector";
import { trainModel } from "../../src/recommend/model/train-model";
import { trendHalfLife } from "../../src/recommend/model/time";
import { TrainingSettings } from "../../src/recommend/schema";

/** Three customers: 0 bought 0, 1 and 2 on days 1, 2 and 3; 1 bought 0 and 1 on day 1; 2 bought 2 and 3 on days 5 and 6. */
const pairs = pairsOf(3, 4, [0, 0, 0, 1, 1, 2, 2], [0, 1, 2, 0, 1, 2, 3], [1, 2, 3, 1, 1, 5, 6]);

/** Random customers of a few tastes. */
function market(customers: number, products: number): Pairs {
  const random = seeded(5);
  const lines = Array.from({ length: customers }, (_, customer) =>
    Array.from({ length: products }, (_, product) => ({ customer, product, day: Math.floor(100 * random()) })).filter(
      ({ product }) => random() < (product % 3 === customer % 3 ? 0.5 : 0.05),
    ),
  ).flat();
  return pairsOf(
    customers,
    products,
    lines.map((line) => line.customer),
    lines.map((line) => line.product),
    lines.map((line) => line.day),
  );
}

const rowOf = ({ starts, products, scores }: Neighbours, product: number) =>
  [...products.subarray(starts[product], starts[product + 1])].map((other, at) => [
    other,
    Number(scores[(starts[product] ?? 0) + at]?.toFixed(4)),
  ]);

describe("neighbours", () => {
  test("by cosine are those whose buyers are the same", () => {
    const found = coOccurring(pairs, coOccurrences.cosine, 10);
    // 0 and 1 have the same two buyers; 2 has one of these and one of its own.
    expect(rowOf(found, 0)).toEqual([
      [1, 1],
      [2, 0.5],
    ]);
    expect(nearness(found, 0, 1)).toBeCloseTo(1, 6);
    expect(nearness(found, 0, 3)).toBe(0);
    expect(rowOf(found, 3)).toEqual([[2, Number(Math.SQRT1_2.toFixed(4))]]);
  });

  test("by order speak for what was bought later twice as much as for what was bought before", () => {
    const method = { ...coOccurrences.orders, shrinkage: 0, source: 0, target: 0 };
    const found = coOccurring(pairs, method, 10);
    // Of customer 0, two orders lie between 0 and 2, and one customer bought 0 and 1 at once.
    expect(nearness(found, 0, 2)).toBeCloseTo(0.8, 6);
    expect(nearness(found, 2, 0)).toBeCloseTo(0.5 * 0.8, 6);
    expect(nearness(found, 0, 1)).toBeCloseTo(2, 6);
    expect(nearness(found, 1, 0)).toBeCloseTo(1.5, 6);
  });

  test("that few have in common shrink", () => {
    const method = { ...coOccurrences.cosine, shrinkage: 2 };
    expect(nearness(coOccurring(pairs, method, 10), 0, 1)).toBeCloseTo(2 / 4, 6);
  });

  test("are as many as are kept, the strongest, and those that speak against it too", () => {
    const writer = neighbourWriter(2, 2);
    writer.add([0, 1, 2, 3], Float32Array.of(0.1, -0.9, 0, 0.5));
    writer.add([], new Float32Array());
    const found = writer.done();
    expect(rowOf(found, 0)).toEqual([
      [1, -0.9],
      [3, 0.5],
    ]);
    expect(rowOf(found, 1)).toEqual([]);
  });
});

describe.each([3, 64, 65, 150])("a matrix of %i rows", (size) => {
  const random = seeded(size);
  const half = Matrix.rand(size, size, { random });
  const whole = half
    .transpose()
    .mmul(half)
    .add(Matrix.eye(size).mul(size / 4));

  test("is inverted block by block as ml-matrix inverts it whole", () => {
    const blocks = blockMatrix(size);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column <= row; column++)
        blocks.values[row * blocks.stride + column] = whole.get(row, column);
    }
    blocks.invert();
    const expected = inverse(whole);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column <= row; column++) {
        expect(-(blocks.values[row * blocks.stride + column] ?? 0)).toBeCloseTo(expected.get(row, column), 3);
      }
    }
  });

  test("has the Cholesky factor that gives it back", () => {
    const lower = Matrix.from1DArray(size, size, [...choleskyOf(Float64Array.from(whole.to1DArray()), size)]);
    expect(lower.mmul(lower.transpose()).sub(whole).norm() / whole.norm()).toBeLessThan(1e-12);
  });
});

test("EASE is the linear model in closed form, without the product itself", () => {
  const many = market(60, 20);
  const found = ease(many, 20);
  const gram = Matrix.zeros(20, 20);
  for (let customer = 0; customer < 60; customer++) {
    const own = many.products.subarray(many.starts[customer], many.starts[customer + 1]);
    for (const one of own) for (const other of own) gram.set(one, other, gram.get(one, other) + 1);
  }
  const ridge = (5.5 * gram.trace()) / 20;
  const inverted = inverse(gram.add(Matrix.eye(20).mul(ridge)));
  for (let one = 0; one < 20; one++) {
    expect(nearness(found, one, one)).toBe(0);
    for (let other = 0; other < 20; other++) {
      if (one === other) continue;
      expect(nearness(found, one, other)).toBeCloseTo(-inverted.get(one, other) / inverted.get(other, other), 3);
    }
  }
});

describe("a history", () => {
  test("knows how many orders of the customer are newer than each purchase", () => {
    expect([...newerOrdersOf(pairs)]).toEqual([2, 1, 0, 0, 0, 1, 0]);
    expect(historyIn(pairs, 6)(0).map(({ ageDays }) => ageDays)).toEqual([5, 4, 3]);
  });

  test("fades by orders and by days, and a look counts less than a purchase", () => {
    const options = { recency_half_life_days: 10, recency_floor: 0.1, order_decay: 0.5 };
    expect(weightOf({ product: 0, ageDays: 10, newerOrders: 0 }, options)).toBeCloseTo(0.6, 12);
    expect(weightOf({ product: 0, ageDays: 10, newerOrders: 2 }, options)).toBeCloseTo(0.15, 12);
    expect(weightOf({ product: 0, ageDays: 10, newerOrders: 2, share: 0.5 }, options)).toBeCloseTo(0.075, 12);
    const old = weightOf({ product: 0, ageDays: 10, newerOrders: 40 }, options);
    expect(weightOf({ product: 0, ageDays: 10, newerOrders: 90 }, options)).toBe(old);
  });
});

describe("a blend", () => {
  const many = market(60, 20);
  const settings = TrainingSettings.parse({
    factors: 4,
    neighbours: "cosine",
    neighbours_weight: 0.5,
    trend_weight: 0.7,
  });

  test("is the sum of its parts, each times its weight", async () => {
    const history = historyIn(many, 100)(7);
    const scoreWith = async (given: Partial<typeof settings>) => {
      const model = await trainModel(many, { ...settings, ...given });
      return scoreAll(model, statisticsOf(model), history).scores;
    };
    const all = await scoreWith({});
    const vector = await scoreWith({ neighbours_weight: 0, trend_weight: 0 });
    const near = await scoreWith({ factors_weight: 0, trend_weight: 0 });
    const trend = await scoreWith({ factors_weight: 0, neighbours_weight: 0 });
    all.forEach((score, product) => {
      expect(score).toBeCloseTo((vector[product] ?? 0) + (near[product] ?? 0) + (trend[product] ?? 0), 4);
    });
  });

  test("says for each purchase what it had to do with a score: all of it but the trend and the averages", async () => {
    const model = await trainModel(many, settings);
    const history = historyIn(many, 100)(7);
    const scored = scoreAll(model, statisticsOf(model), history);
    const rest = [0, 5, 9].map((product) => {
      const shares = reasonsIn(model, scored, history)(product).reduce((sum, share) => sum + share, 0);
      return (scored.scores[product] ?? 0) - 0.7 * (model.trend[product] ?? 0) - shares;
    });
    // The averages are the same for every product.
    expect(rest[1]).toBeCloseTo(rest[0] ?? Number.NaN, 4);
    expect(rest[2]).toBeCloseTo(rest[0] ?? Number.NaN, 4);
  });

  test("without vectors still knows what is alike", async () => {
    const model = await trainModel(many, { ...settings, factors_weight: 0 });
    const alike = likeness(model, statisticsOf(model), 4);
    expect(alike[4]).toBe(-Infinity);
    const best = [...alike.keys()].toSorted((a, b) => (alike[b] ?? 0) - (alike[a] ?? 0)).slice(0, 3);
    expect(best.every((product) => product % 3 === 1)).toBe(true);
  });
});

/** A customer and a purchase each time, so many a day, for a year. */
const daily = (perDay: number) => {
  const days = Array.from({ length: 365 * perDay }, (_, at) => 365 - at / perDay);
  return pairsOf(
    days.length,
    1,
    [...days.keys()],
    days.map(() => 0),
    days,
  );
};

test("a trend stands on two hundred purchases, or on two years of them", () => {
  expect(trendHalfLife(daily(100), 365, 3)).toBe(3);
  expect(trendHalfLife(daily(5), 365, 3)).toBe(48);
  expect(trendHalfLife(pairsOf(1, 1, [0], [0], [365]), 365, 3)).toBe(768);
});
