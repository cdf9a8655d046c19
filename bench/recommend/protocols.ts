import type { Question } from "../../src/recommend/model/metrics";
import { pairsFrom, type Purchases, type Split, splitByTime } from "../../src/recommend/model/split";
import type { History } from "../../src/recommend/model/history";
import type { RetailLines } from "./online-retail";

const day = (date: string) => Date.parse(date) / 86_400_000;

export function purchasesOf(lines: RetailLines): Purchases {
  return { ...lines, customerCount: lines.customerIds.length, productCount: lines.productCodes.length };
}

/** Protocol T: what will they buy next? Settings are chosen on the validation month; the test month is for claims. */
export function protocolT(lines: RetailLines, part: "validation" | "test"): Split {
  return part === "validation"
    ? splitByTime(purchasesOf(lines), day("2011-10-10"), day("2011-11-09"))
    : splitByTime(purchasesOf(lines), day("2011-11-09"), day("2011-12-10"));
}

/** Customers that the training never saw, with their histories as of the moment that they are asked about. */
export interface Strangers extends Pick<Split, "train" | "questions" | "hidden"> {
  historyOf: (customer: number) => History;
}

const PRODUCTS_LEAST = 5;
const HELD_OUT = 0.2;

/** Protocol S: CustomerID % 10 = 0 is the test, = 1 the validation, the rest train. */
export function protocolS(lines: RetailLines, part: "validation" | "test"): Strangers {
  const all = purchasesOf(lines);
  const codeOf = (product: number) => lines.productCodes[product] ?? "";
  const remainderOf = (customer: number) => (lines.customerIds[customer] ?? 0) % 10;
  const inTraining = Array.from(lines.customers.keys()).filter((at) => remainderOf(lines.customers[at]!) > 1);
  const train = pairsFrom({
    ...all,
    customers: inTraining.map((at) => lines.customers[at]!),
    products: inTraining.map((at) => lines.products[at]!),
    days: inTraining.map((at) => lines.days[at]!),
  });
  const hidden = new Set(lines.productCodes.keys());
  for (const product of train.products) hidden.delete(product);
  const histories = new Map<number, History>();
  const questions: Question[] = [];
  for (const [customer, bought] of boughtBy(lines, hidden)) {
    if (remainderOf(customer) !== (part === "test" ? 0 : 1) || bought.size < PRODUCTS_LEAST) continue;
    // Most were bought at one moment with others: their codes decide, which gives the numbers of the table.
    const byFirst = [...bought].toSorted(
      ([one, a], [other, b]) => Math.min(...a) - Math.min(...b) || (codeOf(one) < codeOf(other) ? -1 : 1),
    );
    const heldOut = byFirst.splice(-Math.ceil(HELD_OUT * byFirst.length));
    // What the customer bought again later than this is not known yet.
    const asked = Math.min(...(heldOut[0]?.[1] ?? []));
    const known = byFirst.map(([product, days]) => [product, days.filter((day) => day <= asked)] as const);
    const moments = [...new Set(known.map(([, days]) => Math.max(...days)))];
    const newerThan = (day: number) => moments.filter((moment) => moment > day).length;
    histories.set(
      customer,
      // Asked at that moment: what was bought then is new, whenever the training data ends.
      known.map(([product, days]) => ({
        product,
        ageDays: asked - Math.max(...days),
        newerOrders: newerThan(Math.max(...days)),
      })),
    );
    questions.push({
      customer,
      history: byFirst.map(([product]) => product),
      heldOut: new Set(heldOut.map(([product]) => product)),
    });
  }
  return { train, hidden, questions, historyOf: (customer) => histories.get(customer) ?? [] };
}

/** For each customer the days on which they bought each product. */
function boughtBy(lines: RetailLines, hidden: ReadonlySet<number>): Map<number, Map<number, number[]>> {
  const customers = new Map<number, Map<number, number[]>>();
  lines.customers.forEach((customer, at) => {
    const product = lines.products[at]!;
    if (hidden.has(product)) return;
    const bought = customers.get(customer) ?? new Map<number, number[]>();
    customers.set(customer, bought);
    const days = bought.get(product) ?? [];
    bought.set(product, days);
    days.push(lines.days[at]!);
  });
  return customers;
}
