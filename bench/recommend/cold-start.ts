import { chooseFor } from "../../src/recommend/evaluate/choose";
import { popularity, sameForAll } from "../../src/recommend/model/baselines";
import { type Model, statisticsOf } from "../../src/recommend/model/customer-vector";
import { averageFeatures, fillUnknown } from "../../src/recommend/model/features";
import { historyIn } from "../../src/recommend/model/history";
import { evaluate, type Question } from "../../src/recommend/model/metrics";
import { seeded } from "../../src/recommend/model/random";
import { scoreAll } from "../../src/recommend/model/score";
import { pairsFrom, type Purchases } from "../../src/recommend/model/split";
import { newestDayOf } from "../../src/recommend/model/time";
import { trainModel } from "../../src/recommend/model/train-model";
import { usualBlend } from "../../src/recommend/evaluate/contenders";
import type { Figure } from "../harness";
import { readDemoData } from "./demo-shop";

const FEATURES_KEPT = 2_000;
const NEW_SHARE = 0.1;
const LOOKS = [1, 3];

/** New products through what they are, and new customers through what they look at. Popularity is the floor. */
export async function coldStart(retail: Purchases): Promise<Figure[]> {
  const demo = await readDemoData();
  return [
    ...(await newProducts(demo.purchases, demo.featuresOfProduct)),
    ...(await newCustomers("Online Retail", retail)),
    ...(await newCustomers("demo", demo.purchases)),
  ];
}

/** A tenth of the products are taken out of all orders; then each customer is asked which of these they bought. */
async function newProducts(purchases: Purchases, featuresOfProduct: readonly (readonly string[])[]): Promise<Figure[]> {
  const random = seeded(11);
  const isNew = Array.from({ length: purchases.productCount }, () => random() < NEW_SHARE);
  const known = only(purchases, (at) => !isNew[purchases.products[at]!]);
  const pairs = pairsFrom(known);
  const settings = (await chooseFor(known))?.winner.settings ?? usualBlend(pairs);
  const trained = await trainModel(pairs, settings);
  const isKnown = Uint8Array.from(isNew, (value) => Number(!value));
  const products = { products: trained.products, trend: trained.trend, known: isKnown };
  const features = averageFeatures(products, featuresOfProduct, FEATURES_KEPT);
  fillUnknown(products, features);
  const model: Model = { ...trained, features };
  const all = pairsFrom(purchases);
  const questions: Question[] = Array.from({ length: all.customerCount }, (_, customer) => {
    const bought = [...all.products.subarray(all.starts[customer], all.starts[customer + 1])];
    return { customer, history: [], heldOut: new Set(bought.filter((product) => isNew[product])) };
  }).filter(({ heldOut }) => heldOut.size > 0);
  const hidden = new Set(isNew.flatMap((value, product) => (value ? [] : [product])));
  const examination = { questions, productCount: purchases.productCount, hidden };
  const historyOf = historyIn(pairs, newestDayOf(pairs));
  const statistics = statisticsOf(model);
  const lots = Float32Array.from({ length: purchases.productCount }, random);
  const ours = evaluate(examination, ({ customer }, into) =>
    into.set(scoreAll(model, statistics, historyOf(customer)).scores),
  );
  const blind = evaluate(examination, sameForAll(lots));
  const floor = evaluate(examination, sameForAll(model.trend));
  console.log(`\nNew products (demo): ${isNew.filter(Boolean).length} of them, ${questions.length} customers, NDCG@10`);
  console.log(
    `  by lot ${blind.quality.ndcg_10.toFixed(4)}   popularity of their kind ${floor.quality.ndcg_10.toFixed(4)}   ours ${ours.quality.ndcg_10.toFixed(4)}`,
  );
  return [
    {
      name: "new products, demo: NDCG@10",
      measured: ours.quality.ndcg_10,
      unit: "",
      rival: { name: "popularity", measured: floor.quality.ndcg_10 },
      limit: { atLeast: 1 },
    },
  ];
}

/** A fifth of the customers are new: they look at one or three of the products that they bought, and are asked for the others. */
async function newCustomers(name: string, purchases: Purchases): Promise<Figure[]> {
  const known = only(purchases, (at) => purchases.customers[at]! % 5 !== 0);
  const pairs = pairsFrom(known);
  const settings = (await chooseFor(known))?.winner.settings ?? usualBlend(pairs);
  const model = await trainModel(pairs, settings);
  const statistics = statisticsOf(model);
  const all = pairsFrom(purchases);
  const sold = new Set(pairs.products);
  const hidden = new Set(
    Array.from({ length: purchases.productCount }, (_, product) => product).filter((product) => !sold.has(product)),
  );
  const random = seeded(3);
  const figures: Figure[] = [];
  console.log(`\nNew customers (${name}), NDCG@10`);
  for (const looks of LOOKS) {
    const questions: Question[] = [];
    for (let customer = 0; customer < all.customerCount; customer += 5) {
      const bought = [...all.products.subarray(all.starts[customer], all.starts[customer + 1])].filter((one) =>
        sold.has(one),
      );
      const mixed = bought.map((product) => ({ product, lot: random() })).toSorted((a, b) => a.lot - b.lot);
      const seen = mixed.slice(0, looks).map(({ product }) => product);
      const heldOut = new Set(mixed.slice(looks).map(({ product }) => product));
      if (heldOut.size > 0) questions.push({ customer, history: seen, heldOut });
    }
    const examination = { questions, productCount: purchases.productCount, hidden };
    const ours = evaluate(examination, ({ history }, into) =>
      into.set(
        scoreAll(
          model,
          statistics,
          history.map((product) => ({ product, ageDays: 0, newerOrders: 0, share: 0.3 })),
        ).scores,
      ),
    );
    const floor = evaluate(examination, sameForAll(popularity(pairs)));
    console.log(
      `  ${looks} looked at: popularity ${floor.quality.ndcg_10.toFixed(4)}   ours ${ours.quality.ndcg_10.toFixed(4)}`,
    );
    figures.push({
      name: `new customers who looked at ${looks}, ${name}: NDCG@10`,
      measured: ours.quality.ndcg_10,
      unit: "",
      rival: { name: "popularity", measured: floor.quality.ndcg_10 },
      limit: { atLeast: 1 },
    });
  }
  return figures;
}

function only(purchases: Purchases, wanted: (at: number) => boolean): Purchases {
  const kept = Array.from({ length: purchases.days.length }, (_, at) => at).filter(wanted);
  return {
    ...purchases,
    customers: kept.map((at) => purchases.customers[at]!),
    products: kept.map((at) => purchases.products[at]!),
    days: kept.map((at) => purchases.days[at]!),
  };
}
