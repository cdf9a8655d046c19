import { seeded } from "../model/random";
import { type Purchases, purchasesBefore, type Split, splitAfter, splitByTime } from "../model/split";
import { CUSTOMERS_TO_JUDGE_BY, heldBackDays, type Period } from "./hold-back";

/** With so many customers asked a choice is settled; where fewer bought in the last weeks, the weeks before these are asked too. */
export const QUESTIONS_ENOUGH = 300;
const PERIODS_MOST = 3;

/**
 * What ways to recommend are chosen on: the last weeks, where few customers bought in them also the weeks before these, each
 * foretold from what was known then. Where hardly anybody came back, the last order of each customer; where nobody did, half
 * of what each bought. None where fewer than twenty customers are left to ask.
 */
export function occasionsIn(purchases: Purchases, period: Period): Split[] {
  const { days, end } = heldBackDays(purchases);
  const latest = period === "test" ? 0 : 1;
  const splits: Split[] = [];
  const periods = days > 0 ? PERIODS_MOST : 0;
  for (let back = latest; back < latest + periods && questionsIn(splits) < QUESTIONS_ENOUGH; back++) {
    splits.push(splitByTime(purchases, end - (back + 1) * days, end - back * days));
  }
  const asked = splits.filter(({ questions }) => questions.length > 0);
  if (customersIn(asked) >= CUSTOMERS_TO_JUDGE_BY) return asked;
  const known = latest === 0 ? purchases : purchasesBefore(purchases, end - days);
  for (const split of [splitAfter(known, lastOrdersOf(known)), splitAfter(known, halvesOf(known))]) {
    if (customersIn([split]) >= CUSTOMERS_TO_JUDGE_BY) return [split];
  }
  return [];
}

const questionsIn = (splits: readonly Split[]) => splits.reduce((sum, { questions }) => sum + questions.length, 0);

/** How many different customers are asked. */
export function customersIn(splits: readonly Split[]): number {
  return new Set(splits.flatMap(({ questions }) => questions.map(({ customer }) => customer))).size;
}

/** Of each customer who ordered more than once, what the last order holds. */
export function lastOrdersOf({ customerCount, customers, days }: Purchases): (at: number) => boolean {
  const last = new Float64Array(customerCount).fill(-Infinity);
  const first = new Float64Array(customerCount).fill(Infinity);
  for (let at = 0; at < days.length; at++) {
    const customer = customers[at]!;
    last[customer] = Math.max(last[customer]!, days[at]!);
    first[customer] = Math.min(first[customer]!, days[at]!);
  }
  return (at) => {
    const customer = customers[at]!;
    const newest = last[customer]!;
    return days[at] === newest && newest > first[customer]!;
  };
}

/** Of each customer half of the products, by lot. */
function halvesOf({ customers, products, productCount }: Purchases): (at: number) => boolean {
  const random = seeded(1);
  const lots = new Map<number, boolean>();
  return (at) => {
    const pair = customers[at]! * productCount + products[at]!;
    const lot = lots.get(pair) ?? random() < 0.5;
    lots.set(pair, lot);
    return lot;
  };
}
