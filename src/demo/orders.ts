import type { AssortmentItem } from "./assortment";
import { type DemoLine, fillBasket, stockPantries } from "./baskets";
import { DAYS, firstDay, localDay, momentOf } from "./calendar";
import { type Household, householdOf, OM } from "./customers";
import { demandFor } from "./demand";
import { pick, pickWeighted, type Random, randomFrom, summed } from "../base/random";
import { momentsOfDay, ordersByDay } from "./rhythm";
import { DAY_MS } from "../base/time";

/** An order of the demo year. Customers and products are numbers: see customers.ts and assortment.ts. */
export interface DemoOrder {
  number: number;
  customer: number;
  placed_at: Date;
  /** Not delivered yet. */
  is_recent: boolean;
  payment_method: string;
  lines: DemoLine[];
}

export interface OrdersWanted {
  seed: number;
  items: readonly AssortmentItem[];
  customers: number;
  orders: number;
  /** The year ends at this moment. */
  until: Date;
}

const ORDERS = 31;
/** So many orders are still under way when the year ends. */
const RECENT = 8;
const OM_SHOPS_EVERY_DAYS = 13;

/**
 * A year of orders, exactly as many as wanted, oldest first and one at a time. Memory grows with customers and products,
 * not with orders. Who orders what depends on the seed and the day on which the year ends, not on the hour: that only
 * decides how late on the last day its orders are.
 */
export function* ordersOfTheYear({ seed, items, customers, orders, until }: OrdersWanted): Generator<DemoOrder> {
  const start = firstDay(until);
  const random = randomFrom(seed, ORDERS);
  const demand = demandFor(items, seed, start);
  demand.moveTo(0);
  const households = Array.from({ length: customers }, (_, customer) => householdOf(seed, customer, customers));
  const pantry = stockPantries(random, households, demand);
  const chooseCustomer = customerChooser(random, households);
  const endShare = (until.getTime() - momentOf(localDay(until), 0).getTime()) / DAY_MS;
  const recent = Math.min(RECENT, Math.floor(orders / 10));
  let number = 0;
  let omShopsOn = 3;
  for (const [day, count] of ordersByDay(orders, start).entries()) {
    if (day % 7 === 0) demand.moveTo(day);
    const moments = momentsOfDay(random, count, day === DAYS - 1 ? endShare : 1);
    for (const [place, moment] of moments.entries()) {
      let customer = chooseCustomer(day);
      if (place === 0 && day >= omShopsOn) {
        customer = OM;
        omShopsOn = day + OM_SHOPS_EVERY_DAYS;
      }
      yield {
        number,
        customer,
        placed_at: momentOf(start + day, moment),
        is_recent: number >= orders - recent,
        payment_method: pick(random, ["upi", "upi", "upi", "card", "cod"]),
        lines: fillBasket({ random, demand, items, pantry, customer, household: households[customer], day }),
      };
      number++;
    }
  }
}

/** Chooses who orders on a day: the active more often, who has just ordered rarely, who has no account yet never. */
function customerChooser(random: Random, households: readonly Household[]): (day: number) => number {
  // Customers are numbered in the order in which they came, so those of a day are a beginning of the list.
  const activity = summed(households.map((household) => household.activity));
  const lastDay = new Int16Array(households.length).fill(-99);
  let known = 0;
  return (day) => {
    while (known < households.length && (households[known]?.joined ?? 0) < day) known++;
    let customer = OM;
    for (let attempt = 0; attempt < 4; attempt++) {
      customer = pickWeighted(activity, random(), 0, Math.max(1, known));
      const rest = day - (lastDay[customer] ?? 0);
      if (rest > 2 || random() < 0.12 * rest) break;
    }
    lastDay[customer] = day;
    return customer;
  };
}
