import { describe, expect, test } from "bun:test";
import { popularity, recentPopularity, sameForAll } from "../../src/recommend/model/baselines";
import { type Examination, evaluate, pairedBootstrap, type Question } from "../../src/recommend/model/metrics";
import { pairsOf } from "../../src/recommend/model/purchases";
import { normal, seeded } from "../../src/recommend/model/random";
import { splitByTime } from "../../src/recommend/model/split";
import { boughtTogether } from "../../src/recommend/model/together";

const question = (history: number[], heldOut: number[]) => ({ customer: 0, history, heldOut: new Set(heldOut) });
const asked = (questions: Question[], hidden: number[] = []): Examination => ({
  questions,
  productCount: 5,
  hidden: new Set(hidden),
  buyers: Float32Array.of(8, 4, 2, 1, 0),
  customerCount: 8,
});
const fixed = sameForAll(Float32Array.of(5, 4, 3, 2, 1));

describe("a list is judged", () => {
  test("by what it holds of what was held out, and how early", () => {
    const { quality } = evaluate(asked([question([0], [1, 3, 4])], [4]), fixed);
    // Shown: 1, 2, 3. The best three places are worth 1 + 1/log₂3 + ½.
    expect(quality.recall_20).toBeCloseTo(2 / 3);
    expect(quality.ndcg_20).toBeCloseTo((1 + 0.5) / (1 + 1 / Math.log2(3) + 0.5));
    expect(quality.hit_rate_10).toBe(1);
    expect(quality.coverage).toBeCloseTo(3 / 4);
  });

  test("as perfect when all that was held out comes first, as worthless when none does", () => {
    expect(evaluate(asked([question([], [0, 1])]), fixed).quality.ndcg_20).toBe(1);
    expect(evaluate(asked([question([0], [0])]), fixed).quality).toMatchObject({ ndcg_20: 0, hit_rate_20: 0 });
  });

  test("and nobody to ask makes zeros, not NaN", () => {
    expect(evaluate(asked([]), fixed).quality).toMatchObject({ ndcg_20: 0, recall_10: 0, coverage: 0 });
  });
});

describe("the bootstrap", () => {
  const good = Float64Array.from({ length: 200 }, (_, at) => 0.5 + (at % 10) / 100);

  test("is sure of a difference that every customer feels", () => {
    const { mean, low, high } = pairedBootstrap(
      good,
      good.map((value) => value - 0.1),
      seeded(1),
    );
    expect([mean, low, high].map((value) => value.toFixed(6))).toEqual(["0.100000", "0.100000", "0.100000"]);
  });

  test("reaches as far below the mean as above it: nearly two standard errors", () => {
    const random = seeded(4);
    const draws = Float64Array.from({ length: 400 }, () => normal(random));
    const { mean, low, high } = pairedBootstrap(draws, new Float64Array(400), seeded(1));
    // 1.96 / √400 is .098.
    expect(high - mean).toBeGreaterThan(0.08);
    expect(high - mean).toBeLessThan(0.12);
    expect(mean - low).toBeGreaterThan(0.08);
    expect(mean - low).toBeLessThan(0.12);
  });

  test("is not sure of noise", () => {
    const random = seeded(2);
    const noisy = good.map((value) => value + random() - 0.5);
    const { low, high } = pairedBootstrap(noisy, good, seeded(1));
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });
});

test("a split by time asks only customers with a history, for what is new to them and was sold before", () => {
  const purchases = {
    customerCount: 3,
    productCount: 4,
    customers: [0, 0, 0, 1, 2, 2, 0],
    products: [0, 1, 0, 1, 0, 2, 3],
    days: [1, 11, 12, 5, 13, 14, 12],
  };
  const { questions, hidden, train } = splitByTime(purchases, 10);
  // Customer 0 had bought 0 already, and nobody had bought 3 by then; customer 1 bought nothing new; 2 had no history.
  expect(questions).toEqual([{ customer: 0, history: [0], heldOut: new Set([1]) }]);
  expect([...hidden]).toEqual([2, 3]);
  expect(train.products).toHaveLength(2);
});

describe("the baselines", () => {
  const pairs = pairsOf(3, 4, [0, 0, 1, 1, 2], [0, 1, 0, 1, 2], [1, 1, 1, 1, 9]);

  test("know what is popular, ever and lately", () => {
    expect([...popularity(pairs)]).toEqual([2, 2, 1, 0]);
    expect([...recentPopularity({ products: [0, 2], days: [1, 9] }, 4, 10, { days: 3 })]).toEqual([0, 0, 1, 0]);
    expect(recentPopularity({ products: [0, 2], days: [1, 9] }, 4, 10, { days: 1, fading: true })[2]).toBe(0.5);
  });
});

/** Orders as lists of products, each with its customer. */
function baskets(orders: readonly (readonly [customer: number, ...products: number[]])[], columns: number) {
  const lines = orders.map(([, ...products]) => products);
  let total = 0;
  const starts = Uint32Array.from([0, ...lines.map((line) => (total += line.length))]);
  const indices = Uint32Array.from(lines.flat());
  const weights = new Float32Array(indices.length).fill(1);
  return { rows: orders.length, columns, starts, indices, weights, customers: orders.map(([customer]) => customer) };
}

/** Three customers who order that many products at once. */
const refill = (lines: number) =>
  [0, 1, 2].map((customer) => [customer, ...Array.from({ length: lines }, (_, product) => product)] as const);

describe("what lies in the same orders belongs together", () => {
  test("by customers: two lines of one product are one, and so are two orders of one customer", () => {
    const orders = baskets(
      [
        [0, 0, 1, 1],
        [1, 1, 0],
        [2, 0, 1],
        [2, 0, 1],
        [3, 1, 2],
        [4, 1, 2],
        [4, 2, 1],
      ],
      3,
    );
    const { products, scores } = boughtTogether(orders, 2);
    // 0 and 1 met for three customers; 1 and 2 for two, which is too few to be shown.
    expect([...products]).toEqual([1, -1, 0, -1, -1, -1]);
    expect(scores[0]).toBeCloseTo(3 / Math.sqrt(3 * 5));
  });

  test("so that the habit of one does not outvote fifty", () => {
    const [pot, cup, lamp] = [0, 1, 2];
    const habit = Array.from({ length: 60 }, () => [0, pot, lamp] as const);
    const others = Array.from({ length: 50 }, (_, customer) => [customer + 1, pot, cup] as const);
    const { products } = boughtTogether(baskets([...habit, ...others], 3), 2);
    expect([...products.subarray(0, 2)]).toEqual([cup, -1]);
  });

  test("but not in a refill of more than a hundred lines", () => {
    expect([...boughtTogether(baskets(refill(101), 101), 1).products].every((other) => other === -1)).toBe(true);
    expect([...boughtTogether(baskets(refill(100), 100), 1).products].some((other) => other === -1)).toBe(false);
  });
});
