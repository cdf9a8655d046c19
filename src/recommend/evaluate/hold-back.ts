import { popularity } from "../model/baselines";
import type { Examination, Question } from "../model/metrics";
import { seeded } from "../model/random";
import { type Purchases, type Split, splitByTime } from "../model/split";
import { newestOf } from "../model/time";

/** The most that is held back, in days, and the largest share of all the time there is. */
const HELD_BACK_DAYS_MOST = 28;
const HELD_BACK_SHARE_MOST = 0.2;
/** Where as many customers as this buy within a week, a week is held back: what is asked is nearer to what was known. */
const CUSTOMERS_ENOUGH = 2_000;

/** Below so many customers chance decides. */
export const CUSTOMERS_TO_JUDGE_BY = 20;

export type Period = "test" | "validation";

/**
 * Hides the last weeks, or to choose settings on, the same number of weeks before these: "test" stays unseen by whatever was
 * chosen on "validation". All of it counts back from the newest purchase.
 */
export function holdBack(purchases: Purchases, period: Period): { split: Split; days: number } {
  const { days, end } = heldBackDays(purchases);
  const split =
    period === "test" ? splitByTime(purchases, end - days) : splitByTime(purchases, end - 2 * days, end - days);
  return { split, days };
}

/** How many days are held back, and the moment just after the newest purchase, which they count back from. */
export function heldBackDays(purchases: Purchases): { days: number; end: number } {
  const newest = newestOf(purchases.days);
  const sorted = Float64Array.from(purchases.days).sort();
  // One purchase with a mistyped date says nothing about how long the shop has been there.
  const oldest = sorted[Math.floor(sorted.length / 1_000)] ?? newest;
  const most = Math.min(HELD_BACK_DAYS_MOST, HELD_BACK_SHARE_MOST * (newest - oldest));
  const days = most > 7 && customersSince(purchases, newest - 7) >= CUSTOMERS_ENOUGH ? 7 : most;
  // The newest purchase itself belongs to what is held back.
  return { days, end: newest + 1 / 86_400 };
}

function customersSince({ customers, days }: Purchases, since: number): number {
  const found = new Set<number>();
  for (let at = 0; at < days.length; at++) if (days[at]! >= since) found.add(customers[at]!);
  return found.size;
}

/** What all contenders are asked: of many customers a sample, always the same. */
export function examinationOf({ train, questions, hidden }: Split, customersMost: number): Examination {
  return {
    questions: sampled(questions, customersMost),
    productCount: train.productCount,
    hidden,
    buyers: popularity(train),
    customerCount: train.customerCount,
  };
}

function sampled(questions: readonly Question[], most: number): readonly Question[] {
  if (questions.length <= most) return questions;
  const random = seeded(1);
  return questions
    .map((question) => ({ question, lot: random() }))
    .toSorted((a, b) => a.lot - b.lot)
    .slice(0, most)
    .map(({ question }) => question);
}

/** Of more purchases than this, settings are chosen and judged by those of some customers: the answer is the same, only sooner. */
const PURCHASES_ENOUGH = 1_000_000;
/** The same where somebody waits for the answer, in a catalog whose factors take long. */
const PURCHASES_ENOUGH_OF_MANY_PRODUCTS = 300_000;
const MANY_PRODUCTS = 20_000;

/** For who waits for a comparison that changes nothing: a large catalog is judged by fewer customers' purchases. */
export function fewerCustomers(purchases: Purchases): Purchases {
  return someCustomers(
    purchases,
    purchases.productCount > MANY_PRODUCTS ? PURCHASES_ENOUGH_OF_MANY_PRODUCTS : PURCHASES_ENOUGH,
  );
}

/** The purchases of as many customers as it takes, always the same ones, numbered anew. All of them where there are not so many. */
export function someCustomers(purchases: Purchases, most = PURCHASES_ENOUGH): Purchases {
  const total = purchases.days.length;
  if (total <= most) return purchases;
  const random = seeded(1);
  const numbers = new Int32Array(purchases.customerCount).fill(-1);
  let customerCount = 0;
  for (let customer = 0; customer < numbers.length; customer++) {
    if (random() < most / total) numbers[customer] = customerCount++;
  }
  let count = 0;
  for (let at = 0; at < total; at++) if (numbers[purchases.customers[at]!]! >= 0) count++;
  const customers = new Uint32Array(count);
  const products = new Uint32Array(count);
  const days = new Float64Array(count);
  let next = 0;
  for (let at = 0; at < total; at++) {
    const customer = numbers[purchases.customers[at]!]!;
    if (customer < 0) continue;
    customers[next] = customer;
    products[next] = purchases.products[at]!;
    days[next++] = purchases.days[at]!;
  }
  return { ...purchases, customerCount, customers, products, days };
}
