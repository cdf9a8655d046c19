import { Command, Option } from "commander";
import { dayText, RANGES } from "../../src/reports/periods";
import { reportSales } from "../../src/reports/sales";
import type { PeriodFigures, Sales, SalesQuery } from "../../src/reports/schema";
import { csvOf } from "../csv";
import { table } from "../table";
import type { Terminal } from "../terminal";

interface Options extends SalesQuery {
  csv?: boolean;
}

export const salesCommand = ({ print, withShop }: Terminal) =>
  new Command("sales")
    .description("what a range of days brought in, beside the time before")
    .option("--range <days>", `which days, in the shop's time zone: ${RANGES}`, "last_30_days")
    .addOption(new Option("--by <step>", "steps of the chart").choices(["day", "week", "month"]))
    .addOption(new Option("--group <what>", "also list what sold").choices(["category", "product", "payment"]))
    .option("--csv", "print it as CSV: the figures beside those before; with --by the steps, with --group what sold")
    .addHelpText(
      "after",
      `
Examples:
  sanset sales --range today
  sanset sales --range 2030-01 --group product
  sanset sales --range last_month --csv > last-month.csv
  sanset sales --range last_12_months --by month --csv > sales.csv`,
    )
    .action(({ csv = false, ...query }: Options) =>
      withShop(async (shop) => {
        const sales = await reportSales(shop, query);
        if (csv) print(sales, asCsv(sales, query), "as it is");
        else print(sales, asText(sales));
      }),
    );

const amount = (value: number): string => (value === 0 ? 0 : value).toLocaleString("en", { minimumFractionDigits: 2 });

const CSV_COLUMNS = [
  "day",
  "orders",
  "units",
  "gross",
  "discounts",
  "delivery",
  "tax",
  "included_tax",
  "total",
  "refunds",
  "net",
  "average",
  // The net of the same step of the time before.
  "before",
] as const;

function asCsv(sales: Sales, { group, by }: SalesQuery): string {
  if (group !== undefined) return csvOf(["name", "product_id", "orders", "units", "sales"], sales.groups);
  return by === undefined ? comparison(sales) : csvOf(CSV_COLUMNS, sales.series);
}

/** What the table on a terminal shows: each figure beside that of the time before. */
function comparison(sales: Sales): string {
  const { now, before } = sales;
  const days = ({ since, until }: PeriodFigures) =>
    [dayText(since, sales.time_zone), dayText(new Date(Date.parse(until) - 1).toISOString(), sales.time_zone)] as const;
  const [[first, last], [firstBefore, lastBefore]] = [days(now), days(before)];
  const none = { change_percent: null };
  const rows = [
    { figure: "first_day", now: first, before: firstBefore, ...none },
    { figure: "last_day", now: last, before: lastBefore, ...none },
    ...FIGURES.map((figure) => ({
      figure,
      now: now[figure],
      before: before[figure],
      change_percent: percentMore(now[figure], before[figure]),
    })),
  ];
  return csvOf(["figure", "now", "before", "change_percent"], rows);
}

const FIGURES = [
  "orders",
  "units",
  "gross",
  "discounts",
  "delivery",
  "tax",
  "included_tax",
  "total",
  "refunds",
  "net",
  "average",
  "new_customers",
  "returning_customers",
] as const;

function asText(sales: Sales): string {
  const { now, before, currency, series, groups } = sales;
  const row = (name: string, read: (figures: PeriodFigures) => number, isAmount = true) => {
    const text = (figures: PeriodFigures) => (isAmount ? amount(read(figures)) : read(figures).toLocaleString("en"));
    return [name, text(now), text(before), change(read(now), read(before))];
  };
  const rows = [
    row("Orders", ({ orders }) => orders, false),
    row("Units", ({ units }) => units, false),
    row("Goods", ({ gross }) => gross),
    row("Discounts", ({ discounts }) => -discounts),
    row("Delivery", ({ delivery }) => delivery),
    row("Tax", ({ tax }) => tax),
    row("Refunds", ({ refunds }) => -refunds),
    row(`Net ${currency}`, ({ net }) => net),
    row("Average order", ({ average }) => average),
    row("New customers", ({ new_customers: count }) => count, false),
    row("Returning", ({ returning_customers: count }) => count, false),
  ];
  const parts = [
    `${dayOf(sales, now.since)} to ${dayOf(sales, now.until, -1)} (${sales.time_zone})`,
    table(["", "NOW", "BEFORE", "CHANGE"], rows),
    bars(series.map(({ day, net }) => [day, net] as const)),
  ];
  if (groups.length > 0) {
    const cells = groups.map(({ name, orders, units, sales: sold }) => [cut(name, 40), orders, units, amount(sold)]);
    parts.push(table(["SOLD", "ORDERS", "UNITS", "SALES"], cells));
  }
  return parts.join("\n\n");
}

function dayOf({ time_zone: timeZone }: Sales, iso: string, days = 0): string {
  const moment = new Date(Date.parse(iso) + days * 3_600_000);
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone }).format(moment);
}

function change(now: number, before: number): string {
  const percent = percentMore(now, before);
  if (percent === null) return now === 0 ? "" : "new";
  return `${percent > 0 ? "+" : ""}${percent} %`;
}

/** Null where there was nothing before. */
const percentMore = (now: number, before: number): number | null =>
  before === 0 ? null : Math.round(((now - before) / Math.abs(before)) * 100);

const BAR_WIDTH = 48;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A line for each step, no wider than a terminal of 80 columns. */
function bars(steps: readonly (readonly [name: string, value: number])[]): string {
  const most = Math.max(1, ...steps.map(([, value]) => value));
  return steps
    .map(([name, value]) => {
      const eighths = Math.round((Math.max(0, value) / most) * BAR_WIDTH * 8);
      const bar = "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
      return `${name}  ${bar.padEnd(BAR_WIDTH)}  ${Math.round(value).toLocaleString("en")}`;
    })
    .join("\n");
}

const cut = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
