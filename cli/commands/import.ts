import { Command } from "commander";
import { ShopError } from "../../src/base/errors";
import { fateMeanings } from "../../src/imports/invoices";
import { importOrders, type OrdersReport } from "../../src/imports/orders";
import { importProducts, type ProductsReport } from "../../src/imports/products";
import { MOST_UNITS } from "../../src/stock/schema";
import { wholeNumber } from "../arguments";
import type { Terminal } from "../terminal";
import { visible } from "../visible";

export const importCommand = (terminal: Terminal) =>
  new Command("import")
    .description("take in data from elsewhere")
    .addCommand(ordersCommand(terminal))
    .addCommand(productsCommand(terminal));

const ordersCommand = ({ print, progress, withShop }: Terminal) =>
  new Command("orders")
    .description("take in a retailer's invoices (CSV; plain, gzip or zstd): products, customers and orders")
    .argument("<file>")
    .option("--stock <n>", "what each new product has in stock", wholeNumber(0, MOST_UNITS), 1_000)
    .option("--category <name>", "the category of new products", "Imported")
    .option("--allow-left-out", ALLOW_LEFT_OUT, false)
    .action((file: string, { allowLeftOut, ...options }: { stock: number; category: string; allowLeftOut: boolean }) =>
      withShop(
        async (shop) => {
          const bars = { reading: progress("Reading", GO_ON), writing: progress("Writing", GO_ON) };
          const report = await importOrders(shop, file, {
            ...options,
            progress: (step, done, total) => bars[step].update(done, total),
          });
          print(report, ordersText(report));
          if (!allowLeftOut) refuseLeftOut(report.unreadable.length);
        },
        { opening: "make" },
      ),
    );

const productsCommand = ({ print, progress, withShop }: Terminal) =>
  new Command("products")
    .description("take in products (JSON lines or CSV; plain, gzip or zstd) in the shape of POST /products")
    .argument("<file>")
    .option("--allow-left-out", ALLOW_LEFT_OUT, false)
    .action((file: string, { allowLeftOut }: { allowLeftOut: boolean }) =>
      withShop(
        async (shop) => {
          const bar = progress("Importing", GO_ON);
          const report = await importProducts(shop, file, (done, total) => bar.update(done, total));
          print(report, productsText(report));
          if (!allowLeftOut) refuseLeftOut(report.problems.length);
        },
        { opening: "make" },
      ),
    );

/** For a person who stops it. */
const GO_ON = "What is in stays. Run it again: it goes on where it ended, and doubles nothing.";

const ALLOW_LEFT_OUT = "exit with 0 also when rows can't be read and are left out";

/** What runs by itself, as at night, hears of it by the exit code. */
function refuseLeftOut(rows: number): void {
  if (rows === 0) return;
  const [count, verb] = rows === 1 ? ["1 row was", "it"] : [`${rows.toLocaleString("en")} rows were`, "them"];
  throw new ShopError(
    "invalid",
    `${count} left out; all others are in. Mend ${verb} and import again, or say --allow-left-out.`,
  );
}

/** How many bad lines a person is shown; `--json` has them all. */
const SHOWN = 20;

function ordersText({ rows, products, customers, orders, unreadable }: OrdersReport): string {
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  const width = total.toLocaleString("en").length;
  const counts = Object.entries(rows).map(
    ([fate, count]) => `  ${count.toLocaleString("en").padStart(width)}  ${fateMeanings[fate as keyof typeof rows]}`,
  );
  return [
    `${total.toLocaleString("en")} rows:`,
    ...counts,
    `Products:  ${added(products)}`,
    `Customers: ${added(customers)}`,
    `Orders:    ${added(orders)}`,
    ...problemLines(unreadable),
  ].join("\n");
}

function productsText({ added, already_there, problems }: ProductsReport): string {
  const summary = `Products: ${added} added, ${already_there} there already, ${problems.length} left out`;
  return [summary, ...problemLines(problems)].join("\n");
}

const added = (counts: { added: number; already_there: number }) =>
  `${counts.added.toLocaleString("en")} added, ${counts.already_there.toLocaleString("en")} there already`;

function problemLines(problems: readonly { line: number; problem: string }[]): string[] {
  const lines = problems.slice(0, SHOWN).map(({ line, problem }) => `  line ${line}: ${visible(problem)}`);
  return problems.length > SHOWN ? [...lines, `  and ${problems.length - SHOWN} more: see --json`] : lines;
}
