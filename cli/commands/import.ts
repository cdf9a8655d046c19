import { Command, InvalidArgumentError, Option } from "commander";
import { isTimeZone } from "../../src/base/zoned-time";
import { type CustomersReport, importCustomers } from "../../src/imports/customers";
import type { DateOrder } from "../../src/imports/orders/dates";
import { fateMeanings } from "../../src/imports/orders/fates";
import { importOrders, type OrdersReport } from "../../src/imports/orders/import";
import { withSource } from "../../src/imports/source";
import { MOST_UNITS } from "../../src/stock/schema";
import { wholeNumber } from "../arguments";
import { ALLOW_LEFT_OUT, GO_ON, problemLines, refuseLeftOut } from "../left-out";
import { mapEntry, openReport, productImport } from "../product-import";
import type { Terminal } from "../terminal";

export const importCommand = (terminal: Terminal) =>
  new Command("import")
    .description("take in data from elsewhere")
    .addCommand(ordersCommand(terminal))
    .addCommand(productsCommand(terminal))
    .addCommand(customersCommand(terminal));

interface OrdersGiven {
  stock: number;
  category: string;
  timeZone?: string;
  dates?: DateOrder;
  decimal?: "point" | "comma";
  codes?: RegExp;
  encoding?: string;
  map?: string[];
  dryRun?: boolean;
  report?: string;
  allowLeftOut?: boolean;
}

const EXAMPLES = `
Examples:
  sanset import orders orders_export.csv --dry-run
  sanset import orders orders_export.csv --time-zone Europe/Berlin
  sanset import orders sales.csv --map Beleg=order --map Kunde=customer
  sanset import orders online-retail.csv.zst --codes '\\d{5}[A-Z]*'

Exports of Shopify and WooCommerce are known by their headings, and any table
with a row for each line is read by usual words: docs/importing.md`;

const ordersCommand = ({ print, progress, withShop }: Terminal) =>
  new Command("orders")
    .description("take in orders that were placed elsewhere, with their products and customers")
    .argument("<file>", "a table, plain, gzip or zstd; - reads what is piped in")
    .option("--dry-run", "read and count, and change nothing")
    .option("--time-zone <zone>", "where clocks show the file's times; else the shop's TIME_ZONE", timeZone)
    .addOption(new Option("--dates <order>", "how 1/2/2030 is read").choices(["dmy", "mdy"]))
    .option("--codes <pattern>", "only lines with such a code are goods; others are postage and fees", pattern)
    .option("--map <heading=field>", "what a column is; may be said often", mapEntry)
    .option("--report <file>", "write what is wrong with which line to a CSV file")
    .option("--stock <n>", "what each new product has in stock", wholeNumber(0, MOST_UNITS), 1_000)
    .option("--category <name>", "the category of new products", "Imported")
    .addOption(new Option("--decimal <sign>", "what stands before decimals").choices(["point", "comma"]))
    .option("--encoding <name>", "such as windows-1252; UTF-8 and UTF-16 are seen by themselves")
    .option("--allow-left-out", ALLOW_LEFT_OUT)
    .addHelpText("after", EXAMPLES)
    .action((file: string, { allowLeftOut, report: path, decimal, ...options }: OrdersGiven) =>
      withShop(
        async (shop) => {
          const bars = { reading: progress("Reading", GO_ON), writing: progress("Writing", GO_ON) };
          const byLine = openReport(path, "line,problem");
          try {
            const report = await withSource(file, (source) =>
              importOrders(shop, source, {
                ...options,
                decimal: decimal && (decimal === "comma" ? "," : "."),
                progress: (step, done, total) => bars[step].update(done, total),
              }),
            );
            for (const { line, problem } of report.unreadable) byLine?.add(line, problem);
            print(report, ordersText(report, options.dryRun === true));
            if (!allowLeftOut) refuseLeftOut(report.unreadable.length, options.dryRun);
          } finally {
            byLine?.close();
          }
        },
        { opening: options.dryRun ? "as it is" : "make" },
      ),
    );

function timeZone(name: string): string {
  if (isTimeZone(name)) return name;
  throw new InvalidArgumentError("Give a zone such as Europe/Berlin.");
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`, "i");
  } catch {
    throw new InvalidArgumentError("Give a regular expression such as \\d{5}[A-Z]*.");
  }
}

const productsCommand = (terminal: Terminal) =>
  productImport(terminal, new Command("products")).description(
    "take in products: the shop's own files, exports of other programs, any table",
  );

interface CustomersGiven {
  dryRun?: boolean;
  update?: boolean;
  map?: string[];
  timeZone?: string;
  encoding?: string;
  report?: string;
  allowLeftOut?: boolean;
}

const customersCommand = ({ print, progress, withShop }: Terminal) =>
  new Command("customers")
    .description("take in customers by their e-mail; new ones have no password")
    .argument("<file>", "CSV or JSON lines, plain, gzip or zstd; - reads what is piped in")
    .option("--dry-run", "count, and change nothing")
    .option("--update", "give those that are there the file's name and phone")
    .option("--map <heading=field>", "what a column is; may be said often", mapEntry)
    .option("--time-zone <zone>", "where clocks show the file's times; else the shop's TIME_ZONE", timeZone)
    .option("--report <file>", "write what is wrong with which line to a CSV file")
    .option("--encoding <name>", "such as windows-1252; UTF-8 and UTF-16 are seen by themselves")
    .option("--allow-left-out", ALLOW_LEFT_OUT)
    .addHelpText("after", "\nExample:\n  sanset import customers customers_export.csv --dry-run")
    .action((file: string, { allowLeftOut, report: path, ...options }: CustomersGiven) =>
      withShop(
        async (shop) => {
          const bar = progress("Importing", GO_ON);
          const byLine = openReport(path, "line,problem");
          try {
            const report = await withSource(file, (source) =>
              importCustomers(shop, source, { ...options, progress: (done, total) => bar.update(done, total) }),
            );
            for (const { line, problem } of report.problems) byLine?.add(line, problem);
            print(report, customersText(report));
            if (!allowLeftOut) refuseLeftOut(report.refused, options.dryRun);
          } finally {
            byLine?.close();
          }
        },
        { opening: options.dryRun ? "as it is" : "make" },
      ),
    );

function customersText(report: CustomersReport): string {
  const counts = (["new", "changed", "unchanged", "refused"] as const).map((what) => `${report[what]} ${what}`);
  return [
    `Customers: ${counts.join(", ")} (of ${report.rows} rows)`,
    ...(report.different > 0 ? [`  ${report.different} are in the shop otherwise: --update changes them.`] : []),
    ...problemLines(report.problems),
    ...(report.dry_run ? ["Nothing was changed: this was a trial."] : []),
  ].join("\n");
}

function ordersText(
  { program, dates, rows, products, customers, orders, unreadable }: OrdersReport,
  dryRun: boolean,
): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const width = total.toLocaleString("en").length;
  const counts = Object.entries(rows)
    .filter(([fate, count]) => count > 0 || fate === "sold")
    .map(
      ([fate, count]) => `  ${count.toLocaleString("en").padStart(width)}  ${fateMeanings[fate as keyof typeof rows]}`,
    );
  return [
    ...(program === null ? [] : [`An export of ${program}.`]),
    ...(dates === "dmy" ? ["Dates are read as day, month, year."] : []),
    `${total.toLocaleString("en")} rows:`,
    ...counts,
    `Products:  ${added(products)}`,
    `Customers: ${added(customers)}`,
    `Orders:    ${added(orders)}`,
    ...problemLines(unreadable),
    ...(dryRun ? ["Nothing was changed: this was a trial."] : []),
  ].join("\n");
}

const added = (counts: { added: number; already_there: number }) =>
  `${counts.added.toLocaleString("en")} added, ${counts.already_there.toLocaleString("en")} there already`;
