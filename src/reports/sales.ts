import { toMajor } from "../base/money";
import type { Shop } from "../shop/shop";
import { dayText, periodBefore, periodOf, stepsOf, usualStep } from "./periods";
import {
  countCustomers,
  type GroupSums,
  type OrderSums,
  sumByGroup,
  sumByPayment,
  sumOrders,
  sumRefunds,
} from "./queries";
import type { Period, PeriodFigures, Sales, SalesFigures, SalesGroup, SalesQuery } from "./schema";

/** How many groups an answer has at most: the rest sold less. */
const GROUPS_MOST = 50;

type Reporting = Pick<Shop, "database" | "settings" | "now">;

/** What a range of days brought in, beside the time of the same length before. Throws `invalid` for a range that is none. */
export async function reportSales(shop: Reporting, query: SalesQuery): Promise<Sales> {
  const { timeZone, currency } = shop.settings;
  const period = periodOf(query.range, shop.now(), timeZone);
  const earlier = periodBefore(period, timeZone);
  const by = query.by ?? usualStep(period);
  const steps = stepsOf(period, by, timeZone);
  const earlierSteps = stepsOf(earlier, by, timeZone);
  const [figures, before] = [await figuresOf(shop, steps), await figuresOf(shop, earlierSteps)];
  const series = steps.map((step, at) => ({
    day: dayText(step.since, timeZone),
    ...step,
    ...present(shop, figures[at] ?? NOTHING),
    before: before[at] ? present(shop, before[at]).net : null,
  }));
  return {
    currency,
    time_zone: timeZone,
    by,
    now: await presentPeriod(shop, period, figures),
    before: await presentPeriod(shop, earlier, before),
    series,
    groups: await groupsOf(shop, query.group, period),
  };
}

interface Figures extends OrderSums {
  refunds_minor: number;
}

const NOTHING: Figures = {
  orders: 0,
  units: 0,
  discount_minor: 0,
  shipping_minor: 0,
  tax_minor: 0,
  included_tax_minor: 0,
  total_minor: 0,
  refunds_minor: 0,
};

async function figuresOf({ database }: Reporting, steps: readonly Period[]): Promise<Figures[]> {
  const [sums, refunds] = [await sumOrders(database, steps), await sumRefunds(database, steps)];
  return sums.map((row, at) => ({ ...row, refunds_minor: refunds[at] ?? 0 }));
}

async function presentPeriod(shop: Reporting, period: Period, steps: readonly Figures[]): Promise<PeriodFigures> {
  const customers = await countCustomers(shop.database, period);
  return {
    ...period,
    ...present(shop, steps.reduce(plus, NOTHING)),
    new_customers: customers.new,
    returning_customers: customers.all - customers.new,
  };
}

function plus(one: Figures, other: Figures): Figures {
  const names = Object.keys(NOTHING) as (keyof Figures)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as Figures;
}

/** In major units, and the sums that follow: `total = gross - discounts + delivery + tax`, `net = total - refunds`. */
function present({ settings }: Reporting, figures: Figures): SalesFigures {
  const { orders, units, discount_minor, shipping_minor, tax_minor, included_tax_minor, total_minor } = figures;
  const average = orders === 0 ? 0 : Math.round(total_minor / orders);
  return {
    orders,
    units,
    gross: toMajor(total_minor - shipping_minor - tax_minor + discount_minor, settings),
    discounts: toMajor(discount_minor, settings),
    delivery: toMajor(shipping_minor, settings),
    tax: toMajor(tax_minor, settings),
    included_tax: toMajor(included_tax_minor, settings),
    total: toMajor(total_minor, settings),
    refunds: toMajor(figures.refunds_minor, settings),
    net: toMajor(total_minor - figures.refunds_minor, settings),
    average: toMajor(average, settings),
  };
}

async function groupsOf(shop: Reporting, group: SalesQuery["group"], period: Period): Promise<SalesGroup[]> {
  if (group === undefined) return [];
  const rows: GroupSums[] =
    group === "payment"
      ? await sumByPayment(shop.database, period, GROUPS_MOST)
      : await sumByGroup(shop.database, group, period, GROUPS_MOST);
  return rows.map(({ sales_minor, ...row }) => ({ ...row, sales: toMajor(sales_minor, shop.settings) }));
}
