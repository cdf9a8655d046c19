import { chooseFor } from "../../src/recommend/evaluate/choose";
import { contest } from "../../src/recommend/evaluate/contest";
import { families } from "../../src/recommend/evaluate/contenders";
import { examinationOf } from "../../src/recommend/evaluate/hold-back";
import { popularity, recentPopularity, sameForAll } from "../../src/recommend/model/baselines";
import {
  type Answers,
  type Difference,
  evaluate,
  pairedBootstrap,
  type Quality,
} from "../../src/recommend/model/metrics";
import { seeded } from "../../src/recommend/model/random";
import { pairsFrom, type Purchases, type Split, splitByTime } from "../../src/recommend/model/split";
import { newestDayOf } from "../../src/recommend/model/time";
import type { TrainingSettings } from "../../src/recommend/schema";
import type { Figure } from "../harness";

const CUSTOMERS_MOST = 2_000;

/** What a training would serve on the day of the cut, and how good it is in the time that follows, beside all contenders. */
export interface Table {
  served: Quality;
  settings: TrainingSettings;
  /** How far the best contender is ahead of what is served: below 0 where it is behind. */
  behind: Difference & { best: string };
}

/** Chooses as `retrain` does, from what was known on the cut alone, and prints the table of all contenders on what came after. */
export async function tableOf(title: string, purchases: Purchases, cut: number, end = Infinity): Promise<Table> {
  const split = splitByTime(purchases, cut, end);
  const choice = await chooseFor(split.purchases);
  if (!choice) throw new Error(`${title}: too few customers.`);
  const examination = examinationOf(split, CUSTOMERS_MOST);
  const answers = new Map<string, Answers>();
  for (const [name, scorer] of baselines(split)) answers.set(name, evaluate(examination, scorer));
  const contenders = [...choice.finalists, { name: "served", settings: choice.winner.settings }];
  const found = await contest(split.train, examination, contenders);
  contenders.forEach(({ name }, at) => answers.set(labels[name] ?? name, found[at]!));
  const served = answers.get("served")!;
  const chosen = families[choice.winner.name];
  console.log(
    `\n${title}: ${examination.questions.length} customers; served: ${chosen} ${summary(choice.winner.settings)}`,
  );
  print(answers, served);
  const [best = "served", answer = served] =
    [...answers]
      .filter(([name]) => name !== "served")
      .toSorted(([, a], [, b]) => b.quality.ndcg_20 - a.quality.ndcg_20)[0] ?? [];
  return {
    served: served.quality,
    settings: choice.winner.settings,
    behind: { best, ...pairedBootstrap(answer.ndcg20, served.ndcg20, seeded(1)) },
  };
}

/** The figure that a table is held by: what is served is within the interval of the best contender, or above all. */
export function figureOf(title: string, { behind }: Table): Figure {
  const lead = `${behind.mean >= 0 ? "+" : "−"}${Math.abs(behind.mean).toFixed(4)}`;
  return {
    name: `${title}: sure lead of the best contender (${behind.best}, ${lead})`,
    measured: Math.max(0, behind.low),
    unit: "",
    limit: { atMost: 0 },
  };
}

/** Lists that begin with one and the same product, of those that are not what is popular for all. */
const SAME_FIRST_MOST = 0.25;

/** The figure that lists are held by: they do not all begin alike. */
export function sameFirstOf(title: string, { served }: Table): Figure {
  return {
    name: `${title}: lists that begin with the same product`,
    measured: served.same_first,
    unit: "",
    limit: { atMost: SAME_FIRST_MOST },
  };
}

const labels: Record<string, string> = families;

function baselines({ train, purchases }: Split) {
  const newest = newestDayOf(train);
  const recent = (options: { days: number; fading?: boolean }) =>
    sameForAll(recentPopularity(purchases, train.productCount, newest, options));
  return [
    ["popularity, all time", sameForAll(popularity(train))],
    ["popularity, last 30 days", recent({ days: 30 })],
    ["popularity, 7-day half-life", recent({ days: 7, fading: true })],
  ] as const;
}

/** A line for each, and how much what is served is better than each, with 95 % intervals. */
export function print(answers: ReadonlyMap<string, Answers>, served: Answers): void {
  console.log(`  ${"".padEnd(36)}Recall@20  NDCG@10  NDCG@20  HR@10  coverage  same first  served's lead`);
  for (const [name, { quality, ndcg20 }] of answers) {
    const { recall_20, ndcg_10, ndcg_20, hit_rate_10, coverage, same_first } = quality;
    const { mean, low, high } = pairedBootstrap(served.ndcg20, ndcg20, seeded(1));
    const cells = [
      recall_20.toFixed(4).padStart(9),
      ndcg_10.toFixed(4).padStart(7),
      ndcg_20.toFixed(4).padStart(7),
      hit_rate_10.toFixed(3).padStart(5),
      `${(100 * coverage).toFixed(0)} %`.padStart(8),
      `${(100 * same_first).toFixed(0)} %`.padStart(10),
      name === "served" ? "" : `${signed(mean)} (${signed(low)} to ${signed(high)})`,
    ];
    console.log(`  ${name.padEnd(36)}${cells.join("  ")}`);
  }
}

const signed = (number: number) => `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(4)}`;

function summary({
  factors_weight,
  neighbours,
  neighbours_weight,
  order_decay,
  trend_weight,
  unobserved,
}: TrainingSettings) {
  const parts = [
    ...(factors_weight > 0 ? [`α0=${unobserved.toPrecision(2)}`] : []),
    ...(neighbours !== "none" ? [`${neighbours} × ${neighbours_weight}`] : []),
    `order decay ${order_decay}`,
    `trend × ${trend_weight}`,
  ];
  return `(${parts.join(", ")})`;
}

/** Only the purchases of some customers, who are numbered anew. */
export function ofCustomers(purchases: Purchases, wanted: (customer: number) => boolean): Purchases {
  const numbers = new Map<number, number>();
  const kept = Array.from({ length: purchases.days.length }, (_, at) => at).filter((at) =>
    wanted(purchases.customers[at]!),
  );
  const customers = kept.map((at) => {
    const customer = purchases.customers[at]!;
    const number = numbers.get(customer) ?? numbers.size;
    numbers.set(customer, number);
    return number;
  });
  return { ...purchases, ...columns(purchases, kept), customers, customerCount: numbers.size };
}

/** At most so many different products of each customer, drawn by lot. */
export function thinned(purchases: Purchases, most: number, seed = 5): Purchases {
  const random = seeded(seed);
  const { starts, products, customerCount } = pairsFrom(purchases);
  const kept = Array.from({ length: customerCount }, (_, customer) => {
    const own = [...products.subarray(starts[customer], starts[customer + 1])].map((product) => ({
      product,
      lot: random(),
    }));
    return new Set(
      own
        .toSorted((a, b) => a.lot - b.lot)
        .slice(0, most)
        .map(({ product }) => product),
    );
  });
  const places = Array.from({ length: purchases.days.length }, (_, at) => at).filter((at) =>
    kept[purchases.customers[at]!]?.has(purchases.products[at]!),
  );
  return { ...purchases, ...columns(purchases, places), customers: places.map((at) => purchases.customers[at]!) };
}

const columns = ({ products, days }: Purchases, places: readonly number[]) => ({
  products: places.map((at) => products[at]!),
  days: places.map((at) => days[at]!),
});
