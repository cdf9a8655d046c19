import { describe, expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluateOn, objectionTo } from "../../src/recommend/evaluate/evaluate";
import { seeded } from "../../src/recommend/model/random";
import type { Purchases } from "../../src/recommend/model/split";
import { TrainingSettings } from "../../src/recommend/schema";
import { createAccounts } from "../support/customers";
import { runCommandOrThrow } from "../support/command";
import { anyEngine, type TestEngine } from "../support/engines";
import { sellAll } from "../support/fair";
import { stockShelf } from "../support/goods";
import { freshShop, type TestShop } from "../support/shop";

const good = TrainingSettings.parse({ factors: 8, epochs: 6 });
/** Knows nothing but what was popular ever, in a shop where that has changed. */
const bad = TrainingSettings.parse({ factors: 1, epochs: 1, trend_weight: 10, trend_half_life_days: 36_500 });
const badWords = ["factors=1", "epochs=1", "trend_weight=10", "trend_half_life_days=36500"];

/** Ninety customers of two tastes, who buy one product of twelve of theirs every third day, for 120 days. */
function tastes(): Purchases {
  const random = seeded(3);
  const lines = Array.from({ length: 90 }, (_, customer) =>
    Array.from({ length: 40 }, (_, time) => ({
      customer,
      product: 2 * Math.floor(12 * random() ** (time < 30 ? 1.5 : 0.7)) + (customer % 2),
      day: 3 * time,
    })),
  ).flat();
  return {
    customerCount: 90,
    productCount: 24,
    customers: lines.map((line) => line.customer),
    products: lines.map((line) => line.product),
    days: lines.map((line) => line.day),
  };
}

describe("a trial on the last weeks", () => {
  test("finds the challenger that knows tastes better than what is popular", async () => {
    const evaluation = await evaluateOn(tastes(), { challenger: good });
    expect(evaluation.days).toBeCloseTo(0.2 * 117);
    expect(evaluation.rows.map(({ name }) => name)).toEqual(["popular_ever", "popular_recently", "challenger"]);
    expect(evaluation.challenger_beats["popular_recently"]?.low).toBeGreaterThan(0);
    expect(objectionTo(evaluation)).toBeUndefined();
  });

  test("objects to what is no better than popularity, and to what is clearly worse than the present", async () => {
    const hopeless = await evaluateOn(tastes(), { challenger: bad });
    expect(objectionTo(hopeless)).toBe("It is not better than what is popular of late.");
    const behind = { ...hopeless, challenger_beats: { current: { mean: -0.02, low: -0.03, high: -0.01 } } };
    expect(objectionTo(behind)).toBe("It is clearly worse than the model in service.");
    expect(objectionTo({ ...behind, customers: 3 })).toBeUndefined();
  });

  test("leaves the last weeks alone when settings are chosen", async () => {
    const purchases = tastes();
    const changed = {
      ...purchases,
      products: Array.from(purchases.products, (product, at) => ((purchases.days[at] ?? 0) > 100 ? 0 : product)),
    };
    const choice = { challenger: good, period: "validation" } as const;
    expect((await evaluateOn(changed, choice)).rows).toEqual((await evaluateOn(purchases, choice)).rows);
  });
});

const sanset = (shop: TestShop, ...words: string[]) => runCommandOrThrow(shop, words);

async function shopOfTastes(engine: TestEngine): Promise<TestShop> {
  const shop = await freshShop(engine);
  const { customers, products, days, customerCount, productCount } = tastes();
  const ids: number[] = [];
  for (let product = 0; product < productCount; product++) ids.push((await stockShelf(shop)).id);
  const users = await createAccounts(shop, customerCount);
  const sales = Array.from(days, (day, at) => ({
    userId: users[customers[at] ?? 0] ?? 0,
    productIds: [ids[products[at] ?? 0] ?? 0],
    daysAgo: 120 - day,
  }));
  await sellAll(shop, sales);
  return shop;
}

const small = ["--set", "factors=8", "epochs=6"];

describe.each(anyEngine)("the recommender on the command line, on $name", (engine) => {
  test("trains, tries, keeps what is bad, and explains", async () => {
    const shop = await shopOfTastes(engine);
    try {
      const first = await sanset(shop, "retrain", ...small);
      expect(first.answer).toMatchObject({ state: "served", note: null, data: { customers: 90, products: 24 } });
      const worse = await sanset(shop, "retrain", "--set", ...badWords);
      expect(worse.answer).toMatchObject({ state: "kept", note: "It is not better than what is popular of late." });
      expect(worse.text).toContain("kept but not served");
      const serving = () => shop.database.first("SELECT id FROM recommend_models WHERE role = 'serving'");
      expect(await serving()).toEqual({ id: first.answer.model_id });
      const forced = await sanset(shop, "retrain", "--force", "--set", ...badWords);
      expect(forced.answer.state).toBe("served");
      expect(await serving()).toEqual({ id: forced.answer.model_id });
      await sanset(shop, "retrain", "--set", "factors=8", "epochs=6", "trend_weight=1", "trend_half_life_days=3");
      const { answer, text } = await sanset(shop, "recommend", "evaluate", "--set", "trend_weight=0");
      expect(answer.rows.map((row: { name: string }) => row.name)).toContain("current");
      expect(text).toContain("NDCG@20");
      const file = join(tmpdir(), `report-${crypto.randomUUID()}.html`);
      await sanset(shop, "recommend", "report", "--out", file);
      const page = await Bun.file(file).text();
      expect(page).toContain("popularity, last 30 days");
      expect(page.match(/<svg/g)).toHaveLength(5);
      await Bun.file(file).delete();
      const listed = await sanset(shop, "recommend", "models");
      expect(listed.text).toContain("serving");
      const tried = await sanset(shop, "recommend", "tune", "--trials", "2");
      expect(tried.answer).toHaveLength(3);
      expect(tried.answer[0].ndcg_20).toBeGreaterThanOrEqual(tried.answer[2].ndcg_20);
      const explained = await sanset(shop, "recommend", "explain", "1", "--limit", "3");
      expect(explained.answer.recommendations).toHaveLength(3);
      expect(explained.text).toContain("Customer 0 (1) has bought Kitchen");
    } finally {
      await shop.close();
    }
  });

  test("learns only from what was there as of a moment", async () => {
    const shop = await shopOfTastes(engine);
    try {
      const day = new Date(shop.now().getTime() - 60 * 86_400_000).toISOString().slice(0, 10);
      const { answer } = await sanset(shop, "retrain", ...small, "--as-of", day);
      expect(answer.data.newest_order_at.slice(0, 10) <= day).toBe(true);
      expect(answer.data.orders).toBeLessThan(3_600);
    } finally {
      await shop.close();
    }
  });

  test("refuses settings that are none", async () => {
    const shop = await freshShop(engine);
    const refusal = await sanset(shop, "retrain", "--set", "factors=none").catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "invalid" });
    await shop.close();
  });
});
