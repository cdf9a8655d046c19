import { toMajor } from "../base/money";
import { turns } from "../base/turns";
import type { Shop } from "../shop/shop";
import { dayText, periodBefore, periodOf, stepsOf, usualStep } from "./periods";
import { portionsOf } from "./portions";
import {
  countOrderedBefore,
  type GroupSums,
  listCustomers,
  NO_ORDERS,
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
  const [now, past] = [await sumsOf(shop, steps), await sumsOf(shop, earlierSteps)];
  const [figures, before] = [now.figures, past.figures];
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
    now: await presentPeriod(shop, period, now),
    before: await presentPeriod(shop, earlier, past),
    series,
    groups: await groupsOf(shop, query.group, period),
  };
}

interface Figures extends OrderSums {
  refunds_minor: number;
}

const NOTHING: Figures = { ...NO_ORDERS, refunds_minor: 0 };

/** What the orders of some periods came to, and whose they were. */
interface Sums {
  figures: Figures[];
  customers: Set<number>;
}

async function sumsOf({ database, settings: { currency } }: Reporting, steps: readonly Period[]): Promise<Sums> {
  const refunds = await sumRefunds(database, steps, currency);
  const figures = steps.map((_, at): Figures => ({ ...NOTHING, refunds_minor: refunds[at] ?? 0 }));
  const customers = new Set<number>();
  for await (const { parts, ...portion } of portionsOf(database, steps)) {
    const sums = await sumOrders(database, parts, currency);
    for (const [index, { at }] of parts.entries())
      figures[at] = plus(figures[at] ?? NOTHING, { ...NOTHING, ...sums[index] });
    for (const customer of await listCustomers(database, portion)) customers.add(customer);
  }
  return { figures, customers };
}

const CUSTOMERS_AT_ONCE = 1_024;

async function presentPeriod(shop: Reporting, period: Period, { figures, customers }: Sums): Promise<PeriodFigures> {
  const all = [...customers];
  let returning = 0;
  for (let at = 0; at < all.length; at += CUSTOMERS_AT_ONCE) {
    if (at > 0) await turns.yield();
    returning += await countOrderedBefore(shop.database, all.slice(at, at + CUSTOMERS_AT_ONCE), period.since);
  }
  return {
    ...period,
    ...present(shop, figures.reduce(plus, NOTHING)),
    new_customers: all.length - returning,
    returning_customers: returning,
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
  const { currency } = shop.settings;
  const groups = new Map<string, GroupSums>();
  for await (const portion of portionsOf(shop.database, [period])) {
    const rows =
      group === "payment"
        ? await sumByPayment(shop.database, portion, currency)
        : await sumByGroup(shop.database, group, portion, currency);
    for (const row of rows) {
      const key = row.product_id === null ? row.name : String(row.product_id);
      groups.set(key, together(groups.get(key), row));
    }
  }
  return [...groups.values()]
    .toSorted((a, b) => b.sales_minor - a.sales_minor || (a.name < b.name ? -1 : 1))
    .slice(0, GROUPS_MOST)
    .map(({ sales_minor, ...row }) => ({ ...row, sales: toMajor(sales_minor, shop.settings) }));
}

/** What was sold under several names goes by the last of them in the alphabet. */
function together(one: GroupSums | undefined, other: GroupSums): GroupSums {
  if (!one) return other;
  return {
    name: one.name > other.name ? one.name : other.name,
    product_id: one.product_id,
    orders: one.orders + other.orders,
    units: one.units + other.units,
    sales_minor: one.sales_minor + other.sales_minor,
  };
}
