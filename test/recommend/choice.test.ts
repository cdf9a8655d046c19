import { describe, expect, test } from "bun:test";
import { chooseFor } from "../../src/recommend/evaluate/choose";
import { familiesFor, usualBlend } from "../../src/recommend/evaluate/contenders";
import { evaluateOn, objectionTo } from "../../src/recommend/evaluate/evaluate";
import { fewerCustomers, holdBack, someCustomers } from "../../src/recommend/evaluate/hold-back";
import { seeded } from "../../src/recommend/model/random";
import { pairsFrom, type Purchases } from "../../src/recommend/model/split";
import { packModel, unpackModel } from "../../src/recommend/stored-model";
import { TrainingSettings } from "../../src/recommend/schema";
import { kindOf, oneOfAKind } from "../../src/recommend/serve/one-of-a-kind";

/** Customers who go along chains of products, one product a week: what comes next follows from what was last. */
function chains(customers: number, weeks: number): Purchases {
  const random = seeded(2);
  const lines = Array.from({ length: customers }, (_, customer) => {
    const start = Math.floor(random() * 60);
    return Array.from({ length: weeks }, (_, week) => ({ customer, product: (start + week) % 60, day: 7 * week }));
  }).flat();
  return {
    customerCount: customers,
    productCount: 60,
    customers: lines.map((line) => line.customer),
    products: lines.map((line) => line.product),
    days: lines.map((line) => line.day),
  };
}

interface Line {
  customer: number;
  product: number;
  day: number;
}

function purchasesOf(customerCount: number, productCount: number, lines: readonly Line[]): Purchases {
  return {
    customerCount,
    productCount,
    customers: lines.map((line) => line.customer),
    products: lines.map((line) => line.product),
    days: lines.map((line) => line.day),
  };
}

/** One order of each customer, of six of the twenty products of their taste. */
function onceEach(customers: number): Purchases {
  const random = seeded(3);
  const lines = Array.from({ length: customers }, (_, customer) => {
    const taste = Array.from({ length: 20 }, (__, at) => ({ product: 2 * at + (customer % 2), lot: random() }));
    const bought = taste.toSorted((a, b) => a.lot - b.lot).slice(0, 6);
    return bought.map(({ product }) => ({ customer, product, day: customer }));
  });
  return purchasesOf(customers, 40, lines.flat());
}

/** What each customer buys each week is a matter of chance. */
function byChance(customers: number, weeks: number): Purchases {
  const random = seeded(4);
  const lines = Array.from({ length: customers * weeks }, (_, at) => ({
    customer: at % customers,
    product: Math.floor(60 * random()),
    day: 7 * Math.floor(at / customers),
  }));
  return purchasesOf(customers, 60, lines);
}

describe("in a shop of few customers", () => {
  test("the weeks before the last ones are asked too", async () => {
    const choice = await chooseFor(byChance(30, 12));
    expect(choice?.customers).toBe(30);
    const [own] = choice?.finalists ?? [];
    expect(own?.quality.hit_rate_20).toBeGreaterThan(0);
  });

  test("a bit of everything serves where nothing stands out from it by more than chance", async () => {
    const purchases = byChance(30, 12);
    const choice = await chooseFor(purchases);
    const { neighbours, neighbours_weight, order_decay, trend_weight } = usualBlend(pairsFrom(purchases));
    expect(choice?.winner).toMatchObject({
      name: "blend",
      settings: { neighbours, neighbours_weight, order_decay, trend_weight },
    });
    expect(choice?.finalists.filter(({ name }) => name === "blend")).toHaveLength(1);
  });

  test("none of whom came back, half of what each bought tells", async () => {
    const choice = await chooseFor(onceEach(40));
    expect(choice?.customers).toBeGreaterThanOrEqual(20);
    const popular = choice?.finalists.find(({ name }) => name === "popular");
    expect(choice?.winner.quality.ndcg_20).toBeGreaterThan(1.2 * (popular?.quality.ndcg_20 ?? 1));
    expect(await chooseFor(onceEach(19))).toBeUndefined();
  });
});

describe("what serves", () => {
  test("is what foretells the shop's last weeks best, and not what is popular", async () => {
    const choice = await chooseFor(chains(120, 12));
    expect(choice?.winner.name).not.toBe("popular");
    const popular = choice?.finalists.find(({ name }) => name === "popular");
    expect(choice?.winner.quality.ndcg_20).toBeGreaterThan(2 * (popular?.quality.ndcg_20 ?? 1));
    expect(choice?.finalists.map(({ name }) => name).toSorted()).toEqual([
      "blend",
      "ease",
      "factors",
      "factors_tuned",
      "item_knn_bm25",
      "item_knn_cosine",
      "item_knn_tfidf",
      "neighbours",
      "popular",
      "rp3beta",
    ]);
    const best = choice?.finalists[0];
    expect(choice?.winner.quality.ndcg_20).toBeGreaterThanOrEqual(0.99 * (best?.quality.ndcg_20 ?? 1));
  });

  test("stays where nothing is clearly better", async () => {
    const purchases = chains(120, 12);
    const first = await chooseFor(purchases);
    const current = { ...first!.winner.settings, seed: 7 };
    const second = await chooseFor(purchases, { current });
    expect(second?.winner).toMatchObject({ name: "current", settings: current });
  });

  test("is not chosen by fewer than twenty customers", async () => {
    expect(await chooseFor(chains(19, 12))).toBeUndefined();
    expect(await chooseFor(chains(20, 12))).toBeDefined();
  });

  test("is tried without EASE where the catalog is too large, and that is said", () => {
    const many = { customerCount: 4, productCount: 5_001 };
    const lines = Array.from({ length: 4 * 5_001 }, (_, at) => at);
    const pairsIn = (products: number) =>
      pairsFrom({
        ...many,
        customers: lines.map((at) => at % 4),
        products: lines.map((at) => Math.floor(at / 4) % products),
        days: lines.map(() => 1),
      });
    expect(familiesFor(pairsIn(5_001)).leftOut).toEqual(["ease"]);
    expect(familiesFor(pairsIn(5_000)).leftOut).toEqual([]);
    expect(familiesFor(pairsIn(5_000)).tried.map(({ name }) => name)).toContain("ease");
  });
});

describe("the last weeks", () => {
  test("are 28 days, a fifth of a young shop's time, or one week where thousands buy in it", () => {
    expect(holdBack(chains(30, 40), "test").days).toBe(28);
    expect(holdBack(chains(30, 11), "test").days).toBeCloseTo(14, 6);
    expect(holdBack(chains(1_999, 40), "test").days).toBe(28);
    expect(holdBack(chains(2_000, 40), "test").days).toBe(7);
  });

  test("of a very large shop are those of some of its customers, each with all that they bought", () => {
    const purchases = chains(100, 10);
    expect(someCustomers(purchases, 1_000)).toBe(purchases);
    const some = someCustomers(purchases, 500);
    expect(fewerCustomers({ ...chains(1_200, 300), productCount: 20_000 }).days).toHaveLength(360_000);
    expect(fewerCustomers({ ...chains(1_200, 300), productCount: 20_001 }).days.length).toBeLessThan(330_000);
    expect(some.customerCount).toBeGreaterThan(30);
    expect(some.customerCount).toBeLessThan(70);
    expect(some.days).toHaveLength(10 * some.customerCount);
    expect(new Set(Array.from(some.customers)).size).toBe(some.customerCount);
    expect(Math.max(...Array.from(some.customers))).toBe(some.customerCount - 1);
  });

  test("that settings are chosen on end where those begin that judge them", async () => {
    const purchases = chains(60, 40);
    const { split } = holdBack(purchases, "validation");
    const newest = Math.max(...Array.from(split.purchases.days));
    expect(newest).toBeLessThan(7 * 39 - 56 + 1);
  });
});

const table = (lead: Record<string, { mean: number; low: number; high: number }>, customers = 20) => ({
  customers,
  held_out: 40,
  days: 28,
  rows: [],
  challenger_beats: lead,
});

describe("the guard", () => {
  const equal = { mean: 0, low: 0, high: 0 };

  test("keeps out what is no better than what is popular, unless it claims no more", () => {
    const sentence = "It is not better than what is popular of late.";
    expect(objectionTo(table({ popular_recently: equal }))).toBe(sentence);
    expect(objectionTo(table({ popular_recently: { ...equal, mean: 1e-9 } }))).toBeUndefined();
    expect(objectionTo(table({ popular_recently: equal }), { isPopularity: true })).toBeUndefined();
  });

  test("keeps out what was chosen among all only when it is surely worse", () => {
    const perhapsWorse = { mean: -0.01, low: -0.05, high: 0.02 };
    expect(objectionTo(table({ popular_recently: perhapsWorse }), { isChosen: true })).toBeUndefined();
    expect(objectionTo(table({ popular_recently: { ...perhapsWorse, high: -0.001 } }), { isChosen: true })).toMatch(
      "not better than what is popular",
    );
    expect(objectionTo(table({}, 19), { replaces: true, isChosen: true })).toBeUndefined();
  });

  test("keeps out only what is surely worse than the model in service", () => {
    const worse = { mean: -0.02, low: -0.05, high: -0.0001 };
    expect(objectionTo(table({ current: worse }))).toBe("It is clearly worse than the model in service.");
    expect(objectionTo(table({ current: { ...worse, high: 0 } }))).toBeUndefined();
  });

  test("lets nothing replace what serves where fewer than twenty customers judge", () => {
    expect(objectionTo(table({}, 19), { replaces: true })).toMatch("too few customers");
    expect(objectionTo(table({}, 19))).toBeUndefined();
    expect(objectionTo(table({}, 20), { replaces: true })).toBeUndefined();
  });
});

test("an evaluation shows the contenders beside the challenger, how alike lists begin, and how the choice was made", async () => {
  const purchases = chains(120, 20);
  const choice = await chooseFor(purchases, { period: "validation" });
  const { rows, choice: report } = await evaluateOn(purchases, {
    challenger: choice!.winner.settings,
    others: choice!.finalists,
    choice,
  });
  expect(rows.slice(0, 2).map(({ name }) => name)).toEqual(["popular_ever", "popular_recently"]);
  expect(rows.at(-1)?.name).toBe("challenger");
  expect(rows).toHaveLength(13);
  // Nearly all lists of what is popular begin alike, and it is known to most.
  expect(rows[1]?.same_first).toBeGreaterThan(rows.at(-1)?.same_first ?? 1);
  expect(report).toMatchObject({ chosen: choice!.winner.name, left_out: [], customers: choice!.customers });
});

test("an evaluation of a large catalog asks some of the customers, and says how sure that is", async () => {
  const challenger = TrainingSettings.parse({ factors_weight: 0 });
  const evaluation = await evaluateOn({ ...chains(600, 12), productCount: 100_000 }, { challenger });
  expect(evaluation).toMatchObject({ customers: 500, customers_of: 600 });
  const { mean, low, high } = evaluation.challenger_ndcg_20!;
  expect(evaluation.rows.at(-1)?.ndcg_20).toBeCloseTo(mean, 9);
  expect(low).toBeLessThan(mean);
  expect(high).toBeGreaterThan(mean);
});

const learningOf = async (challenger: TrainingSettings, others: TrainingSettings[]) => {
  const learning: number[] = [];
  await evaluateOn(chains(30, 12), {
    challenger,
    others: others.map((settings) => ({ name: "factors", settings })),
    learning,
  });
  return learning;
};

test("an evaluation writes down how the challenger's factors were trained, or those of another where it has none", async () => {
  const factors = TrainingSettings.parse({ factors: 4, epochs: 3 });
  const neighbours = TrainingSettings.parse({ factors_weight: 0, neighbours: "cosine" });
  const own = await learningOf(factors, [{ ...factors, epochs: 5 }]);
  expect(own).toHaveLength(4);
  expect(own).toEqual(own.toSorted((a, b) => b - a));
  expect(await learningOf(neighbours, [factors])).toEqual(own);
  expect(await learningOf(neighbours, [])).toEqual([]);
});

describe("a stored model", () => {
  const settings = TrainingSettings.parse({ factors: 2 });
  const model = {
    productIds: Int32Array.of(3, 5, 9),
    largestId: 9,
    newestDay: 100.5,
    factors: 2,
    products: Float32Array.of(1, 2, 3, 4, 5, 6),
    trend: Float32Array.of(0.1, 0.2, 0.3),
    features: {
      names: ["category:Tea"],
      vectors: Float32Array.of(7, 8),
      trends: Float32Array.of(0.4),
      starts: Uint32Array.of(0, 1, 1, 2),
      members: Int32Array.of(0, 0),
      unknown: Int32Array.of(2),
    },
    together: { width: 1, products: Int32Array.of(1, 0, -1), scores: Float32Array.of(0.5, 0.6, 0) },
    neighbours: { starts: Uint32Array.of(0, 1, 1, 1), products: Int32Array.of(2), scores: Float32Array.of(0.9) },
    options: settings,
    repeatRate: 0.25,
    habits: { order_decay: 0.75, half_life_days: 40, trend_share: 0.5 },
  };

  test("is the same when it is read again", () => {
    expect(unpackModel(packModel(model))).toEqual(model);
  });

  test("that is cut off, or of a newer program, is refused", () => {
    const bytes = packModel(model);
    expect(() => unpackModel(bytes.slice(0, -4))).toThrow("cut off");
    const newer = new TextDecoder("latin1").decode(bytes).replace('"format":2', '"format":3');
    expect(() => unpackModel(Uint8Array.from(newer, (letter) => letter.charCodeAt(0)))).toThrow();
  });

  test("of a program that knew vectors alone serves on", () => {
    const header = {
      format: 1,
      products: 1,
      largest_id: 3,
      newest_day: 9,
      kinds: ["a:b"],
      together_width: 1,
      settings,
    };
    const text = JSON.stringify(header).padEnd(4 * Math.ceil(JSON.stringify(header).length / 4));
    const numbers = Float32Array.of(1, 2, 0.5, 7, 8, 0.4);
    const bytes = new Uint8Array(
      Bun.concatArrayBuffers([
        Uint32Array.of(text.length),
        new TextEncoder().encode(text),
        Int32Array.of(3),
        numbers,
        Int32Array.of(-1),
        Float32Array.of(0),
      ]),
    );
    const old = unpackModel(bytes);
    expect([...old.products]).toEqual([1, 2]);
    expect(old).toMatchObject({ factors: 2, repeatRate: 0, options: { neighbours: "none", factors_weight: 1 } });
    expect(old.neighbours.products).toHaveLength(0);
    expect([...old.features.starts]).toEqual([0, 0]);
  });
});

const kind = (name: string, category = "Food") => kindOf({ name, category });

test("sizes and packs are no kinds of their own, other words and bare numbers are", () => {
  const rice = kind("Basmati Rice 1 kg");
  for (const name of [
    "basmati rice 5kg",
    "Rice, Basmati (pack of 3)",
    "Basmati Rice 1.5 kg",
    "Basmati Rice 2 x 500 g",
  ]) {
    expect(kind(name)).toBe(rice);
  }
  expect(kind("Brown Rice 1 kg")).not.toBe(rice);
  expect(kind("Basmati Rice 1 kg", "Toys")).not.toBe(rice);
  expect(kind("Toy 17")).not.toBe(kind("Toy 18"));
  expect(kind("500 g")).not.toBe(kind("1 kg"));
  expect(oneOfAKind(["a1", "b1", "a2", "c1", "b2"], ([letter]) => letter ?? "")).toEqual([
    "a1",
    "b1",
    "c1",
    "a2",
    "b2",
  ]);
});
