import { seeded } from "../../src/recommend/model/random";
import type { Purchases } from "../../src/recommend/model/split";
import { newestOf } from "../../src/recommend/model/time";
import type { Figure } from "../harness";
import { readDemo } from "./demo-shop";
import { figureOf, ofCustomers, sameFirstOf, tableOf, thinned } from "./tables";

const day = (date: string) => Date.parse(date) / 86_400_000;
const CUT = "2011-11-09";
const END = "2011-12-10";
const MONTHS = ["2011-06-09", "2011-07-09", "2011-08-09", "2011-09-09", "2011-10-09", CUT, END];

/** On shops of every sort: what a training would choose and serve, beside all contenders. */
export async function shops(retail: Purchases, wanted: (part: string) => boolean): Promise<Figure[]> {
  const figures: Figure[] = [];
  const add = async (title: string, purchases: Purchases, cut: number, end?: number) => {
    const table = await tableOf(title, purchases, cut, end);
    figures.push(figureOf(title, table), sameFirstOf(title, table));
  };
  if (wanted("demo")) {
    const demo = await readDemo();
    await add("the demo shop", demo, newestOf(demo.days) - 28);
  }
  if (wanted("months")) {
    for (const [at, month] of MONTHS.slice(0, -1).entries()) {
      await add(`Online Retail from ${month}`, retail, day(month), day(MONTHS[at + 1] ?? END));
    }
  }
  if (wanted("customers")) {
    const lot = seeded(7);
    const lots = Float64Array.from({ length: retail.customerCount }, lot);
    const rank = new Map(
      [...lots.keys()].toSorted((a, b) => lots[a]! - lots[b]!).map((customer, place) => [customer, place]),
    );
    const first = (count: number) => (customer: number) => (rank.get(customer) ?? Infinity) < count;
    for (const half of [0, 1]) {
      const own = ofCustomers(retail, (customer) => (rank.get(customer) ?? 0) % 2 === half);
      await add(`${half === 0 ? "one" : "the other"} half of its customers`, own, day(CUT), day(END));
    }
    for (const count of [1_000, 300]) {
      await add(`a shop of ${count} of its customers`, ofCustomers(retail, first(count)), day(CUT), day(END));
    }
    await add("thinned to nine products a customer", thinned(retail, 9), day(CUT), day(END));
  }
  return figures;
}
