import { trainModel } from "../../src/recommend/model/train-model";
import { habitsOf, HABIT_IN_CART, nextOrderScore } from "../../src/recommend/model/next-basket";
import { statisticsOf } from "../../src/recommend/model/customer-vector";
import { highest } from "../../src/recommend/model/ranking";
import { pairsFrom, type Purchases } from "../../src/recommend/model/split";
import { scoreAll } from "../../src/recommend/model/score";
import { boughtTogether } from "../../src/recommend/model/together";
import { pairedBootstrap } from "../../src/recommend/model/metrics";
import { seeded } from "../../src/recommend/model/random";
import { chooseHabits } from "../../src/recommend/evaluate/habits";
import { chooseFor } from "../../src/recommend/evaluate/choose";
import { DAY_MS } from "../../src/base/time";
import { usualBlend } from "../../src/recommend/evaluate/contenders";
import type { Figure } from "../harness";
import { readDemo } from "./demo-shop";
import { tifu, type TifuOptions } from "./tifu";

const LIST = 10;
const COMPANIONS = 24;
/** Standard deviations that lying in every order is worth: as in serve/recommend. */
const TOGETHER_WEIGHT = 8;

/** One order: when, and its different products. */
export interface Basket {
  day: number;
  products: number[];
}

/**
 * The last basket of each customer is asked for, all the others are history. `buy-again` is given nothing else; the cart's list
 * is given half of the basket and asked for the rest. Both stand beside personal frequency and TIFU-kNN.
 */
export async function nextBasket(retail: Purchases): Promise<Figure[]> {
  return [
    ...(await figuresOf("Online Retail", retail, { groups: 3, within: 0.9, between: 0.7, neighbours: 300, own: 0.7 })),
    ...(await figuresOf("demo", await readDemo(), { groups: 7, within: 0.9, between: 0.7, neighbours: 100, own: 0.9 })),
  ];
}

async function figuresOf(name: string, purchases: Purchases, options: TifuOptions): Promise<Figure[]> {
  const customers = basketsOf(purchases).filter((baskets) => baskets.length > 1);
  const histories = customers.map((baskets) => baskets.slice(0, -1));
  const targets = customers.map((baskets) => baskets.at(-1)?.products ?? []);
  const known = flattened(histories, purchases.productCount);
  const choice = await chooseFor(known);
  const pairs = pairsFrom(known);
  const settings = choice?.winner.settings ?? usualBlend(pairs);
  const model = await trainModel(pairs, settings);
  const fading = chooseHabits(known, settings);
  const habits = (customer: number) => habitsOf(linesOf(histories[customer] ?? []), fading);
  const neighbours = tifu(histories, purchases.productCount, options);
  const frequency = (customer: number) => {
    const scores = new Float32Array(purchases.productCount);
    for (const { products } of histories[customer] ?? []) for (const product of products) scores[product]!++;
    return scores;
  };
  const own = (customer: number) => {
    const scores = new Float32Array(purchases.productCount).fill(-Infinity);
    for (const habit of habits(customer))
      scores[habit.product_id] = nextOrderScore(habit, model.trend[habit.product_id]!, fading);
    return scores;
  };
  const statistics = statisticsOf(model);
  const together = boughtTogether(ordersOf(histories, purchases.productCount), COMPANIONS);
  const cart = (customer: number, inCart: readonly number[]) => {
    const history = inCart.map((product) => ({ product, ageDays: 0, newerOrders: 0 }));
    const { scores } = scoreAll(model, statistics, history);
    for (const row of inCart) {
      for (let at = row * COMPANIONS; at < (row + 1) * COMPANIONS && together.products[at]! >= 0; at++) {
        scores[together.products[at]!]! += (TOGETHER_WEIGHT * together.scores[at]!) / Math.sqrt(inCart.length);
      }
    }
    for (const habit of habits(customer)) {
      scores[habit.product_id]! += HABIT_IN_CART * nextOrderScore(habit, model.trend[habit.product_id]!, fading);
    }
    return scores;
  };
  const whole = (rank: (customer: number) => Float32Array) => judge(targets, () => [], rank);
  const half = (rank: (customer: number, inCart: readonly number[]) => Float32Array) =>
    judge(targets, (target) => target.slice(0, Math.floor(target.length / 2)), rank);
  const rows = {
    "buy-again": { frequency: whole(frequency), tifu: whole(neighbours), ours: whole(own) },
    cart: { frequency: half(frequency), tifu: half(neighbours), ours: half(cart) },
  };
  console.log(`\nThe next basket, ${name}: ${targets.length} customers        Recall@10  NDCG@10`);
  console.log(
    `  habits fade by ${fading.order_decay} an order and half in ${fading.half_life_days} days, trend × ${fading.trend_share}`,
  );
  return Object.entries(rows).flatMap(([list, { frequency: plain, tifu: rival, ours }]) => {
    for (const [who, { recall, ndcg }] of Object.entries({
      "personal frequency": plain,
      "TIFU-kNN": rival,
      [list]: ours,
    })) {
      console.log(`  ${`${list}: ${who}`.padEnd(40)}${recall.toFixed(4)}   ${ndcg.toFixed(4)}`);
    }
    const beside =
      plain.ndcg > rival.ndcg
        ? { name: "frequency", measured: plain.ndcg }
        : { name: "TIFU-kNN", measured: rival.ndcg };
    const other = plain.ndcg > rival.ndcg ? plain : rival;
    const { mean, low, high } = pairedBootstrap(ours.gains, other.gains, seeded(1));
    console.log(`  lead over ${beside.name}: ${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`);
    // Differences below a hundredth of the figure are ties: the interval above is wider.
    return [
      { name: `${name}, ${list}: NDCG@10`, measured: ours.ndcg, unit: "", rival: beside, limit: { atLeast: 0.99 } },
    ];
  });
}

function judge(
  targets: readonly number[][],
  cartOf: (target: number[]) => number[],
  rank: (customer: number, inCart: readonly number[]) => Float32Array,
) {
  let recall = 0;
  const gains: number[] = [];
  targets.forEach((target, customer) => {
    const inCart = cartOf(target);
    const wanted = new Set(target.filter((product) => !inCart.includes(product)));
    if (wanted.size === 0) return;
    const scores = rank(customer, inCart);
    for (const product of inCart) scores[product] = -Infinity;
    const hits = highest(scores, LIST).map((product) => wanted.has(product));
    recall += hits.filter(Boolean).length / wanted.size;
    gains.push(gain(hits) / gain(Array.from({ length: Math.min(LIST, wanted.size) }, () => true)));
  });
  const ndcg = gains.reduce((sum, own) => sum + own, 0) / gains.length;
  return { recall: recall / gains.length, ndcg, gains: Float64Array.from(gains) };
}

const gain = (places: readonly boolean[]) =>
  places.reduce((sum, hit, place) => sum + (hit ? 1 / Math.log2(place + 2) : 0), 0);

/** Customer by customer their orders, oldest first: what was bought at one moment is one. */
function basketsOf({ customerCount, customers, products, days }: Purchases): Basket[][] {
  const found = Array.from({ length: customerCount }, () => new Map<number, Set<number>>());
  for (let at = 0; at < days.length; at++) {
    const own = found[customers[at]!]!;
    const basket = own.get(days[at]!) ?? new Set();
    own.set(days[at]!, basket.add(products[at]!));
  }
  return found.map((own) =>
    [...own].toSorted(([a], [b]) => a - b).map(([day, basket]) => ({ day, products: [...basket] })),
  );
}

function flattened(histories: readonly Basket[][], productCount: number): Purchases {
  const lines = histories.flatMap((baskets, customer) =>
    baskets.flatMap(({ day, products }) => products.map((product) => ({ customer, product, day }))),
  );
  return {
    customerCount: histories.length,
    productCount,
    customers: lines.map((line) => line.customer),
    products: lines.map((line) => line.product),
    days: lines.map((line) => line.day),
  };
}

function ordersOf(histories: readonly Basket[][], columns: number) {
  const orders = histories.flatMap((baskets, customer) => baskets.map(({ products }) => ({ customer, products })));
  let total = 0;
  const starts = Uint32Array.from([0, ...orders.map(({ products }) => (total += products.length))]);
  const indices = Uint32Array.from(orders.flatMap(({ products }) => products));
  const weights = new Float32Array(indices.length).fill(1);
  return { rows: orders.length, columns, starts, indices, weights, customers: orders.map(({ customer }) => customer) };
}

const linesOf = (baskets: readonly Basket[]) =>
  baskets.flatMap(({ day, products }, order_id) =>
    products.map((product_id) => ({ order_id, product_id, placed_at: new Date(day * DAY_MS).toISOString() })),
  );
